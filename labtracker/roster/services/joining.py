"""Two records of one person become one, and come apart again: what every kind of merging shares.

No record of a phone is touched: for which enrollment it counts is worked out anew, as if it had always
been so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.changes import next_stamp
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Enrollment, Worker, WorkerMerge
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.signals import enrollments_changed, workers_merged

# Before any session there ever was, so that an enrollment set aside counts in no rate.
NEVER_ON_IT = date(2000, 1, 1)


def refuse_strangers(actor: Person) -> None:
    """Raise unless a coordinator acts."""
    if not actor.has(Role.COORDINATOR):
        raise DomainError("not_a_coordinator", _("Only a coordinator decides this."), status=403)


def join(merge: WorkerMerge, *, now: datetime, standing: Collection[UUID] = ()) -> None:
    """Let all of ``merge.merged`` count for ``merge.worker`` from now on, and remember how it was.

    ``standing`` are cohorts of both, in which the merged one's standing (enrolled, or left when and why)
    holds. Raises DomainError ``cohort_closed`` where that would change the figures of a closed cohort.
    """
    merged, worker = merge.merged, merge.worker
    enrollments = enrollments_of(merged)
    mine = {one.cohort_id: one for one in enrollments_of(worker)}
    refuse_closed(one for one in enrollments if one.cohort_id in mine)
    before: dict[str, Any] = {"kept": [], "followed": _follow(merged, worker)}
    merge.moved, merge.set_aside = [], []
    for one in enrollments:
        kept = mine.get(one.cohort_id)
        if kept is None:
            one.worker = worker
            merge.moved = [*merge.moved, str(one.id)]
            continue
        before["kept"] = [*before["kept"], _take_standing(kept, one, one.cohort_id in standing)]
        merge.set_aside = [*merge.set_aside, {"id": str(one.id), **_standing_of(one)}]
        _set_aside(one)
    merge.before = {**(merge.before or {}), **before}
    merged.merged_into_id = worker.id
    db.session.add(merge)
    _tell(merge, now, joined=_joined(enrollments, mine))


def part(merge: WorkerMerge, *, now: datetime, given: Iterable[Enrollment] = ()) -> None:
    """Put back what ``join`` changed, as far as nobody changed it since; ``given`` go to the merged one too.

    Raises DomainError ``cohort_closed`` or ``already_enrolled``.
    """
    merged, worker = merge.merged, merge.worker
    named = {str(one.id): one for one in _named_in(merge)}
    # An import that was undone since may have taken an enrollment back.
    apart = [named[one["id"]] for one in merge.set_aside if one["id"] in named]
    given = list(given)
    refuse_closed([*apart, *given])
    for enrollment_id in merge.moved:
        if enrollment_id in named and named[enrollment_id].worker_id == worker.id:
            named[enrollment_id].worker = merged
    was_set_aside = {was["id"]: was for was in merge.set_aside}
    for one in apart:
        _put_back(one, was_set_aside[str(one.id)])
    for was in merge.before.get("kept", ()):
        kept = db.session.get(Enrollment, UUID(was["id"]))
        if kept is not None and _standing_of(kept) == was["after"]:
            _put_back(kept, was)
    _give(given, merged)
    for follower_id in merge.before.get("followed", ()):
        follower = db.session.get_one(Worker, UUID(follower_id))
        if follower.merged_into_id == worker.id:
            follower.merged_into_id = merged.id
    merged.merged_into_id = None
    db.session.flush()
    _settle_orphans(worker)
    _tell(merge, now, parted=[one.id for one in apart])


def enrollments_of(worker: Worker) -> list[Enrollment]:
    """Every enrollment of a worker, in a fixed order."""
    return list(
        db.session.scalars(
            sa.select(Enrollment).where(Enrollment.worker_id == worker.id).order_by(Enrollment.id)
        )
    )


def refuse_closed(enrollments: Iterable[Enrollment]) -> None:
    """Raise when one of these enrollments belongs to a cohort whose figures are final."""
    for enrollment in enrollments:
        if enrollment.cohort.closed_out_at is not None:
            raise DomainError(
                "cohort_closed",
                _("%(cohort)s is closed out. Open it again first.", cohort=enrollment.cohort.name),
                status=409,
            )


def _follow(merged: Worker, worker: Worker) -> list[str]:
    """Whoever counted as the merged one counts as the worker; one step leads to the worker, never two."""
    followers = db.session.scalars(sa.select(Worker).where(Worker.merged_into_id == merged.id)).all()
    for one in followers:
        one.merged_into_id = worker.id
    return [str(one.id) for one in followers]


def _standing_of(one: Enrollment) -> dict[str, Any]:
    return {
        "status": str(one.status),
        "withdrawn_on": one.withdrawn_on.isoformat() if one.withdrawn_on else None,
        "withdrawn_reason": one.withdrawn_reason,
        "is_walk_in": one.is_walk_in,
    }


def _take_standing(kept: Enrollment, other: Enrollment, takes: bool) -> dict[str, Any]:
    """The kept enrollment with the other's standing if that holds; gives how it was before and is now."""
    was = _standing_of(kept)
    if takes:
        kept.status, kept.withdrawn_on = other.status, other.withdrawn_on
        kept.withdrawn_reason = other.withdrawn_reason
    # Whom one of two rosters names is no longer only somebody who stood at the door.
    kept.is_walk_in = kept.is_walk_in and other.is_walk_in
    return {"id": str(kept.id), **was, "after": _standing_of(kept)}


def _set_aside(one: Enrollment) -> None:
    one.status = EnrollmentStatus.WITHDRAWN
    one.withdrawn_on, one.withdrawn_reason = NEVER_ON_IT, None


def _put_back(one: Enrollment, was: Mapping[str, Any]) -> None:
    one.status = was["status"]
    one.withdrawn_on = date.fromisoformat(was["withdrawn_on"]) if was["withdrawn_on"] else None
    one.withdrawn_reason = was["withdrawn_reason"]
    one.is_walk_in = was.get("is_walk_in", one.is_walk_in)


def _give(given: Iterable[Enrollment], merged: Worker) -> None:
    db.session.flush()
    for one in given:
        if queries.enrollment_of(merged, one.cohort) is not None:
            raise DomainError(
                "already_enrolled",
                _(
                    "%(name)s is on the roster of %(cohort)s already.",
                    name=merged.name,
                    cohort=one.cohort.name,
                ),
                field=f"enrollment-{one.id}",
            )
        one.worker = merged
        db.session.flush()


def _settle_orphans(worker: Worker) -> None:
    """What was set aside for an enrollment that went away with this separation is the worker's one now."""
    for other in db.session.scalars(queries.merges_into(worker)):
        if other.merged.merged_into_id != worker.id:
            continue
        for was in list(other.set_aside):
            one = db.session.get(Enrollment, UUID(was["id"]))
            if one is None or queries.enrollment_of(worker, one.cohort) is not None:
                continue
            _put_back(one, was)
            one.worker = worker
            other.moved = [*other.moved, was["id"]]
            other.set_aside = [still for still in other.set_aside if still["id"] != was["id"]]
            db.session.flush()


def _named_in(merge: WorkerMerge) -> list[Enrollment]:
    ids = {UUID(one) for one in merge.moved} | {UUID(before["id"]) for before in merge.set_aside}
    return list(db.session.scalars(sa.select(Enrollment).where(Enrollment.id.in_(ids))))


def _joined(enrollments: Iterable[Enrollment], mine: Mapping[UUID, Enrollment]) -> dict[UUID, UUID]:
    return {one.id: mine[one.cohort_id].id for one in enrollments if one.cohort_id in mine}


def _tell(
    merge: WorkerMerge,
    now: datetime,
    *,
    joined: Mapping[UUID, UUID] | None = None,
    parted: Collection[UUID] = (),
) -> None:
    # The worker's rows tell phones under which other ids they let this person in.
    merge.worker.stamp = next_stamp(db.session())
    db.session.flush()
    ids = [merge.merged_id, merge.worker_id]
    workers_merged.send(worker_ids=ids, now=now, joined=joined or {}, parted=parted)
    theirs = {
        one.id for one in (*_named_in(merge), *enrollments_of(merge.worker), *enrollments_of(merge.merged))
    }
    enrollments_changed.send(enrollment_ids=sorted(theirs), now=now)
