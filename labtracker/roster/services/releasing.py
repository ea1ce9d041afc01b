"""A worker's release of named attendance to the employer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.roster.models import Release, Worker


def record_release(
    worker: Worker,
    *,
    given_at: datetime,
    witnessed_by_id: UUID | None,
    event_id: UUID | None,
    now: datetime,
) -> Release:
    """Keep that a worker released named attendance; the same event recorded again changes nothing.

    ``given_at`` is when it was said, ``now`` when we heard of it; a time in the future becomes ``now``.
    """
    if event_id is not None:
        known = db.session.execute(
            sa.select(Release).where(Release.event_id == event_id)
        ).scalar_one_or_none()
        if known is not None:
            return known
    release = Release(
        worker_id=worker.id, given_at=min(given_at, now), witnessed_by_id=witnessed_by_id, event_id=event_id
    )
    db.session.add(release)
    db.session.flush()
    return release


@dataclass(frozen=True)
class Given:
    """A release as an event tells it: who gave it when, before whom, and when it was taken back, if ever."""

    worker_id: UUID
    event_id: UUID
    given_at: datetime
    witnessed_by_id: UUID | None
    withdrawn_at: datetime | None


def settle_releases(told: Sequence[Given], *, now: datetime) -> None:
    """Make the releases what these events say, in two statements however many they are."""
    rows = db.session.scalars(sa.select(Release).where(Release.event_id.in_({one.event_id for one in told})))
    known = {row.event_id: row for row in rows}
    for one in told:
        release = known.get(one.event_id)
        if release is None:
            release = known[one.event_id] = Release(
                worker_id=one.worker_id,
                given_at=min(one.given_at, now),
                witnessed_by_id=one.witnessed_by_id,
                event_id=one.event_id,
            )
            db.session.add(release)
        # A walk-in who was recognised gave it as the worker they are.
        release.worker_id = one.worker_id
        release.withdrawn_at = one.withdrawn_at
    db.session.flush()


def withdraw_release(worker: Worker, *, now: datetime) -> int:
    """End every standing release of the worker; gives how many there were."""
    standing = db.session.execute(
        sa.select(Release).where(Release.worker_id == worker.id, Release.withdrawn_at.is_(None))
    ).scalars()
    count = 0
    for release in standing:
        release.withdrawn_at = now
        count += 1
    db.session.flush()
    return count
