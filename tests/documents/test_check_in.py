"""Every case to be tried in a real browser has a row in the guide, and a test that is named after it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONG = (
    "Pair, download, server killed, reload, scan ten, kill the browser, start: ten are there; "
    "server back: all sent once"
)
CASES = [
    LONG,
    "Scan during sync",
    "Tab closed in mid-upload",
    "Reply lost",
    "Captive portal 200",
    "HTML 404",
    "Two phones, one worker",
    "Clock off by a day",
    "Update offered",
    "Update refused",
    "Update accepted",
    "Update accepted offline",
    "Bad deploy",
    "Storage denied",
    "Camera denied",
    "Torch absent",
    "Revoked device",
    "Hand-over by file",
    "Hand-over by QR",
    "Spanish",
    "360 px",
    "Keyboard only",
    "Screen reader names",
]


@pytest.fixture(scope="module")
def rows() -> dict[str, str]:
    """Test by case, as the guide has them."""
    guide = (ROOT / "docs" / "check-in.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([^|]+) \| `(test_\w+)` \|$", guide, re.M))


def test_every_case_has_a_row(rows: dict[str, str]) -> None:
    assert list(rows) == CASES


def test_every_row_names_a_browser_test(rows: dict[str, str]) -> None:
    trees = [
        ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests" / "browser").glob("test_*.py")
    ]
    written = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert set(rows.values()) - written == set()


def test_every_test_is_named_after_its_case(rows: dict[str, str]) -> None:
    named = {case: "test_" + re.sub(r"\W+", "_", case.lower()) for case in rows if case != LONG}
    assert {case: rows[case] for case in named} == named
