"""Everything that follows from the inbox, worked out again from the inbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import Body, decode_body
from labtracker.checkin.models import EVENTS, FRAMES, Attendance, Event
from labtracker.checkin.queries.decisions import decisions_on
from labtracker.checkin.queries.tenures import Trainers, trainers_by_device
from labtracker.checkin.rules.decisions import BY_ORIGIN, counts
from labtracker.checkin.rules.frames import parse_frame
from labtracker.checkin.services.attending import Touched, refresh_attendance
from labtracker.checkin.services.effects import apply_consents
from labtracker.checkin.services.lateness import known_of_stored
from labtracker.checkin.services.projecting import Told, event_row, insert_events
from labtracker.checkin.services.reassigning import reassigned
from labtracker.checkin.services.resolving import Resolver
from labtracker.checkin.signals import events_stored
from labtracker.extensions import db
from labtracker.kit.time import to_ms
from labtracker.roster.models import Enrollment
from labtracker.statements import in_parts

BATCH = 500


@dataclass(frozen=True)
class Marks:
    """Event ids told with different bytes, and places in a chain taken by more than one frame."""

    ids: set[UUID]
    places: set[tuple[UUID, str, int]]

    def flags_of(self, row: Any) -> set[str]:
        """The flags that a stored frame's event bears for what the inbox holds, not for what it says."""
        flags = {"bad_seal"} if row.code == "bad_seal" else set()
        if row.in_chain and row.event_id in self.ids:
            flags.add("conflict")
        if row.in_chain and (row.device_id, row.incarnation, row.seq) in self.places:
            flags.add("fork")
        return flags


@dataclass
class Rebuilt:
    """What a rebuild came to."""

    frames: int = 0
    events: int = 0
    sessions: int = 0


def rebuild(*, now: datetime) -> Rebuilt:
    """Throw events and attendance away and compute them again from the frames, in one transaction."""
    db.session.execute(sa.delete(Attendance))
    db.session.execute(sa.delete(Event))
    result = Rebuilt()
    marks = contradictions()
    trainers = trainers_by_device()
    for rows in _batches():
        result.frames += len(rows)
        result.events += _project(rows, trainers, marks, now)
    sessions = db.session.scalars(
        sa.select(EVENTS.c.session_id).where(EVENTS.c.session_id.is_not(None)).distinct()
    ).all()
    result.sessions = len(sessions)
    for some in in_parts(sorted(sessions), 50):
        refresh_attendance(Touched(whole={*some}))
    workers = db.session.scalars(
        sa.select(EVENTS.c.worker_id)
        .where(EVENTS.c.type == "consent", EVENTS.c.worker_id.is_not(None))
        .distinct()
    ).all()
    for some in in_parts(workers):
        apply_consents(some, now=now)
    _tell_all(now)
    return result


def _tell_all(now: datetime) -> None:
    """Everybody is concerned, also who never came: their scheduled minutes follow from the events too."""
    everybody = sorted(db.session.scalars(sa.select(Enrollment.id)))
    for some in in_parts(everybody):
        events_stored.send(None, enrollment_ids={*some}, session_ids=set(), now=now)


def _batches() -> Iterator[Sequence[Any]]:
    after = 0
    while True:
        rows = db.session.execute(
            sa.select(FRAMES)
            .where(
                FRAMES.c.id > after,
                FRAMES.c.in_chain | FRAMES.c.code.in_(BY_ORIGIN),
                FRAMES.c.damaged.is_(False),
            )
            .order_by(FRAMES.c.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


def _project(rows: Sequence[Any], trainers: Mapping[UUID, Trainers], marks: Marks, now: datetime) -> int:
    told = told_from(rows, trainers, marks.flags_of, now)
    insert_events([event_row(one) for one in told])
    note_resolved({row.id: row for row in rows}, {one.frame_id for one in told}, now)
    return len(told)


def told_from(
    rows: Sequence[Any],
    trainers: Mapping[UUID, Trainers],
    flags_of: Callable[[Any], set[str]],
    now: datetime,
) -> list[Told]:
    """What stored frames say, placed by the roster as it is now and by what coordinators decided.

    What still belongs nowhere, and what only a person may let count, is left out.
    """
    decisions = decisions_on({(bytes(row.hash), row.damaged) for row in rows})
    readable: list[tuple[Any, Body, str | None]] = []
    for row in rows:
        decision = decisions.get((bytes(row.hash), row.damaged))
        kind = decision.kind if decision else None
        frame = parse_frame(bytes(row.raw))
        if frame is None or not counts(row.verdict, row.code, kind):
            continue
        body = decode_body(frame.body)
        if isinstance(body, Body):
            readable.append((row, reassigned(body, decision), kind))
    known = known_of_stored((row, body, trainers.get(row.device_id, {})) for row, body, _kind in readable)
    resolver = Resolver([body for _row, body, _kind in readable], now=now)
    told = []
    for row, body, kind in readable:
        since = known.get(bytes(row.hash), to_ms(row.arrived_at))
        one = Told(body, resolver.place(body), since, flags_of(row), trainers.get(row.device_id, {}), row.id)
        if one.placed.code is None and counts(row.verdict, row.code, kind, late=one.is_late_decision):
            told.append(one)
    return told


def note_resolved(rows: dict[int, Any], projected: set[int], now: datetime) -> None:
    """Frames that were set aside for what they said and count now are marked as resolved."""
    resolved = [
        number
        for number in projected
        if rows[number].verdict == "quarantined" and rows[number].resolved_at is None
    ]
    if resolved:
        db.session.execute(sa.update(FRAMES).where(FRAMES.c.id.in_(resolved)).values(resolved_at=now))


def contradictions(of: Sequence[Any] | None = None) -> Marks:
    """What the inbox holds in more than one version: all of it, or what concerns these frames."""
    several = sa.func.count(FRAMES.c.hash.distinct()) > 1
    ids = (
        sa.select(FRAMES.c.event_id)
        .where(FRAMES.c.in_chain, FRAMES.c.damaged.is_(False), FRAMES.c.event_id.is_not(None))
        .group_by(FRAMES.c.event_id)
        .having(several)
    )
    places = (
        sa.select(FRAMES.c.device_id, FRAMES.c.incarnation, FRAMES.c.seq)
        .where(FRAMES.c.in_chain)
        .group_by(FRAMES.c.device_id, FRAMES.c.incarnation, FRAMES.c.seq)
        .having(several)
    )
    if of is not None:
        ids = ids.where(FRAMES.c.event_id.in_({row.event_id for row in of if row.event_id}))
        places = places.where(
            FRAMES.c.device_id.in_({row.device_id for row in of}), FRAMES.c.seq.in_({row.seq for row in of})
        )
    return Marks(
        {one for one in db.session.scalars(ids) if one is not None},
        {(one[0], one[1], one[2]) for one in db.session.execute(places)},
    )
