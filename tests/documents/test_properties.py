"""Each promise of check-in has a row, and every test that a row names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.simulation.mutants import MUTANTS

TESTS = Path(__file__).resolve().parents[1]
GUIDE = TESTS.parent / "docs" / "properties.md"
ROWS = re.findall(r"^\| (?!what holds|---)(.+?) \| (.+?) \|$", GUIDE.read_text(encoding="utf-8"), re.M)
NAMED = sorted({name for _promise, names in ROWS for name in re.findall(r"`([^`]+)`", names)})
PLANTED = "simulation/test_simulation.py::test_a_planted_fault_is_seen"


@cache
def titles_in(file: str) -> frozenset[str]:
    """The tests that a file has, by name; of a script, by title."""
    source = (TESTS / file).read_text(encoding="utf-8")
    if file.endswith(".js"):
        return frozenset(title for _quote, title in re.findall(r"^test\((['\"])(.+?)\1,", source, re.M))
    return frozenset(node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))


def test_every_promise_names_its_tests() -> None:
    assert len(ROWS) > 60
    assert [promise for promise, names in ROWS if not re.search(r"`[^`]+::[^`]+`", names)] == []


def test_the_seven_come_first() -> None:
    assert [promise[:2] for promise, _names in ROWS[:7]] == [f"{number}." for number in range(1, 8)]


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_is_there(name: str) -> None:
    file, _, title = name.partition("::")
    title, _, case = title.partition("[") if file.endswith(".py") else (title, "", "")
    assert title in titles_in(file)
    assert not case or case.rstrip("]") in {mutant.name for mutant in MUTANTS}


def test_every_planted_fault_shows_a_promise() -> None:
    shown = {name.removeprefix(PLANTED).strip("[]") for name in NAMED if name.startswith(PLANTED)}
    assert {mutant.name for mutant in MUTANTS} == shown
