"""What the attendance pages show: people of a session with their minutes, and the events behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.checkin.bodies import SESSION_TYPES
from labtracker.checkin.models import Attendance, Event
from labtracker.checkin.queries.events import PRESENCE_TYPES, removed_among
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Session
from labtracker.scheduling.queries import sessions_for_trainer, sessions_visible_to


@dataclass(frozen=True)
class Line:
    """One worker of a session; ``attendance`` is None while nothing was recorded and it is not over."""

    enrollment: Enrollment
    attendance: Attendance | None


@dataclass(frozen=True)
class Logged:
    """One event with the name of who recorded it, and whether it still stands."""

    event: Event
    by: str | None
    stands: bool


def sessions_recorded_by(actor: Person) -> sa.Select[Session]:
    """Sessions whose attendance a person may see and correct: coordinators all, trainers their own."""
    if actor.has(Role.COORDINATOR):
        return sessions_visible_to(actor)
    return sessions_for_trainer(actor)


def lines_of(session: Session) -> list[Line]:
    """Everybody who belongs to the session, or came to it."""
    rows = db.session.execute(
        sa.select(Enrollment, Attendance)
        .join(Worker, Worker.id == Enrollment.worker_id)
        .outerjoin(
            Attendance,
            sa.and_(Attendance.enrollment_id == Enrollment.id, Attendance.session_id == session.id),
        )
        .where(
            sa.or_(
                Attendance.session_id.is_not(None),
                sa.and_(Enrollment.cohort_id == session.cohort_id, Enrollment.status != "withdrawn"),
            )
        )
        .options(joinedload(Enrollment.worker).joinedload(Worker.employer))
        .order_by(Worker.family_name, Worker.given_name, Enrollment.id)
    )
    return [Line(enrollment, attendance) for enrollment, attendance in rows]


def enrollments_in(session: Session) -> sa.Select[Enrollment]:
    """Enrollments that a correction in this session may concern."""
    came = sa.select(Attendance.enrollment_id).where(Attendance.session_id == session.id)
    return sa.select(Enrollment).where(
        sa.or_(Enrollment.cohort_id == session.cohort_id, Enrollment.id.in_(came))
    )


def log_of_session(session: Session) -> list[Logged]:
    """What was recorded about the session itself: opened, closed, called off."""
    return log_of(sa.and_(Event.session_id == session.id, Event.type.in_(SESSION_TYPES)))


def log_of_worker(session: Session, enrollment: Enrollment) -> list[Logged]:
    """What was recorded about one worker in the session, and what was taken back of it."""
    return log_of(sa.and_(Event.session_id == session.id, Event.enrollment_id == enrollment.id))


def unmatched_in(session: Session) -> list[Logged]:
    """Arrivals and leaves of people whom the roster does not know."""
    return log_of(
        sa.and_(Event.session_id == session.id, Event.enrollment_id.is_(None), Event.type.in_(PRESENCE_TYPES))
    )


def log_of(wanted: sa.ColumnElement[bool]) -> list[Logged]:
    """The events that fit a condition, in order of their corrected time, with who recorded them."""
    events: Sequence[Event] = db.session.scalars(
        sa.select(Event).where(wanted).order_by(Event.at, Event.id, Event.frame_id)
    ).all()
    removed = removed_among(events)
    people = {event.by_id for event in events if event.by_id is not None}
    names: dict[UUID, str] = {
        row.id: row.name
        for row in db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(people)))
    }
    return [
        Logged(event, names.get(event.by_id) if event.by_id else None, event.id not in removed)
        for event in events
    ]


def event_in(session: Session, event_id: UUID) -> sa.Select[Event]:
    """One event of the session, by its id."""
    return (
        sa.select(Event)
        .where(Event.session_id == session.id, Event.id == event_id)
        .order_by(Event.frame_id)
        .limit(1)
    )
