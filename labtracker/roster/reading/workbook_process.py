"""Run as a process of its own: a workbook on standard input becomes JSON on standard output.

It limits its own memory and processor time before it looks at a byte, so that whatever a workbook does to
the library that opens it ends here. It stands alone: nothing of the application is imported.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time
from typing import Any

MEMORY = 400 * 1024 * 1024
CPU_SECONDS = 15
MAX_SHEETS = 30
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 2_000
# Of a whole workbook: a text that stands in it once may be shown in any number of cells.
MAX_CELLS = 1_000_000
MAX_TEXT = 12_000_000
BLANK_ROWS_IN_A_ROW = 5_000
MAX_FORM = 40
FORMULA = "\ufffe"


def limit_this_process() -> None:
    """Cap memory and processor time where the system can (everywhere but on Windows)."""
    try:
        import resource  # noqa: PLC0415 (absent on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def as_text(value: Any, number_format: str) -> str:
    """A cell's value as the text a person would read in it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        return in_form(value, number_format)
    return str(value)[:MAX_CELL]


def in_form(value: int, number_format: str) -> str:
    """A whole number as a form of zeros shows it: 00000 keeps zeros in front, 000-00-0000 sets dashes."""
    form = number_format.replace("\\", "").replace('"', "")
    places = form.count("0")
    if value < 0 or not 0 < places <= MAX_FORM or set(form) - set("0- /()") or len(str(value)) > places:
        return str(value)
    digits = iter(str(value).zfill(places))
    return "".join(next(digits) if sign == "0" else sign for sign in form)


def cell_text(cell: Any) -> str:
    """A cell as text; a formula becomes one mark, whatever it says and whatever it last showed."""
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    return as_text(cell.value, getattr(cell, "number_format", "") or "")


class Room:
    """How much one workbook may still say, all its sheets together."""

    def __init__(self) -> None:
        self.cells, self.text = MAX_CELLS, MAX_TEXT

    def has_for(self, cells: list[str]) -> bool:
        """Whether these cells still find room, which they take."""
        self.cells -= len(cells)
        self.text -= sum(map(len, cells))
        return self.cells >= 0 and self.text >= 0


def lines_of(sheet: Any, room: Room) -> list[list[Any]] | str:
    """The rows of a sheet that are not blank, with their numbers, or the code of a refusal."""
    lines: list[list[Any]] = []
    blanks = 0
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if len(row) > MAX_COLUMNS and any(cell.value is not None for cell in row[MAX_COLUMNS:]):
            return "too_many_columns"
        cells = [cell_text(cell) for cell in row[:MAX_COLUMNS]]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            lines.append([number, cells])
            blanks = 0
        else:
            blanks += 1
        if len(lines) > MAX_ROWS:
            return "too_many_rows"
        if not room.has_for(cells):
            return "too_much_text"
        if blanks > BLANK_ROWS_IN_A_ROW:
            break
    return lines


def read(data: bytes) -> dict[str, Any]:
    """The workbook's sheets with their lines."""
    import openpyxl  # noqa: PLC0415 (only once the limits stand)

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheets, room = [], Room()
    for sheet in book.worksheets[:MAX_SHEETS]:
        lines = lines_of(sheet, room)
        if isinstance(lines, str):
            return {"refused": lines}
        sheets.append({"name": sheet.title, "hidden": sheet.sheet_state != "visible", "lines": lines})
    return {"sheets": sheets}


def main() -> int:
    """Read standard input; the exit code says whether memory ran out (3) or the book is damaged (2)."""
    limit_this_process()
    try:
        answer = json.dumps(read(sys.stdin.buffer.read()))
    except MemoryError:
        return 3
    except Exception:  # noqa: BLE001 (any fault of a broken book ends this process and nothing else)
        return 2
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
