"""When labs and vehicles are closed and people are away: what the calendar asks, many at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import ClosedDay, Closure, Leave, TowVehicle
from labtracker.fleet.rules import LEAVE, Subject
from labtracker.kit.holidays import holidays_between
from labtracker.labs.models import Lab


@dataclass(frozen=True)
class Absence:
    """That a lab, a vehicle or a person is not to be had from an instant to a later one.

    ``kind`` is a closure's kind or ``leave``; ``of`` says what ``of_id`` and ``name`` belong to.
    """

    id: UUID
    kind: str
    of: Subject
    of_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime

    @property
    def last_at(self) -> datetime:
        """A moment of its last day; what ends at midnight has the day before as its last."""
        return self.ends_at - timedelta(seconds=1)


def absences(
    starts_at: datetime,
    ends_at: datetime,
    *,
    lab_ids: Collection[UUID] = (),
    vehicle_ids: Collection[UUID] = (),
    person_ids: Collection[UUID] = (),
) -> list[Absence]:
    """Every closure and leave of these within a span, in at most three queries."""
    found: list[Absence] = []
    if lab_ids:
        found += _closures(Subject.LAB, Lab, Closure.lab_id, lab_ids, starts_at, ends_at)
    if vehicle_ids:
        found += _closures(Subject.VEHICLE, TowVehicle, Closure.vehicle_id, vehicle_ids, starts_at, ends_at)
    if person_ids:
        found += _leave(person_ids, starts_at, ends_at)
    return found


def _closures(
    of: Subject,
    model: type[Lab] | type[TowVehicle],
    column: sa.orm.InstrumentedAttribute[UUID | None],
    ids: Collection[UUID],
    starts_at: datetime,
    ends_at: datetime,
) -> list[Absence]:
    query = (
        sa.select(Closure.id, Closure.kind, model.id, model.name, Closure.starts_at, Closure.ends_at)
        .join(model, model.id == column)
        .where(
            column.in_(ids),
            Closure.starts_at < ends_at,
            Closure.ends_at > starts_at,
            Closure.ends_at > Closure.starts_at,
        )
        .order_by(Closure.starts_at)
    )
    return [
        Absence(closure_id, kind, of, of_id, name, begins, ends)
        for closure_id, kind, of_id, name, begins, ends in db.session.execute(query)
    ]


def _leave(person_ids: Collection[UUID], starts_at: datetime, ends_at: datetime) -> list[Absence]:
    query = (
        sa.select(Leave.id, Person.id, Person.name, Leave.starts_at, Leave.ends_at)
        .join(Person, Person.id == Leave.person_id)
        .where(
            Leave.person_id.in_(person_ids),
            Leave.withdrawn_at.is_(None),
            Leave.starts_at < ends_at,
            Leave.ends_at > starts_at,
        )
        .order_by(Leave.starts_at)
    )
    return [
        Absence(leave_id, LEAVE, Subject.PERSON, person_id, name, begins, ends)
        for leave_id, person_id, name, begins, ends in db.session.execute(query)
    ]


def closed_days_between(first: date, last: date, state: str = "CO") -> dict[date, str]:
    """Holidays of a state and the provider's own closed days there, by day, with their names."""
    own = sa.select(ClosedDay.closed_on, ClosedDay.name).where(
        ClosedDay.state == state, ClosedDay.closed_on >= first, ClosedDay.closed_on <= last
    )
    found = holidays_between(first, last, state)
    found.update((row.closed_on, row.name) for row in db.session.execute(own))
    return dict(sorted(found.items()))
