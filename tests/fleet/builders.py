"""Vehicles, licences and closures for tests of what stands on them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import (
    ClosedDay,
    Closure,
    DriverLicence,
    EquipmentItem,
    Inspection,
    Leave,
    TaughtCourse,
    TowVehicle,
)
from labtracker.fleet.rules import LicenceClass, whole_days
from labtracker.labs.models import Course
from tests.cast import FOUNDED, Cast

ZONE = "America/Denver"


def tractor(cast: Cast, **changes: Any) -> TowVehicle:
    """A tractor of 18,000 lb that tows the welding lab; the lab weighs 30,000 lb then."""
    cast.welding_lab.weight_lb = 30_000
    facts: dict[str, Any] = {"name": "Tractor 1", "plate": "DZM 418", "weight_lb": 18_000, **changes}
    labs = facts.pop("labs", [cast.welding_lab])
    vehicle = TowVehicle(provider=cast.college, created_at=FOUNDED, labs=labs, **facts)
    db.session.add(vehicle)
    db.session.flush()
    return vehicle


def licence(person: Person, *, until: date, letter: LicenceClass = LicenceClass.A) -> DriverLicence:
    """A licence noted by its holder."""
    noted = DriverLicence(
        person_id=person.id,
        licence_class=letter,
        expires_on=until,
        noted_at=FOUNDED,
        noted_by_id=person.id,
    )
    db.session.add(noted)
    db.session.flush()
    return noted


def unlearn(person: Person, *courses: Course) -> None:
    """Somebody teaches these courses no more; without any, nothing that was noted."""
    noted = sa.delete(TaughtCourse).where(TaughtCourse.person_id == person.id)
    if courses:
        noted = noted.where(TaughtCourse.course_id.in_([one.id for one in courses]))
    db.session.execute(noted)


def closure(cast: Cast, first: date, last: date, **of: Any) -> Closure:
    """A repair; of the welding lab unless somebody says of which lab or vehicle."""
    starts_at, ends_at = whole_days(first, last, ZONE)
    row = Closure(
        kind="repair",
        starts_on=first,
        ends_on=last,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by_id=cast.cora.id,
        created_at=FOUNDED,
        **(of or {"lab": cast.welding_lab}),
    )
    db.session.add(row)
    db.session.flush()
    return row


def leave(person: Person, first: date, last: date) -> Leave:
    """Some days off."""
    starts_at, ends_at = whole_days(first, last, ZONE)
    row = Leave(
        person_id=person.id,
        starts_on=first,
        ends_on=last,
        starts_at=starts_at,
        ends_at=ends_at,
        entered_by_id=person.id,
        created_at=FOUNDED,
    )
    db.session.add(row)
    db.session.flush()
    return row


def inspection(cast: Cast, due_on: date, **of: Any) -> Inspection:
    """A yearly inspection; of the welding lab unless somebody says of what."""
    row = Inspection(
        name="Annual safety inspection",
        every_months=12,
        last_done_on=due_on.replace(year=due_on.year - 1),
        next_due_on=due_on,
        created_at=FOUNDED,
        **(of or {"lab": cast.welding_lab}),
    )
    db.session.add(row)
    db.session.flush()
    return row


def broken_item(cast: Cast, since: date, until: date | None = None) -> EquipmentItem:
    """A ventilation of the welding lab that the welding course needs."""
    item = EquipmentItem(
        lab=cast.welding_lab,
        name="Fume extraction",
        count=1,
        out_since=since,
        out_until=until,
        created_at=FOUNDED,
        courses=[cast.welding],
    )
    db.session.add(item)
    db.session.flush()
    return item


def closed_day(cast: Cast, on: date, name: str = "Staff day") -> ClosedDay:
    """A day of the provider's own on which nobody is trained in Colorado."""
    row = ClosedDay(state="CO", closed_on=on, name=name, created_by_id=cast.cora.id, created_at=FOUNDED)
    db.session.add(row)
    db.session.flush()
    return row
