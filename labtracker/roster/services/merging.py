"""Walk-ins: recognised as somebody known, and back again; or taken over as workers of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.changes import next_stamp
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Enrollment, Worker, WorkerMerge
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.signals import enrollments_changed, workers_merged

# Before any session there ever was, so that an enrollment set aside counts in no rate.
NEVER_ON_IT = date(2000, 1, 1)


def merge_walk_in(walk_in: Worker, worker: Worker, *, actor: Person, now: datetime) -> WorkerMerge:
    """Say that a walk-in is this worker: all that was recorded of the one counts for the other from now on.

    No record is changed, and ``undo_merge`` puts everything back. Raises DomainError ``not_a_coordinator``,
    ``not_a_walk_in``, ``not_a_known_worker`` or ``cohort_closed``.
    """
    _refuse_strangers(actor)
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
    enrollments = _enrollments_of(walk_in)
    _refuse_closed(enrollments)
    merge = WorkerMerge(walk_in_id=walk_in.id, worker_id=worker.id, by_id=actor.id, at=now)
    merge.moved, merge.set_aside = _hand_over(enrollments, worker)
    walk_in.merged_into_id = worker.id
    db.session.add(merge)
    _tell(merge, walk_in, worker, now)
    record_audit(actor, "walk_in_recognised", "worker", worker.id, now)
    return merge


def undo_merge(merge: WorkerMerge, *, actor: Person, now: datetime) -> None:
    """Say that a walk-in was not that worker after all; their enrollments are as they were before.

    Raises DomainError ``not_a_coordinator``, ``undone_already`` or ``cohort_closed``.
    """
    _refuse_strangers(actor)
    if merge.undone_at is not None:
        raise DomainError("undone_already", _("This was undone already. Nothing was changed."), status=409)
    enrollments = {str(one.id): one for one in _named_in(merge)}
    _refuse_closed(enrollments.values())
    for enrollment_id in merge.moved:
        enrollments[enrollment_id].worker = merge.walk_in
    for before in merge.set_aside:
        enrollment = enrollments[before["id"]]
        on = before["withdrawn_on"]
        enrollment.status = before["status"]
        enrollment.withdrawn_on = date.fromisoformat(on) if on else None
        enrollment.withdrawn_reason = before["withdrawn_reason"]
    merge.walk_in.merged_into_id = None
    merge.undone_at, merge.undone_by_id = now, actor.id
    _tell(merge, merge.walk_in, merge.worker, now)
    record_audit(actor, "walk_in_separated", "worker", merge.walk_in_id, now)


def settle_walk_in(walk_in: Worker, *, actor: Person, now: datetime) -> None:
    """Take a walk-in over as a worker of their own.

    Raises DomainError ``not_a_coordinator`` or ``not_a_walk_in``.
    """
    _refuse_strangers(actor)
    if not walk_in.is_walk_in or walk_in.merged_into_id is not None:
        raise DomainError("not_a_walk_in", _("This is no walk-in. Nothing was changed."), status=409)
    if walk_in.settled_at is None:
        walk_in.settled_at = now
        record_audit(actor, "walk_in_settled", "worker", walk_in.id, now)
    db.session.flush()


def _refuse_strangers(actor: Person) -> None:
    if not actor.has(Role.COORDINATOR):
        raise DomainError("not_a_coordinator", _("Only a coordinator decides this."), status=403)


def _is_somebody(walk_in: Worker) -> bool:
    """Whether another walk-in was recognised as this one; one step leads to the worker, never two."""
    return db.session.execute(queries.merges_into(walk_in).limit(1)).first() is not None


def _enrollments_of(worker: Worker) -> list[Enrollment]:
    return list(db.session.scalars(sa.select(Enrollment).where(Enrollment.worker_id == worker.id)))


def _named_in(merge: WorkerMerge) -> list[Enrollment]:
    ids = {UUID(one) for one in merge.moved} | {UUID(before["id"]) for before in merge.set_aside}
    return list(db.session.scalars(sa.select(Enrollment).where(Enrollment.id.in_(ids))))


def _refuse_closed(enrollments: Iterable[Enrollment]) -> None:
    for enrollment in enrollments:
        if enrollment.cohort.closed_out_at is not None:
            raise DomainError(
                "cohort_closed",
                _("%(cohort)s is closed out. Open it again first.", cohort=enrollment.cohort.name),
                status=409,
            )


def _hand_over(enrollments: Iterable[Enrollment], worker: Worker) -> tuple[list[str], list[dict[str, Any]]]:
    """Give the worker those enrollments that they have no like of, set the others aside."""
    moved, set_aside = [], []
    for enrollment in enrollments:
        if queries.enrollment_of(worker, enrollment.cohort) is None:
            enrollment.worker = worker
            moved.append(str(enrollment.id))
            continue
        on = enrollment.withdrawn_on
        set_aside.append(
            {
                "id": str(enrollment.id),
                "status": str(enrollment.status),
                "withdrawn_on": on.isoformat() if on else None,
                "withdrawn_reason": enrollment.withdrawn_reason,
            }
        )
        enrollment.status = EnrollmentStatus.WITHDRAWN
        enrollment.withdrawn_on = NEVER_ON_IT
        enrollment.withdrawn_reason = None
    return moved, set_aside


def _tell(merge: WorkerMerge, walk_in: Worker, worker: Worker, now: datetime) -> None:
    # The worker's rows tell phones under which other ids they let this person in.
    worker.stamp = next_stamp(db.session())
    db.session.flush()
    workers_merged.send(worker_ids=[walk_in.id, worker.id], now=now)
    theirs = {one.id for one in (*_named_in(merge), *_enrollments_of(worker))}
    enrollments_changed.send(enrollment_ids=sorted(theirs), now=now)
