"""What two backups prove, which are kept, when one is overdue, and how a day of the inbox is hashed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from labtracker.kit.time import to_ms

DAY = timedelta(days=1)
NO_HEAD = bytes(32)
NAME = re.compile(r"labtracker-(\d{8}T\d{6}Z)-[0-9a-f]{8}\.(sqlite|pgdump)(\.age)?")

Kind = Literal["sqlite", "postgresql"]
ENDINGS: dict[Kind, str] = {"sqlite": "sqlite", "postgresql": "pgdump"}


@dataclass(frozen=True, slots=True)
class Held:
    """How far a backup holds one phone's chain without a gap."""

    seq: int
    hash: str


def durable_mark(older: Held | None, newer: Held | None) -> Held | None:
    """The place up to which each of two backups holds a chain; none when that cannot be said.

    In a database that only grows the newer backup is never behind the older one, nor of another mind about
    the same place. Where it is, they are not two backups of one history, and nothing follows from them.
    """
    if older is None or newer is None or newer.seq < older.seq:
        return None
    if newer.seq == older.seq and newer.hash != older.hash:
        return None
    return older


def backup_name(kind: Kind, taken_at: datetime, chance: str, *, encrypted: bool) -> str:
    """The file's name: it sorts by time, and ``chance`` keeps two of one second apart."""
    ending = ".age" if encrypted else ""
    return f"labtracker-{taken_at:%Y%m%dT%H%M%SZ}-{chance}.{ENDINGS[kind]}{ending}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup as rotation sees it; ``counts`` is for verified ones of this database's own history."""

    name: str
    taken_at: datetime
    counts: bool


def to_remove(backups: Iterable[Kept], *, newest: int, days: int, now: datetime) -> set[str]:
    """Names of backups that nobody needs any more.

    Kept are the newest ones, the last one of each day for so many days, and always the last two that count,
    whatever the numbers say. One that does not count takes nobody's place, and goes when its days are over.
    """
    ordered = sorted(backups, key=lambda one: (one.taken_at, one.name), reverse=True)
    counting = [one for one in ordered if one.counts]
    kept = {one.name for one in counting[: max(newest, 2)]}
    seen: set[date] = set()
    for one in counting:
        day = one.taken_at.date()
        if day not in seen and now - one.taken_at < days * DAY:
            kept.add(one.name)
        seen.add(day)
    kept |= {one.name for one in ordered if not one.counts and now - one.taken_at < max(days, 1) * DAY}
    return {one.name for one in ordered} - kept


def is_overdue(
    last_good: datetime | None, begun: datetime | None, *, every_hours: float, now: datetime
) -> bool:
    """Whether administrators should hear of it: no good backup for a day, or for longer than the schedule.

    ``begun`` is when a backup was first tried, for where none has ever been good.
    """
    since = last_good or begun
    # Two hours for a backup to be made in.
    patience = max(DAY, timedelta(hours=every_hours)) + timedelta(hours=2)
    return since is not None and now - since > patience


def next_due(last_taken: datetime | None, *, every_hours: float, failed: bool, now: datetime) -> datetime:
    """When the schedule wants the next backup; one that failed is tried again within the hour."""
    if last_taken is None:
        return now
    pause = timedelta(hours=every_hours)
    return last_taken + (min(pause, timedelta(hours=1)) if failed else pause)


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What of a stored frame never changes. ``raw_hash`` can outlive the bytes, should they be purged."""

    id: int
    hash: bytes
    raw_hash: bytes
    device: str
    incarnation: str
    seq: int
    arrived_at: datetime
    in_chain: bool
    damaged: bool


def frame_line(frame: FrameFacts) -> bytes:
    """A frame's line in its day's hash."""
    parts = (
        frame.hash.hex(),
        frame.raw_hash.hex(),
        frame.device,
        frame.incarnation,
        str(frame.seq),
        str(to_ms(frame.arrived_at)),
        f"{frame.in_chain:d}{frame.damaged:d}",
    )
    return "|".join(parts).encode() + b"\n"


def day_hash(day: date, previous: bytes, frames: Sequence[FrameFacts]) -> bytes:
    """The hash of a day's frames in the order of their row numbers, chained to the day before."""
    digest = hashlib.sha256(f"labtracker-day-1|{day.isoformat()}|{previous.hex()}|{len(frames)}\n".encode())
    for frame in frames:
        digest.update(frame_line(frame))
    return digest.digest()
