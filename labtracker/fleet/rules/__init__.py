"""Pure decisions of the fleet: which licence a load needs, when an inspection is due, what is out."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from labtracker.kit.time import instant_at

# 49 CFR 383.5 and 383.91: a commercial driver's licence is needed from 26,001 lb of vehicle and trailer
# together; class A where the trailer weighs more than 10,000 lb, else class B.
HEAVIEST_WITHOUT_CDL_LB = 26_000
HEAVIEST_TRAILER_OF_CLASS_B_LB = 10_000

LICENCE_ENDS_SOON = timedelta(days=60)
INSPECTION_COMES_SOON = timedelta(days=30)


class LicenceClass(StrEnum):
    """What somebody may drive: commercial class A or B, or an ordinary licence."""

    A = "A"
    B = "B"
    ORDINARY = "ordinary"


class ClosureKind(StrEnum):
    """Why a lab or a tow vehicle cannot go out."""

    MAINTENANCE = "maintenance"
    REPAIR = "repair"
    INSPECTION = "inspection"


class Subject(StrEnum):
    """What can be closed, inspected or away."""

    LAB = "lab"
    VEHICLE = "vehicle"
    PERSON = "person"


LEAVE = "leave"  # why a person is away, beside the kinds of closures


@dataclass(frozen=True)
class VehicleDetails:
    """What a coordinator says of a tow vehicle: pounds, miles per hour, the labs it can tow."""

    name: str
    plate: str
    weight_lb: int
    mph: int = 50
    lab_ids: frozenset[UUID] = frozenset()
    notes: str | None = None


@dataclass(frozen=True)
class ItemDetails:
    """A piece of a lab's equipment: how many there are and which courses cannot do without it."""

    name: str
    count: int
    course_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class InspectionDetails:
    """An inspection that comes round: every so many months from the day it was last done."""

    name: str
    every_months: int
    last_done_on: date


def licence_needed(lab_lb: int | None, vehicle_lb: int) -> LicenceClass | None:
    """The commercial class that a vehicle and the lab behind it need together, or none.

    A lab whose weight nobody noted counts for nothing, so its vehicle decides alone.
    """
    if (lab_lb or 0) + vehicle_lb <= HEAVIEST_WITHOUT_CDL_LB:
        return None
    heavy_trailer = (lab_lb or 0) > HEAVIEST_TRAILER_OF_CLASS_B_LB
    return LicenceClass.A if heavy_trailer else LicenceClass.B


def covers(held: str, needed: LicenceClass) -> bool:
    """Whether a licence of one class lets somebody drive what needs another: A includes B."""
    return held == LicenceClass.A or held == needed


def next_due(last_done_on: date, every_months: int) -> date:
    """The day an inspection is due again: the same day so many months on, or that month's last."""
    months = last_done_on.year * 12 + last_done_on.month - 1 + every_months
    year, month = divmod(months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(last_done_on.day, longest))


def whole_days(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """From midnight of the first day to midnight after the last, on the clocks of a zone."""
    return instant_at(first, time(0), zone), instant_at(last + timedelta(days=1), time(0), zone)


def is_out(since: date | None, until: date | None, first: date, last: date) -> bool:
    """Whether something out of order since one day, perhaps until another, is so within a span of days."""
    return since is not None and since <= last and (until is None or until >= first)
