"""Whatever came in by a roster goes out as one that, read in again, changes nothing."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from labtracker.roster.drawing.roster_sheet import roster_sheet
from labtracker.roster.models import Worker
from labtracker.roster.reading.columns import guess_columns
from labtracker.roster.reading.delimited import read_text
from labtracker.roster.reading.files import read_sheets
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.rows import RowReading, read_rows
from labtracker.roster.reading.table import find_table
from labtracker.roster.reading.verdicts import FACTS, assess
from labtracker.roster.rules.matching import Facts, Verdict

TODAY = date(2026, 4, 13)
HEADINGS = ("First name", "Last name", "Email", "Phone", "Employee number", "Hire date", "Job", "Language")
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
USUAL = ["Ana", "BO", "María José", "O'Neil", "de la Cruz", "王小明", "محمد", "Cy Jr.", "+x", "Dr. Di"]
MAILS = ["", "ana@mill.example", "+di@mill.example", "=x@mill.example", "office@mill.example"]
NAMES = st.sampled_from(USUAL) | WORDS
ROWS = st.lists(
    st.tuples(
        NAMES,
        NAMES,
        st.sampled_from(MAILS),
        st.sampled_from(["", "719-555-0101", "(719) 555-0102 x5", "+52 656 123 4567", "+34 912 34 56 78"]),
        st.sampled_from(["", "007", "'12", "1.0.0", "E-9", "-4", "@7"]) | WORDS,
        st.dates(date(1931, 1, 1), date(2031, 1, 1)).map(str) | st.sampled_from(["", "3/4/19"]),
        st.sampled_from(["", "Welder", "'=x", "=1+1", "- fitter"]) | WORDS,
        st.sampled_from(["", "es", "English"]),
    ),
    min_size=1,
    max_size=6,
)


def read(text: str | bytes) -> list[RowReading]:
    """The people of a sheet."""
    sheets = read_sheets(text) if isinstance(text, bytes) else [read_text(text)]
    table = find_table(sheets, today=TODAY)
    return read_rows(table, guess_columns(table, today=TODAY), today=TODAY, date_order="mdy")


def taken(readings: list[RowReading]) -> list[Worker]:
    """Those who would be let in, each decision being to take them, as workers."""
    return [
        Worker(id=uuid4(), **{name: row.values.get(name) for name in FACTS} | _named(row.values))
        for row in assess(readings)
        if row.verdict is not Verdict.ERROR and not row.is_repeat
    ]


def _named(values: dict[str, object]) -> dict[str, object]:
    return {name: values.get(name) or "" for name in ("given_name", "family_name")}


def known(workers: list[Worker]) -> list[Facts]:
    """What is known of workers."""
    return [Facts(worker.id, **{name: getattr(worker, name) for name in FACTS}) for worker in workers]


def sheet_of(rows: list[tuple[str, ...]]) -> str:
    """A CSV file of these rows."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows([HEADINGS, *rows])
    return target.getvalue()


def named(given: str, family: str, email: str = "") -> tuple[str, ...]:
    """A row that says little."""
    return (given, family, email, "", "", "", "", "")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.sampled_from(["en", "es"]))
@example([named("Ana", "Vigil"), named("Ana", "Vigil", "ana@mill.example")], "es")
@example([named("Ana", "Vigil", "office@mill.example"), named("Bo", "Lee", "office@mill.example")], "en")
def test_an_export_read_in_again_is_the_same(app: Flask, rows: list[tuple[str, ...]], language: str) -> None:
    try:
        workers = taken(read(sheet_of(rows)))
    except RosterFileError:
        return
    if not workers:
        return
    with app.test_request_context(), force_locale(language):
        sheet = roster_sheet(workers, "csv")
    again = assess(read(sheet), known(workers))
    assert [str(row.verdict) for row in again] == ["same"] * len(workers)
    assert [row.changes for row in again] == [{}] * len(workers)
    assert all(row.known is not None or row.is_repeat for row in again)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_workbook_keeps_dates_and_numbers_and_calculates_nothing(app: Flask, language: str) -> None:
    row = ("Ana", "Vigil", "+ana@mill.example", "+52 656 123 4567", "007", "2019-03-14", "Welder", "es")
    workers = taken(read(sheet_of([row])))
    workers[0].job_title = "=HYPERLINK(1)"
    with app.test_request_context(), force_locale(language):
        sheet = roster_sheet(workers, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    cells = [cell for line in book.active.iter_rows(min_row=2) for cell in line]
    assert {cell.data_type for cell in cells} == {"s", "d"}
    assert [cell.value for cell in cells][4:7:2] == ["007", "'=HYPERLINK(1)"]
    workers[0].job_title = None
    with app.test_request_context(), force_locale(language):
        sheet = roster_sheet(workers, "xlsx")
    assert [(str(row.verdict), row.changes) for row in assess(read(sheet), known(workers))] == [("same", {})]
