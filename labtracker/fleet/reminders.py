"""What the fleet reminds the office of: licences that expire, inspections that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.accounts.queries import people_with_role
from labtracker.accounts.rules import Role
from labtracker.accounts.services import Reminder, reminds
from labtracker.extensions import db
from labtracker.fleet.models import DriverLicence, Inspection
from labtracker.jobs.mail import public_url
from labtracker.kit.time import local_day
from labtracker.web.display import office_zone

AHEAD = timedelta(days=30)


@reminds
def licences_that_expire(now: datetime) -> Iterator[Reminder]:
    """Licences that end within thirty days, or ended in the last: to coordinators and the driver."""
    zone = office_zone()
    today = local_day(now, zone)
    near = DriverLicence.expires_on.between(today - AHEAD, today + AHEAD)
    living = DriverLicence.person.has(Person.archived_at.is_(None))
    for licence in db.session.scalars(sa.select(DriverLicence).where(near, living)).unique():
        yield Reminder(
            "licence_expires",
            f"{licence.person_id} {licence.expires_on}",
            [*_coordinators(), licence.person],
            zone,
            public_url("fleet.person", person_id=licence.person_id),
            {"licence": licence},
        )


@reminds
def inspections_that_are_due(now: datetime) -> Iterator[Reminder]:
    """Inspections of what is in service that are due within thirty days, or were: to coordinators."""
    zone = office_zone()
    today = local_day(now, zone)
    near = Inspection.next_due_on.between(today - AHEAD, today + AHEAD)
    for one in db.session.scalars(sa.select(Inspection).where(near, Inspection.ended_at.is_(None))).unique():
        if one.of.retired_at is None:
            yield Reminder(
                "inspection_due",
                f"{one.id} {one.next_due_on}",
                _coordinators(),
                one.of.zone,
                public_url("fleet.overview"),
                {"inspection": one},
            )


def _coordinators() -> list[Person]:
    return list(db.session.scalars(people_with_role(Role.COORDINATOR)).unique())
