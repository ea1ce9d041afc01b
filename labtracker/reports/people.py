"""The rows behind a figure: the people of a cohort, and the events behind one of them."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.checkin.models import Attendance, Event
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.reports.visibility import cohorts_reported_to
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort, Session


def enrollment_reported_to(actor: Person, enrollment_id: UUID) -> sa.Select[Enrollment]:
    """One enrollment, if its cohort's outcomes are the actor's to see."""
    cohorts = cohorts_reported_to(actor).with_only_columns(Cohort.id)
    return sa.select(Enrollment).where(Enrollment.id == enrollment_id, Enrollment.cohort_id.in_(cohorts))


def attendance_of(enrollment: Enrollment) -> list[tuple[Session, Attendance | None]]:
    """Every session of the worker's cohort with what was attended, make-ups in other cohorts included."""
    rows = db.session.execute(
        sa.select(Session, Attendance)
        .outerjoin(
            Attendance,
            sa.and_(Attendance.session_id == Session.id, Attendance.enrollment_id == enrollment.id),
        )
        .where(sa.or_(Session.cohort_id == enrollment.cohort_id, Attendance.enrollment_id == enrollment.id))
        .order_by(Session.starts_at)
    )
    return [(session, attendance) for session, attendance in rows]


def events_of(enrollment: Enrollment) -> list[Event]:
    """Every event of the enrollment in order of its corrected time, voids of them included."""
    own = sa.select(Event.id).where(Event.enrollment_id == enrollment.id)
    return list(
        db.session.scalars(
            sa.select(Event)
            .where(sa.or_(Event.enrollment_id == enrollment.id, Event.target_event_id.in_(own)))
            .order_by(Event.at, Event.id)
        )
    )


def completion_of(enrollment: Enrollment) -> Completion | None:
    """The derived completion of an enrollment, None before anything was judged."""
    return db.session.get(Completion, enrollment.id)
