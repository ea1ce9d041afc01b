"""Walk-ins who may be somebody known, and those who were recognised."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker, WorkerMerge
from labtracker.roster.queries.workers import mentions
from labtracker.roster.rules.recognising import likeness

MOST_OFFERED = 12


def open_walk_in(worker_id: UUID) -> sa.Select[Worker]:
    """A walk-in about whom nobody decided yet."""
    return sa.select(Worker).where(
        Worker.id == worker_id,
        Worker.is_walk_in,
        Worker.merged_into_id.is_(None),
        Worker.settled_at.is_(None),
    )


def known_workers() -> sa.Select[Worker]:
    """Whom a walk-in may turn out to be: everybody who is no open walk-in."""
    return (
        sa.select(Worker)
        .where(
            Worker.merged_into_id.is_(None),
            sa.or_(Worker.is_walk_in.is_(False), Worker.settled_at.is_not(None)),
        )
        .options(joinedload(Worker.employer))
    )


def who_it_may_be(walk_in: Worker, sought: str = "") -> list[Worker]:
    """Workers whom a walk-in may be, the likest name first: of the same employer or cohort, or as sought."""
    query = known_workers()
    for word in sought.split():
        query = query.where(mentions(word))
    if not sought:
        cohorts = sa.select(Enrollment.cohort_id).where(Enrollment.worker_id == walk_in.id)
        beside = sa.select(Enrollment.worker_id).where(Enrollment.cohort_id.in_(cohorts))
        query = query.where(sa.or_(Worker.employer_id == walk_in.employer_id, Worker.id.in_(beside)))
    found = db.session.scalars(query.order_by(Worker.family_name, Worker.given_name, Worker.id).limit(2000))
    likest = sorted(found, key=lambda worker: likeness(worker.name, walk_in.name), reverse=True)
    return likest[:MOST_OFFERED]


def merges_into(worker: Worker) -> sa.Select[WorkerMerge]:
    """The walk-ins who count as this worker now, the latest recognised first."""
    return (
        sa.select(WorkerMerge)
        .where(WorkerMerge.worker_id == worker.id, WorkerMerge.undone_at.is_(None))
        .options(joinedload(WorkerMerge.walk_in))
        .order_by(WorkerMerge.at.desc(), WorkerMerge.id)
    )
