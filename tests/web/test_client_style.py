"""The client's one style sheet: everything that its screens are made of, and nothing that only pages need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from labtracker import config

# Nothing of a database shows here.
pytestmark = pytest.mark.one_database

SCRIPTS = config.ROOT / "static" / "js" / "checkin"
STYLES = config.ROOT / "static" / "css"
WORD = re.compile(r"'([a-z][a-z_ -]*)'|`([^`]*)`")
CLASS = re.compile(r"\.([a-z][\w-]*)")


def words_of_the_client() -> set[str]:
    """Every word in a string of the client's scripts: its classes are among them."""
    found: set[str] = set()
    for path in SCRIPTS.rglob("*.js"):
        for match in WORD.finditer(path.read_text(encoding="utf-8")):
            found.update(re.findall(r"[a-z][\w-]*", match[1] or match[2]))
    return found


def classes_in(path: Path) -> set[str]:
    return set(CLASS.findall(re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)))


def test_a_component_that_the_client_uses_is_in_its_style(client: FlaskClient) -> None:
    style = client.get("/checkin/style.css").text
    words = words_of_the_client()
    missing = {
        name: path.name
        for path in (STYLES / "components").glob("*.css")
        # A plain word may be anything; a part or a kind of a component is always a class.
        for name in classes_in(path) & words
        if re.search("__|--", name) and f".{name}" not in style
    }
    assert missing == {}


def test_the_style_of_pages_is_left_out(client: FlaskClient) -> None:
    style = client.get("/checkin/style.css").text
    assert ".button--quiet" in style
    assert ".client__main" in style
    assert ".board__" not in style
    assert len(style) < 0.8 * len(client.get("/style.css").text)
