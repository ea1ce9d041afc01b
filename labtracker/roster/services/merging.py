"""Walk-ins: recognised as somebody known, or taken over as workers of their own; merges come apart here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Badge, Enrollment, Worker, WorkerMerge
from labtracker.roster.rules.duplicates import MergeKind
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.services.badges import issue_badge
from labtracker.roster.services.joining import join, part, refuse_strangers
from labtracker.roster.services.same_person import put_facts_back

SEPARATED = {MergeKind.WALK_IN: "walk_in_separated"}


def merge_walk_in(walk_in: Worker, worker: Worker, *, actor: Person, now: datetime) -> WorkerMerge:
    """Say that a walk-in is this worker: all that was recorded of the one counts for the other from now on.

    No record is changed, and ``undo_merge`` puts everything back. Raises DomainError ``not_a_coordinator``,
    ``not_a_walk_in``, ``not_a_known_worker`` or ``cohort_closed``.
    """
    refuse_strangers(actor)
    if not walk_in.is_walk_in or walk_in.merged_into_id is not None or _is_somebody(walk_in):
        raise DomainError(
            "not_a_walk_in", _("Only a walk-in can be recognized as somebody else."), status=409
        )
    is_known = not worker.is_walk_in or worker.settled_at is not None
    if worker.id == walk_in.id or worker.merged_into_id is not None or not is_known:
        raise DomainError(
            "not_a_known_worker",
            _("Choose a worker. Another walk-in has to be taken over as a worker first."),
            field="into",
        )
    merge = WorkerMerge(
        kind=MergeKind.WALK_IN, merged=walk_in, worker=worker, by_id=actor.id, at=now, before={}
    )
    join(merge, now=now)
    record_audit(actor, "walk_in_recognised", "worker", worker.id, now)
    return merge


def undo_merge(
    merge: WorkerMerge,
    *,
    actor: Person,
    now: datetime,
    enrollments: Collection[UUID] = (),
    badges: Collection[UUID] = (),
) -> None:
    """Say that two records were not one person after all; both are as they were before.

    ``enrollments`` and ``badges`` that the worker got since then, and that are the other one's, go over.
    Raises DomainError ``not_a_coordinator``, ``undone_already``, ``merged_further``, ``cohort_closed`` or
    ``already_enrolled``.
    """
    refuse_strangers(actor)
    if merge.undone_at is not None:
        raise DomainError("undone_already", _("This was undone already. Nothing was changed."), status=409)
    if merge.worker.merged_into_id is not None:
        raise DomainError(
            "merged_further",
            _("%(name)s was merged since. Separate that first.", name=merge.worker.name),
            status=409,
        )
    if merge.kind != MergeKind.LINK:
        put_facts_back(merge)
        later = queries.enrollments_since(merge).where(Enrollment.id.in_(enrollments))
        given = list(db.session.scalars(later))
        # Before records are placed anew: a badge leads to whoever carries it.
        for badge in db.session.scalars(queries.badges_since(merge).where(Badge.id.in_(badges))).all():
            badge.worker = merge.merged
        part(merge, now=now, given=given)
        _give_badges(merge, now)
    merge.undone_at, merge.undone_by_id = now, actor.id
    merge.before = {**merge.before, "given": [str(one) for one in (*enrollments, *badges)]}
    db.session.flush()
    action = SEPARATED.get(MergeKind(merge.kind), "workers_separated")
    record_audit(actor, action, "worker", merge.merged_id, now, worker=merge.worker_id)


def _give_badges(merge: WorkerMerge, now: datetime) -> None:
    """Whoever is enrolled holds a badge."""
    for worker in (merge.worker, merge.merged):
        enrolled = sa.select(Enrollment.id).where(
            Enrollment.worker_id == worker.id, Enrollment.status == EnrollmentStatus.ENROLLED
        )
        if db.session.execute(enrolled.limit(1)).first() is not None:
            issue_badge(worker, now=now)


def settle_walk_in(walk_in: Worker, *, actor: Person, now: datetime) -> None:
    """Take a walk-in over as a worker of their own.

    Raises DomainError ``not_a_coordinator`` or ``not_a_walk_in``.
    """
    refuse_strangers(actor)
    if not walk_in.is_walk_in or walk_in.merged_into_id is not None:
        raise DomainError("not_a_walk_in", _("This is no walk-in. Nothing was changed."), status=409)
    if walk_in.settled_at is None:
        walk_in.settled_at = now
        record_audit(actor, "walk_in_settled", "worker", walk_in.id, now)
    db.session.flush()


def _is_somebody(walk_in: Worker) -> bool:
    """Whether another walk-in was recognised as this one; somebody known is recognised, not the walk-in."""
    return db.session.execute(queries.merges_into(walk_in).limit(1)).first() is not None
