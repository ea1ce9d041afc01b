"""What is worth a look among the check-ins of some sessions: found by looking, never at an upload."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import CHECK_TYPES, Body, decode_body
from labtracker.checkin.models import EVENTS, FRAMES
from labtracker.checkin.queries.events import removed_among
from labtracker.checkin.queries.initials import initials_around
from labtracker.checkin.queries.sightings import sighted, sighting
from labtracker.checkin.rules.flags import BURST_BADGES, BURST_MS, BY_BADGE, Flag, flags
from labtracker.checkin.rules.frames import parse_frame
from labtracker.checkin.rules.initials import initials_flags
from labtracker.extensions import UtcDateTime, db
from labtracker.kit.geography import Point
from labtracker.kit.time import to_ms
from labtracker.labs.models import Worksite
from labtracker.scheduling.models import Session
from labtracker.statements import in_parts

# What happened this long before a session, or after it, may contradict what happened in it.
AROUND = timedelta(hours=36)
BURST_LENGTH = timedelta(milliseconds=BURST_MS)

_CHECKS = EVENTS.c.type.in_(sorted(CHECK_TYPES))


def flags_in(sessions: Collection[Session]) -> list[Flag]:
    """The flags that touch these sessions, in the order of time.

    In a fixed number of statements, as long as there are not hundreds of events to look at.
    """
    if not sessions:
        return []
    first = min(one.starts_at for one in sessions) - AROUND
    last = max(one.ends_at for one in sessions) + AROUND
    about = sa.and_(Session.starts_at >= first, Session.starts_at <= last)
    rows = {row.frame_id: row for row in (*_of_travellers(about), *_of_unknown(about), *_of_bursts(about))}
    removed = removed_among([*rows.values()])
    seen = [sighting(row, _who(row)) for row in rows.values() if row.id not in removed]
    found = flags(seen, *_places_and_ends({row.session_id for row in rows.values()}))
    found += initials_flags(initials_around(sessions))
    found.sort(key=lambda flag: (flag.first.at_ms, flag.key))
    asked = [str(one.id) for one in sessions]
    return [flag for flag in found if any(flag.touches(session) for session in asked)]


def _rows(*wanted: sa.ColumnElement[bool]) -> Iterable[Any]:
    unknown = EVENTS.c.worker_id.is_(None)
    # Which badge it was is in the frame alone, and asked only where no worker stands for it.
    raw = sa.case((unknown, FRAMES.c.raw)).label("raw")
    return db.session.execute(sighted(EVENTS.c.frame_id, raw).where(_CHECKS, *wanted))


def _of_travellers(about: sa.ColumnElement[bool]) -> Iterable[Any]:
    """What workers did who came to more than one worksite."""
    elsewhere = (
        sa.select(EVENTS.c.worker_id)
        .join(Session, Session.id == EVENTS.c.session_id)
        .where(about, _CHECKS, EVENTS.c.worker_id.is_not(None))
        .group_by(EVENTS.c.worker_id)
        .having(sa.func.count(Session.worksite_id.distinct()) > 1)
    )
    return _rows(about, EVENTS.c.worker_id.in_(elsewhere))


def _of_unknown(about: sa.ColumnElement[bool]) -> Iterable[Any]:
    """What was recorded with badges that nobody knows."""
    # Neither of the two, in words that lead no planner through every such event there ever was.
    return _rows(about, sa.func.coalesce(EVENTS.c.enrollment_id, EVENTS.c.worker_id).is_(None))


def _of_bursts(about: sa.ColumnElement[bool]) -> Iterable[Any]:
    """What phones scanned that scanned more badges in a row than usual, in that time."""
    earlier = sa.func.lag(EVENTS.c.at, BURST_BADGES, type_=UtcDateTime()).over(
        partition_by=FRAMES.c.device_id, order_by=(EVENTS.c.at, EVENTS.c.frame_id)
    )
    scans = (
        sa.select(FRAMES.c.device_id, EVENTS.c.at, earlier.label("earlier"))
        .select_from(EVENTS)
        .join(Session, Session.id == EVENTS.c.session_id)
        .join(FRAMES, FRAMES.c.id == EVENTS.c.frame_id)
        .where(about, _CHECKS, EVENTS.c.method.in_(sorted(BY_BADGE)), EVENTS.c.suspect.is_(False))
        .subquery()
    )
    quick = db.session.execute(
        sa.select(scans.c.device_id, scans.c.at)
        .where(_seconds_between(scans.c.earlier, scans.c.at) <= BURST_LENGTH.total_seconds() + 1)
        .order_by(scans.c.device_id, scans.c.at)
    )
    for part in in_parts(_joined(quick)):
        inside = [
            sa.and_(FRAMES.c.device_id == device, EVENTS.c.at.between(since, until))
            for device, since, until in part
        ]
        yield from _rows(about, sa.or_(*inside), EVENTS.c.method.in_(sorted(BY_BADGE)))


def _seconds_between(start: sa.ColumnElement[Any], end: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    if db.engine.dialect.name == "sqlite":
        return (sa.func.julianday(end) - sa.func.julianday(start)) * 86_400
    return sa.func.extract("epoch", end - start)


def _joined(quick: Iterable[Any]) -> list[tuple[UUID, datetime, datetime]]:
    """From the last scans of quick runs, per phone in order, the times to look at."""
    spans: list[tuple[UUID, datetime, datetime]] = []
    for device, at in quick:
        since = at - BURST_LENGTH - timedelta(seconds=1)
        if spans and spans[-1][0] == device and since <= spans[-1][2]:
            spans[-1] = (device, spans[-1][1], at)
        else:
            spans.append((device, since, at))
    return spans


def _who(row: Any) -> str:
    return str(row.worker_id) if row.worker_id else _badge_in(row)


def _badge_in(row: Any) -> str:
    """What the frame of an unknown badge calls it; where it calls nobody, each record is somebody else."""
    frame = parse_frame(bytes(row.raw))
    body = decode_body(frame.body) if frame else None
    return (body.badge_hash if isinstance(body, Body) else None) or f"frame {row.frame_id}"


def _places_and_ends(session_ids: Collection[UUID]) -> tuple[dict[str, Point | None], dict[str, int]]:
    places: dict[str, Point | None] = {}
    ends: dict[str, int] = {}
    rows = db.session.execute(
        sa.select(Session.id, Session.ends_at, Session.worksite_id, Worksite.latitude, Worksite.longitude)
        .join(Worksite, Worksite.id == Session.worksite_id)
        .where(Session.id.in_(session_ids))
    )
    for row in rows:
        known = row.latitude is not None and row.longitude is not None
        places[str(row.worksite_id)] = Point(row.latitude, row.longitude) if known else None
        ends[str(row.id)] = to_ms(row.ends_at)
    return places, ends
