"""Named reads of backups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from labtracker.backups.models import Backup, BackupCopy
from labtracker.extensions import db

_here = sa.and_(BackupCopy.backup_id == Backup.id, BackupCopy.removed_at.is_(None))
_readable = sa.and_(_here, BackupCopy.verified_at.is_not(None), BackupCopy.error.is_(None))


def own_backups() -> sa.Select[Backup]:
    """Backups of this database's own history whose contents were opened and counted, the newest first."""
    return (
        sa.select(Backup)
        .where(Backup.verified_at.is_not(None), Backup.superseded_at.is_(None), Backup.removed_at.is_(None))
        .order_by(Backup.taken_at.desc(), Backup.name.desc())
    )


def counted_backups() -> sa.Select[Backup]:
    """Backups that count: read back whole from a place that outlives the database's disk; newest first."""
    elsewhere = sa.exists().where(_readable, BackupCopy.elsewhere)
    return own_backups().where(elsewhere)


def backups_on_targets() -> sa.Select[Backup]:
    """Every backup of which something may still lie on a target, whole or not."""
    return sa.select(Backup).where(Backup.removed_at.is_(None)).order_by(Backup.taken_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How backups stand: ``good`` is the newest read back anywhere, ``counted`` the last two that count."""

    begun_at: datetime | None
    good: Backup | None
    counted: list[Backup]
    last: Backup | None


def standing() -> Standing:
    """How backups stand now."""
    readable = sa.exists().where(_readable)
    return Standing(
        begun_at=db.session.scalar(sa.select(sa.func.min(Backup.taken_at))),
        good=db.session.scalar(own_backups().where(readable).limit(1)),
        counted=[*db.session.scalars(counted_backups().limit(2))],
        last=db.session.scalar(
            sa.select(Backup).order_by(Backup.taken_at.desc(), Backup.name.desc()).limit(1)
        ),
    )
