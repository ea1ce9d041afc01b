"""What some events do beyond attendance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import Event
from labtracker.checkin.queries.consents import given_elsewhere
from labtracker.checkin.queries.events import standing_consents
from labtracker.extensions import db
from labtracker.roster.models import Release
from labtracker.roster.services import Given, settle_releases


def apply_consents(worker_ids: Collection[UUID], *, now: datetime) -> None:
    """Make the releases of these workers what their consent events say, in whatever order those came."""
    if not worker_ids:
        return
    by_worker: dict[UUID, list[Event]] = defaultdict(list)
    told = standing_consents(worker_ids)
    elsewhere = given_elsewhere(told)
    for event in told:
        if event.worker_id is not None and event.frame_id not in elsewhere:
            by_worker[event.worker_id].append(event)
    settle_releases([one for events in by_worker.values() for one in _given(events)], now=now)
    _forget_releases_of_removed(worker_ids, {event.id for events in by_worker.values() for event in events})


def _given(events: Sequence[Event]) -> Iterator[Given]:
    """The releases one worker gave, each with when it was next taken back; events in their order."""
    for position, event in enumerate(events):
        if event.payload.get("granted") and event.worker_id is not None:
            later = [one.at for one in events[position + 1 :] if not one.payload.get("granted")]
            yield Given(event.worker_id, event.id, event.at, event.by_id, later[0] if later else None)


def _forget_releases_of_removed(worker_ids: Collection[UUID], standing: set[UUID]) -> None:
    """A release whose consent was voided was never given, whichever of the two arrived first.

    The consent, the void and its reason stay on record as events.
    """
    db.session.execute(
        sa.delete(Release).where(
            Release.worker_id.in_(worker_ids),
            Release.event_id.is_not(None),
            Release.event_id.not_in(standing),
        )
    )
