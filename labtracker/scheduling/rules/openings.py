"""What may be served when, as data: what is asked, the days that were found, and why there are not more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from labtracker.fleet.rules import LicenceClass
from labtracker.fleet.rules.facts import FleetFacts
from labtracker.scheduling.rules.conflicts import ConflictKind, Party
from labtracker.scheduling.rules.fitness import LabFacts, ReadinessFacts, SiteOffer
from labtracker.scheduling.rules.sessions import ShiftPattern
from labtracker.scheduling.rules.travel import Effort, GateHours, Place

FEW = 3
MOST_REASONS = 5


class Obstacle(StrEnum):
    """Why a visit cannot begin; the later ones come nearer to an opening."""

    NO_LAB = "no_lab"
    SITE_TOO_SMALL = "site_too_small"
    CLOSED = "closed"
    LAB_TAKEN = "lab_taken"
    LAB_ON_THE_WAY = "lab_on_the_way"
    LAB_UNFIT = "lab_unfit"
    GATE = "gate"
    NOT_READY = "not_ready"
    NO_TRAINER = "no_trainer"
    NO_VEHICLE = "no_vehicle"
    NO_DRIVER = "no_driver"
    OUTSIDE_WINDOWS = "outside_windows"


@dataclass(frozen=True)
class Tow:
    """A vehicle that can tow a lab, what it takes to bring it with that, which licence the load needs."""

    vehicle: Party
    effort: Effort
    needs: LicenceClass | None = None


@dataclass(frozen=True)
class LabOffer:
    """A lab that hosts the course, what it takes to bring it, and how far its base is.

    ``tows`` are the vehicles in service that can bring it, the preferred first. Where nobody noted any,
    ``effort`` is what it takes, and neither vehicle nor driver is looked for.
    """

    facts: LabFacts
    effort: Effort
    miles: int | None = None
    readiness: ReadinessFacts | None = None
    base: Place | None = None
    tows: tuple[Tow, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What is to be served: where, how long, for how many, on which shift, and when it may begin."""

    here: Place
    site: SiteOffer
    course: Party
    pattern: ShiftPattern
    contact_minutes: int
    headcount: int
    first: date
    last: date
    closed_days: Mapping[date, str]
    gate: GateHours | None = None
    windows: tuple[tuple[date, date], ...] = ()
    fleet: FleetFacts = field(default_factory=FleetFacts)
    today: date | None = None


@dataclass(frozen=True)
class Opening:
    """Days on which a visit can be: with which lab and trainer, and how many sessions it has.

    ``vehicle`` is there where the lab's vehicles are known, ``driver`` where its load needs a licence of a
    class. ``lacks`` is what is missing of the site's readiness on the day the lab arrives, ``conditions`` are
    items of its checklist that were not met and can be put right.
    """

    first_on: date
    last_on: date
    lab: Party
    trainer: Party
    sessions: int
    miles: int | None = None
    vehicle: Party | None = None
    driver: Party | None = None
    lacks: ConflictKind | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hindrance:
    """Why no visit can begin between two days: the reason, the lab that came nearest, what it is held by."""

    first_on: date
    last_on: date
    why: Obstacle
    lab: Party | None = None
    because: Party | None = None


@dataclass(frozen=True)
class Openings:
    """The days that were found, and the reasons of the weeks in which none was."""

    found: tuple[Opening, ...]
    hindrances: tuple[Hindrance, ...]

    @property
    def worth_telling(self) -> tuple[Hindrance, ...]:
        """The first reasons, where there are so few openings that one wants to know why."""
        return self.hindrances[:MOST_REASONS] if len(self.found) < FEW else ()


@dataclass(frozen=True)
class Whereabouts:
    """Where a lab is that cannot come: how many miles away, and whether everybody may know that."""

    miles: int | None
    is_public: bool
