"""Sheets of badges as PDF: letter paper, ten cards of 3.5 by 2 inches that common label stock takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from labtracker.roster.drawing.paper import can_draw, drawable_symbols, fitted_text, new_document, place_qr
from labtracker.roster.wording import BadgeWords

if TYPE_CHECKING:
    from fpdf import FPDF

# Millimetres.
CARD_WIDTH, CARD_HEIGHT = 88.9, 50.8
LEFT, TOP = 19.05, 12.7
COLUMNS, ROWS = 2, 5
QR_SIZE = 40.0
TEXT_LEFT = QR_SIZE + 5.0
TEXT_WIDTH = CARD_WIDTH - TEXT_LEFT - 4.0
MARGIN = 5.5


@dataclass(frozen=True)
class BadgeCard:
    """What stands on one badge."""

    name: str
    employer: str
    code: str
    url: str
    words: tuple[BadgeWords, ...]


def badge_sheet(cards: Sequence[BadgeCard], *, title: str, language: str, made_at: datetime) -> bytes:
    """The PDF of these badges. A name that the font cannot draw leaves a line for writing it by hand."""
    pdf = new_document(title=title, language=language, made_at=made_at)
    known = drawable_symbols(pdf)
    for number, card in enumerate(cards):
        place = number % (COLUMNS * ROWS)
        if place == 0:
            pdf.add_page()
        x = LEFT + (place % COLUMNS) * CARD_WIDTH
        y = TOP + (place // COLUMNS) * CARD_HEIGHT
        _draw_card(pdf, card, x, y, known)
    if not cards:
        pdf.add_page()
    return bytes(pdf.output())


def _draw_card(pdf: FPDF, card: BadgeCard, x: float, y: float, known: set[int]) -> None:
    pdf.set_draw_color(190)
    pdf.set_line_width(0.1)
    pdf.rect(x, y, CARD_WIDTH, CARD_HEIGHT)
    place_qr(pdf, card.url, x + 1.5, y + (CARD_HEIGHT - QR_SIZE) / 2, QR_SIZE)
    for number, words in enumerate(card.words):
        line = y + 2 + number * 2.9
        fitted_text(pdf, words.show_it, x + MARGIN, line, size=7, width=CARD_WIDTH - 2 * MARGIN)
    if can_draw(card.name, known):
        fitted_text(pdf, card.name, x + TEXT_LEFT, y + 8, size=16, lines=3, bold=True, width=TEXT_WIDTH)
    else:
        _blank_for_name(pdf, x + TEXT_LEFT, y + 8, " · ".join(words.write_name for words in card.words))
    employer = card.employer if can_draw(card.employer, known) else ""
    fitted_text(pdf, employer, x + TEXT_LEFT, y + 31, size=9, lines=2, width=TEXT_WIDTH)
    fitted_text(pdf, card.code, x + TEXT_LEFT, y + 42, size=13, bold=True, width=TEXT_WIDTH)


def _blank_for_name(pdf: FPDF, x: float, y: float, asks: str) -> None:
    pdf.set_draw_color(0)
    pdf.set_line_width(0.3)
    pdf.line(x, y + 9, x + TEXT_WIDTH, y + 9)
    fitted_text(pdf, asks, x, y + 10, size=8, lines=2, width=TEXT_WIDTH)
