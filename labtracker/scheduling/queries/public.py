"""What everybody may know of the calendar: where labs will be, and what is taught there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.web.landing import PublicDate

MOST_DATES = 24


def public_dates(now: datetime) -> Sequence[PublicDate]:
    """Confirmed visits that are not over, soonest first, one line for each course; never whose they are."""
    first_at, last_at = sa.func.min(Session.starts_at), sa.func.max(Session.ends_at)
    query = (
        sa.select(Worksite, Course, Lab.seats, first_at, last_at)
        .select_from(Deployment)
        .join(Session, Session.deployment_id == Deployment.id)
        .join(Cohort, Cohort.id == Session.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .join(Lab, Lab.id == Deployment.lab_id)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .where(Deployment.status == DeploymentStatus.CONFIRMED, Session.cancelled_at.is_(None))
        .group_by(Deployment.id, Worksite.id, Course.id, Lab.id)
        .having(last_at > now)
        .order_by(first_at, Worksite.city)
        .limit(MOST_DATES)
    )
    return [
        PublicDate(
            town=place.city,
            county=place.county.name if place.county else "",
            county_fips=place.county_fips,
            course=course.title,
            course_es=course.title_es,
            first_on=local_day(first, place.zone),
            last_on=local_day(last, place.zone),
            seats=seats,
        )
        for place, course, seats, first, last in db.session.execute(query)
    ]
