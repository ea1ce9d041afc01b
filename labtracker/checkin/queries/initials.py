"""Initials that stand, of everybody who gave some in certain sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import INITIALS
from labtracker.checkin.models import EVENTS
from labtracker.checkin.queries.events import removed_among
from labtracker.checkin.queries.sightings import sighted, sighting
from labtracker.checkin.rules.initials import Given
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Session
from labtracker.statements import in_parts


def initials_around(sessions: Collection[Session]) -> list[Given]:
    """What workers gave who gave initials in these sessions' days, then and ever before or after.

    Initials are taken back with the arrival that they belong to.
    """
    rows = _rows(min(one.starts_at for one in sessions), max(one.starts_at for one in sessions))
    if not rows:
        return []
    arrivals = _arrivals({UUID(row.payload["target"]) for row in rows})
    removed = removed_among([*rows, *arrivals])
    return [
        Given(sighting(row, str(row.worker_id)), f"{row.given_name} {row.family_name}", row.payload["text"])
        for row in rows
        if row.id not in removed and UUID(row.payload["target"]) not in removed
    ]


def _rows(first: Any, last: Any) -> list[Any]:
    gave = (
        sa.select(EVENTS.c.worker_id)
        .join(Session, Session.id == EVENTS.c.session_id)
        .where(Session.starts_at.between(first, last), EVENTS.c.type == INITIALS)
    )
    # Events are found by enrollment; no index leads to them by worker.
    theirs = sa.select(Enrollment.id).where(Enrollment.worker_id.in_(gave))
    found = db.session.execute(
        sighted(EVENTS.c.payload, Worker.given_name, Worker.family_name)
        .join(Worker, Worker.id == EVENTS.c.worker_id)
        .where(EVENTS.c.type == INITIALS, EVENTS.c.enrollment_id.in_(theirs))
    )
    return [row for row in found if row.payload.get("text")]


def _arrivals(ids: Collection[UUID]) -> Sequence[Any]:
    wanted = sa.select(EVENTS.c.id, EVENTS.c.session_id, EVENTS.c.by_id)
    return [row for part in in_parts(ids) for row in db.session.execute(wanted.where(EVENTS.c.id.in_(part)))]
