"""What a restored database must know about itself before anybody uses it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.backups.manifest import Manifest
from labtracker.backups.models import Backup, BackupCopy
from labtracker.backups.services.recording import Made, finish_backup
from labtracker.backups.snapshots.contents import read_contents
from labtracker.checkin.services.durability import claim_nothing
from labtracker.checkin.services.system import mint_epoch
from labtracker.extensions import db

Found = tuple[Manifest, str]


def take_over(
    restored: Manifest | None,
    target: str | None,
    superseded: Sequence[Found],
    *,
    known_epochs: Iterable[UUID],
    now: datetime,
) -> UUID:
    """Begin a new history in a database that came out of a backup; gives its new epoch.

    ``restored`` is the backup's manifest, where there is one, and ``target`` where it was taken from.
    ``superseded`` are backups of the history that ended: they stay where they are, and never count again.
    Nothing counts as durable until a backup of the new history stands beside the restored one.
    """
    contents = read_contents(db.session.connection())
    claim_nothing()
    for backup in db.session.scalars(sa.select(Backup).where(Backup.finished_at.is_(None))):
        backup.finished_at = now
        backup.error = "It was not finished in the database that was restored."
    if restored is not None:
        backup = _known(restored)
        backup.error = None
        if target is not None and target not in {copy.target for copy in backup.copies}:
            backup.copies.append(BackupCopy(target=target, elsewhere=False))
        db.session.flush()
        if backup.verified_at is None:
            # Its copies were not read back yet as far as this database knows; the next run does that.
            made = Made(contents, "restored", restored.size, restored.sha256)
            finish_backup(backup.id, made, [], now=now)
    for manifest, place in superseded:
        backup = _known(manifest)
        backup.superseded_at = backup.superseded_at or now
        backup.finished_at = backup.finished_at or now
        if place not in {copy.target for copy in backup.copies}:
            backup.copies.append(BackupCopy(target=place, elsewhere=False))
        db.session.flush()
    return mint_epoch(now=now, known=known_epochs)


def _known(manifest: Manifest) -> Backup:
    backup = db.session.scalar(sa.select(Backup).where(Backup.name == manifest.name))
    if backup is None:
        backup = Backup(
            name=manifest.name,
            taken_at=manifest.taken_at,
            frames=manifest.frames,
            last_frame_id=manifest.last_frame_id,
            size=manifest.size,
            sha256=manifest.sha256,
            migration=manifest.migration,
        )
        db.session.add(backup)
        db.session.flush()
    return backup
