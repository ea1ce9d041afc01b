"""What is written down about backups, and what phones are told in consequence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.backups.models import Backup, BackupCopy, BackupMark
from labtracker.backups.queries import counted_backups
from labtracker.backups.rules import Held, durable_mark
from labtracker.backups.snapshots.contents import Chain, Contents
from labtracker.checkin.rules.watermark import Mark
from labtracker.checkin.services.durability import claim_durable, hold_claims
from labtracker.extensions import db


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a backup on one target; ``error`` says why it is not a good copy."""

    target: str
    elsewhere: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup file: what is inside, how that was seen, how large it is and its hash."""

    contents: Contents
    proof: str
    size: int
    sha256: str


def begin_backup(name: str, targets: Iterable[str], *, now: datetime) -> UUID:
    """Write down that a backup is being made, so that one which breaks off leaves a trace."""
    backup = Backup(name=name, taken_at=now)
    backup.copies = [BackupCopy(target=target, elsewhere=False) for target in targets]
    db.session.add(backup)
    db.session.flush()
    return backup.id


def fail_backup(backup_id: UUID, error: str, *, now: datetime) -> None:
    """Write down why a backup did not come about."""
    _change(backup_id, finished_at=now, error=error[:300])


def finish_backup(backup_id: UUID, made: Made, copies: Sequence[Copied], *, now: datetime) -> None:
    """Write down a backup that was made and verified, and each of its copies."""
    _change(
        backup_id,
        finished_at=now,
        verified_at=now,
        proof=made.proof,
        migration=made.contents.migration,
        frames=made.contents.frames,
        last_frame_id=made.contents.last_frame_id,
        size=made.size,
        sha256=made.sha256,
    )
    for copied in copies:
        record_copy(backup_id, copied, now=now)
    rows = [
        {
            "backup_id": backup_id,
            "device_id": device_id,
            "incarnation": incarnation,
            "seq": held.seq,
            "hash": bytes.fromhex(held.hash),
        }
        for (device_id, incarnation), held in made.contents.marks.items()
    ]
    if rows:
        db.session.execute(sa.insert(BackupMark), rows)


def record_copy(backup_id: UUID, copied: Copied, *, now: datetime) -> None:
    """Write down that a copy was read back whole just now, or why it was not."""
    values: dict[str, object] = {"elsewhere": copied.elsewhere, "error": copied.error}
    if copied.error is None:
        values["verified_at"] = now
    db.session.execute(
        sa.update(BackupCopy)
        .where(BackupCopy.backup_id == backup_id, BackupCopy.target == copied.target)
        .values(**values)
    )


def record_removal(backup_id: UUID, targets: Iterable[str], *, now: datetime) -> None:
    """Write down that copies were taken away; a backup without copies is gone, and proves nothing more."""
    db.session.execute(
        sa.update(BackupCopy)
        .where(BackupCopy.backup_id == backup_id, BackupCopy.target.in_([*targets]))
        .values(removed_at=now)
    )
    left = sa.exists().where(BackupCopy.backup_id == backup_id, BackupCopy.removed_at.is_(None))
    if not db.session.scalar(sa.select(left)):
        _change(backup_id, removed_at=now)
        db.session.execute(sa.delete(BackupMark).where(BackupMark.backup_id == backup_id))


def settle_durable() -> dict[Chain, Mark]:
    """Tell phones what is inside each of the last two backups that count; nothing where there are not two."""
    hold_claims()
    pair = db.session.scalars(counted_backups().limit(2)).all()
    if len(pair) < 2:
        claim_durable({}, backed_up_to=0)
        return {}
    newer, older = (_marks_of(backup.id) for backup in pair)
    places = {}
    for chain in older:
        held = durable_mark(older[chain], newer.get(chain))
        if held is not None:
            places[chain] = Mark(held.seq, held.hash)
    claim_durable(places, backed_up_to=min(backup.last_frame_id for backup in pair))
    return places


def _marks_of(backup_id: UUID) -> dict[Chain, Held]:
    rows = db.session.scalars(sa.select(BackupMark).where(BackupMark.backup_id == backup_id))
    return {(row.device_id, row.incarnation): Held(row.seq, bytes(row.hash).hex()) for row in rows}


def _change(backup_id: UUID, **values: object) -> None:
    db.session.execute(sa.update(Backup).where(Backup.id == backup_id).values(**values))
