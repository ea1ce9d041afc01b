"""Workbooks made from a description in JSON, so that what is in them can be read."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any

import openpyxl


def book_of(description: bytes) -> bytes:
    """The XLSX file of a list of sheets.

    Each has ``name`` and ``rows`` and may have ``merged`` (ranges), ``formats`` (number formats by cell) and
    ``hidden``. A cell is what JSON has; ``{"date": "2019-03-14"}`` is a real date.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    for told in json.loads(description):
        sheet = book.create_sheet(told["name"])
        for number, row in enumerate(told["rows"], start=1):
            for column, cell in enumerate(row, start=1):
                sheet.cell(number, column, _value(cell))
        for place, form in told.get("formats", {}).items():
            sheet[place].number_format = form
        for span in told.get("merged", []):
            sheet.merge_cells(span)
        sheet.sheet_state = "hidden" if told.get("hidden") else "visible"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _value(cell: Any) -> Any:
    return datetime.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell
