"""Whose timeline somebody may read, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.checkin.models import Event, InboxFrame
from labtracker.checkin.queries.pages import sessions_recorded_by
from labtracker.extensions import db
from labtracker.reports.visibility import cohorts_reported_to
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.queries import links_of
from labtracker.scheduling.models import Cohort, Session
from labtracker.timelines.rules import SEEN, Kind


@dataclass(frozen=True)
class Sight:
    """A worker as somebody may see them: which records of theirs, which enrollments, which kinds of facts.

    ``workers`` are all records of the person that the office knows, the worker's own first; for others none:
    then only what belongs to ``enrollments`` is theirs to see, and of a trainer's only ``sessions``.
    """

    worker: Worker
    workers: tuple[UUID, ...]
    enrollments: frozenset[UUID]
    kinds: frozenset[Kind]
    sessions: frozenset[UUID] | None = None

    @property
    def is_office(self) -> bool:
        """Whether everything may be seen, the frames too."""
        return bool(self.workers)

    def events(self) -> sa.ColumnElement[bool]:
        """The records that are in sight."""
        theirs = Event.enrollment_id.in_(self.enrollments)
        if self.is_office:
            return sa.or_(Event.worker_id.in_(self.workers), theirs)
        if self.sessions is not None:
            return sa.and_(theirs, sa.or_(Event.session_id.in_(self.sessions), Event.session_id.is_(None)))
        return theirs


def sight_of(actor: Person, worker_id: UUID) -> Sight | None:
    """What somebody may see of a worker; None where that is nothing.

    Coordinators everything, records of the same person elsewhere too; reviewers what belongs to cohorts in
    their local areas; trainers what was recorded in sessions that they train.
    """
    worker = db.session.scalar(
        sa.select(Worker)
        .where(Worker.id == worker_id, Worker.merged_into_id.is_(None))
        .options(joinedload(Worker.employer))
    )
    if worker is None:
        return None
    if actor.has(Role.COORDINATOR):
        workers = _records_of(worker)
        return Sight(worker, workers, _enrollments(Enrollment.worker_id.in_(workers)), SEEN[Role.COORDINATOR])
    return _of_reviewer(actor, worker) or _of_trainer(actor, worker)


def _of_reviewer(actor: Person, worker: Worker) -> Sight | None:
    if not actor.has(Role.REVIEWER):
        return None
    cohorts = cohorts_reported_to(actor).with_only_columns(Cohort.id)
    found = _enrollments(Enrollment.worker_id == worker.id, Enrollment.cohort_id.in_(cohorts))
    return Sight(worker, (), found, SEEN[Role.REVIEWER]) if found else None


def _of_trainer(actor: Person, worker: Worker) -> Sight | None:
    if not actor.has(Role.TRAINER):
        return None
    taught = sessions_recorded_by(actor).with_only_columns(Session.id, Session.cohort_id)
    rows = db.session.execute(taught).all()
    sessions = frozenset(row[0] for row in rows)
    came = sa.select(Event.enrollment_id).where(Event.session_id.in_(sessions))
    found = _enrollments(
        Enrollment.worker_id == worker.id,
        sa.or_(Enrollment.cohort_id.in_({row[1] for row in rows}), Enrollment.id.in_(came)),
    )
    return Sight(worker, (), found, SEEN[Role.TRAINER], sessions) if found else None


def _records_of(worker: Worker) -> tuple[UUID, ...]:
    """Every record of a person: the worker, those who count as them, and those linked at other employers."""
    links = db.session.scalars(links_of(worker)).all()
    own = {worker.id, *(one for link in links for one in (link.worker_id, link.merged_id))}
    merged = db.session.scalars(sa.select(Worker.id).where(Worker.merged_into_id.in_(own)))
    return (worker.id, *sorted({*own, *merged} - {worker.id}))


def _enrollments(*wanted: sa.ColumnElement[bool]) -> frozenset[UUID]:
    return frozenset(db.session.scalars(sa.select(Enrollment.id).where(*wanted)))


def frame_seen(sight: Sight, frame_id: int) -> sa.Select[InboxFrame]:
    """A frame behind one of the records in sight, or behind what took one back; for the office alone."""
    target = sa.orm.aliased(Event)
    taken_back = sa.select(target.id).where(
        sa.or_(target.worker_id.in_(sight.workers), target.enrollment_id.in_(sight.enrollments))
    )
    known = sa.select(Event.frame_id).where(sa.or_(sight.events(), Event.target_event_id.in_(taken_back)))
    return sa.select(InboxFrame).where(
        InboxFrame.id == frame_id, InboxFrame.id.in_(known) if sight.is_office else sa.false()
    )
