"""What about check-ins is worth a coordinator's look: a badge at two places, travel that cannot be, bursts.

Initials that do not fit are told by ``rules.initials``.

A flag moves no time and takes nobody's minutes away. Nothing here depends on the order in which events
arrived, nor on how often; a time that nothing vouches for raises nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from labtracker.checkin.rules.presence import ARRIVALS, MINUTE_MS
from labtracker.kit.geography import Point, road_miles

TWO_PLACES, IMPOSSIBLE_TRAVEL, BURST = "two_places", "impossible_travel", "burst"
INITIALS = "initials"
KINDS = (TWO_PLACES, IMPOSSIBLE_TRAVEL, BURST, INITIALS)

NEAR_MS = 5 * MINUTE_MS  # seen at two places within this time
NEAR_MILES = 2  # gates of one mill are closer, and a walk is no wonder
FASTEST_MPH = 85
# Roads may be straighter than they are reckoned, and coordinates are those of a ZIP code.
MARGIN = 1.25
# How far a time may be off: one that was estimated, or that somebody typed, more than one just checked.
SURE_MS, UNSURE_MS = MINUTE_MS, 10 * MINUTE_MS

TYPED = frozenset({"paper", "web"})
BY_BADGE = frozenset({"scan", "reader"})
BURST_BADGES = 20  # one phone scans no more different badges than this ...
BURST_MS = 20_000  # ... within this time


@dataclass(frozen=True, slots=True)
class Sighting:
    """An arrival or a leave that stands. ``who`` is the worker, or the badge's hash where nobody knows it.

    ``label`` tells how ``at_ms`` was found, ``suspect`` that nothing vouches for it.
    """

    id: str
    hash: str
    type: str
    at_ms: int
    who: str
    device: str
    session: str | None = None
    place: str | None = None
    method: str | None = None
    label: str = "synced"
    suspect: bool = False

    @property
    def off_ms(self) -> int:
        """How far the time may be off."""
        return SURE_MS if self.label == "synced" and self.method not in TYPED else UNSURE_MS


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at: two events (a burst's first and last) and the numbers that make it odd.

    ``behind`` are all sightings it rests on, those two among them. ``miles`` is None where a place has no
    coordinates, ``badges`` counts the different ones of a burst. ``letters`` are initials that do not fit the
    name, or two that differ.
    """

    kind: str
    first: Sighting
    second: Sighting
    behind: tuple[Sighting, ...]
    miles: int | None = None
    badges: int | None = None
    letters: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What names this flag wherever it is found again; another record in it makes it another flag."""
        evidence = sorted(one.hash for one in self.behind)
        return hashlib.sha256("|".join((self.kind, *evidence)).encode()).hexdigest()

    def touches(self, session: str) -> bool:
        """Whether something of it was recorded in this session."""
        return any(one.session == session for one in self.behind)

    @property
    def gap_ms(self) -> int:
        """The time between the two events."""
        return self.second.at_ms - self.first.at_ms

    @property
    def mph(self) -> int | None:
        """The speed that the way would have needed; None where no time was left for it."""
        if self.miles is None or self.gap_ms < MINUTE_MS:
            return None
        return round(self.miles / self.gap_ms * 60 * MINUTE_MS)


@dataclass(frozen=True, slots=True)
class _Stay:
    came: Sighting
    left: Sighting | None
    until_ms: int


def flags(
    sightings: Iterable[Sighting],
    places: Mapping[str, Point | None],
    ends: Mapping[str, int],
) -> list[Flag]:
    """All that is odd about these sightings, in the order of time.

    ``places`` has the coordinates of worksites, ``ends`` when each session ends: whoever never checked out
    of it counts as in until then.
    """
    once = {one.hash: one for one in sightings}.values()
    in_order = sorted(once, key=lambda one: (one.at_ms, one.id, one.hash))
    people: dict[str, list[Sighting]] = defaultdict(list)
    devices: dict[str, list[Sighting]] = defaultdict(list)
    for one in in_order:
        if one.place is not None:
            people[one.who].append(one)
        if one.method in BY_BADGE and not one.suspect:
            devices[one.device].append(one)
    found = [flag for seen in people.values() for flag in _apart(seen, places, ends)]
    found += [flag for scans in devices.values() for flag in _bursts(scans)]
    return sorted(found, key=lambda flag: (flag.first.at_ms, flag.key))


def _apart(
    seen: Sequence[Sighting], places: Mapping[str, Point | None], ends: Mapping[str, int]
) -> Iterator[Flag]:
    """One worker's flags: the first for each two sessions, a stay at both before any other."""
    done = set()
    for flag in (*_overlaps(seen, places, ends), *_journeys(seen, places)):
        sessions = frozenset((flag.first.session, flag.second.session))
        if sessions not in done:
            done.add(sessions)
            yield flag


def _overlaps(
    seen: Sequence[Sighting], places: Mapping[str, Point | None], ends: Mapping[str, int]
) -> Iterator[Flag]:
    """Stays at two worksites at once, by more than their times may be off."""
    sessions: dict[str | None, list[Sighting]] = defaultdict(list)
    for one in seen:
        sessions[one.session].append(one)
    stays = [stay for name, events in sessions.items() for stay in _stays(events, ends.get(name or ""))]
    stays.sort(key=lambda stay: (stay.came.at_ms, stay.came.id, stay.came.hash))
    for number, here in enumerate(stays, 1):
        for there in stays[number:]:
            if there.came.at_ms >= here.until_ms:
                break
            if here.came.place != there.came.place and _is_long(here, there):
                behind = (here.came, there.came, *(one.left for one in (here, there) if one.left))
                yield Flag(TWO_PLACES, here.came, there.came, behind, _miles(here.came, there.came, places))


def _is_long(here: _Stay, there: _Stay) -> bool:
    """Whether two stays, the earlier first, overlap by more than their times may be off."""
    ending = min(here, there, key=lambda stay: stay.until_ms)
    off = there.came.off_ms + (ending.left.off_ms if ending.left else 0)
    return ending.until_ms - there.came.at_ms > off


def _stays(events: Sequence[Sighting], session_ends: int | None) -> Iterator[_Stay]:
    """From an arrival to its leave, where both are vouched for; a doubtful leave leaves the end unknown."""
    since: Sighting | None = None
    for one in events:
        if one.type in ARRIVALS:
            if since is None or (since.suspect and not one.suspect):
                since = one
        elif since is not None:
            if not since.suspect and not one.suspect:
                yield _Stay(since, one, one.at_ms)
            since = None
    if since is not None and not since.suspect and session_ends is not None:
        yield _Stay(since, None, session_ends)


def _journeys(seen: Sequence[Sighting], places: Mapping[str, Point | None]) -> Iterator[Flag]:
    """From one worksite to the next in less time than the way takes."""
    sure = [one for one in seen if not one.suspect and one.method not in TYPED]
    for here, there in pairwise(sure):
        if here.place == there.place:
            continue
        gap, miles = there.at_ms - here.at_ms, _miles(here, there, places)
        checked = here.label == there.label == "synced"
        if checked and gap <= NEAR_MS and (miles is None or miles >= NEAR_MILES):
            kind = TWO_PLACES
        elif miles is not None and miles >= NEAR_MILES and _is_too_fast(miles, gap, here, there):
            kind = IMPOSSIBLE_TRAVEL
        else:
            continue
        yield Flag(kind, here, there, (here, there), miles)


def _is_too_fast(miles: int, gap_ms: int, here: Sighting, there: Sighting) -> bool:
    hours = (gap_ms + here.off_ms + there.off_ms) / (60 * MINUTE_MS)
    return miles > hours * FASTEST_MPH * MARGIN


def _miles(here: Sighting, there: Sighting, places: Mapping[str, Point | None]) -> int | None:
    start, end = places.get(here.place or ""), places.get(there.place or "")
    return None if start is None or end is None else road_miles(start, end)


def _bursts(scans: Sequence[Sighting]) -> Iterator[Flag]:
    """Runs of more different badges on one phone than hands can hold out in that time."""
    run: tuple[int, int] | None = None
    inside: Counter[str] = Counter()
    begin = 0
    for end, one in enumerate(scans):
        inside[one.who] += 1
        while one.at_ms - scans[begin].at_ms > BURST_MS:
            inside[scans[begin].who] -= 1
            if not inside[scans[begin].who]:
                del inside[scans[begin].who]
            begin += 1
        if len(inside) <= BURST_BADGES:
            continue
        if run is not None and begin > run[1]:
            yield _burst(scans[run[0] : run[1] + 1])
            run = None
        run = (begin if run is None else run[0], end)
    if run is not None:
        yield _burst(scans[run[0] : run[1] + 1])


def _burst(scans: Sequence[Sighting]) -> Flag:
    badges = len({one.who for one in scans})
    return Flag(BURST, scans[0], scans[-1], tuple(scans), badges=badges)
