"""What sheets of paper have in common: their font, text that fits, and QR codes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from fontpkg_noto_sans import ROOT as FONT_FOLDER

from labtracker.kit.text import letters_in
from labtracker.roster.drawing.fitting import LEADING, Fitted, Measure, Room, fitted, lines_in
from labtracker.roster.drawing.qr import draw_qr

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = FONT_FOLDER / "files" / "NotoSans[wdth,wght].ttf"
# The font has letters of these that only a shaping engine sets right: Devanagari and its neighbours.
NEEDS_SHAPING = range(0x0900, 0x0E00)

Ink = tuple[int, int, int]
BLACK: Ink = (0, 0, 0)


@dataclass(frozen=True)
class Paper:
    """A sheet as it lies in the printer, in millimetres."""

    width: float
    height: float


@dataclass(frozen=True)
class Box:
    """A place on a sheet: its upper left corner and its sides, in millimetres."""

    x: float
    y: float
    width: float
    height: float


LETTER = Paper(215.9, 279.4)
LETTER_LYING = Paper(279.4, 215.9)
A4 = Paper(210.0, 297.0)


def new_document(*, title: str, language: str, made_at: datetime, paper: Paper = LETTER) -> FPDF:
    """An empty document in millimetres, with its font."""
    from fpdf import FPDF  # noqa: PLC0415 (a fifth of the program's start, and few starts draw)

    pdf = FPDF(unit="mm", format=(paper.width, paper.height))
    pdf.set_creation_date(made_at)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_auto_page_break(False)
    pdf.add_font("noto", "", FONT)
    return pdf


@cache
def drawable_symbols() -> frozenset[int]:
    """The code points that the font can draw, one beside the other."""
    from fpdf import FPDF  # noqa: PLC0415 (as above)
    from fpdf.fonts import TTFFont  # noqa: PLC0415 (as above)

    pdf = FPDF()
    pdf.add_font("noto", "", FONT)
    font = pdf.fonts["noto"]
    assert isinstance(font, TTFFont)
    font.close()
    return frozenset(code for code in font.cmap if code not in NEEDS_SHAPING)


def place_qr(pdf: FPDF, text: str, x: float, y: float, size: float) -> None:
    """The QR code of a text, so many millimetres wide with its quiet zone."""
    drawing = draw_qr(text)
    module = size / drawing.size
    pdf.set_fill_color(0)
    for run in drawing.runs:
        # A hair wider than a module, so that no printer leaves white lines between rows.
        pdf.rect(x + run.x * module, y + run.y * module, run.width * module, module * 1.02, style="F")


def can_draw(text: str) -> bool:
    """Whether the font has every symbol of a text.

    Scripts that need shaping or run from the right are better written by hand than drawn wrongly.
    """
    known = drawable_symbols()
    return all(ord(symbol) in known for symbol in unicodedata.normalize("NFC", text)) and letters_in(text) > 0


def fitted_text(
    pdf: FPDF,
    text: str,
    x: float,
    y: float,
    *,
    width: float,
    size: float,
    lines: int = 1,
    bold: bool = False,
    ink: Ink = BLACK,
) -> int:
    """Text in at most so many lines, as large as fits; what fits at no size ends in an ellipsis.

    Gives how many lines it took.
    """
    found = _fitted(pdf, text, width, lambda _size: lines, size)
    _write(pdf, found, Box(x, y, width, found.height), bold=bold, ink=ink)
    return len(found.lines)


def boxed_text(
    pdf: FPDF,
    text: str,
    box: Box,
    *,
    size: float,
    bold: bool = False,
    centred: bool = False,
    ink: Ink = BLACK,
) -> float:
    """Text in a box, as large as fits with as many lines as the box has room for.

    Gives how high it stands, in millimetres.
    """
    found = _fitted(pdf, text, box.width, lines_in(box.height), size)
    _write(pdf, found, box, bold=bold, ink=ink, centred=centred)
    return found.height


def _fitted(pdf: FPDF, text: str, width: float, room: Room, largest: float) -> Fitted:
    composed = unicodedata.normalize("NFC", text)
    return fitted(composed, _measure_of(pdf), width=width, room=room, largest=largest)


def _write(
    pdf: FPDF, found: Fitted, box: Box, *, bold: bool = False, ink: Ink = BLACK, centred: bool = False
) -> None:
    from fpdf.enums import TextMode  # noqa: PLC0415 (as above)

    measure = _measure_of(pdf)
    pdf.set_font("noto", "", found.size)
    with pdf.local_context(
        text_mode=TextMode.FILL_STROKE if bold else TextMode.FILL,
        line_width=found.size * 0.015,
        draw_color=ink,
        text_color=ink,
    ):
        for number, line in enumerate(found.lines):
            aside = (box.width - measure(line) * found.size) / 2 if centred else 0
            pdf.text(box.x + aside, box.y + (number + 0.8) * found.size * LEADING, line)


def _measure_of(pdf: FPDF) -> Measure:
    """The width of a text in millimetres at one point."""
    font, scale = pdf.fonts["noto"], pdf.k
    return lambda text: font.get_text_width(text, 1, None)[1] / scale
