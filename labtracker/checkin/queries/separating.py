"""What was recorded since two records became one person's, and by what it tells whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.checkin.bodies import Body, decode_body
from labtracker.checkin.models import FRAMES, Event
from labtracker.checkin.rules.frames import parse_frame
from labtracker.extensions import db
from labtracker.roster.models import Badge, Enrollment, WorkerMerge
from labtracker.scheduling.models import Session


class Whose(StrEnum):
    """To which of two records something belongs."""

    MERGED = "merged"
    WORKER = "worker"


@dataclass(slots=True)
class Item:
    """Records of one session, or of none, that name the person in one way; decided about together.

    ``whose`` is None where the records alone do not tell: by search, by a list, by a badge printed since.
    """

    key: str
    session: Session | None
    whose: Whose | None
    events: list[Event] = field(default_factory=list)


def items_since(merge: WorkerMerge) -> list[Item]:
    """What arrived of this person since a merge, in the order of the sessions."""
    rows = db.session.execute(
        sa.select(Event, FRAMES.c.raw)
        .join(FRAMES, FRAMES.c.id == Event.frame_id)
        .where(Event.worker_id == merge.worker_id, FRAMES.c.arrived_at >= merge.at)
        .order_by(Event.at, Event.frame_id)
    ).all()
    badges = _badges_of(merge)
    sessions = _sessions({event.session_id for event, _raw in rows if event.session_id})
    items: dict[str, Item] = {}
    for event, raw in rows:
        whose = _whose(_body(raw), merge, badges)
        key = f"records_{event.session_id.hex if event.session_id else 'none'}_{whose or 'open'}"
        session = sessions.get(event.session_id) if event.session_id else None
        items.setdefault(key, Item(key, session, whose)).events.append(event)
    return list(items.values())


def likely_owner(enrollment: Enrollment, items: Sequence[Item]) -> Whose | None:
    """Whose an enrollment seems to be, by the records that count for it; None where they do not tell."""
    told = {one.whose for one in items for event in one.events if event.enrollment_id == enrollment.id}
    return told.pop() if len(told) == 1 else None


def _whose(body: Body | None, merge: WorkerMerge, badges: dict[str, Whose | None]) -> Whose | None:
    if body is None:
        return None
    if body.walk_in is not None:
        return Whose.MERGED if body.walk_in.id == merge.merged_id else Whose.WORKER
    if body.badge_hash in badges:
        return badges[body.badge_hash]
    return Whose.MERGED if str(body.enrollment) in {one["id"] for one in merge.set_aside} else None


def _badges_of(merge: WorkerMerge) -> dict[str, Whose | None]:
    """By hash whose badge it is; None for one that was printed since, which either may carry."""
    rows = db.session.scalars(sa.select(Badge).where(Badge.worker_id.in_([merge.merged_id, merge.worker_id])))
    found: dict[str, Whose | None] = {}
    for badge in rows:
        since = Whose.WORKER if badge.issued_at < merge.at else None
        found[badge.badge_hash] = Whose.MERGED if badge.worker_id == merge.merged_id else since
    return found


def _sessions(ids: Iterable[UUID]) -> dict[UUID, Session]:
    rows = db.session.scalars(
        sa.select(Session)
        .where(Session.id.in_(set(ids)))
        .options(joinedload(Session.cohort), joinedload(Session.worksite))
    )
    return {row.id: row for row in rows.unique()}


def _body(raw: Any) -> Body | None:
    frame = parse_frame(bytes(raw))
    body = decode_body(frame.body) if frame else None
    return body if isinstance(body, Body) else None
