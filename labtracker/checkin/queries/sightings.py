"""Events as the rules of flags look at them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labtracker.checkin.models import EVENTS, FRAMES
from labtracker.checkin.rules.flags import Sighting
from labtracker.kit.time import to_ms
from labtracker.scheduling.models import Session


def sighted(*more: Any) -> sa.Select[Any]:
    """Events of sessions, with what ``sighting`` and ``removed_among`` read, and these columns besides."""
    return (
        sa.select(
            EVENTS.c.id,
            EVENTS.c.type,
            EVENTS.c.at,
            EVENTS.c.time_label,
            EVENTS.c.suspect,
            EVENTS.c.method,
            EVENTS.c.worker_id,
            EVENTS.c.session_id,
            EVENTS.c.by_id,
            FRAMES.c.hash,
            FRAMES.c.device_id,
            Session.worksite_id,
            *more,
        )
        .select_from(EVENTS)
        .join(Session, Session.id == EVENTS.c.session_id)
        .join(FRAMES, FRAMES.c.id == EVENTS.c.frame_id)
    )


def sighting(row: Any, who: str) -> Sighting:
    """The sighting that a row of ``sighted`` tells, of this worker or badge."""
    return Sighting(
        id=str(row.id),
        hash=bytes(row.hash).hex(),
        type=row.type,
        at_ms=to_ms(row.at),
        who=who,
        device=str(row.device_id),
        session=str(row.session_id),
        place=str(row.worksite_id),
        method=row.method,
        label=row.time_label,
        suspect=row.suspect,
    )
