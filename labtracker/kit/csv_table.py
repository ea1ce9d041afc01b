"""A small CSV file as it comes from an office, in any usual encoding; harmless cells for one that leaves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 1_000_000
MOST_ROWS = 2_000
DELIMITERS = ",;\t|"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class UnreadableTableError(ValueError):
    """The file cannot be read as a table; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class TableRow:
    """One row: the line it begins on in the file, its cells by column name, and those beyond the columns."""

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A header, as names in lower case with underscores, and the rows below it."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8, else what Windows writes in the West."""
    if len(data) > MOST_BYTES:
        raise UnreadableTableError("too_large")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: Sequence[str] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableTableError("not_text")


def read_table(text: str) -> Table:
    """The table in a text; empty lines are skipped, spaces around cells are dropped."""
    if len(text) > MOST_BYTES:
        raise UnreadableTableError("too_large")
    reader = csv.reader(
        io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), delimiter=_delimiter(text)
    )
    columns: tuple[str, ...] = ()
    rows: list[TableRow] = []
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            trimmed = [cell.strip() for cell in cells]
            if not any(trimmed):
                continue
            if not columns:
                columns = tuple(column_name(cell) for cell in trimmed)
                continue
            if len(rows) == MOST_ROWS:
                raise UnreadableTableError("too_many_rows")
            surplus = tuple(cell for cell in trimmed[len(columns) :] if cell)
            rows.append(TableRow(begins, dict(zip(columns, trimmed, strict=False)), surplus))
    except csv.Error as error:
        raise UnreadableTableError("not_a_table") from error
    if not columns:
        raise UnreadableTableError("empty")
    return Table(columns, tuple(rows))


def harmless(value: Any) -> Any:
    """A cell's content: text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def column_name(text: str) -> str:
    """A header as programs name it: "Home ZIP" is ``home_zip``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=head.count)
