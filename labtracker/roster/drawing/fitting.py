"""Text that has to fit: how large it can be, and where its lines break. Nothing is left out unseen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# The height of a line in millimetres for each point of its letters.
LEADING = 0.42
SMALLEST = 6.0
# Rather than shrink below this share of its size, a word that is wider than its line is broken.
BEFORE_BREAKING = 0.45
CUT = "…"

Measure = Callable[[str], float]
Room = Callable[[float], int]


@dataclass(frozen=True)
class Fitted:
    """Lines of a text and their size in points. ``is_cut``: the end is missing, and that is to be seen."""

    size: float
    lines: tuple[str, ...]
    is_cut: bool = False

    @property
    def height(self) -> float:
        """How high the lines stand together, in millimetres."""
        return len(self.lines) * self.size * LEADING


@dataclass(frozen=True)
class _Piece:
    """What never stands in two lines if it can be helped: its text, its width at one point, what joins it."""

    text: str
    width: float
    joint: str


def lines_in(height: float) -> Room:
    """How many lines a box of so many millimetres takes, by their size; one at least."""
    return lambda size: max(1, int(height / (size * LEADING) + 0.001))


def fitted(text: str, measure: Measure, *, width: float, room: Room, largest: float) -> Fitted:
    """A text as large as it fits in lines of a width, at most so many as there is room for at a size.

    ``measure`` gives the width of a text in millimetres at one point. Words break after hyphens first, and
    anywhere once they would have to become very small. What fits at no size ends in an ellipsis.
    """
    pieces = _pieces(text, measure)
    comfortable = max(SMALLEST, largest * BEFORE_BREAKING)
    for size in _sizes(largest, comfortable):
        if all(piece.width * size <= width for piece in pieces):
            lines = _wrapped(pieces, measure, width / size)
            if len(lines) <= room(size):
                return Fitted(size, tuple(lines))
    for size in _sizes(comfortable, SMALLEST):
        lines = _wrapped(_broken(pieces, measure, width / size), measure, width / size)
        if len(lines) <= room(size):
            return Fitted(size, tuple(lines))
    return _cut(lines[: room(SMALLEST)], measure, width / SMALLEST)


def _sizes(largest: float, smallest: float) -> Iterator[float]:
    size = largest
    while size > smallest:
        yield size
        size -= 0.5 if size <= 24 else 2
    yield smallest


def _pieces(text: str, measure: Measure) -> list[_Piece]:
    pieces = []
    for word in text.split():
        for number, part in enumerate(re.split(r"(?<=[-/])(?=\w)", word)):
            pieces.append(_Piece(part, measure(part), "" if number else " "))
    return pieces


def _broken(pieces: list[_Piece], measure: Measure, limit: float) -> list[_Piece]:
    """The pieces, none of them wider than the limit unless one letter is."""
    made: list[_Piece] = []
    for piece in pieces:
        if piece.width <= limit:
            made.append(piece)
            continue
        joint, part = piece.joint, ""
        for letter in _letters(piece.text):
            if part and measure(part + letter) > limit:
                made.append(_Piece(part, measure(part), joint))
                joint, part = "", ""
            part += letter
        made.append(_Piece(part, measure(part), joint))
    return made


def _letters(text: str) -> Iterator[str]:
    """Letters with the marks that belong to them."""
    letter = ""
    for symbol in text:
        if letter and not unicodedata.combining(symbol):
            yield letter
            letter = ""
        letter += symbol
    if letter:
        yield letter


def _wrapped(pieces: list[_Piece], measure: Measure, limit: float) -> list[str]:
    lines: list[str] = []
    taken, space = 0.0, measure(" ")
    for piece in pieces:
        more = piece.width + (space if piece.joint else 0)
        if lines and taken + more <= limit:
            lines[-1] += piece.joint + piece.text
            taken += more
        else:
            lines.append(piece.text)
            taken = piece.width
    return lines


def _cut(lines: list[str], measure: Measure, limit: float) -> Fitted:
    last = list(_letters(lines[-1]))
    while last and measure("".join(last) + CUT) > limit:
        last.pop()
    return Fitted(SMALLEST, (*lines[:-1], "".join(last).rstrip() + CUT), is_cut=True)
