"""Finding the roster in a file: which sheet, which line holds the headings; dropping what may not be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from labtracker.kit.ssn import looks_like_bare_ssn, looks_like_ssn, without_ssn
from labtracker.kit.text import letters_in
from labtracker.roster.reading import cells, dates
from labtracker.roster.reading.asides import is_aside, is_totals
from labtracker.roster.reading.heading_lines import Heading, find_heading, shown_headings
from labtracker.roster.reading.headings import NAME_FIELDS, NEVER_KEPT, PRIVATE, meaning_of, plain_heading
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.sheets import Line, Sheet


@dataclass
class Table:
    """A roster as it stands in its sheet, without private columns: what may be stored until it is applied.

    ``headings`` are None where a column has none; ``dropped`` columns keep their place but no heading and no
    cell. ``marks`` are problems of single cells by row number, ``emptied`` what rows lost with a column.
    """

    sheet: str
    headings: list[str | None]
    lines: list[Line]
    has_serials: bool = False
    notices: list[dict[str, Any]] = field(default_factory=list)
    marks: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    emptied: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def label(self, column: int) -> str:
        """What to call a column: its heading, or its letter as a spreadsheet shows it."""
        heading = self.headings[column] if column < len(self.headings) else None
        return heading or letter_of(column)

    def values(self, column: int) -> list[str]:
        """The cells of a column that say something."""
        found = (line.cells[column] for line in self.lines if column < len(line.cells))
        return [cell for cell in found if not cells.is_blank(cell) and cell != cells.FORMULA]


def letter_of(column: int) -> str:
    """A column's letters: A, B, ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_table(sheets: list[Sheet], *, today: date, sheet: str | None = None) -> Table:
    """The roster in a file, private columns already dropped. Raises RosterFileError when there is none."""
    wanted = [one for one in sheets if sheet is None or one.name == sheet]
    if sheet is not None and not wanted:
        raise RosterFileError("no_such_sheet")
    scored = [(find_heading(one), one) for one in wanted if one.lines]
    if not scored:
        raise RosterFileError("no_table")
    heading, best = max(scored, key=lambda item: (item[0].score, not item[1].hidden, len(item[1].lines)))
    table = _table(best, heading)
    if not table.lines or (heading.score == 0 and len(table.headings) < 2):
        raise RosterFileError("no_table")
    enough = max(2, heading.score - 2)
    others = [_shown_name(one) for other, one in scored if one is not best and other.score >= enough]
    if others:
        table.notices.append({"code": "other_sheets", "sheet": table.sheet, "others": ", ".join(others)})
    _drop_private(table, today)
    return table


def _table(sheet: Sheet, heading: Heading) -> Table:
    body = sheet.lines[heading.body :]
    width = max((len(line.cells) for line in sheet.lines), default=0)
    table = Table(_shown_name(sheet), shown_headings(heading.told, width), [], sheet.has_serials)
    if not heading.told:
        table.notices.append({"code": "no_header"})
    elif _is_one_column_split(heading.told, body):
        body = [Line(line.number, [", ".join(part.strip() for part in line.cells)]) for line in body]
        table.headings, width = table.headings[:1], 1
    repeated = [plain_heading(cell) for cell in heading.told]
    for line in body:
        if repeated and _says_again(line, repeated):
            continue
        if is_totals(line):
            table.notices.append({"code": "totals_skipped", "row": line.number})
        elif is_aside(line, width):
            table.notices.append({"code": "aside_skipped", "row": line.number})
        else:
            table.lines.append(line)
    return table


def _says_again(line: Line, headings: list[str]) -> bool:
    # The first cell tells of nearly every line that it is none.
    return plain_heading(line.cells[0]) == headings[0] and headings == [
        plain_heading(cell) for cell in line.cells
    ]


def _shown_name(sheet: Sheet) -> str:
    return without_ssn(sheet.name)[:80]


def _is_one_column_split(told: Sequence[str], body: Iterable[Line]) -> bool:
    # "Name" above "García, Ana" in a file whose commas are also its delimiter.
    return [bool(cell.strip()) for cell in told] == [True] and all(len(line.cells) <= 2 for line in body)


# --- what may never be kept -------------------------------------------------------------------------


def _drop_private(table: Table, today: date) -> None:
    for column in range(len(table.headings)):
        code = _private_code(table, column, today)
        if code is not None:
            told = {"code": code, "column": table.label(column)}
            table.notices.append(told)
            table.dropped.add(column)
            if code in NEVER_KEPT:
                _note_emptied(table, column, told)
    table.lines[:] = [_cleaned(table, line) for line in table.lines]
    for column in table.dropped:
        table.headings[column] = None


def _note_emptied(table: Table, column: int, told: dict[str, Any]) -> None:
    for line in table.lines:
        if column < len(line.cells) and not cells.is_blank(line.cells[column]):
            table.emptied.setdefault(line.number, []).append(told)


def _private_code(table: Table, column: int, today: date) -> str | None:
    heading = table.headings[column] or ""
    meaning = meaning_of(heading)
    if meaning in PRIVATE:
        return PRIVATE[meaning]
    values = table.values(column)
    if not values:
        return None
    if meaning != "phone":
        bare = sum(looks_like_bare_ssn(value) for value in values)
        shaped = sum(looks_like_ssn(value) for value in values)
        if bare * 2 >= len(values) or shaped * 2 >= len(values):
            return "ssn_removed"
    if meaning is None and _are_birth_dates(values, today):
        return "birth_date_removed"
    return None


def _are_birth_dates(values: list[str], today: date) -> bool:
    """Whether a column that says nothing of itself holds dates of which most lie 18 years back and more."""
    read = [dates.read_date(value, today=today) for value in values[:200]]
    days = [cell.day or (cell.either[0] if cell.either else None) for cell in read]
    known = [day for day in days if day is not None]
    if len(known) * 2 < len(values[:200]):
        return False
    return median(day.toordinal() for day in known) < today.toordinal() - 18 * 365


def _cleaned(table: Table, line: Line) -> Line:
    """The line without private cells; what was blanked in a column that stays is marked."""
    kept: list[str] = []
    for column, cell in enumerate(line.cells):
        if column in table.dropped:
            kept.append("")
            continue
        problem = None
        if cells.is_formula(cell):
            problem, cell = "formula_removed", cells.FORMULA
        elif _is_short_phone(table, column, cell):
            problem, cell = "phone_invalid", ""
        elif looks_like_ssn(cell):
            problem, cell = "ssn_removed", _rest_of_name(table, column, cell)
        if problem:
            mark = {"code": problem, "column": table.label(column)}
            table.marks.setdefault(line.number, []).append(mark)
        kept.append(cell)
    return Line(line.number, kept)


def _rest_of_name(table: Table, column: int, cell: str) -> str:
    # A name with a number beside it is still a name; of any other cell nothing can be trusted.
    rest = without_ssn(cell).strip(" ,;:-/#")
    return rest if meaning_of(table.headings[column] or "") in NAME_FIELDS and letters_in(rest) > 1 else ""


def _is_short_phone(table: Table, column: int, cell: str) -> bool:
    # Nine digits under "Phone" are a number with one digit missing; nobody keeps it to find out.
    return meaning_of(table.headings[column] or "") == "phone" and looks_like_bare_ssn(cell)


def has_names(table: Table, column: int) -> bool:
    """Whether a column looks like people's names: words, several of them, no digits."""
    values = table.values(column)
    good = [
        value
        for value in values
        if letters_in(value) > 2 and not re.search(r"[\d@<>:/]", value) and len(value) < 60
    ]
    several = [value for value in good if len(value.split()) in (2, 3, 4, 5)]
    return bool(values) and len(good) >= 0.8 * len(values) and len(several) >= 0.6 * len(values)
