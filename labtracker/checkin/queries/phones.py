"""Phones as the office sees them: what each has sent, what is missing from it, and what worries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Device, DeviceTrainer
from labtracker.checkin.models import EVENTS, FRAMES, Event, InboxFrame, Watermark
from labtracker.checkin.rules.phones import NEAR, PhoneSigns, worries
from labtracker.checkin.rules.watermark import Mark, Span, missing
from labtracker.extensions import db
from labtracker.scheduling.models import CrewMember, Session, SessionTrainer

CONTRADICTING = ("conflict", "fork")
LATEST = 20
# What the intake noticed about a record and somebody should know; being a make-up is nothing odd.
ODD = frozenset(
    {
        "ambiguous_code",
        "bad_seal",
        "badge_mismatch",
        "conflict",
        "fork",
        "not_enrolled",
        "not_on_crew",
        "revoked_badge",
        "trainer_lapsed",
        "trainer_left",
        "unknown_badge",
        "unknown_enrollment",
        "unknown_trainer",
        "walk_in_refused",
    }
)


def is_paired(token_fingerprint: str) -> bool:
    """Whether any phone has this token: a look of its own, which asks for no place among the writers."""
    paired = sa.select(Device.id).where(Device.token_fingerprint == token_fingerprint)
    with db.engine.connect().execution_options(writes=False) as connection:
        return connection.execute(paired).first() is not None


@dataclass(frozen=True)
class HeldChain:
    """One chain of records: the last number held without a gap, and what of it is not."""

    incarnation: str
    have: int
    missing: list[Span]
    lost: list[Span]
    backed_up: int
    updated_at: datetime

    @property
    def unsaved(self) -> int:
        """How many records lie here and not in both of the last two backups."""
        return max(0, self.have - self.backed_up)


@dataclass
class HeldPhone:
    """A phone with its chains, the one it writes now first, and what needs a look."""

    device: Device
    chains: list[HeldChain] = field(default_factory=list)
    set_aside: int = 0
    contradictions: int = 0
    next_session_at: datetime | None = None
    worries: list[str] = field(default_factory=list)

    @property
    def have(self) -> int:
        """How many records are held, over all chains."""
        return sum(chain.have for chain in self.chains)

    @property
    def missing(self) -> list[Span]:
        """What the phone has and the server lacks, over all chains."""
        return [span for chain in self.chains for span in chain.missing]

    @property
    def lost(self) -> list[Span]:
        """What the phone says that it lost, over all chains."""
        return [span for chain in self.chains for span in chain.lost]

    @property
    def unsaved(self) -> int:
        """How many records wait for a backup."""
        return sum(chain.unsaved for chain in self.chains)


@dataclass(frozen=True)
class Arrival:
    """What came in at one moment: how many records, from where to where, and by which other phone."""

    at: datetime
    count: int
    first: int
    last: int
    carrier: str | None


def held_phones(
    devices: Sequence[Device], *, version: str, now: datetime, keeps_all: bool = False
) -> list[HeldPhone]:
    """These phones with all that is known of them, in a fixed number of statements.

    ``version`` is the app that is served now; ``keeps_all`` counts what arrived as backed up (the demo).
    """
    ids = [device.id for device in devices]
    chains = _chains(ids, keeps_all=keeps_all)
    aside = _counted(ids, FRAMES.c.verdict == "quarantined", FRAMES.c.resolved_at.is_(None))
    contradictions = _counted(ids, FRAMES.c.verdict.in_(CONTRADICTING))
    sessions = _next_sessions(ids, now)
    found = []
    for device in devices:
        phone = HeldPhone(
            device,
            chains[device.id],
            aside.get(device.id, 0),
            contradictions.get(device.id, 0),
            sessions.get(device.id),
        )
        phone.worries = worries(_signs(phone), version=version, now=now)
        found.append(phone)
    return found


def _signs(phone: HeldPhone) -> PhoneSigns:
    device = phone.device
    return PhoneSigns(
        seen_at=device.last_seen_at,
        next_session_at=phone.next_session_at,
        told_version=device.app_version if device.is_version_told else None,
        persisted=device.is_persisted,
        missing=bool(phone.missing),
        lost=bool(phone.lost),
        forked=phone.contradictions > 0,
        revoked=device.revoked_at is not None,
    )


def _chains(ids: Collection[UUID], *, keeps_all: bool) -> dict[UUID, list[HeldChain]]:
    marks = db.session.scalars(
        sa.select(Watermark).where(Watermark.device_id.in_(ids)).order_by(Watermark.updated_at.desc())
    ).all()
    above = _stored_above([mark for mark in marks if mark.highest_seq > mark.have_seq])
    chains: dict[UUID, list[HeldChain]] = defaultdict(list)
    for mark in marks:
        lost = [(first, last) for first, last in mark.lost]
        stored = above.get((mark.device_id, mark.incarnation), [])
        chains[mark.device_id].append(
            HeldChain(
                mark.incarnation,
                mark.have_seq,
                missing(Mark(mark.have_seq), stored, lost),
                lost,
                mark.have_seq if keeps_all else mark.durable_seq or 0,
                mark.updated_at,
            )
        )
    return chains


def _stored_above(marks: Collection[Watermark]) -> dict[tuple[UUID, str], list[int]]:
    """The numbers of the records that wait above a gap."""
    found: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    if not marks:
        return found
    gaps = [
        sa.and_(
            FRAMES.c.device_id == mark.device_id,
            FRAMES.c.incarnation == mark.incarnation,
            FRAMES.c.seq > mark.have_seq,
        )
        for mark in marks
    ]
    rows = db.session.execute(
        sa.select(FRAMES.c.device_id, FRAMES.c.incarnation, FRAMES.c.seq).where(
            FRAMES.c.in_chain, sa.or_(*gaps)
        )
    )
    for row in rows:
        found[row.device_id, row.incarnation].append(row.seq)
    return found


def _counted(ids: Collection[UUID], *wanted: sa.ColumnElement[bool]) -> dict[UUID, int]:
    rows = db.session.execute(
        sa.select(FRAMES.c.device_id, sa.func.count())
        .where(FRAMES.c.device_id.in_(ids), *wanted)
        .group_by(FRAMES.c.device_id)
    )
    return {row[0]: row[1] for row in rows}


def _next_sessions(ids: Collection[UUID], now: datetime) -> dict[UUID, datetime]:
    """When the trainers of each phone teach next, if that is soon."""
    near = sa.and_(
        DeviceTrainer.device_id.in_(ids),
        Session.cancelled_at.is_(None),
        Session.ends_at > now,
        Session.starts_at <= now + NEAR,
    )
    columns = (DeviceTrainer.device_id, Session.starts_at)
    crewed = (
        sa.select(*columns)
        .join(CrewMember, CrewMember.person_id == DeviceTrainer.person_id)
        .join(Session, Session.deployment_id == CrewMember.deployment_id)
        .where(near)
    )
    named = (
        sa.select(*columns)
        .join(SessionTrainer, SessionTrainer.person_id == DeviceTrainer.person_id)
        .join(Session, Session.id == SessionTrainer.session_id)
        .where(near)
    )
    teach = sa.union_all(crewed, named).subquery()
    rows = db.session.execute(
        sa.select(teach.c.device_id, sa.func.min(teach.c.starts_at)).group_by(teach.c.device_id)
    )
    return {row[0]: row[1] for row in rows}


def latest_arrivals(device_id: UUID) -> list[Arrival]:
    """What last came in of a phone's records, the latest first."""
    carrier = sa.orm.aliased(Device)
    rows = db.session.execute(
        sa.select(
            FRAMES.c.arrived_at,
            sa.func.count(),
            sa.func.min(FRAMES.c.seq),
            sa.func.max(FRAMES.c.seq),
            carrier.name,
        )
        .outerjoin(carrier, sa.and_(carrier.id == FRAMES.c.uploaded_by_id, carrier.id != device_id))
        .where(FRAMES.c.device_id == device_id)
        .group_by(FRAMES.c.arrived_at, FRAMES.c.uploaded_by_id, carrier.name)
        .order_by(FRAMES.c.arrived_at.desc())
        .limit(LATEST)
    )
    return [Arrival(*row) for row in rows]


def odd_records(device_id: UUID) -> list[tuple[InboxFrame, Event]]:
    """A phone's latest records about which the intake noticed something."""
    told = sa.cast(EVENTS.c.flags, sa.String)
    rows: Sequence[Any] = db.session.execute(
        sa.select(InboxFrame, Event)
        .join(Event, Event.frame_id == InboxFrame.id)
        .where(
            InboxFrame.device_id == device_id,
            sa.or_(*(told.contains(f'"{flag}"', autoescape=True) for flag in sorted(ODD))),
        )
        .order_by(InboxFrame.id.desc())
        .limit(LATEST)
    ).all()
    return [(frame, event) for frame, event in rows]
