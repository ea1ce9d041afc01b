"""Walk-ins who may be somebody known, and whoever counts as somebody else."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.extensions import db
from labtracker.roster.models import Badge, Enrollment, Worker, WorkerMerge
from labtracker.roster.queries.workers import mentions
from labtracker.roster.rules.duplicates import MergeKind
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
    return sa.select(Worker).where(is_known()).options(joinedload(Worker.employer))


def is_known() -> sa.ColumnElement[bool]:
    """Workers who count for themselves and are no open walk-ins."""
    settled = sa.or_(Worker.is_walk_in.is_(False), Worker.settled_at.is_not(None))
    return sa.and_(Worker.merged_into_id.is_(None), settled)


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
    """The merges by which others count as this worker now, the latest first."""
    return (
        sa.select(WorkerMerge)
        .where(
            WorkerMerge.worker_id == worker.id,
            WorkerMerge.undone_at.is_(None),
            WorkerMerge.kind != MergeKind.LINK,
        )
        .options(joinedload(WorkerMerge.merged))
        .order_by(WorkerMerge.at.desc(), WorkerMerge.id)
    )


def counts_as(worker_id: UUID) -> UUID | None:
    """The worker as whom a merged one counts; None for whoever counts for themselves, or is nobody."""
    return db.session.scalar(sa.select(Worker.merged_into_id).where(Worker.id == worker_id))


def merged_lately() -> sa.Select[WorkerMerge]:
    """The last merges and links that stand, the latest first."""
    return (
        sa.select(WorkerMerge)
        .where(WorkerMerge.undone_at.is_(None), WorkerMerge.kind != MergeKind.WALK_IN)
        .options(joinedload(WorkerMerge.merged), joinedload(WorkerMerge.worker))
        .order_by(WorkerMerge.at.desc(), WorkerMerge.id)
        .limit(MOST_OFFERED)
    )


def links_of(worker: Worker) -> sa.Select[WorkerMerge]:
    """The standing links between this worker and records of the same person at other employers."""
    return (
        sa.select(WorkerMerge)
        .where(
            sa.or_(WorkerMerge.worker_id == worker.id, WorkerMerge.merged_id == worker.id),
            WorkerMerge.undone_at.is_(None),
            WorkerMerge.kind == MergeKind.LINK,
        )
        .options(joinedload(WorkerMerge.merged), joinedload(WorkerMerge.worker))
        .order_by(WorkerMerge.at.desc(), WorkerMerge.id)
    )


def links_with(other: Worker) -> sa.ColumnElement[bool]:
    """Links that name this worker, on either side."""
    return sa.or_(WorkerMerge.worker_id == other.id, WorkerMerge.merged_id == other.id)


def merge_named(merge_id: UUID) -> sa.Select[WorkerMerge]:
    """One merge, standing or undone."""
    return (
        sa.select(WorkerMerge)
        .where(WorkerMerge.id == merge_id)
        .options(joinedload(WorkerMerge.merged), joinedload(WorkerMerge.worker))
    )


def enrollments_since(merge: WorkerMerge) -> sa.Select[Enrollment]:
    """What the worker was enrolled in since a merge, where the merged one has nothing of their own."""
    own = [UUID(one["id"]) for one in merge.set_aside]
    theirs = sa.select(Enrollment.cohort_id).where(Enrollment.id.in_(own))
    return (
        sa.select(Enrollment)
        .where(
            Enrollment.worker_id == merge.worker_id,
            Enrollment.created_at >= merge.at,
            Enrollment.id.not_in([UUID(one) for one in merge.moved]),
            Enrollment.cohort_id.not_in(theirs),
        )
        .options(joinedload(Enrollment.cohort))
        .order_by(Enrollment.created_at, Enrollment.id)
    )


def badges_since(merge: WorkerMerge) -> sa.Select[Badge]:
    """The badges that the worker was given since a merge."""
    return (
        sa.select(Badge)
        .where(Badge.worker_id == merge.worker_id, Badge.issued_at >= merge.at)
        .order_by(Badge.issued_at, Badge.id)
    )
