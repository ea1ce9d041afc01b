"""Initials that stand, of everybody who gave some in certain sessions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import INITIALS
from labtracker.checkin.models import EVENTS, FRAMES
from labtracker.checkin.queries.events import removed_among
from labtracker.checkin.rules.flags import Sighting
from labtracker.checkin.rules.initials import Given
from labtracker.extensions import db
from labtracker.kit.time import to_ms
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
        Given(_sighting(row), f"{row.given_name} {row.family_name}", row.payload["text"])
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
        sa.select(
            EVENTS.c.id,
            EVENTS.c.at,
            EVENTS.c.time_label,
            EVENTS.c.suspect,
            EVENTS.c.method,
            EVENTS.c.worker_id,
            EVENTS.c.session_id,
            EVENTS.c.by_id,
            EVENTS.c.payload,
            FRAMES.c.hash,
            FRAMES.c.device_id,
            Session.worksite_id,
            Worker.given_name,
            Worker.family_name,
        )
        .select_from(EVENTS)
        .join(Session, Session.id == EVENTS.c.session_id)
        .join(FRAMES, FRAMES.c.id == EVENTS.c.frame_id)
        .join(Worker, Worker.id == EVENTS.c.worker_id)
        .where(EVENTS.c.type == INITIALS, EVENTS.c.enrollment_id.in_(theirs))
    )
    return [row for row in found if row.payload.get("text")]


def _arrivals(ids: Collection[UUID]) -> Sequence[Any]:
    wanted = sa.select(EVENTS.c.id, EVENTS.c.session_id, EVENTS.c.by_id)
    return [row for part in in_parts(ids) for row in db.session.execute(wanted.where(EVENTS.c.id.in_(part)))]


def _sighting(row: Any) -> Sighting:
    return Sighting(
        id=str(row.id),
        hash=bytes(row.hash).hex(),
        type=INITIALS,
        at_ms=to_ms(row.at),
        who=str(row.worker_id),
        device=str(row.device_id),
        session=str(row.session_id),
        place=str(row.worksite_id),
        method=row.method,
        label=row.time_label,
        suspect=row.suspect,
    )
