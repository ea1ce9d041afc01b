"""To which employer a release was given, once two records turned out to be one person's."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Organization
from labtracker.checkin.bodies import Body, decode_body
from labtracker.checkin.models import FRAMES, Event
from labtracker.checkin.rules.frames import parse_frame
from labtracker.extensions import db
from labtracker.roster.models import Badge, Worker, WorkerMerge
from labtracker.roster.rules.duplicates import MergeKind


def given_elsewhere(events: Sequence[Event]) -> set[int]:
    """The frames of those consents that were given to another employer than the worker's own.

    Somebody consents to what their employer may see. When a record kept for another employer turns out to be
    the same person's, what was released there is not released here. An employer that only a walk-in's own
    words brought into being is no other one: those words were what the office put right.
    """
    if not events:
        return set()
    merges = _across({event.worker_id for event in events if event.worker_id})
    if not merges:
        return set()
    bodies = _bodies({event.frame_id for event in events})
    return {
        event.frame_id
        for event in events
        for merge, badges in merges
        if event.worker_id in (merge.worker_id, merge.worker.merged_into_id)
        and event.frame_id in bodies
        and _names(bodies[event.frame_id], event, merge, badges)
    }


def _across(worker_ids: set[UUID]) -> list[tuple[WorkerMerge, set[str]]]:
    """Standing merges of somebody of another employer into these workers, with the badges printed there."""
    merged, worker = sa.orm.aliased(Worker), sa.orm.aliased(Worker)
    found = db.session.scalars(
        sa.select(WorkerMerge)
        .join(merged, merged.id == WorkerMerge.merged_id)
        .join(worker, worker.id == merged.merged_into_id)
        .join(Organization, Organization.id == merged.employer_id)
        .where(
            worker.id.in_(worker_ids),
            WorkerMerge.undone_at.is_(None),
            merged.employer_id != worker.employer_id,
            sa.or_(WorkerMerge.kind != MergeKind.WALK_IN, Organization.created_at < merged.created_at),
        )
    ).all()
    badges = sa.select(Badge.worker_id, Badge.badge_hash)
    rows = db.session.execute(badges.where(Badge.worker_id.in_({one.merged_id for one in found}))).all()
    return [(one, {row.badge_hash for row in rows if row.worker_id == one.merged_id}) for one in found]


def _bodies(frame_ids: set[int]) -> dict[int, Body]:
    found = {}
    for row in db.session.execute(sa.select(FRAMES.c.id, FRAMES.c.raw).where(FRAMES.c.id.in_(frame_ids))):
        frame = parse_frame(bytes(row.raw))
        body = decode_body(frame.body) if frame else None
        if isinstance(body, Body):
            found[row.id] = body
    return found


def _names(body: Body, event: Event, merge: WorkerMerge, badges: set[str]) -> bool:
    """Whether a consent names the record that was kept for the other employer."""
    if body.walk_in is not None and body.walk_in.id == merge.merged_id:
        return True
    if body.badge_hash in badges or str(body.enrollment) in {one["id"] for one in merge.set_aside}:
        return True
    return str(body.enrollment) in merge.moved and event.at < merge.at
