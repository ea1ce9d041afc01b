"""Whether somebody still was a trainer when they recorded something, told from dated facts alone."""

from __future__ import annotations

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


def certain_ms(time: CorrectedTime, sync: Sync | None) -> int | None:
    """The latest moment at which a frame was surely not made before; None where nothing vouches for any.

    A doubtful time says nothing, but no frame is older than the server's time that it has seen.
    """
    if not time.suspect:
        return time.at_ms
    return sync.server_ms if sync is not None else None
