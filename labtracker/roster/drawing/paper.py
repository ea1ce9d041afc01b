"""What sheets of paper have in common: their font, text that fits, and QR codes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fontpkg_noto_sans import ROOT as FONT_FOLDER

from labtracker.kit.text import letters_in
from labtracker.roster.drawing.qr import draw_qr

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = FONT_FOLDER / "files" / "NotoSans[wdth,wght].ttf"


Ink = tuple[int, int, int]
BLACK: Ink = (0, 0, 0)


def new_document(*, title: str, language: str, made_at: datetime, landscape: bool = False) -> FPDF:
    """An empty document of letter paper, upright or lying, in millimetres, with its font."""
    from fpdf import FPDF  # noqa: PLC0415 (a fifth of the program's start, and few starts draw)

    pdf = FPDF("landscape" if landscape else "portrait", unit="mm", format="letter")
    pdf.set_creation_date(made_at)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_auto_page_break(False)
    pdf.add_font("noto", "", FONT)
    return pdf


def drawable_symbols(pdf: FPDF) -> set[int]:
    """The code points that the font can draw."""
    from fpdf.fonts import TTFFont  # noqa: PLC0415 (as above)

    font = pdf.fonts["noto"]
    return set(font.cmap) if isinstance(font, TTFFont) else set()


def place_qr(pdf: FPDF, text: str, x: float, y: float, size: float) -> None:
    """The QR code of a text, so many millimetres wide with its quiet zone."""
    drawing = draw_qr(text)
    module = size / drawing.size
    pdf.set_fill_color(0)
    for run in drawing.runs:
        # A hair wider than a module, so that no printer leaves white lines between rows.
        pdf.rect(x + run.x * module, y + run.y * module, run.width * module, module * 1.02, style="F")


def can_draw(text: str, known: set[int]) -> bool:
    """Whether the font has every symbol of a text.

    Scripts that need shaping or run from the right are better written by hand than drawn wrongly.
    """
    return all(ord(symbol) in known for symbol in text) and letters_in(text) > 0


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
    """Text in at most so many lines, as large as fits; what fits at no size is broken, then cut.

    Gives how many lines it took.
    """
    from fpdf.enums import TextMode  # noqa: PLC0415 (as above)

    parts = _broken(pdf, text, size, width)
    while size > 6 and (len(parts) > lines or any(_width(pdf, part) > width for part in parts)):
        size -= 0.5
        parts = _broken(pdf, text, size, width)
    with pdf.local_context(
        text_mode=TextMode.FILL_STROKE if bold else TextMode.FILL,
        line_width=size * 0.015,
        draw_color=ink,
        text_color=ink,
    ):
        for number, part in enumerate(parts[:lines]):
            while _width(pdf, part) > width:
                part = part[:-1]
            pdf.text(x, y + (number + 0.8) * size * 0.42, part)
    return min(len(parts), lines)


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
