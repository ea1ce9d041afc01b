"""What some events do beyond attendance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import Event
from labtracker.checkin.queries.events import standing_consents
from labtracker.extensions import db
from labtracker.roster.models import Release, Worker
from labtracker.roster.services import record_release


def apply_consents(worker_ids: Collection[UUID], *, now: datetime) -> None:
    """Make the releases of these workers what their consent events say, in whatever order those came."""
    if not worker_ids:
        return
    by_worker: dict[UUID, list[Event]] = defaultdict(list)
    for event in standing_consents(worker_ids):
        if event.worker_id is not None:
            by_worker[event.worker_id].append(event)
    workers = {row.id: row for row in db.session.scalars(sa.select(Worker).where(Worker.id.in_(worker_ids)))}
    for worker_id, events in by_worker.items():
        for position, event in enumerate(events):
            if not event.payload.get("granted"):
                continue
            later = [one.at for one in events[position + 1 :] if not one.payload.get("granted")]
            release = record_release(
                workers[worker_id], given_at=event.at, witnessed_by_id=event.by_id, event_id=event.id, now=now
            )
            release.withdrawn_at = later[0] if later else None
    _end_releases_of_removed(worker_ids, {event.id for events in by_worker.values() for event in events})


def _end_releases_of_removed(worker_ids: Collection[UUID], standing: set[UUID]) -> None:
    """A release whose consent was voided never held."""
    releases = db.session.scalars(
        sa.select(Release).where(Release.worker_id.in_(worker_ids), Release.event_id.is_not(None))
    )
    for release in releases:
        if release.event_id not in standing:
            release.withdrawn_at = release.given_at
    db.session.flush()
