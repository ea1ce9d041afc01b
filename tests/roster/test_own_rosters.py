"""Rosters of every kind, each beside what a person would want to be read from it (``data/rosters/own``)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from labtracker.roster import services
from labtracker.roster.commands import answer_of
from labtracker.roster.reading.columns import guess_columns, has_name_column
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.rows import read_rows
from labtracker.roster.reading.verdicts import assess
from tests.roster.books import book_of

OWN = Path(__file__).parent.parent / "data" / "rosters" / "own"
FILES = sorted(path for path in OWN.iterdir() if not path.name.endswith(".expected.json"))
TODAY = date(2026, 4, 13)


def read(data: bytes) -> dict[str, Any]:
    """What the command would answer to a file, without its words; or why it refuses it."""
    try:
        table = services.table_from_file(data, today=TODAY)
    except RosterFileError as refusal:
        return {"refused": refusal.code}
    columns = guess_columns(table, today=TODAY)
    if not has_name_column(columns):
        return {"refused": "no_name_column"}
    answer = answer_of(table, columns, assess(read_rows(table, columns, today=TODAY)))
    assert all(said["message"] for row in answer["rows"] for said in row["problems"])
    for said in [*answer["notices"], *(problem for row in answer["rows"] for problem in row["problems"])]:
        said.pop("message")
    return {key: answer[key] for key in ("columns", "rows", "notices")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_roster_is_read_as_a_person_would_read_it(app: Flask, path: Path) -> None:
    data = path.read_bytes()
    if path.suffixes[-2:] == [".xlsx", ".json"]:
        data = book_of(data)
    stem = path.name.split(".")[0]
    expected = json.loads((OWN / f"{stem}.expected.json").read_text(encoding="utf-8"))
    assert read(data) == expected


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 40
