"""An upload: a verdict for each item, everything kept, attendance brought up to date, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Device, DeviceTrainer
from labtracker.checkin.bodies import Body
from labtracker.checkin.models import SystemState, Watermark
from labtracker.checkin.queries.decisions import decisions_on
from labtracker.checkin.queries.rights import TRAINER_LEFT
from labtracker.checkin.queries.tenures import TENURE_COLUMNS, Trainers, tenures_in, with_tenures
from labtracker.checkin.rules.decisions import counts
from labtracker.checkin.rules.watermark import Link, Mark, advanced, joined, missing
from labtracker.checkin.services.contact import UNHEARD, Contact
from labtracker.checkin.services.inbox import (
    Chain,
    Known,
    Seen,
    append_frames,
    known_frames,
    links_above,
    write_watermark,
)
from labtracker.checkin.services.lateness import known_of_upload
from labtracker.checkin.services.projecting import Told, event_row, flag_events, insert_events
from labtracker.checkin.services.reading import Item
from labtracker.checkin.services.reassigning import reassigned
from labtracker.checkin.services.resolving import Resolver
from labtracker.checkin.services.sealing import covered_by_seal, is_sealed
from labtracker.checkin.services.settling import reach_of, settle
from labtracker.kit.time import to_ms
from labtracker.statements import run

# A storage loses runs of records. Who tells of more runs than this is not believed, and keeps what it has.
MOST_LOST = 200


@dataclass(frozen=True, slots=True)
class Bearer:
    """The phone that speaks, the phone it speaks of (its own, or one it carries for), and their chain."""

    device_id: UUID
    owner_revoked: bool
    is_own: bool
    owner_key: dict[str, Any] | None
    trainers: Trainers
    chain: Chain
    epoch: UUID | None
    backed_up_to: int
    contact: Contact = UNHEARD


@dataclass(slots=True)
class Receipt:
    """What an upload came to: the items with their verdicts, and the chain after it.

    Whoever could not prove to speak for the chain (``proved``) learns nothing of it.
    """

    items: list[Item]
    mark: Mark = field(default_factory=Mark)
    missing: list[tuple[int, int]] = field(default_factory=list)
    durable: Mark = field(default_factory=Mark)
    proved: bool = False


def bearer_of(
    token_fingerprint: str, device_id: UUID, incarnation: str, *, carried: bool = False
) -> Bearer | None:
    """Everything about a token, the phone named in the envelope and its chain, in one statement.

    What a phone had from another one (``carried``) is not its own, whatever name stands on it.
    """
    rows = run(_bearer_query(), token=token_fingerprint, device=device_id, incarnation=incarnation).all()
    if not rows:
        return None
    row = rows[0]
    return Bearer(
        device_id=row.id,
        owner_revoked=row.owner_revoked_at is not None,
        is_own=row.id == device_id and not carried,
        # Nobody carries frames for the web: they never leave the server.
        owner_key=None if row.is_web else row.public_key,
        trainers=None if row.is_web else tenures_in(rows),
        chain=Chain.from_row(device_id, incarnation, row),
        epoch=row.epoch,
        backed_up_to=row.backed_up_to or 0,
        contact=Contact(row.last_seen_at, row.app_version if row.is_version_told else None, row.is_persisted),
    )


@cache
def _bearer_query() -> sa.Select[*tuple[Any, ...]]:
    owner = sa.orm.aliased(Device)
    device = sa.bindparam("device", type_=sa.Uuid)
    chain = sa.and_(Watermark.device_id == device, Watermark.incarnation == sa.bindparam("incarnation"))
    query = (
        sa.select(
            Device.id,
            Device.last_seen_at,
            Device.app_version,
            Device.is_version_told,
            Device.is_persisted,
            owner.public_key,
            owner.revoked_at.label("owner_revoked_at"),
            owner.is_web,
            *TENURE_COLUMNS,
            Watermark.uploads,
            Watermark.have_seq,
            Watermark.have_hash,
            Watermark.highest_seq,
            Watermark.lost,
            Watermark.durable_seq,
            Watermark.durable_hash,
            sa.select(SystemState.epoch).scalar_subquery().label("epoch"),
            sa.select(SystemState.backed_up_to).scalar_subquery().label("backed_up_to"),
        )
        .select_from(Device)
        .outerjoin(owner, owner.id == device)
        .outerjoin(DeviceTrainer, DeviceTrainer.device_id == owner.id)
        .outerjoin(Watermark, chain)
        .where(Device.token_fingerprint == sa.bindparam("token"))
    )
    return with_tenures(query)


def receive_upload(
    bearer: Bearer, items: list[Item], *, seal: str | None, lost: Sequence[int], now: datetime
) -> Receipt:
    """Keep every item, judge it, project what counts, and move the watermark.

    Raises OvertakenError when another upload of the same chain came between; nothing is kept then.
    """
    chain = bearer.chain
    proved = _prove(bearer, items, seal)
    known = known_frames(chain.device_id, chain.incarnation, items)
    fresh = _judge(items, known, revoked=bearer.owner_revoked)
    told, resolver = _place(fresh, known, bearer, now)
    for item in fresh:
        item.verdict = item.verdict or item.contradicts or "stored"
    if fresh:
        numbers = append_frames(
            fresh,
            device_id=chain.device_id,
            incarnation=chain.incarnation,
            uploaded_by=bearer.device_id,
            now=now,
        )
        for item, number in zip(fresh, numbers, strict=True):
            if item.key in told:
                told[item.key].frame_id = number
        flag_events(known.marked)
    if told:
        project(list(told.values()), resolver, now=now)
    gaps: list[tuple[int, int]] = []
    if proved:
        gaps = _advance(chain, fresh, lost if bearer.is_own and not bearer.owner_revoked else ())
        write_watermark(chain, now=now)
    _tell_durable(items, bearer)
    return Receipt(items, chain.mark, gaps, chain.durable, proved=True) if proved else Receipt(items)


def _tell_durable(items: list[Item], bearer: Bearer) -> None:
    """Repeat what was said about each item before, and say which of them both backups hold."""
    for item in items:
        if item.earlier is not None:
            item.code, item.chained = item.earlier.code, item.earlier.chained
            # Without proof it may not leave the phone that made it, whose own upload proves it; who carries a
            # copy is free of it once both backups hold the bytes.
            stored = item.earlier.frame_id if isinstance(item.earlier, Seen) else None
            safe = stored is not None and stored <= bearer.backed_up_to
            item.durable = safe and (item.chained or not bearer.is_own)


def _prove(bearer: Bearer, items: list[Item], seal: str | None) -> bool:
    """Mark what a relay cannot prove, and a phone's own seal that does not fit.

    Gives whether the bearer may speak for the chain: it is its own, or its maker's seal reaches an item.
    """
    chain = bearer.chain
    good = bool(
        seal
        and items
        and is_sealed(seal, bearer.owner_key, str(chain.device_id), chain.incarnation, items[-1])
    )
    if bearer.is_own:
        if seal and items and bearer.owner_key and not good:
            for item in items:
                item.flags.add("bad_seal")
        return True
    covered = covered_by_seal(items) if good else set()
    for position, item in enumerate(items):
        if position not in covered and item.kept:
            item.chained = False
            item.set_aside("unproved_relay")
    return bool(covered)


def _judge(items: list[Item], known: Known, *, revoked: bool) -> list[Item]:
    """Tell new items from those here before, and find what contradicts what."""
    fresh = []
    for item in items:
        if not item.kept:
            continue
        item.earlier = known.same_as(item)
        if item.earlier is not None:
            item.verdict = "duplicate"
            continue
        if revoked and item.verdict is None:
            item.set_aside("device_revoked")
        known.contradict(item)
        if item.verdict is None and "bad_seal" in item.flags:
            item.code = "bad_seal"
        known.add(item)
        fresh.append(item)
    return fresh


def _place(
    fresh: Sequence[Item], known: Known, bearer: Bearer, now: datetime
) -> tuple[dict[bytes, Told], Resolver]:
    """Where each readable body belongs; what belongs nowhere is set aside."""
    # A relay brought the same bytes before, and a coordinator may have said where they belong.
    decisions = decisions_on(
        {(item.key, False) for item in fresh if isinstance(known.frames.get((item.key, False, False)), Seen)}
    )
    readable = [
        (item, reassigned(item.body, decisions.get((item.key, False))))
        for item in fresh
        if item.verdict is None and isinstance(item.body, Body)
    ]
    since = known_of_upload(readable, known, bearer.chain, bearer.trainers, now)
    resolver = Resolver([body for _item, body in readable], now=now)
    told = {}
    for item, body in readable:
        known_ms = since.get(item.key, to_ms(now))
        one = Told(body, resolver.place(body), known_ms, item.flags, bearer.trainers)
        decision = decisions.get((item.key, False))
        if one.is_late_decision and not counts(
            "quarantined", TRAINER_LEFT, decision.kind if decision else None, late=True
        ):
            item.set_aside(TRAINER_LEFT)
        elif one.placed.code is not None:
            item.set_aside(one.placed.code)
        else:
            told[item.key] = one
    return told, resolver


def project(told: Sequence[Told], resolver: Resolver, *, now: datetime) -> None:
    """Write the events and all that follows from them; tell the slices above."""
    rows = [event_row(one) for one in told]
    insert_events(rows)
    settle(reach_of(rows), resolver.sessions, resolver.enrolled(), now=now)


def _advance(chain: Chain, fresh: Sequence[Item], lost: Sequence[int]) -> list[tuple[int, int]]:
    """Move the chain's watermark; gives the ranges that are missing below the highest stored frame."""
    if lost and len(spans := joined(chain.lost, lost)) <= MOST_LOST:
        chain.lost = spans
    links = [
        Link(item.seq, item.key.hex(), item.prev, item.damaged)
        for item in fresh
        if item.chained and item.seq is not None
    ]
    if chain.highest > chain.mark.seq:
        # Frames from earlier uploads wait above a gap.
        links = links_above(chain.device_id, chain.incarnation, chain.mark)
    chain.mark = advanced(chain.mark, links, chain.lost)
    chain.highest = max([chain.highest, *(link.seq for link in links)])
    return missing(chain.mark, [link.seq for link in links], chain.lost)
