"""From the lines of a table to people, each with what is wrong in its row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from labtracker.kit.text import tidy
from labtracker.roster.reading import cells, dates
from labtracker.roster.reading.columns import Columns, column_of
from labtracker.roster.reading.headings import is_spanish, meaning_of, puts_family_first
from labtracker.roster.reading.messages import FIELD_WORDS
from labtracker.roster.reading.names import is_single, split_family_first, split_name, without_title
from labtracker.roster.reading.table import Table

# Problems after which a row may still be taken once a person has looked at it.
ASKS = {"date_ambiguous", "date_in_future", "single_name", "name_digits"}
# Problems that only tell what was left out.
TELLS = {"formula_removed", "ssn_removed"}


@dataclass
class RowReading:
    """One person as the sheet has them. ``values`` holds text, and a day under ``hired_on``."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """The codes of all its problems."""
        return {str(problem["code"]) for problem in self.problems}

    @property
    def is_refused(self) -> bool:
        """Whether something in it has to be corrected before it can be taken."""
        return bool(self.codes - ASKS - TELLS)

    @property
    def asks(self) -> bool:
        """Whether a person should look at it first."""
        return bool(self.codes & ASKS)


def read_rows(
    table: Table,
    columns: Columns,
    *,
    today: date,
    date_order: str | None = None,
    typed: Mapping[int, Mapping[str, str]] | None = None,
) -> list[RowReading]:
    """Every person of a table. ``date_order`` (``mdy`` or ``dmy``) settles dates of two readings.

    ``typed`` is what somebody wrote in place of cells, by row and field. It is read like cells of the file,
    but says nothing about how the file's other rows are read.
    """
    typed = typed or {}
    hired = column_of(columns, "hired_on")
    # A count of days in a file of text was a date in the workbook that it was saved from.
    heading = "" if hired is None else table.headings[hired] or ""
    has_serials = table.has_serials or meaning_of(heading) == "hired_on"
    written = {
        line.number: dates.read_date(line.cells[hired], today=today, has_serials=has_serials)
        for line in table.lines
        if hired is not None and hired < len(line.cells) and not _says_nothing(line.cells[hired])
    }
    order = date_order or dates.column_order(written.values(), heading)
    two_surnames = is_spanish([heading or "" for heading in table.headings])
    labels = {name: table.label(place) for place, name in columns.items()}
    readings = []
    for line in table.lines:
        reading = RowReading(line.number)
        said = typed.get(line.number, {})
        label = labels | {name: str(FIELD_WORDS[name]) for name in said if name not in labels}
        cell = {name: line.cells[place] for place, name in columns.items() if place < len(line.cells)}
        _take_marks(reading, table, said, labels)
        cell |= {name: _typed_cell(reading, text, label[name]) for name, text in said.items()}
        _read_name(reading, cell, label, two_surnames)
        _read_others(reading, cell, label)
        day = _typed_day(cell["hired_on"], today) if "hired_on" in said else written.get(line.number)
        if day is not None:
            reading.values["hired_on"], problem = dates.settle(day, order, today=today)
            if problem:
                reading.problems.append({"code": problem, "column": label["hired_on"]})
        readings.append(reading)
    return readings


def _typed_day(text: str, today: date) -> dates.Written | None:
    return None if _says_nothing(text) else dates.read_date(text, today=today)


def _take_marks(
    reading: RowReading, table: Table, said: Mapping[str, str], labels: Mapping[str, str]
) -> None:
    """What was noted of the row's cells when the file was read, but for those that were typed anew."""
    replaced = {labels[name] for name in said if name in labels}
    marks = table.marks.get(reading.number, [])
    reading.problems += [mark for mark in marks if mark["column"] not in replaced]


def _typed_cell(reading: RowReading, text: str, label: str) -> str:
    if not cells.is_formula(text):
        return text
    reading.problems.append({"code": "formula_removed", "column": label})
    return cells.FORMULA


def has_open_dates(readings: list[RowReading]) -> bool:
    """Whether some dates wait for somebody to say which of day and month comes first."""
    return any("date_ambiguous" in reading.codes for reading in readings)


def _says_nothing(cell: str) -> bool:
    return cell == cells.FORMULA or cells.is_blank(cell)


def _read_name(reading: RowReading, cell: dict[str, str], label: dict[str, str], two_surnames: bool) -> None:
    parts: dict[str, str] = {}
    refused = False
    for name in ("full_name", "given_name", "middle_name", "family_name", "second_family_name", "suffix"):
        text = cell.get(name, "")
        if text == cells.FORMULA:
            # The formula itself is on the list already; a name that lacks a part is not taken.
            refused = refused or name in ("full_name", "given_name", "family_name")
            continue
        most = cells.MAX_FULL_NAME if name == "full_name" else cells.MAX_NAME
        value, problem = cells.clean_name(text, most) if text else (None, None)
        if problem:
            reading.problems.append({"code": problem, "column": label[name]})
            refused = True
        if value:
            parts[name] = value
    given, family = _joined(parts, label, two_surnames)
    reading.values["given_name"], reading.values["family_name"] = given or None, family or None
    column = label.get("full_name") or label.get("given_name") or label.get("family_name")
    if max(len(given), len(family)) > cells.MAX_NAME:
        reading.values["given_name"] = reading.values["family_name"] = None
        reading.problems.append({"code": "name_too_long", "column": column})
    elif refused or not (given or family):
        if not reading.codes & {"name_formula", "name_characters", "name_without_letters", "name_too_long"}:
            reading.problems.append({"code": "name_missing", "column": column})
    elif re.search(r"\d(?!(nd|rd|th)\b)", f"{given} {family}"):
        reading.problems.append({"code": "name_digits", "column": column})
    elif is_single(given, family):
        reading.problems.append({"code": "single_name", "column": column})


def _joined(parts: dict[str, str], label: dict[str, str], two_surnames: bool) -> tuple[str, str]:
    given, family = parts.get("given_name", ""), parts.get("family_name", "")
    if "full_name" in parts and not (given and family):
        whole = parts["full_name"]
        family_first = "," not in whole and puts_family_first(label["full_name"])
        split = split_family_first if family_first else split_name
        first, last = split(whole, two_surnames=two_surnames)
        given, family = given or first, family or last
    given = without_title(given)
    given = " ".join(part for part in (given, parts.get("middle_name")) if part)
    family = " ".join(part for part in (family, parts.get("second_family_name"), parts.get("suffix")) if part)
    return given, family


_OTHERS: tuple[tuple[str, Callable[[str], cells.Cleaned]], ...] = (
    ("email", cells.clean_email),
    ("phone", cells.clean_phone),
    ("employee_number", cells.clean_number),
    ("job_title", cells.clean_text),
    ("language", cells.clean_language),
)


def _read_others(reading: RowReading, cell: dict[str, str], label: dict[str, str]) -> None:
    for name, clean in _OTHERS:
        text = cell.get(name)
        value, problem = (None, None) if not text or _says_nothing(text) else clean(tidy(text))
        reading.values[name] = value
        if problem and {"code": problem, "column": label[name]} not in reading.problems:
            reading.problems.append({"code": problem, "column": label[name]})
    reading.values["hired_on"] = None
