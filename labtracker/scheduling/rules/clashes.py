"""Whether two holds of one lab, person or vehicle can both be, the way between two places included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from uuid import UUID

from labtracker.kit.time import minutes_between
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Hold, Party, Span
from labtracker.scheduling.rules.travel import Place, drive_minutes

# What holds somebody because of work at a place; every other cause (maintenance, leave) is an absence.
WORK = frozenset({"deployment", "session", "cohort"})
KINDS = {
    "lab": (ConflictKind.LAB_TAKEN, ConflictKind.LAB_CLOSED),
    "person": (ConflictKind.PERSON_TAKEN, ConflictKind.PERSON_AWAY),
    "vehicle": (ConflictKind.VEHICLE_TAKEN, ConflictKind.VEHICLE_CLOSED),
}


def kind_of(who: Party, because: Party) -> ConflictKind:
    """What it is called when somebody or something is held because of this."""
    taken, away = KINDS[who.kind]
    return taken if because.kind in WORK else away


def clash(one: Hold, other: Hold) -> Conflict | None:
    """Why two holds of the same party cannot both be, or nothing. The second names the other party.

    Two that share a moment clash. So do two between which there is not enough time for the drive: the
    overlap is then when the party would have to be on the road and is still held.
    """
    kind = kind_of(one.who, other.because)
    shared = one.span.shared_with(other.span)
    if shared is not None:
        return Conflict(kind, one.who, other.because, shared)
    first, second = (one, other) if one.span.ends_at <= other.span.starts_at else (other, one)
    drive = _drive(first.last_place, second.place)
    leaves_at = second.span.starts_at - timedelta(minutes=drive)
    if leaves_at >= first.span.ends_at:
        return None
    overlap = Span(max(first.span.starts_at, leaves_at), first.span.ends_at)
    gap = minutes_between(first.span.ends_at, second.span.starts_at)
    return Conflict(kind, one.who, other.because, overlap, wanted=drive, possible=gap)


@lru_cache(maxsize=4096)
def _drive(here: Place | None, there: Place | None) -> int:
    if here is None or there is None or here == there:
        return 0
    return drive_minutes(here, there)


class Lane:
    """What one lab, person or vehicle is held by, in order, and quick to ask."""

    def __init__(self, holds: Iterable[Hold]) -> None:
        self.holds = sorted(holds, key=lambda hold: (hold.span.starts_at, hold.span.ends_at))
        self._starts = [hold.span.starts_at for hold in self.holds]
        self._latest_ends = list(accumulate((hold.span.ends_at for hold in self.holds), max))
        places = {place for hold in self.holds for place in (hold.place, hold.last_place)}
        self._places = [place for place in places if place is not None]
        self._reaches: dict[tuple[Place | None, Place | None], timedelta] = {}

    def meeting(self, span: Span) -> Iterator[Hold]:
        """What shares a moment with a span, the latest first."""
        index = bisect_left(self._starts, span.ends_at)
        while index > 0 and self._latest_ends[index - 1] > span.starts_at:
            index -= 1
            if self.holds[index].span.ends_at > span.starts_at:
                yield self.holds[index]

    def clashing(self, hold: Hold) -> Iterator[Conflict]:
        """Every hold of this party with which another one cannot be."""
        reach = self._reach(hold)
        for other in self.meeting(Span(hold.span.starts_at - reach, hold.span.ends_at + reach)):
            found = clash(hold, other)
            if found is not None:
                yield found

    def _reach(self, hold: Hold) -> timedelta:
        """How long before or after a hold another may matter: the longest drive to any place known here."""
        key = (hold.place, hold.last_place)
        if key not in self._reaches:
            drives = [_drive(mine, place) for place in self._places for mine in key]
            self._reaches[key] = timedelta(minutes=max(drives, default=0))
        return self._reaches[key]


class Busy:
    """Everything that is held, party by party."""

    def __init__(self, holds: Iterable[Hold]) -> None:
        by_party: dict[UUID | None, list[Hold]] = {}
        for hold in holds:
            by_party.setdefault(hold.who.id, []).append(hold)
        self.lanes = {party: Lane(found) for party, found in by_party.items()}

    def lane(self, party: UUID | None) -> Lane | None:
        """What holds one party, or nothing where it is never held."""
        return self.lanes.get(party)

    def conflicts_of(self, wanted: Iterable[Hold]) -> Iterator[Conflict]:
        """Every pair of a wanted hold and a known one that cannot both be."""
        for hold in wanted:
            lane = self.lanes.get(hold.who.id)
            if lane is not None:
                yield from lane.clashing(hold)

    def leaves_room_for(self, wanted: Iterable[Hold]) -> bool:
        """Whether nothing known stands against any of these."""
        return next(self.conflicts_of(wanted), None) is None


def clashes(wanted: Iterable[Hold], taken: Iterable[Hold]) -> list[Conflict]:
    """Every pair of holds of one party that cannot both be: the earliest of each pair of causes."""
    return clashes_with(wanted, Busy(taken))


def clashes_with(wanted: Iterable[Hold], busy: Busy) -> list[Conflict]:
    """The same against what is known already to be held."""
    found: dict[tuple[UUID | None, UUID | None], Conflict] = {}
    for conflict in busy.conflicts_of(wanted):
        key = (conflict.party.id, conflict.other.id if conflict.other else None)
        if key not in found or _order(conflict) < _order(found[key]):
            found[key] = conflict
    return [found[key] for key in sorted(found, key=lambda key: (str(key[0]), str(key[1])))]


def _order(conflict: Conflict) -> tuple[datetime, datetime, int]:
    assert conflict.overlap is not None
    return conflict.overlap.starts_at, conflict.overlap.ends_at, conflict.wanted or 0


def next_free_day(
    holds_from: Callable[[date], Collection[Hold]], busy: Busy, *, after: date, days: int = 60
) -> date | None:
    """The first day after ``after`` from which the same placement clashes with nothing, if one comes soon."""
    for step in range(1, days + 1):
        day = after + timedelta(days=step)
        wanted = holds_from(day)
        if wanted and busy.leaves_room_for(wanted):
            return day
    return None
