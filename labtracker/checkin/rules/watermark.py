"""How far a phone's chain is held without a gap, and what is missing from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labtracker.checkin.rules.frames import NO_HASH

MOST_RANGES = 200

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Link:
    """A stored frame's place in the chain; the bytes of a damaged one cannot be asked for its ``prev``."""

    seq: int
    hash: str
    prev: str | None
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The last frame up to which nothing is missing."""

    seq: int = 0
    hash: str = NO_HASH


def advanced(mark: Mark, links: Iterable[Link], lost: Sequence[Span]) -> Mark:
    """The watermark after these frames, given in the order of their arrival.

    Each next frame must name the one before it. What the phone says it lost is passed over, and the
    first frame after such a gap is taken as it is; the mark never rests on a gap.
    """
    at: dict[int, list[Link]] = {}
    for link in links:
        if link.seq > mark.seq:
            at.setdefault(link.seq, []).append(link)
    while True:
        step = _next(mark, at, lost)
        if step is None:
            return mark
        mark = Mark(step.seq, step.hash)


def _next(mark: Mark, at: dict[int, list[Link]], lost: Sequence[Span]) -> Link | None:
    for link in at.get(mark.seq + 1, ()):
        if link.damaged or link.prev == mark.hash:
            return link
    after = _end_of_gap(mark.seq + 1, lost)
    if after is None:
        return None
    beyond = [seq for seq in at if mark.seq + 1 < seq <= after]
    return at[min(beyond)][0] if beyond else None


def _end_of_gap(seq: int, lost: Sequence[Span]) -> int | None:
    """The first number after the lost run that ``seq`` lies in."""
    for first, last in lost:
        if first <= seq <= last:
            return last + 1
    return None


def missing(mark: Mark, stored: Iterable[int], lost: Sequence[Span]) -> list[Span]:
    """The ranges above the watermark that other stored frames prove to exist, lost ones left out."""
    ranges: list[Span] = []
    expected = mark.seq + 1
    for seq in sorted({*stored}):
        if seq < expected:
            continue
        if seq > expected:
            ranges += _without(lost, (expected, seq - 1))
        expected = seq + 1
    return ranges[:MOST_RANGES]


def _without(lost: Sequence[Span], span: Span) -> list[Span]:
    first, last = span
    left: list[Span] = []
    for begin, end in lost:
        if end < first or begin > last:
            continue
        if begin > first:
            left.append((first, begin - 1))
        first = end + 1
    if first <= last:
        left.append((first, last))
    return left


def joined(spans: Iterable[Span], more: Iterable[int] = ()) -> list[Span]:
    """Ranges and single numbers as few ranges, in order."""
    result: list[Span] = []
    for first, last in sorted([*spans, *((number, number) for number in more)]):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result
