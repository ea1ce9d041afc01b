"""What every kind of file becomes first: sheets of text cells that keep their row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 2_000
# Of a whole file: a roster of 20,000 people has a few dozen columns, of which most say little.
MAX_CELLS = 1_000_000
MAX_LINE = MAX_COLUMNS * MAX_CELL


@dataclass(frozen=True)
class Line:
    """One row that is not blank: its number in the sheet, counted from 1, and its cells as text."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A sheet by its name; a file of text has one without a name.

    ``has_serials`` says that whole numbers may be a workbook's own count of days.
    """

    name: str
    lines: list[Line]
    hidden: bool = False
    has_serials: bool = False


def line_of(number: int, cells: Sequence[str]) -> Line | None:
    """A line of these cells without the empty ones at its end; nothing when all are empty."""
    kept = [cell[:MAX_CELL] for cell in cells]
    while kept and not kept[-1].strip():
        kept.pop()
    return Line(number, kept) if kept else None
