"""A sheet to sign by hand at the door: a row for each worker, with the badge's code to scan later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from labtracker.roster.drawing.paper import Box, boxed_text, can_draw, fitted_text, new_document, place_qr

if TYPE_CHECKING:
    from fpdf import FPDF

# Millimetres. Rows are so high that a phone held over one code sees no second one whole.
LEFT, TOP, WIDTH = 15.0, 38.0, 186.0
ROW, ROWS = 25.0, 9
FOOT = 272.0
QR_SIZE = 23.0
NAME_LEFT, NAME_WIDTH = LEFT + QR_SIZE + 3, 58.0
TIME_WIDTH = 24.0
SIGNATURE_WIDTH = WIDTH - QR_SIZE - 3 - NAME_WIDTH - 2 * TIME_WIDTH
MOST_BLANK = 3


@dataclass(frozen=True)
class SheetWords:
    """What stands around the rows: the group, when and where it meets, the heads of the columns, what the
    trainer signs, and the page's number with that of all."""

    title: str
    when: str
    where: str
    name: str
    arrived: str
    left: str
    signature: str
    trainer: str
    page: Callable[[int, int], str]


@dataclass(frozen=True)
class SheetRow:
    """One worker: what to print, and the badge's address for the code, if there is a badge."""

    name: str
    employer: str
    code: str
    url: str | None


def sign_in_sheet(rows: Sequence[SheetRow], words: SheetWords, *, language: str, made_at: datetime) -> bytes:
    """The PDF of a session's sheet. A few empty rows follow for people who are on no list."""
    pdf = new_document(title=words.title, language=language, made_at=made_at)
    lines: list[SheetRow | None] = [*rows, *[None] * MOST_BLANK]
    for number, row in enumerate(lines):
        place = number % ROWS
        if place == 0:
            pdf.add_page()
            _draw_head(pdf, words)
            _draw_foot(pdf, words, number // ROWS + 1, -(-len(lines) // ROWS))
        _draw_row(pdf, row, TOP + place * ROW)
    return bytes(pdf.output())


def _columns() -> tuple[float, float, float]:
    """Where the columns of times and of the signature begin."""
    arrived = NAME_LEFT + NAME_WIDTH
    return arrived, arrived + TIME_WIDTH, arrived + 2 * TIME_WIDTH


def _draw_head(pdf: FPDF, words: SheetWords) -> None:
    fitted_text(pdf, words.title, LEFT, 12, width=WIDTH, size=15, bold=True)
    fitted_text(pdf, words.when, LEFT, 20, width=WIDTH, size=11)
    fitted_text(pdf, words.where, LEFT, 25.5, width=WIDTH, size=11)
    arrived, left, signature = _columns()
    for text, x, width in (
        (words.name, NAME_LEFT, NAME_WIDTH),
        (words.arrived, arrived + 1, TIME_WIDTH - 2),
        (words.left, left + 1, TIME_WIDTH - 2),
        (words.signature, signature + 1, SIGNATURE_WIDTH - 2),
    ):
        fitted_text(pdf, text, x, TOP - 5, width=width, size=9, bold=True)


def _draw_foot(pdf: FPDF, words: SheetWords, page: int, pages: int) -> None:
    fitted_text(pdf, words.trainer, LEFT, FOOT - 3.5, width=60, size=9)
    pdf.set_draw_color(120)
    pdf.set_line_width(0.2)
    pdf.line(LEFT + 62, FOOT, LEFT + 140, FOOT)
    fitted_text(pdf, words.page(page, pages), LEFT + WIDTH - 30, FOOT - 3.5, width=30, size=9)


def _draw_row(pdf: FPDF, row: SheetRow | None, y: float) -> None:
    pdf.set_draw_color(120)
    pdf.set_line_width(0.2)
    pdf.rect(LEFT, y, WIDTH, ROW)
    for x in _columns():
        pdf.line(x, y, x, y + ROW)
    if row is None:
        return
    if row.url is not None:
        place_qr(pdf, row.url, LEFT + 1, y + (ROW - QR_SIZE) / 2, QR_SIZE)
    if can_draw(row.name):
        boxed_text(pdf, row.name, Box(NAME_LEFT, y + 2.5, NAME_WIDTH - 2, 11), size=13, bold=True)
    if can_draw(row.employer):
        fitted_text(pdf, row.employer, NAME_LEFT, y + 14, width=NAME_WIDTH - 2, size=8)
    fitted_text(pdf, row.code, NAME_LEFT, y + 19, width=NAME_WIDTH - 2, size=9)
