"""Each rule of the calendar has a row, and every test that a row names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labtracker.scheduling.rules.conflicts import ConflictKind
from tests.documents.test_properties import titles_in

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!what holds|kind|---)(.+?) \| (.+?) \|$", GUIDE, re.M)
NAMED = sorted(set(re.findall(r"`([^`]+::[^`]+)`", GUIDE)))


def test_every_rule_names_its_tests() -> None:
    numbered = [(rule, names) for rule, names in ROWS if re.match(r"\d\.", rule)]
    assert [rule[:2] for rule, _names in numbered] == [f"{number}." for number in (1, 2, 3, 4, 5, 6, 8)]
    assert [rule for rule, names in numbered if "::" not in names] == []


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_is_there(name: str) -> None:
    file, _, title = name.partition("::")
    assert title in titles_in(file)


def test_every_kind_of_conflict_is_explained() -> None:
    kinds = re.findall(r"^\| `(\w+)` \|", GUIDE, re.M)
    assert sorted(kinds) == sorted(kind.value for kind in ConflictKind)
