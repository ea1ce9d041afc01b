"""The rows behind a figure: the people of a cohort, and what was recorded of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Organization, Person
from labtracker.checkin.bodies import SESSION_TYPES
from labtracker.checkin.models import Attendance, Event
from labtracker.checkin.queries.pages import Logged, log_of
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.reports.visibility import cohorts_reported_to
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, Session


@dataclass(frozen=True)
class Record:
    """Something recorded, and what took it back, if anything did."""

    logged: Logged
    taken_back: Logged | None


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


def records_of(enrollment: Enrollment) -> list[Record]:
    """Everything recorded of the enrollment in order of its corrected time, what was taken back too."""
    own = sa.select(Event.id).where(Event.enrollment_id == enrollment.id)
    log = log_of(
        sa.or_(
            sa.and_(Event.enrollment_id == enrollment.id, Event.type != "void"),
            Event.target_event_id.in_(own),
        )
    )
    voids = {one.event.target_event_id: one for one in log if one.event.type == "void" and one.stands}
    return [
        Record(one, None if one.stands else voids.get(one.event.id))
        for one in log
        if one.event.type != "void"
    ]


def session_records_of(enrollment: Enrollment) -> list[Logged]:
    """What was recorded of the worker's sessions as a whole: opened, closed, ended early."""
    sessions = [session.id for session, _attendance in attendance_of(enrollment)]
    return log_of(sa.and_(Event.session_id.in_(sessions), Event.type.in_(SESSION_TYPES)))


def employers_in(cohort: Cohort) -> list[str]:
    """The employers whose workers are or were on a cohort's roster, by name."""
    return list(
        db.session.scalars(
            sa.select(Organization.name)
            .where(
                sa.exists().where(
                    Enrollment.cohort_id == cohort.id,
                    Enrollment.worker_id == Worker.id,
                    Worker.employer_id == Organization.id,
                    Worker.merged_into_id.is_(None),
                )
            )
            .order_by(Organization.name)
        )
    )


def completion_of(enrollment: Enrollment) -> Completion | None:
    """The derived completion of an enrollment, None before anything was judged."""
    return db.session.get(Completion, enrollment.id)
