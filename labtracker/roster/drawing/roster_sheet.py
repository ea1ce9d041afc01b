"""A roster as a spreadsheet that can be sent, changed and read in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

import phonenumbers
from flask_babel import gettext as _

from labtracker.kit.csv_table import harmless
from labtracker.roster.models import Worker
from labtracker.web.language import LANGUAGES

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": CSV, "xlsx": XLSX}
_DATE_COLUMN = 5
# The length of a number of North America: +1 and ten digits.
_HERE = 12


def roster_sheet(workers: Iterable[Worker], kind: str, *, of_several: bool = False) -> bytes:
    """The workers as a ``csv`` or ``xlsx`` file with headings in the reader's language.

    The reader of rosters knows every heading, and finds everybody as they were. No cell is ever calculated.
    ``of_several`` employers: a last column names the employer.
    """
    rows = (_row(worker, of_several) for worker in workers)
    headings = _headings() + ([_("Employer")] if of_several else [])
    return _workbook(headings, rows) if kind == "xlsx" else _text(headings, rows)


def _headings() -> list[str]:
    return [
        _("First name"),
        _("Last name"),
        _("E-mail"),
        _("Phone"),
        _("Employee number"),
        _("Hire date"),
        _("Job title"),
        _("Language"),
    ]


def _row(worker: Worker, of_several: bool) -> list[Any]:
    return [
        worker.given_name,
        worker.family_name,
        worker.email,
        _telephone(worker.phone),
        worker.employee_number,
        worker.hired_on,
        worker.job_title,
        LANGUAGES.get(worker.language or ""),
        *([worker.employer.name] if of_several else []),
    ]


def _telephone(number: str | None) -> str | None:
    """As it is dialled here; a spreadsheet takes what begins with a plus for a sum."""
    if number is None:
        return None
    if number.startswith("+1") and len(number) == _HERE:
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _text(headings: list[str], rows: Iterable[list[Any]]) -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([harmless(cell.isoformat() if isinstance(cell, date) else cell) for cell in row])
    # With a mark, or Excel takes it for Windows-1252.
    return sheet.getvalue().encode("utf-8-sig")


def _workbook(headings: list[str], rows: Iterable[list[Any]]) -> bytes:
    import openpyxl  # noqa: PLC0415 (seldom needed, and large)
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("Roster"))
    sheet.append(headings)
    for row in rows:
        cells: list[Any] = [harmless(cell) for cell in row]
        if row[_DATE_COLUMN] is not None:
            cells[_DATE_COLUMN] = WriteOnlyCell(sheet, row[_DATE_COLUMN])
            cells[_DATE_COLUMN].number_format = "yyyy-mm-dd"
        sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
