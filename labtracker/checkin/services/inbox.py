"""The append-only inbox: what is there already, what is new, how far each chain is whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from labtracker.checkin.bodies import Body, Undecodable
from labtracker.checkin.models import FRAMES, WATERMARKS
from labtracker.checkin.rules.watermark import Link, Mark
from labtracker.checkin.services.reading import Item
from labtracker.extensions import db
from labtracker.statements import run, some

NOBODY = UUID(int=0)


class OvertakenError(Exception):
    """Another request changed the same chain meanwhile; begin again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was decided about a stored frame."""

    verdict: str
    code: str | None
    chained: bool
    frame_id: int


@dataclass(slots=True)
class Known:
    """What the inbox already holds that an upload may repeat or contradict."""

    frames: dict[tuple[bytes, bool, bool], Item | Seen] = field(default_factory=dict)
    at_seq: dict[int, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    with_id: dict[UUID, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    frame_ids: dict[bytes, int] = field(default_factory=dict)
    # Stored frames that the batch contradicts, with the flags that their events must carry now.
    marked: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def same_as(self, item: Item) -> Item | Seen | None:
        """The earlier frame or item if these bytes are here, also where better ones are."""
        for chained, damaged in ((True, False), (True, True), (False, False), (False, True)):
            if (damaged and not item.damaged) or (not chained and item.chained):
                continue
            if item.code == "wrong_header" and not damaged:
                continue  # the true owner's frame says nothing about this chain
            found = self.frames.get((item.key, chained, damaged))
            if found is not None:
                return found
        return None

    def contradict(self, item: Item) -> None:
        """Flag an item, and what it contradicts: same id or same place in the chain, other bytes."""
        if not item.chained:
            return
        nothing: set[bytes] = set()
        for flag, hashes in (
            ("conflict", self.with_id.get(event_id_of(item) or NOBODY, nothing)),
            ("fork", self.at_seq.get(item.seq or 0, nothing)),
        ):
            others: set[bytes] = {*hashes} - {item.key}
            if not others:
                continue
            item.contradicts = flag
            item.flags.add(flag)
            for other in others:
                if other in self.frame_ids:
                    self.marked[self.frame_ids[other]].add(flag)
                elif isinstance(first := self.frames.get((other, True, False)), Item):
                    first.flags.add(flag)

    def add(self, item: Item) -> None:
        """Remember an item of the batch, for those that come after it."""
        self.frames[item.key, item.chained, item.damaged] = item
        if item.chained and item.seq is not None:
            self.at_seq[item.seq].add(item.key)
            if (event_id := event_id_of(item)) is not None:
                self.with_id[event_id].add(item.key)


def event_id_of(item: Item) -> UUID | None:
    """The id in an item's body, if it could be read."""
    return item.body.id if isinstance(item.body, (Body, Undecodable)) else None


def known_frames(device_id: UUID, incarnation: str, items: Sequence[Item]) -> Known:
    """What the inbox holds with the hash, the number or the event id of any of these items."""
    known = Known()
    hashes = {item.key for item in items if item.kept}
    if not hashes:
        return known
    seqs = {item.seq for item in items if item.seq}
    ids = {event_id for item in items if (event_id := event_id_of(item))}
    rows = run(
        _known_query(), hashes=hashes, device=device_id, incarnation=incarnation, seqs=seqs, event_ids=ids
    )
    for row in rows:
        found = bytes(row.hash)
        known.frames[found, row.in_chain, row.damaged] = Seen(row.verdict, row.code, row.in_chain, row.id)
        if row.in_chain:
            if (row.device_id, row.incarnation) == (device_id, incarnation):
                known.at_seq[row.seq].add(found)
            if row.event_id is not None and not row.damaged:
                known.with_id[row.event_id].add(found)
                known.frame_ids[found] = row.id
    return known


@cache
def _known_query() -> sa.Select[*tuple[Any, ...]]:
    in_place = sa.and_(
        FRAMES.c.device_id == sa.bindparam("device"),
        FRAMES.c.incarnation == sa.bindparam("incarnation"),
        FRAMES.c.seq.in_(some("seqs")),
    )
    return sa.select(
        FRAMES.c.id,
        FRAMES.c.hash,
        FRAMES.c.device_id,
        FRAMES.c.incarnation,
        FRAMES.c.seq,
        FRAMES.c.event_id,
        FRAMES.c.in_chain,
        FRAMES.c.damaged,
        FRAMES.c.verdict,
        FRAMES.c.code,
    ).where(
        sa.or_(
            FRAMES.c.hash.in_(some("hashes")),
            in_place,
            FRAMES.c.event_id.in_(some("event_ids")),
        )
    )


def append_frames(
    items: Sequence[Item], *, device_id: UUID, incarnation: str, uploaded_by: UUID, now: datetime
) -> list[int]:
    """Write new items to the inbox as they came; their row numbers, in the same order."""
    rows = [
        {
            "hash": item.key,
            "device_id": device_id,
            "incarnation": incarnation,
            "seq": item.seq or 0,
            "prev": bytes.fromhex(item.prev) if item.prev else None,
            "raw": item.raw,
            "event_id": event_id_of(item),
            "arrived_at": now,
            "uploaded_by_id": uploaded_by,
            "verdict": item.verdict,
            "code": item.code,
            "in_chain": item.chained,
            "damaged": item.damaged,
        }
        for item in items
    ]
    written = db.session.connection().execute(_append_statement(db.engine.dialect.name), rows)
    numbers = {(bytes(row.hash), row.in_chain, row.damaged): row.id for row in written}
    if len(numbers) != len(rows):
        raise OvertakenError
    return [numbers[item.key, item.chained, item.damaged] for item in items]


@cache
def _append_statement(dialect: str) -> sa.Executable:
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(FRAMES)
    return insert.on_conflict_do_nothing().returning(
        FRAMES.c.id, FRAMES.c.hash, FRAMES.c.in_chain, FRAMES.c.damaged
    )


def links_above(device_id: UUID, incarnation: str, mark: Mark) -> list[Link]:
    """The chain's stored frames above a watermark, in the order of their arrival."""
    rows = db.session.execute(
        sa.select(FRAMES.c.seq, FRAMES.c.hash, FRAMES.c.prev, FRAMES.c.damaged)
        .where(
            FRAMES.c.device_id == device_id,
            FRAMES.c.incarnation == incarnation,
            FRAMES.c.seq > mark.seq,
            FRAMES.c.in_chain,
        )
        .order_by(FRAMES.c.id)
    )
    return [
        Link(row.seq, bytes(row.hash).hex(), bytes(row.prev).hex() if row.prev else None, row.damaged)
        for row in rows
    ]


@dataclass(slots=True)
class Chain:
    """One phone's chain as the server holds it: the watermark row before and after an upload."""

    device_id: UUID
    incarnation: str
    uploads: int = 0
    mark: Mark = field(default_factory=Mark)
    highest: int = 0
    lost: list[tuple[int, int]] = field(default_factory=list)
    durable: Mark = field(default_factory=Mark)

    @classmethod
    def from_row(cls, device_id: UUID, incarnation: str, row: Any) -> Chain:
        """The chain as its watermark row tells it; a new one when there is no row yet."""
        if row.uploads is None:
            return cls(device_id, incarnation)
        mark = _mark(row.have_seq, row.have_hash)
        lost = [(first, last) for first, last in row.lost]
        durable = _mark(row.durable_seq, row.durable_hash)
        return cls(device_id, incarnation, row.uploads, mark, row.highest_seq, lost, durable)


def _mark(seq: int | None, found: bytes | None) -> Mark:
    return Mark(seq, bytes(found).hex()) if seq and found else Mark()


def write_watermark(chain: Chain, *, now: datetime) -> None:
    """Write the row of every upload, also when nothing is new.

    Raises OvertakenError when another upload of the same chain came between.
    """
    written = run(
        _watermark_statement(db.engine.dialect.name),
        device_id=chain.device_id,
        incarnation=chain.incarnation,
        have_seq=chain.mark.seq,
        have_hash=bytes.fromhex(chain.mark.hash) if chain.mark.seq else None,
        highest_seq=chain.highest,
        uploads=chain.uploads + 1,
        updated_at=now,
        lost=[list(span) for span in chain.lost],
        uploads_before=chain.uploads,
    ).one_or_none()
    if written is None:
        raise OvertakenError


@cache
def _watermark_statement(dialect: str) -> sa.Executable:
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(WATERMARKS)
    changed = ("have_seq", "have_hash", "highest_seq", "uploads", "updated_at", "lost")
    return insert.on_conflict_do_update(
        index_elements=["device_id", "incarnation"],
        set_={name: insert.excluded[name] for name in changed},
        where=WATERMARKS.c.uploads == sa.bindparam("uploads_before"),
    ).returning(WATERMARKS.c.uploads)
