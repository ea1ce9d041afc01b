"""Whether somebody still was a trainer when they recorded something, told from dated facts alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labtracker.checkin.rules.corrected_time import CorrectedTime, Sync

Term = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Tenure:
    """When somebody held a role that records attendance: from, until (None: to this day); archived since."""

    terms: frozenset[Term] = frozenset()
    archived_ms: int | None = None

    def has_lapsed(self, at_ms: int) -> bool:
        """Whether they had been one by then, and were none any more."""
        if self.archived_ms is not None and self.archived_ms <= at_ms:
            return True
        held = any(first <= at_ms and (until is None or at_ms < until) for first, until in self.terms)
        return not held and any(until is not None and until <= at_ms for _first, until in self.terms)


@dataclass(frozen=True, slots=True)
class Link:
    """A frame as a proof: when it came in, and the hash of the frame before, which it names."""

    seq: int
    hash: bytes
    prev: bytes | None
    came_ms: int


def known_since(links: Iterable[Link]) -> dict[bytes, int]:
    """By hash, the moment from which on each frame surely existed.

    That is when it came in, or when one came that was made after it: each names the hash of the one before.
    """
    known: dict[bytes, int] = {}
    named: dict[bytes, int] = {}
    for link in sorted(links, key=lambda one: -one.seq):
        told = [link.came_ms, *(times[link.hash] for times in (known, named) if link.hash in times)]
        known[link.hash] = min(told)
        if link.prev is not None:
            named[link.prev] = min(known[link.hash], named.get(link.prev, known[link.hash]))
    return known


def is_late_word(tenure: Tenure, made_ms: int | None, known_ms: int) -> bool:
    """Whether only the phone's own clock says that somebody still was a trainer when they recorded this.

    ``known_ms`` is when it surely existed. Anybody can set a clock back, and a monotonic one stops in sleep.
    """
    claims_time = made_ms is None or not tenure.has_lapsed(made_ms)
    return claims_time and tenure.has_lapsed(known_ms)


def certain_ms(time: CorrectedTime, sync: Sync | None) -> int | None:
    """The latest moment at which a frame was surely not made before; None where nothing vouches for any.

    A doubtful time says nothing, but no frame is older than the server's time that it has seen.
    """
    if not time.suspect:
        return time.at_ms
    return sync.server_ms if sync is not None else None
