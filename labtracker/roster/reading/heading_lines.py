"""Which line of a sheet holds the headings; sometimes two lines hold them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labtracker.kit.ssn import looks_like_ssn
from labtracker.kit.text import tidy
from labtracker.roster.reading import cells
from labtracker.roster.reading.headings import NAME_FIELDS, OTHERS, exact_meaning, meaning_of, plain_heading
from labtracker.roster.reading.sheets import Line, Sheet

WITHIN = 50


@dataclass(frozen=True)
class Heading:
    """How well a sheet's headings are understood, what they are, and the place of the first line after them.

    A score of 0 says that no heading is known; then ``told`` may still be words unknown to us.
    """

    score: int
    told: Sequence[str]
    body: int


def find_heading(sheet: Sheet) -> Heading:
    """The line, or the pair of lines, that names most columns."""
    best = Heading(0, (), 0)
    for place, line in enumerate(sheet.lines[:WITHIN]):
        found = Heading(_score(line.cells), line.cells, place + 1)
        if place + 1 < len(sheet.lines):
            found = max(found, _of_two(sheet.lines, place), key=lambda heading: heading.score)
        # The second of two lines may be the better half and is not better than both.
        if found.score > best.score:
            best = found
    return best if best.score else _unknown(sheet)


def _score(told: Sequence[str]) -> int:
    meanings = {meaning_of(cell) for cell in told} - {None, OTHERS}
    names = meanings & set(NAME_FIELDS)
    # Beside "First" and "Last", "Employee" is not one more name.
    names = names - {"full_name"} or names
    # A title such as "Name of company" is one cell; a heading for names alone is a line of one, too.
    lonely = len([cell for cell in told if cell.strip()]) == 1
    return 0 if lonely and not names else len(meanings) + 2 * len(names)


def _of_two(lines: Sequence[Line], place: int) -> Heading:
    """Two lines as one: "Name" above "First" and "Last", "Hire" above "Date", what is merged downwards."""
    upper, lower = lines[place].cells, lines[place + 1].cells
    if any(is_typed(cell) or len(cell) > 40 for cell in lower) or sum(bool(c.strip()) for c in upper) < 2:
        return Heading(0, (), 0)
    told, over = [], ""
    for column in range(max(len(upper), len(lower))):
        above = upper[column].strip() if column < len(upper) else ""
        below = lower[column].strip() if column < len(lower) else ""
        # A merged cell stands in the first of its columns; the others lie empty beside it.
        over = above or (over if below else "")
        told.append(_joined(over, below) if below else above)
    alone = {meaning_of(cell) for cell in upper} | {meaning_of(cell) for cell in lower}
    gained = any(meaning_of(cell) not in alone for cell in told)
    if not (gained or any(meaning_of(cell) for cell in lower)):
        return Heading(0, (), 0)
    return Heading(_score(told), told, place + 2)


def _joined(above: str, below: str) -> str:
    both = f"{above} {below}".strip()
    together = meaning_of(both)
    if together in (OTHERS, "private") or (above and exact_meaning(plain_heading(both))):
        # "Emergency contact" above "Phone" is nobody's own telephone.
        return both if meaning_of(below) != together else below
    return below if meaning_of(below) or not above else both


def _unknown(sheet: Sheet) -> Heading:
    """The first line when it looks like headings in words unknown to us above columns of other things."""
    nothing = Heading(0, (), 0)
    first = sheet.lines[0].cells
    if any(is_typed(cell) for cell in first if cell.strip()) or len(sheet.lines) < 2:
        return nothing
    below = sheet.lines[1:20]
    typed = sum(any(is_typed(cell) for cell in line.cells) for line in below)
    return Heading(0, first, 1) if typed * 2 >= len(below) else nothing


def is_typed(cell: str) -> bool:
    """Whether a cell holds a number, a date or an address rather than a word."""
    return "@" in cell or sum(symbol.isdigit() for symbol in cell) >= 4


def shown_headings(told: Sequence[str], width: int) -> list[str | None]:
    """The headings as they may be shown and kept: not formulas, and no number that nobody may keep."""
    headings: list[str | None] = [None] * width
    for column, cell in enumerate(told):
        if cell.strip() and cell != cells.FORMULA and not looks_like_ssn(cell):
            headings[column] = tidy(cell)[:80] or None
    return headings
