"""What stands in the way of a placement, as data: kind, parties, overlap, and checked ways out.

Everything somebody or something is busy with is a ``Hold``: who, from when to when, where, and because
of what. Labs are held for their whole stay, travel included; people for each session they teach (or each
drive they drive), and between two places they need the time to get from one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from labtracker.kit.time import local_day
from labtracker.scheduling.rules.travel import Place, drive_minutes


class ConflictKind(StrEnum):
    """What stands in the way."""

    LAB_TAKEN = "lab_taken"
    PERSON_TAKEN = "person_taken"
    ROOM_TAKEN = "room_taken"
    NOT_EQUIPPED = "not_equipped"
    LAB_RETIRED = "lab_retired"
    TOO_MANY = "too_many"
    CLOSED_DAY = "closed_day"
    NO_SESSIONS = "no_sessions"
    IN_THE_PAST = "in_the_past"
    HOURS_MISSING = "hours_missing"
    OUTSIDE_WINDOWS = "outside_windows"
    PAD_TOO_SHORT = "pad_too_short"
    POWER_TOO_WEAK = "power_too_weak"


# These are told but do not stop anybody: the site's figures are the employer's guess, and a coordinator
# may have agreed on other days or on fewer hours by telephone.
WARNINGS = frozenset(
    {
        ConflictKind.HOURS_MISSING,
        ConflictKind.OUTSIDE_WINDOWS,
        ConflictKind.PAD_TOO_SHORT,
        ConflictKind.POWER_TOO_WEAK,
    }
)


@dataclass(frozen=True)
class Party:
    """One side of a conflict: a lab, a person, a deployment, a session, a course, a day."""

    kind: str
    id: UUID | None
    name: str


@dataclass(frozen=True)
class Span:
    """A time from an instant to a later one; the end is not part of it."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: Span) -> bool:
        """Whether the two share a moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def shared_with(self, other: Span) -> Span | None:
        """The time both cover, or nothing."""
        starts_at, ends_at = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return Span(starts_at, ends_at) if starts_at < ends_at else None


@dataclass(frozen=True)
class Hold:
    """That somebody or something is busy: who, when, where, because of what."""

    who: Party
    span: Span
    because: Party
    place: Place | None = None


class WayOutKind(StrEnum):
    """What could be done instead."""

    OTHER_DAY = "other_day"
    OTHER_LAB = "other_lab"
    OTHER_PERSON = "other_person"


@dataclass(frozen=True)
class WayOut:
    """Something that was checked and would work."""

    kind: WayOutKind
    party: Party | None = None
    first_on: date | None = None
    miles: int | None = None


@dataclass(frozen=True)
class Conflict:
    """One thing in the way: its kind, the two parties, when both want the same, and ways out."""

    kind: ConflictKind
    party: Party
    other: Party | None = None
    overlap: Span | None = None
    wanted: int | None = None
    possible: int | None = None
    ways_out: tuple[WayOut, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether nothing may be placed as long as this stands."""
        return self.kind not in WARNINGS

    def with_ways_out(self, ways: Iterable[WayOut]) -> Conflict:
        """The same conflict with ways out of it."""
        return replace(self, ways_out=tuple(ways))


@dataclass(frozen=True)
class LabFacts:
    """What the rules need to know of a lab."""

    party: Party
    seats: int
    courses: frozenset[UUID]
    retired: bool = False
    length_ft: int | None = None
    power_kw: int | None = None
    has_generator: bool = False


@dataclass(frozen=True)
class SiteOffer:
    """What a site says it can offer; nothing means nobody said."""

    party: Party
    pad_length_ft: int | None = None
    power_kw: int | None = None


def clashes(wanted: Iterable[Hold], taken: Iterable[Hold]) -> list[Conflict]:
    """Every pair of holds of the same lab or person that cannot both be, once per pair of causes."""
    by_party: dict[UUID | None, list[Hold]] = {}
    for hold in taken:
        by_party.setdefault(hold.who.id, []).append(hold)
    found: dict[tuple[UUID | None, UUID | None], Conflict] = {}
    for hold in wanted:
        for other in by_party.get(hold.who.id, ()):
            overlap = _clash(hold, other)
            key = (hold.who.id, other.because.id)
            if overlap is not None and (key not in found or _earlier(overlap, found[key])):
                kind = ConflictKind.LAB_TAKEN if hold.who.kind == "lab" else ConflictKind.PERSON_TAKEN
                found[key] = Conflict(kind, hold.who, other.because, overlap)
    return [found[key] for key in sorted(found, key=lambda key: (str(key[0]), str(key[1])))]


def _earlier(overlap: Span, known: Conflict) -> bool:
    return known.overlap is not None and overlap.starts_at < known.overlap.starts_at


def _clash(hold: Hold, other: Hold) -> Span | None:
    if hold.who.kind == "lab":
        return hold.span.shared_with(other.span)
    return _stretched(hold, other).shared_with(other.span)


def _stretched(hold: Hold, other: Hold) -> Span:
    """The hold, longer at both ends by the drive between the two places."""
    if hold.place is None or other.place is None or hold.place == other.place:
        return hold.span
    drive = timedelta(minutes=drive_minutes(hold.place, other.place))
    return Span(hold.span.starts_at - drive, hold.span.ends_at + drive)


def lab_conflicts(lab: LabFacts, course: Party, heads_per_session: int) -> list[Conflict]:
    """Whether the lab is in service, equipped for the course, and has a seat for everybody."""
    found = []
    if lab.retired:
        found.append(Conflict(ConflictKind.LAB_RETIRED, lab.party))
    if course.id not in lab.courses:
        found.append(Conflict(ConflictKind.NOT_EQUIPPED, lab.party, course))
    if heads_per_session > lab.seats:
        found.append(Conflict(ConflictKind.TOO_MANY, lab.party, wanted=heads_per_session, possible=lab.seats))
    return found


def site_conflicts(lab: LabFacts, site: SiteOffer) -> list[Conflict]:
    """Whether what the site says it offers is enough for the lab; what nobody said is no conflict."""
    found = []
    if lab.length_ft and site.pad_length_ft is not None and site.pad_length_ft < lab.length_ft:
        found.append(
            Conflict(
                ConflictKind.PAD_TOO_SHORT,
                lab.party,
                site.party,
                wanted=lab.length_ft,
                possible=site.pad_length_ft,
            )
        )
    needs_power = lab.power_kw and not lab.has_generator
    if needs_power and site.power_kw is not None and site.power_kw < (lab.power_kw or 0):
        found.append(
            Conflict(
                ConflictKind.POWER_TOO_WEAK,
                lab.party,
                site.party,
                wanted=lab.power_kw,
                possible=site.power_kw,
            )
        )
    return found


def closed_day_conflicts(
    session: Span, party: Party, closed_days: Mapping[date, str], zone: str
) -> list[Conflict]:
    """Whether a session begins on a holiday or a day on which the site is closed."""
    day = local_day(session.starts_at, zone)
    if day not in closed_days:
        return []
    return [Conflict(ConflictKind.CLOSED_DAY, party, Party("day", None, closed_days[day]), session)]


def outside_windows(first_on: date, last_on: date, windows: Sequence[tuple[date, date]]) -> bool:
    """Whether the days lie in none of the windows that were asked for (no windows: any day suits)."""
    return bool(windows) and not any(start <= first_on and last_on <= end for start, end in windows)


def next_free_day(
    holds_from: Callable[[date], Collection[Hold]], taken: Sequence[Hold], *, after: date, days: int = 60
) -> date | None:
    """The first day after ``after`` from which the same placement clashes with nothing, if one comes soon."""
    for step in range(1, days + 1):
        day = after + timedelta(days=step)
        wanted = holds_from(day)
        if wanted and not clashes(wanted, taken):
            return day
    return None
