"""What screens of the fleet list, and who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from labtracker.accounts.models import Person
from labtracker.accounts.queries import people_with_role
from labtracker.accounts.rules import Role
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
from labtracker.fleet.rules import INSPECTION_COMES_SOON, LICENCE_ENDS_SOON, is_out
from labtracker.labs.models import Course, Lab

STAFF = (Role.COORDINATOR, Role.TRAINER)


def vehicles_visible_to(actor: Person) -> sa.Select[TowVehicle]:
    """All tow vehicles for the provider's staff, by name; none for others."""
    query = sa.select(TowVehicle).options(selectinload(TowVehicle.labs)).order_by(TowVehicle.name)
    return query if actor.has(*STAFF) else query.where(sa.false())


def crew_visible_to(actor: Person) -> sa.Select[Person]:
    """Everybody who trains for the provider now, by name, for coordinators; oneself for a trainer."""
    query = people_with_role(Role.TRAINER)
    return query if actor.has(Role.COORDINATOR) else query.where(Person.id == actor.id)


def leave_visible_to(actor: Person, *, withdrawn: bool = False) -> sa.Select[Leave]:
    """All leave for coordinators, one's own for everybody; what was ``withdrawn`` only if asked for."""
    query = sa.select(Leave).order_by(Leave.starts_on)
    if not withdrawn:
        query = query.where(Leave.withdrawn_at.is_(None))
    return query if actor.has(Role.COORDINATOR) else query.where(Leave.person_id == actor.id)


def closures_visible_to(actor: Person) -> sa.Select[Closure]:
    """All closures for the provider's staff, the latest first; none for others."""
    query = (
        sa.select(Closure)
        .options(joinedload(Closure.lab), joinedload(Closure.vehicle))
        .order_by(Closure.starts_on.desc(), Closure.id)
    )
    return query if actor.has(*STAFF) else query.where(sa.false())


def inspections_visible_to(actor: Person) -> sa.Select[Inspection]:
    """All inspections that still come round for the provider's staff, the soonest first."""
    query = (
        sa.select(Inspection)
        .where(Inspection.ended_at.is_(None))
        .options(joinedload(Inspection.lab), joinedload(Inspection.vehicle))
        .order_by(Inspection.next_due_on)
    )
    return query if actor.has(*STAFF) else query.where(sa.false())


def items_visible_to(actor: Person) -> sa.Select[EquipmentItem]:
    """All equipment on board for the provider's staff, by name."""
    query = (
        sa.select(EquipmentItem)
        .where(EquipmentItem.removed_at.is_(None))
        .options(selectinload(EquipmentItem.courses), joinedload(EquipmentItem.lab))
        .order_by(EquipmentItem.name)
    )
    return query if actor.has(*STAFF) else query.where(sa.false())


def closed_days_of(state: str, year: int) -> sa.Select[ClosedDay]:
    """The provider's own closed days of a year in a state."""
    return (
        sa.select(ClosedDay)
        .where(
            ClosedDay.state == state,
            ClosedDay.closed_on >= date(year, 1, 1),
            ClosedDay.closed_on <= date(year, 12, 31),
        )
        .order_by(ClosedDay.closed_on)
    )


@dataclass
class CrewLine:
    """One person of the crew: what they teach, up to when they may drive what, when they are away next."""

    person: Person
    courses: list[Course] = field(default_factory=list)
    licence: DriverLicence | None = None
    leave: list[Leave] = field(default_factory=list)


def crew_lines(people: Sequence[Person], today: date) -> list[CrewLine]:
    """These people with all of that, in three queries."""
    lines = {person.id: CrewLine(person) for person in people}
    taught = (
        sa.select(TaughtCourse.person_id, Course)
        .join(Course, Course.id == TaughtCourse.course_id)
        .where(TaughtCourse.person_id.in_(lines))
        .order_by(Course.code)
    )
    for person_id, course in db.session.execute(taught):
        lines[person_id].courses.append(course)
    for licence in db.session.scalars(sa.select(DriverLicence).where(DriverLicence.person_id.in_(lines))):
        lines[licence.person_id].licence = licence
    away = (
        sa.select(Leave)
        .where(Leave.person_id.in_(lines), Leave.withdrawn_at.is_(None), Leave.ends_on >= today)
        .order_by(Leave.starts_on)
    )
    for leave in db.session.scalars(away):
        lines[leave.person_id].leave.append(leave)
    return list(lines.values())


@dataclass(frozen=True)
class LabState:
    """How a lab is now: what is out of order, which days it is closed, which inspections come or are over."""

    out: Sequence[EquipmentItem]
    closures: Sequence[Closure]
    inspections: Sequence[Inspection]


def state_of_lab(lab: Lab, today: date, now: datetime) -> LabState:
    """What whoever plans this lab should know today."""
    items = sa.select(EquipmentItem).where(
        EquipmentItem.lab_id == lab.id,
        EquipmentItem.removed_at.is_(None),
        EquipmentItem.out_since.is_not(None),
    )
    closures = sa.select(Closure).where(
        Closure.lab_id == lab.id, Closure.ends_at > now, Closure.ends_at > Closure.starts_at
    )
    due = sa.select(Inspection).where(
        Inspection.lab_id == lab.id,
        Inspection.ended_at.is_(None),
        Inspection.next_due_on <= today + INSPECTION_COMES_SOON,
    )
    return LabState(
        out=[
            one
            for one in db.session.scalars(items.order_by(EquipmentItem.name))
            if is_out(one.out_since, one.out_until, today, date.max)
        ],
        closures=list(db.session.scalars(closures.order_by(Closure.starts_on))),
        inspections=list(db.session.scalars(due.order_by(Inspection.next_due_on))),
    )


@dataclass(frozen=True)
class DueList:
    """What somebody has to see to: licences that end, inspections, what is closed or out of order."""

    licences: Sequence[DriverLicence]
    inspections: Sequence[Inspection]
    closures: Sequence[Closure]
    items: Sequence[EquipmentItem]
    unknown: Sequence[Person]

    @property
    def count(self) -> int:
        """How much there is."""
        return sum(map(len, (self.licences, self.inspections, self.closures, self.items, self.unknown)))


def due_list(actor: Person, today: date, now: datetime) -> DueList:
    """What is due for a coordinator: in service, and soon enough to matter."""
    crew = crew_visible_to(actor)
    crew_ids: list[UUID] = [person.id for person in db.session.scalars(crew).unique()]
    licences = (
        sa.select(DriverLicence)
        .where(DriverLicence.expires_on <= today + LICENCE_ENDS_SOON, DriverLicence.person_id.in_(crew_ids))
        .options(joinedload(DriverLicence.person))
        .order_by(DriverLicence.expires_on)
    )
    inspections = [
        one
        for one in db.session.scalars(
            inspections_visible_to(actor).where(Inspection.next_due_on <= today + INSPECTION_COMES_SOON)
        )
        if one.of.retired_at is None
    ]
    closures = closures_visible_to(actor).where(Closure.ends_at > now, Closure.ends_at > Closure.starts_at)
    items = [
        one
        for one in db.session.scalars(items_visible_to(actor).where(EquipmentItem.out_since.is_not(None)))
        if is_out(one.out_since, one.out_until, today, date.max) and one.lab.retired_at is None
    ]
    noted = sa.select(TaughtCourse.person_id)
    return DueList(
        licences=list(db.session.scalars(licences).unique()),
        inspections=inspections,
        closures=list(db.session.scalars(closures.order_by(None).order_by(Closure.starts_on))),
        items=items,
        unknown=list(db.session.scalars(crew.where(Person.id.not_in(noted))).unique()),
    )
