"""Sheets of badges as PDF, in any of the layouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from labtracker.roster.drawing.fitting import LEADING
from labtracker.roster.drawing.layouts import USUAL, Layout
from labtracker.roster.drawing.paper import Box, boxed_text, can_draw, new_document, place_qr
from labtracker.roster.wording import BadgeWords

if TYPE_CHECKING:
    from fpdf import FPDF

# Millimetres. The edge stays free because no printer hits a punched label exactly.
EDGE = 3.5
GAP = 2.0
SLOT_TOP, SLOT_WIDTH, SLOT_HEIGHT = 4.0, 14.0, 3.0
HOLE_ROOM = SLOT_TOP + SLOT_HEIGHT + 1.0
MARK, MARK_GAP = 4.0, 1.0
# How large the letters are beside those of the code, and in points at least.
EMPLOYER_SHARE, SAYING_SHARE, SAYING = 0.75, 0.45, 7.0
# How much of an upright card's height the code takes where it is not too wide.
CODE_SHARE = 0.72


@dataclass(frozen=True)
class BadgeCard:
    """What stands on one badge."""

    name: str
    employer: str
    code: str
    url: str
    words: tuple[BadgeWords, ...]


def badge_sheet(
    cards: Sequence[BadgeCard],
    *,
    title: str,
    language: str,
    made_at: datetime,
    layout: Layout = USUAL,
    first: int = 1,
) -> bytes:
    """The PDF of these badges, the first of them on that place of the first sheet, counted from 1.

    A name that the font cannot draw leaves a line for writing it by hand.
    """
    pdf = new_document(title=title, language=language, made_at=made_at, paper=layout.paper)
    corners = list(layout.corners())
    for number, card in enumerate(cards, start=first - 1):
        place = number % layout.places
        if place == 0 or number == first - 1:
            pdf.add_page()
            if layout.cut:
                _draw_marks(pdf, layout)
        x, y = corners[place]
        _draw_card(pdf, card, Box(x, y, layout.width, layout.height), layout)
    if not cards:
        pdf.add_page()
    return bytes(pdf.output())


def _draw_card(pdf: FPDF, card: BadgeCard, box: Box, layout: Layout) -> None:
    inner = Box(box.x + EDGE, box.y + EDGE, box.width - 2 * EDGE, box.height - 2 * EDGE)
    if layout.hole:
        _draw_slot(pdf, box)
        inner = Box(inner.x, box.y + HOLE_ROOM, inner.width, box.height - HOLE_ROOM - EDGE)
    if box.width > box.height:
        _draw_lying(pdf, card, inner, layout)
    else:
        _draw_upright(pdf, card, inner, layout)


def _draw_lying(pdf: FPDF, card: BadgeCard, box: Box, layout: Layout) -> None:
    """What to do stands above, the code at the left as large as it can be, the name beside it."""
    saying = _saying(layout)
    y = box.y + _draw_saying(pdf, card, box, saying, centred=False)
    height = box.y + box.height - y
    size = min(height, box.width * 0.48)
    # The quiet zone of the code is white anyway, so it may reach over the free edge.
    place_qr(pdf, card.url, box.x - GAP, y + (height - size) / 2, size)
    x = box.x + size - GAP + 1.0
    width = box.x + box.width - x
    foot = layout.code * LEADING
    below = layout.code * EMPLOYER_SHARE * LEADING * 2
    _draw_name(pdf, card, Box(x, y, width, height - foot - below - GAP), layout)
    _draw_employer(pdf, card, Box(x, y + height - foot - below, width, below), layout)
    boxed_text(pdf, card.code, Box(x, y + height - foot, width, foot), size=layout.code, bold=True)


def _draw_upright(pdf: FPDF, card: BadgeCard, box: Box, layout: Layout) -> None:
    """The name above, the code below it as large as it can be, everything in the middle."""
    saying, foot = _saying(layout), layout.code * LEADING
    below = layout.code * EMPLOYER_SHARE * LEADING
    said = len(card.words) * saying * LEADING
    size = min(box.width, (box.height - foot - below - said) * CODE_SHARE)
    room = box.height - size - foot - below - said
    _draw_name(pdf, card, Box(box.x, box.y, box.width, room), layout, centred=True)
    y = box.y + room
    _draw_employer(pdf, card, Box(box.x, y, box.width, below), layout, centred=True)
    place_qr(pdf, card.url, box.x + (box.width - size) / 2, y + below, size)
    y += below + size
    boxed_text(pdf, card.code, Box(box.x, y, box.width, foot), size=layout.code, bold=True, centred=True)
    _draw_saying(pdf, card, Box(box.x, y + foot, box.width, said), saying, centred=True)


def _saying(layout: Layout) -> float:
    return max(SAYING, layout.code * SAYING_SHARE)


def _draw_saying(pdf: FPDF, card: BadgeCard, box: Box, size: float, *, centred: bool) -> float:
    """What to do with the badge, a line for each language. Gives their height."""
    line = size * LEADING
    for number, words in enumerate(card.words):
        place = Box(box.x, box.y + number * line, box.width, line)
        boxed_text(pdf, words.show_it, place, size=size, centred=centred)
    return len(card.words) * line


def _draw_name(pdf: FPDF, card: BadgeCard, box: Box, layout: Layout, *, centred: bool = False) -> None:
    if can_draw(card.name):
        boxed_text(pdf, card.name, box, size=layout.name, bold=True, centred=centred)
        return
    asks = " · ".join(words.write_name for words in card.words)
    line = box.y + box.height * 0.55
    pdf.set_draw_color(0)
    pdf.set_line_width(0.3)
    pdf.line(box.x, line, box.x + box.width, line)
    below = Box(box.x, line + 1, box.width, box.height * 0.45 - 1)
    boxed_text(pdf, asks, below, size=8, centred=centred)


def _draw_employer(pdf: FPDF, card: BadgeCard, box: Box, layout: Layout, *, centred: bool = False) -> None:
    employer = card.employer if can_draw(card.employer) else ""
    boxed_text(pdf, employer, box, size=layout.code * EMPLOYER_SHARE, centred=centred)


def _draw_slot(pdf: FPDF, box: Box) -> None:
    """Where the slot for the lanyard's clip is punched."""
    pdf.set_draw_color(120)
    pdf.set_line_width(0.2)
    x = box.x + (box.width - SLOT_WIDTH) / 2
    pdf.rect(x, box.y + SLOT_TOP, SLOT_WIDTH, SLOT_HEIGHT, round_corners=True, corner_radius=SLOT_HEIGHT / 2)


def _draw_marks(pdf: FPDF, layout: Layout) -> None:
    """Where to cut: short lines in the margin at every edge of a card;"""
    pdf.set_draw_color(120)
    pdf.set_line_width(0.1)
    right = layout.left + layout.across * (layout.columns - 1) + layout.width
    bottom = layout.top + layout.down * (layout.rows - 1) + layout.height
    edges_across = [layout.left + layout.across * column for column in range(layout.columns)] + [right]
    edges_down = [layout.top + layout.down * row for row in range(layout.rows)] + [bottom]
    for x in edges_across:
        pdf.line(x, layout.top - MARK_GAP - MARK, x, layout.top - MARK_GAP)
        pdf.line(x, bottom + MARK_GAP, x, bottom + MARK_GAP + MARK)
    for y in edges_down:
        pdf.line(layout.left - MARK_GAP - MARK, y, layout.left - MARK_GAP, y)
        pdf.line(right + MARK_GAP, y, right + MARK_GAP + MARK, y)
