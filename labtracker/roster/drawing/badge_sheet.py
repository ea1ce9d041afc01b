"""Sheets of badges as PDF: letter paper, ten cards of 3.5 by 2 inches that common label stock takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fontpkg_noto_sans import ROOT as FONT_FOLDER
from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from labtracker.kit.text import letters_in
from labtracker.roster.drawing.qr import draw_qr
from labtracker.roster.wording import BadgeWords

FONT = FONT_FOLDER / "files" / "NotoSans[wdth,wght].ttf"
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
    pdf = FPDF(unit="mm", format="letter")
    pdf.set_creation_date(made_at)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_auto_page_break(False)
    pdf.add_font("noto", "", FONT)
    font = pdf.fonts["noto"]
    known = set(font.cmap) if isinstance(font, TTFFont) else set()
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
    _draw_qr(pdf, card.url, x + 1.5, y + (CARD_HEIGHT - QR_SIZE) / 2)
    for number, words in enumerate(card.words):
        line = y + 2 + number * 2.9
        _fitted(
            pdf, words.show_it, x + MARGIN, line, size=7, lines=1, bold=False, width=CARD_WIDTH - 2 * MARGIN
        )
    if _can_draw(card.name, known):
        _fitted(pdf, card.name, x + TEXT_LEFT, y + 8, size=16, lines=3, bold=True)
    else:
        _blank_for_name(pdf, x + TEXT_LEFT, y + 8, " · ".join(words.write_name for words in card.words))
    employer = card.employer if _can_draw(card.employer, known) else ""
    _fitted(pdf, employer, x + TEXT_LEFT, y + 31, size=9, lines=2, bold=False)
    _fitted(pdf, card.code, x + TEXT_LEFT, y + 42, size=13, lines=1, bold=True)


def _draw_qr(pdf: FPDF, url: str, x: float, y: float) -> None:
    drawing = draw_qr(url)
    module = QR_SIZE / drawing.size
    pdf.set_fill_color(0)
    for run in drawing.runs:
        # A hair wider than a module, so that no printer leaves white lines between rows.
        pdf.rect(x + run.x * module, y + run.y * module, run.width * module, module * 1.02, style="F")


def _can_draw(text: str, known: set[int]) -> bool:
    # Scripts that need shaping or run from the right are better written by hand than drawn wrongly.
    return all(ord(symbol) in known for symbol in text) and letters_in(text) > 0


def _fitted(
    pdf: FPDF,
    text: str,
    x: float,
    y: float,
    *,
    size: float,
    lines: int,
    bold: bool,
    width: float = TEXT_WIDTH,
) -> None:
    """Text in at most so many lines, as large as fits; what fits at no size is broken, then cut."""
    parts = _broken(pdf, text, size, width)
    while size > 6 and (len(parts) > lines or any(_width(pdf, part) > width for part in parts)):
        size -= 0.5
        parts = _broken(pdf, text, size, width)
    with pdf.local_context(
        text_mode=TextMode.FILL_STROKE if bold else TextMode.FILL,
        line_width=size * 0.015,
        draw_color=(0, 0, 0),
    ):
        for number, part in enumerate(parts[:lines]):
            while _width(pdf, part) > width:
                part = part[:-1]
            pdf.text(x, y + (number + 0.8) * size * 0.42, part)


def _width(pdf: FPDF, text: str) -> float:
    return float(pdf.get_string_width(text))


def _broken(pdf: FPDF, text: str, size: float, width: float) -> list[str]:
    """The words of a text in lines no wider than given, one word at least in each."""
    pdf.set_font("noto", "", size)
    lines: list[str] = []
    for word in text.split():
        if lines and _width(pdf, f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def _blank_for_name(pdf: FPDF, x: float, y: float, asks: str) -> None:
    pdf.set_draw_color(0)
    pdf.set_line_width(0.3)
    pdf.line(x, y + 9, x + TEXT_WIDTH, y + 9)
    _fitted(pdf, asks, x, y + 10, size=8, lines=2, bold=False)
