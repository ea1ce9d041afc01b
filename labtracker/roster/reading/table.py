"""Finding the roster in a file: which sheet, which line holds the headings; dropping what may not be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from labtracker.kit.text import folded, letters_in, tidy
from labtracker.roster.reading import cells, dates
from labtracker.roster.reading.headings import NAME_FIELDS, PRIVATE, meaning_of, plain_heading
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.sheets import Line, Sheet

HEADING_WITHIN = 50
_TOTALS = re.compile(r"(grand |gran |sub ?)?(total(es)?|sum|suma|count|cuenta|conteo|headcount)\b.*")


@dataclass
class Table:
    """A roster as it stands in its sheet, without private columns: what may be stored until it is applied.

    ``headings`` are None where a column has none; ``dropped`` columns keep their place but no heading and no
    cell. ``marks`` are problems of single cells by row number.
    """

    sheet: str
    headings: list[str | None]
    lines: list[Line]
    has_serials: bool = False
    notices: list[dict[str, Any]] = field(default_factory=list)
    marks: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)

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
    scored = [(*_heading_line(one), one) for one in wanted if one.lines]
    if not scored:
        raise RosterFileError("no_table")
    score, place, best = max(scored, key=lambda item: (item[0], not item[2].hidden, len(item[2].lines)))
    table = _table(best, place if score else _untold_heading(best))
    if not table.lines or (score == 0 and len(table.headings) < 2):
        raise RosterFileError("no_table")
    others = [one.name for other, _place, one in scored if one is not best and other >= max(2, score - 2)]
    if others:
        table.notices.append({"code": "other_sheets", "sheet": best.name, "others": ", ".join(others)})
    _drop_private(table, today)
    return table


def _heading_line(sheet: Sheet) -> tuple[int, int]:
    """How well the best line of headings fits, and which one it is."""
    best = (0, 0)
    for place, line in enumerate(sheet.lines[:HEADING_WITHIN]):
        meanings = {meaning_of(cell) for cell in line.cells} - {None}
        names = meanings & set(NAME_FIELDS)
        # A title such as "Name of company" is one cell; a heading for names alone is a line of one, too.
        lonely = len([cell for cell in line.cells if cell.strip()]) == 1
        score = 0 if lonely and not names else len(meanings) + 2 * len(names)
        if score > best[0]:
            best = (score, place)
    return best


def _untold_heading(sheet: Sheet) -> int | None:
    """The first line when it looks like headings in words unknown to us above columns of other things."""
    first = sheet.lines[0].cells
    if any(_is_typed(cell) for cell in first if cell.strip()) or len(sheet.lines) < 2:
        return None
    below = sheet.lines[1:20]
    typed = sum(any(_is_typed(cell) for cell in line.cells) for line in below)
    return 0 if typed * 2 >= len(below) else None


def _is_typed(cell: str) -> bool:
    return "@" in cell or sum(symbol.isdigit() for symbol in cell) >= 4


def _table(sheet: Sheet, heading: int | None) -> Table:
    body = sheet.lines if heading is None else sheet.lines[heading + 1 :]
    width = max((len(line.cells) for line in sheet.lines), default=0)
    told = [] if heading is None else sheet.lines[heading].cells
    headings: list[str | None] = [None] * width
    for column, cell in enumerate(told):
        if cell.strip() and cell != cells.FORMULA:
            headings[column] = None if cells.looks_like_ssn(cell) else tidy(cell)[:80] or None
    table = Table(sheet.name[:80], headings, [], sheet.has_serials)
    if heading is None:
        table.notices.append({"code": "no_header"})
    elif _is_one_column_split(told, body):
        body = [Line(line.number, [", ".join(part.strip() for part in line.cells)]) for line in body]
        table.headings = headings[:1]
    repeated = [plain_heading(cell) for cell in told]
    for line in body:
        if told and [plain_heading(cell) for cell in line.cells] == repeated:
            continue
        if _is_totals(line):
            table.notices.append({"code": "totals_skipped", "row": line.number})
            continue
        table.lines.append(line)
    return table


def _is_one_column_split(told: list[str], body: Iterable[Line]) -> bool:
    # "Name" above "García, Ana" in a file whose commas are also its delimiter.
    return [bool(cell.strip()) for cell in told] == [True] and all(len(line.cells) <= 2 for line in body)


def _is_totals(line: Line) -> bool:
    first = next((cell for cell in line.cells if cell.strip()), "")
    rest = [cell for cell in line.cells if cell.strip()][1:]
    counts = all(re.fullmatch(r"[\d\s.,]*", cell) or cell == cells.FORMULA for cell in rest)
    return bool(_TOTALS.fullmatch(folded(first))) and counts and len(folded(first)) < 40


# --- what may never be kept -------------------------------------------------------------------------


def _drop_private(table: Table, today: date) -> None:
    for column in range(len(table.headings)):
        code = _private_code(table, column, today)
        if code is not None:
            label = table.label(column)
            table.notices.append({"code": code, "column": label})
            table.dropped.add(column)
    table.lines[:] = [_cleaned(table, line) for line in table.lines]
    for column in table.dropped:
        table.headings[column] = None


def _private_code(table: Table, column: int, today: date) -> str | None:
    heading = table.headings[column] or ""
    meaning = meaning_of(heading)
    if meaning in PRIVATE:
        return PRIVATE[meaning]
    values = table.values(column)
    if not values:
        return None
    if meaning != "phone":
        bare = sum(cells.looks_like_bare_ssn(value) for value in values)
        shaped = sum(cells.looks_like_ssn(value) for value in values)
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
        elif cells.looks_like_ssn(cell) and not _is_phone(table, column, cell):
            problem, cell = "ssn_cell_removed", ""
        if problem:
            mark = {"code": problem, "column": table.label(column)}
            table.marks.setdefault(line.number, []).append(mark)
        kept.append(cell)
    return Line(line.number, kept)


def _is_phone(table: Table, column: int, cell: str) -> bool:
    # Nine digits under "Phone" are a number with one digit missing; it is refused there and not repeated.
    return meaning_of(table.headings[column] or "") == "phone" and cells.looks_like_bare_ssn(cell)


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
