"""What the calendar reminds people of: visits that begin, messages that wait, checks of sites that lapse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.rules import Role
from labtracker.accounts.services import Reminder, reminds
from labtracker.extensions import db
from labtracker.jobs.mail import public_url
from labtracker.kit.holidays import holidays_between
from labtracker.kit.time import local_day
from labtracker.labs.queries.readiness import lapsing
from labtracker.scheduling.models import BookingRequest, Deployment, Session
from labtracker.scheduling.queries.readiness import arrival_of, coming_to
from labtracker.scheduling.queries.thread import unanswered
from labtracker.scheduling.rules.states import OVER, WAITING, DeploymentStatus
from labtracker.scheduling.rules.thread import working_days_since
from labtracker.scheduling.services.notices import coordinators, people_of
from labtracker.web.display import office_zone

BEGINS_WITHIN = timedelta(hours=48)
ANSWER_WITHIN = 2  # working days


@reminds
def visits_that_begin(now: datetime) -> Iterator[Reminder]:
    """Confirmed deployments whose first session is at most 48 hours away: to the crew and the employers."""
    first_at = sa.func.min(Session.starts_at)
    near = (
        sa.select(Session.deployment_id, first_at.label("first_at"))
        .where(Session.cancelled_at.is_(None), Session.deployment_id.is_not(None))
        .group_by(Session.deployment_id)
        .having(first_at > now, first_at <= now + BEGINS_WITHIN)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Deployment, near.c.first_at)
        .join(near, near.c.deployment_id == Deployment.id)
        .where(Deployment.status == DeploymentStatus.CONFIRMED)
    ).unique()
    for deployment, first_at in rows:
        bookings = [cohort.booking for cohort in deployment.cohorts if cohort.booking is not None]
        people = [member.person for member in deployment.crew]
        for booking in bookings:
            people += people_of(booking.employer_id)
        zone = deployment.worksite.zone
        yield Reminder(
            "visit_begins",
            # A visit that was put off is another occasion.
            f"{deployment.id} {local_day(first_at, zone)}",
            people,
            zone,
            public_url("scheduling.deployment", deployment_id=deployment.id),
            {"deployment": deployment, "first_at": first_at, "place": deployment.worksite},
        )


@reminds
def messages_that_wait(now: datetime) -> Iterator[Reminder]:
    """What an employer wrote two working days ago or more, and no coordinator has answered."""
    for message in db.session.scalars(unanswered().limit(200)):
        booking = message.booking
        site = booking.worksite
        if booking.status in OVER or site is None:
            continue
        since, today = local_day(message.at, site.zone), local_day(now, site.zone)
        # What nobody answered in a month is no news to anybody.
        if today - since > timedelta(days=30):
            continue
        if working_days_since(since, today, holidays_between(since, today, site.state)) >= ANSWER_WITHIN:
            yield Reminder(
                "message_waits",
                str(message.id),
                [person for person in coordinators() if person.has(Role.COORDINATOR)],
                site.zone,
                public_url("scheduling.booking", booking_id=booking.id, _anchor="messages"),
                {"message": message, "employer": booking.employer, "place": site},
            )


@reminds
def checks_that_lapse(now: datetime) -> Iterator[Reminder]:
    """Checks of sites that lapse within thirty days: to coordinators, and to the employer who awaits a visit.

    Who has nothing planned or asked for at a site is not troubled: whoever asks for a visit is asked then.
    """
    for check in lapsing(local_day(now, office_zone())):
        site, people = check.worksite, coordinators()
        coming = coming_to(site.id, now)
        if coming or _is_asked_for(site.id):
            people += people_of(site.organization_id)
        arrivals = [arrival_of(one) for one in coming if one.lab_id == check.lab_id]
        yield Reminder(
            "check_lapses",
            str(check.id),
            people,
            site.zone,
            public_url("scheduling.site", worksite_id=site.id),
            {
                "check": check,
                "place": site,
                "arrives_on": next((day for day in arrivals if day > check.expires_on), None),
            },
        )


def _is_asked_for(worksite_id: UUID) -> bool:
    asked = sa.exists().where(BookingRequest.worksite_id == worksite_id, BookingRequest.status.in_(WAITING))
    return bool(db.session.scalar(sa.select(asked)))
