"""What stands in the way of a placement, as data: kind, parties, overlap, and checked ways out.

Everything somebody or something is busy with, or away for, is a ``Hold``: who, from when to when, where, and
because of what. Labs are held for their whole stay, travel included; people for each session they teach (or
each drive they drive), and between two places they need the time to get from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from labtracker.scheduling.rules.travel import Place


class ConflictKind(StrEnum):
    """What stands in the way."""

    LAB_TAKEN = "lab_taken"
    LAB_CLOSED = "lab_closed"
    PERSON_TAKEN = "person_taken"
    PERSON_AWAY = "person_away"
    VEHICLE_TAKEN = "vehicle_taken"
    VEHICLE_CLOSED = "vehicle_closed"
    ROOM_TAKEN = "room_taken"
    NOT_EQUIPPED = "not_equipped"
    LAB_RETIRED = "lab_retired"
    TOO_MANY = "too_many"
    CLOSED_DAY = "closed_day"
    OUTSIDE_GATE_HOURS = "outside_gate_hours"
    DRIVE_TOO_LONG = "drive_too_long"
    SETUP_TOO_SHORT = "setup_too_short"
    TEARDOWN_TOO_SHORT = "teardown_too_short"
    NOT_READY = "not_ready"
    READINESS_MISSING = "readiness_missing"
    READINESS_PARTIAL = "readiness_partial"
    READINESS_LAPSES = "readiness_lapses"
    READINESS_CONDITIONS = "readiness_conditions"
    NO_SESSIONS = "no_sessions"
    IN_THE_PAST = "in_the_past"
    HOURS_MISSING = "hours_missing"
    OUTSIDE_WINDOWS = "outside_windows"
    PAD_TOO_SHORT = "pad_too_short"
    POWER_TOO_WEAK = "power_too_weak"
    VEHICLE_MISSING = "vehicle_missing"
    VEHICLE_RETIRED = "vehicle_retired"
    CANNOT_TOW = "cannot_tow"
    DRIVER_MISSING = "driver_missing"
    NO_CDL = "no_cdl"
    COURSE_NOT_TAUGHT = "course_not_taught"
    SKILLS_UNKNOWN = "skills_unknown"
    INSPECTION_OVERDUE = "inspection_overdue"
    INSPECTION_DUE = "inspection_due"
    ITEM_OUT = "item_out"


# What a site lacks for a lab, as far as its checks say.
OF_READINESS = frozenset(
    {
        ConflictKind.NOT_READY,
        ConflictKind.READINESS_MISSING,
        ConflictKind.READINESS_PARTIAL,
        ConflictKind.READINESS_LAPSES,
        ConflictKind.READINESS_CONDITIONS,
    }
)

# These are told but do not stop anybody: the site's figures are the employer's guess, a site may be made
# ready later (a deployment is not confirmed before), and a coordinator may have agreed on other days or on
# fewer hours by telephone. Who drives with which vehicle is often settled later, and an inspection that comes
# due before a visit can still be done.
WARNINGS = OF_READINESS | frozenset(
    {
        ConflictKind.HOURS_MISSING,
        ConflictKind.OUTSIDE_WINDOWS,
        ConflictKind.PAD_TOO_SHORT,
        ConflictKind.POWER_TOO_WEAK,
        ConflictKind.VEHICLE_MISSING,
        ConflictKind.DRIVER_MISSING,
        ConflictKind.SKILLS_UNKNOWN,
        ConflictKind.INSPECTION_DUE,
    }
)


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a conflict: a lab, a person, a vehicle, a deployment, a session, a course, a day."""

    kind: str
    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Hold:
    """That somebody or something is not free: who, when, where, because of what.

    Who begins at one ``place`` and ends at another (a drive) ends at ``to``. Without a place no way is
    reckoned before or after.
    """

    who: Party
    span: Span
    because: Party
    place: Place | None = None
    to: Place | None = None

    @property
    def last_place(self) -> Place | None:
        """Where it ends."""
        return self.to or self.place


class WayOutKind(StrEnum):
    """What could be done instead."""

    OTHER_DAY = "other_day"
    OTHER_LAB = "other_lab"
    OTHER_PERSON = "other_person"
    OTHER_DRIVER = "other_driver"
    OTHER_VEHICLE = "other_vehicle"


@dataclass(frozen=True)
class WayOut:
    """Something that was checked and would work.

    ``miles`` are those from the other lab's base to the site, ``miles_more`` how many more (or, negative,
    fewer) that is than from the base of the lab that was wanted. ``replaces`` is whom another person
    would stand in for, or drive instead of.
    """

    kind: WayOutKind
    party: Party | None = None
    first_on: date | None = None
    miles: int | None = None
    miles_more: int | None = None
    replaces: Party | None = None


@dataclass(frozen=True)
class Conflict:
    """One thing in the way: its kind, the two parties, when both want the same, and ways out.

    ``wanted`` and ``possible`` are figures of one kind: heads and seats, feet, kilowatts, pounds, or minutes.
    ``about`` is a third party where it takes three (an item that a course needs on a lab); ``on`` is the
    day by which something holds or is due.
    """

    kind: ConflictKind
    party: Party
    other: Party | None = None
    overlap: Span | None = None
    wanted: int | None = None
    possible: int | None = None
    ways_out: tuple[WayOut, ...] = ()
    about: Party | None = None
    on: date | None = None

    @property
    def blocks(self) -> bool:
        """Whether nothing may be placed as long as this stands."""
        return self.kind not in WARNINGS

    def with_ways_out(self, ways: Iterable[WayOut]) -> Conflict:
        """The same conflict with ways out of it."""
        return replace(self, ways_out=tuple(ways))
