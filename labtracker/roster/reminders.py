"""What rosters remind employers of: training comes near and nobody is enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from labtracker.accounts.services import Reminder, reminds
from labtracker.extensions import db
from labtracker.jobs.mail import public_url
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort, Session
from labtracker.scheduling.rules.states import BookingStatus
from labtracker.scheduling.services.notices import people_of

ROSTER_DAYS = timedelta(days=10)


@reminds
def rosters_that_are_missing(now: datetime) -> Iterator[Reminder]:
    """Cohorts of confirmed bookings that begin within ten days, without a single worker."""
    first_at = sa.func.min(Session.starts_at)
    near = (
        sa.select(Session.cohort_id, first_at.label("first_at"))
        .where(Session.cancelled_at.is_(None))
        .group_by(Session.cohort_id)
        .having(first_at > now, first_at <= now + ROSTER_DAYS)
        .subquery()
    )
    enrolled = sa.exists().where(Enrollment.cohort_id == Cohort.id, Enrollment.status == "enrolled")
    rows = db.session.execute(
        sa.select(Cohort, near.c.first_at)
        .join(near, near.c.cohort_id == Cohort.id)
        .where(Cohort.cancelled_at.is_(None), Cohort.booking_id.is_not(None), ~enrolled)
    ).unique()
    for cohort, first_at in rows:
        booking = cohort.booking
        if booking is None or booking.status != BookingStatus.CONFIRMED:
            continue
        yield Reminder(
            "roster_missing",
            str(cohort.id),
            people_of(booking.employer_id),
            cohort.worksite.zone,
            public_url("roster.upload", cohort_id=cohort.id),
            {"cohort": cohort, "first_at": first_at, "place": cohort.worksite},
        )
