"""The inbox's daily hashes: each past day closed once, and all of them worked out again by the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from labtracker.backups.models import InboxDay
from labtracker.backups.rules import NO_HEAD, FrameFacts, day_hash
from labtracker.checkin.models import FRAMES
from labtracker.extensions import db

# An upload that began before midnight is long committed by then.
MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A day whose frames are not what they were when it was closed."""

    day: date
    why: str


def close_next_day(*, now: datetime) -> date | None:
    """Hash the earliest day that is over and not closed yet; none when there is nothing to close."""
    last = db.session.scalar(sa.select(InboxDay).order_by(InboxDay.day.desc()).limit(1))
    after = last.last_frame_id if last else 0
    first = db.session.scalar(
        sa.select(FRAMES.c.arrived_at).where(FRAMES.c.id > after).order_by(FRAMES.c.id).limit(1)
    )
    if first is None:
        return None
    # Should the server's clock have gone back, the days go on from the last one.
    day = max(first.date(), last.day + timedelta(days=1)) if last else first.date()
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    if now < end + MARGIN:
        return None
    up_to = db.session.scalar(
        sa.select(sa.func.max(FRAMES.c.id)).where(FRAMES.c.id > after, FRAMES.c.arrived_at < end)
    )
    if up_to is None:
        return None
    frames = _facts(after, up_to)
    db.session.add(
        InboxDay(
            day=day,
            last_frame_id=up_to,
            frames=len(frames),
            hash=day_hash(day, last.hash if last else NO_HEAD, frames),
            closed_at=now,
        )
    )
    db.session.flush()
    return day


def audit_days() -> tuple[int, list[Deviation]]:
    """Work every closed day out again; gives how many there are, and those that differ.

    Each day is compared on its own, chained to the day before as it was recorded, so one that was tampered
    with does not hide the others.
    """
    days = db.session.scalars(sa.select(InboxDay).order_by(InboxDay.day)).all()
    previous, after = NO_HEAD, 0
    deviations = []
    for day in days:
        frames = _facts(after, day.last_frame_id)
        if len(frames) != day.frames:
            deviations.append(Deviation(day.day, f"{day.frames} records were there, now {len(frames)}"))
        elif day_hash(day.day, previous, frames) != bytes(day.hash):
            deviations.append(Deviation(day.day, "its records are not the ones that arrived"))
        previous, after = bytes(day.hash), day.last_frame_id
    return len(days), deviations


def heads_of_days() -> dict[str, str]:
    """The recorded hash of each closed day, by its date."""
    rows = db.session.execute(sa.select(InboxDay.day, InboxDay.hash))
    return {row.day.isoformat(): bytes(row.hash).hex() for row in rows}


def _facts(after: int, up_to: int) -> Sequence[FrameFacts]:
    rows = db.session.execute(
        sa.select(
            FRAMES.c.id,
            FRAMES.c.hash,
            FRAMES.c.raw,
            FRAMES.c.device_id,
            FRAMES.c.incarnation,
            FRAMES.c.seq,
            FRAMES.c.arrived_at,
            FRAMES.c.in_chain,
            FRAMES.c.damaged,
        )
        .where(FRAMES.c.id > after, FRAMES.c.id <= up_to)
        .order_by(FRAMES.c.id)
    )
    return [
        FrameFacts(
            id=row.id,
            hash=bytes(row.hash),
            raw_hash=hashlib.sha256(row.raw).digest(),
            device=str(row.device_id),
            incarnation=row.incarnation,
            seq=row.seq,
            arrived_at=row.arrived_at,
            in_chain=row.in_chain,
            damaged=row.damaged,
        )
        for row in rows
    ]
