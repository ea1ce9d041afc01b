"""The guide to lists names every column that a list may have, and what a row is found again by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from labtracker.labs.services.import_rows import KINDS, NO, YES

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "lists.md").read_text(encoding="utf-8")


def rows(kind: str) -> list[tuple[list[str], str]]:
    """The columns of each row of a kind's table, and what the guide says of them."""
    section = GUIDE.split(f"## {kind.capitalize()}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(r"^\| (`.+?`) \| (.+) \|$", section, re.M)
    return [(re.findall(r"`(\w+)`", names), meaning) for names, meaning in found]


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_named(kind: str) -> None:
    assert [name for names, _meaning in rows(kind) for name in names] == [*KINDS[kind].columns]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_row_is_found_by_is_marked(kind: str) -> None:
    keys = [name for names, meaning in rows(kind) if "**key**" in meaning for name in names]
    assert tuple(keys) == KINDS[kind].needed


def test_words_for_yes_and_no_are_those_that_are_read() -> None:
    line = next(line for line in GUIDE.splitlines() if line.startswith("- Yes and no are"))
    assert set(re.findall(r"`(\w+)`", line)) == set(YES | NO)
