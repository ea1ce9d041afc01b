"""How badges lie on paper: label sheets that shops sell, cards to cut out, cards of a card printer.

Every layout is plain data in millimetres; ``badge_sheet`` draws them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from labtracker.roster.drawing.paper import A4, LETTER, LETTER_LYING, Paper

INCH = 25.4
# A card as a wallet takes it (ISO/IEC 7810, ID-1), which card printers call CR80.
ID_CARD = Paper(85.6, 53.98)


@dataclass(frozen=True)
class Layout:
    """Cards of one size in rows and columns.

    ``across`` and ``down`` lead from one card's corner to the next one's. ``name`` and ``code`` are the
    largest sizes of letters, in points. ``hole``: the card hangs on a lanyard, its upper edge stays free.
    ``cut``: the paper is not punched, marks in the margin show where to cut.
    """

    key: str
    paper: Paper
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    across: float
    down: float
    name: float
    code: float
    hole: bool = False
    cut: bool = False

    @property
    def places(self) -> int:
        """How many cards a sheet has."""
        return self.columns * self.rows

    def corners(self) -> Iterator[tuple[float, float]]:
        """The upper left corner of each card, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield self.left + column * self.across, self.top + row * self.down


def _centred(
    key: str,
    paper: Paper,
    width: float,
    height: float,
    columns: int,
    rows: int,
    *,
    gap: tuple[float, float] = (0.0, 0.0),
    name: float,
    code: float,
    hole: bool = False,
    cut: bool = False,
) -> Layout:
    """A layout whose margins are the same on both sides, as those of all sheets here are."""
    across, down = width + gap[0], height + gap[1]
    return Layout(
        key,
        paper,
        width,
        height,
        columns,
        rows,
        left=(paper.width - across * columns + gap[0]) / 2,
        top=(paper.height - down * rows + gap[1]) / 2,
        across=across,
        down=down,
        name=name,
        code=code,
        hole=hole,
        cut=cut,
    )


_ALL = (
    _centred("cards_10", LETTER, 3.5 * INCH, 2 * INCH, 2, 5, name=24, code=13),
    _centred(
        "labels_8", LETTER, 3.375 * INCH, 7 / 3 * INCH, 2, 4, gap=(0.375 * INCH, INCH / 6), name=26, code=13
    ),
    _centred("labels_10", LETTER, 4 * INCH, 2 * INCH, 2, 5, gap=(0.1875 * INCH, 0), name=28, code=13),
    _centred("inserts_6", LETTER, 4 * INCH, 3 * INCH, 2, 3, name=36, code=16),
    _centred("lanyard_wide", LETTER, 4 * INCH, 3 * INCH, 2, 3, name=32, code=15, hole=True, cut=True),
    _centred("lanyard_tall", LETTER_LYING, 3 * INCH, 4 * INCH, 3, 2, name=32, code=14, hole=True, cut=True),
    _centred("large", LETTER, 4 * INCH, 5 * INCH, 2, 2, name=60, code=26, hole=True, cut=True),
    _centred("a4_10", A4, 85.0, 54.0, 2, 5, name=24, code=13, cut=True),
    _centred("card_printer", ID_CARD, ID_CARD.width, ID_CARD.height, 1, 1, name=24, code=12),
)
LAYOUTS = {layout.key: layout for layout in _ALL}
USUAL = LAYOUTS["cards_10"]
