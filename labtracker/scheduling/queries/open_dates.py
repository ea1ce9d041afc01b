"""Coming visits that everybody may know of: where, which course, when. Never which employer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.rules.states import DeliveryMode, DeploymentStatus
from labtracker.web.landing import PublicDate

MOST_DATES = 200


def open_dates(now: datetime) -> Sequence[PublicDate]:
    """Confirmed visits that are not over, soonest first: one for each deployment and course."""
    session_span = (
        sa.select(
            Deployment.id.label("deployment_id"),
            Cohort.course_id,
            Cohort.delivery_mode,
            sa.func.min(Session.starts_at).label("first_at"),
            sa.func.max(Session.starts_at).label("last_at"),
        )
        .join(Session, Session.deployment_id == Deployment.id)
        .join(Cohort, Cohort.id == Session.cohort_id)
        .where(Deployment.status == DeploymentStatus.CONFIRMED, Session.cancelled_at.is_(None))
        .group_by(Deployment.id, Cohort.course_id, Cohort.delivery_mode)
        .having(
            sa.func.max(Session.ends_at) > now,
        )
        .subquery()
    )
    rows = db.session.execute(
        sa.select(session_span, Worksite, Course, Lab.seats)
        .join(Deployment, Deployment.id == session_span.c.deployment_id)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .join(Course, Course.id == session_span.c.course_id)
        .join(Lab, Lab.id == Deployment.lab_id)
        .order_by(session_span.c.first_at, Worksite.city)
        .limit(MOST_DATES)
    )
    return [
        PublicDate(
            town=row.Worksite.city,
            county=row.Worksite.county.name if row.Worksite.county else "",
            county_fips=row.Worksite.county_fips,
            course=row.Course.title,
            course_es=row.Course.title_es,
            course_code=row.Course.code,
            first_on=_day(row.first_at, row.Worksite.zone),
            last_on=_day(row.last_at, row.Worksite.zone),
            seats=row.seats,
            place=None if row.delivery_mode == DeliveryMode.EMPLOYER_SITE else row.Worksite.name,
        )
        for row in rows.unique()
    ]


def _day(instant: datetime, zone: str) -> date:
    return local_day(instant, zone)
