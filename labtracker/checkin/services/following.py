"""Rosters change after the fact; what was recorded follows them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import NEEDS_SESSION
from labtracker.checkin.models import ATTENDANCE, EVENTS, FRAMES
from labtracker.checkin.queries.events import Pair
from labtracker.checkin.services.attending import Touched, refresh_attendance
from labtracker.checkin.services.projecting import event_row, insert_events
from labtracker.checkin.services.rebuilding import told_from, trainers_by_device
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session

OF_THE_FRAME = frozenset({"bad_seal", "conflict", "fork"})


def refresh_after_roster(_sender: Any, *, enrollment_ids: Collection[UUID], **_more: Any) -> None:
    """Whoever came before the roster knew them gets their minutes; closed sessions list who was absent."""
    touched = Touched(pairs=_place_again(enrollment_ids))
    cohorts = sa.select(Enrollment.cohort_id).where(Enrollment.id.in_(enrollment_ids))
    touched.whole |= {
        *db.session.scalars(
            sa.select(Session.id).where(Session.cohort_id.in_(cohorts), Session.closed_at.is_not(None))
        )
    }
    if touched.pairs or touched.whole:
        refresh_attendance(touched)


def _place_again(enrollment_ids: Collection[UUID]) -> set[Pair]:
    """Events of these workers in their cohort's sessions that count for nobody, or for another enrollment."""
    rows = db.session.execute(
        sa.select(FRAMES, EVENTS.c.flags, EVENTS.c.session_id, EVENTS.c.enrollment_id)
        .select_from(EVENTS)
        .join(FRAMES, FRAMES.c.id == EVENTS.c.frame_id)
        .join(Session, Session.id == EVENTS.c.session_id)
        .join(
            Enrollment,
            sa.and_(Enrollment.cohort_id == Session.cohort_id, Enrollment.worker_id == EVENTS.c.worker_id),
        )
        .where(
            Enrollment.id.in_(enrollment_ids),
            EVENTS.c.type.in_(NEEDS_SESSION),
            sa.or_(EVENTS.c.enrollment_id.is_(None), EVENTS.c.enrollment_id != Enrollment.id),
        )
    ).all()
    if not rows:
        return set()
    told = told_from(
        rows,
        trainers_by_device(),
        lambda row: {*row.flags} & OF_THE_FRAME,
        max(row.arrived_at for row in rows),
    )
    events = [event_row(one) for one in told]
    db.session.execute(sa.delete(EVENTS).where(EVENTS.c.frame_id.in_([row["frame_id"] for row in events])))
    insert_events(events)
    left = {(row.session_id, row.enrollment_id) for row in rows if row.enrollment_id is not None}
    if left:
        db.session.execute(
            sa.delete(ATTENDANCE).where(
                sa.tuple_(ATTENDANCE.c.session_id, ATTENDANCE.c.enrollment_id).in_(left)
            )
        )
    return {(row["session_id"], row["enrollment_id"]) for row in events if row["enrollment_id"] is not None}
