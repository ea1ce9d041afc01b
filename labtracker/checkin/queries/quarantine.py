"""Frames that wait for a coordinator: set aside, or stored and nobody's; and what each of them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Device, Person
from labtracker.checkin.bodies import CHECK_TYPES, LATEST_MS, WORKER_TYPES, Body, Undecodable, decode_body
from labtracker.checkin.models import DECISIONS, EVENTS, FRAMES, Event, FrameDecision, InboxFrame
from labtracker.checkin.queries.decisions import last_decisions
from labtracker.checkin.rules.corrected_time import CorrectedTime, corrected_time
from labtracker.checkin.rules.decisions import DISMISS, REOPEN
from labtracker.checkin.rules.frames import parse_frame
from labtracker.extensions import db
from labtracker.kit.time import from_ms
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.scheduling.models import Session

AROUND = timedelta(hours=36)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Entry:
    """A frame with what it says, as far as that can be read, and whom and what it names."""

    frame: InboxFrame
    body: Body | Undecodable | None
    event: Event | None
    at: datetime | None
    phone: Device | None
    carrier: Device | None
    by: str | None
    worker: str | None
    session: Session | None

    @property
    def is_sure(self) -> bool:
        """Whether it tells a time that something vouches for."""
        told = self.reads
        return told is not None and self.at is not None and not _corrected(told).suspect

    @property
    def is_somebodys(self) -> bool:
        """Whether it speaks of a worker, known or not."""
        told = self.reads
        return told is not None and told.type in CHECK_TYPES | WORKER_TYPES

    @property
    def reads(self) -> Body | None:
        """The body, if it could be read."""
        return self.body if isinstance(self.body, Body) else None


def body_of(frame: InboxFrame) -> Body | Undecodable | None:
    """What a stored frame says; None when not even its header can be read."""
    parsed = parse_frame(bytes(frame.raw))
    return decode_body(parsed.body) if parsed else None


def set_aside() -> sa.Select[InboxFrame]:
    """Frames that were quarantined and about which nobody decided yet, the oldest first.

    What came again in good order needs nobody's look any more.
    """
    better = FRAMES.alias("better")
    came_well = sa.exists().where(
        better.c.hash == InboxFrame.hash,
        better.c.in_chain,
        better.c.damaged.is_(False),
        better.c.id != InboxFrame.id,
    )
    return (
        sa.select(InboxFrame)
        .where(InboxFrame.verdict == "quarantined", InboxFrame.resolved_at.is_(None), ~came_well)
        .order_by(InboxFrame.arrived_at, InboxFrame.id)
    )


def nobodys() -> sa.Select[InboxFrame]:
    """Frames that count and belong to nobody: unknown badge, nobody enrolled, a code that fits two."""
    dismissed = sa.select(DECISIONS.c.hash).where(
        DECISIONS.c.id.in_(last_decisions()), DECISIONS.c.kind == DISMISS, DECISIONS.c.damaged.is_(False)
    )
    lost = sa.select(EVENTS.c.frame_id).where(
        EVENTS.c.enrollment_id.is_(None),
        EVENTS.c.type.in_(sorted(CHECK_TYPES | WORKER_TYPES)),
        # A release is the worker's, whether or not it was given in a session.
        sa.or_(EVENTS.c.type != "consent", EVENTS.c.worker_id.is_(None)),
    )
    return (
        sa.select(InboxFrame)
        .where(InboxFrame.id.in_(lost), InboxFrame.hash.not_in(dismissed))
        .order_by(InboxFrame.arrived_at, InboxFrame.id)
    )


def decided() -> sa.Select[InboxFrame]:
    """Frames about which a decision holds, the latest decided first."""
    return (
        sa.select(InboxFrame)
        .join(
            FrameDecision,
            sa.and_(FrameDecision.hash == InboxFrame.hash, FrameDecision.damaged == InboxFrame.damaged),
        )
        .where(FrameDecision.id.in_(last_decisions()), FrameDecision.kind != REOPEN)
        .order_by(FrameDecision.id.desc(), InboxFrame.id)
    )


def entries_of(frames: Sequence[InboxFrame]) -> list[Entry]:
    """These frames with everything that they name, in a fixed number of statements."""
    bodies = {frame.id: body_of(frame) for frame in frames}
    read = [body for body in bodies.values() if isinstance(body, Body)]
    events = {
        event.frame_id: event
        for event in db.session.scalars(sa.select(Event).where(Event.frame_id.in_(bodies)))
    }
    phones = _by_id(Device, {*(one.device_id for one in frames), *(one.uploaded_by_id for one in frames)})
    people = _by_id(Person, {body.by for body in read})
    sessions = _by_id(
        Session,
        {body.session for body in read} | {event.session_id for event in events.values()},
        joinedload(Session.worksite),
        joinedload(Session.cohort),
    )
    workers = _workers_in(read)
    entries = []
    for frame in frames:
        body, event = bodies[frame.id], events.get(frame.id)
        said = body if isinstance(body, Body) else None
        person = people.get(said.by) if said else None
        entries.append(
            Entry(
                frame,
                body,
                event,
                event.at if event else (_time_of(said) if said else None),
                phones.get(frame.device_id),
                phones.get(frame.uploaded_by_id) if frame.uploaded_by_id != frame.device_id else None,
                person.name if person else None,
                workers.get(said.id) if said else None,
                sessions.get(event.session_id if event else said.session if said else None),
            )
        )
    return entries


def _by_id(model: type[Row], ids: set[UUID | None], *options: Any) -> dict[UUID | None, Row]:
    column = model.__table__.c.id  # type: ignore[attr-defined]
    found = db.session.scalars(
        sa.select(model).where(column.in_({one for one in ids if one is not None})).options(*options)
    ).unique()
    return {row.id: row for row in found}  # type: ignore[attr-defined]


def _workers_in(bodies: Sequence[Body]) -> dict[UUID, str]:
    """The worker's name behind each body's badge, enrollment or walk-in, by the body's id."""
    badges = {body.badge_hash for body in bodies if body.badge_hash}
    holders = {
        badge.badge_hash: badge.worker.name
        for badge in db.session.scalars(
            sa.select(Badge).where(Badge.badge_hash.in_(badges)).options(joinedload(Badge.worker))
        )
    }
    enrolled = _by_id(Enrollment, {body.enrollment for body in bodies})
    names = {}
    for body in bodies:
        enrollment = enrolled.get(body.enrollment)
        name = enrollment.worker.name if enrollment else holders.get(body.badge_hash or "")
        if name is None and body.walk_in is not None:
            name = body.walk_in.name
        if name is not None:
            names[body.id] = name
    return names


def _corrected(body: Body) -> CorrectedTime:
    return corrected_time(body.wall_ms, body.mono_ms, body.boot, body.synced())


def _time_of(body: Body) -> datetime | None:
    at_ms = _corrected(body).at_ms
    return from_ms(at_ms) if 0 <= at_ms <= LATEST_MS else None


def sessions_near(entry: Entry, visible: sa.Select[Session]) -> sa.Select[Session]:
    """Sessions to which a frame may belong: about its time, and about its arrival where that is in doubt."""
    told = [entry.at] if entry.at else []
    moments = told if entry.is_sure else [*told, entry.frame.arrived_at]
    about = [
        sa.and_(Session.starts_at <= moment + AROUND, Session.ends_at >= moment - AROUND)
        for moment in moments
    ]
    return (
        visible.where(sa.or_(*about))
        .options(joinedload(Session.worksite), joinedload(Session.cohort))
        .order_by(Session.starts_at, Session.id)
        .limit(60)
    )


def enrollments_of(session: Session) -> sa.Select[Enrollment]:
    """The roster of a session's cohort by name, those who withdrew as well."""
    return (
        sa.select(Enrollment)
        .join(Worker, Worker.id == Enrollment.worker_id)
        .where(Enrollment.cohort_id == session.cohort_id, Worker.merged_into_id.is_(None))
        .order_by(Worker.family_name, Worker.given_name, Enrollment.id)
    )


def decision_log(frame: InboxFrame) -> list[tuple[FrameDecision, str]]:
    """Every decision about a frame with the name of who made it, the latest first."""
    rows = db.session.execute(
        sa.select(FrameDecision, Person.name)
        .join(Person, Person.id == FrameDecision.by_id)
        .where(FrameDecision.hash == frame.hash, FrameDecision.damaged == frame.damaged)
        .order_by(FrameDecision.id.desc())
    )
    return [(decision, name) for decision, name in rows]
