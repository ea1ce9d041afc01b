"""What a database holds that a backup must hold too: read the same way in every place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from labtracker.backups.models import InboxDay
from labtracker.backups.rules import Held
from labtracker.checkin.models import FRAMES, SYSTEM, WATERMARKS

Chain = tuple[UUID, str]
_revision = sa.table("alembic_version", sa.column("version_num", sa.String))


@dataclass(frozen=True, slots=True)
class Contents:
    """Counts and marks of a database: its records, how far each chain is whole, its last closed day."""

    migration: str
    epoch: UUID | None
    frames: int
    last_frame_id: int
    marks: Mapping[Chain, Held] = field(default_factory=dict)
    head: tuple[str, str] | None = None


def read_contents(connection: sa.Connection) -> Contents:
    """Count and read; the connection's transaction must be one snapshot."""
    counted = connection.execute(sa.select(sa.func.count(), sa.func.max(FRAMES.c.id))).one()
    marks = {
        (row.device_id, row.incarnation): Held(row.have_seq, bytes(row.have_hash).hex())
        for row in connection.execute(
            sa.select(
                WATERMARKS.c.device_id,
                WATERMARKS.c.incarnation,
                WATERMARKS.c.have_seq,
                WATERMARKS.c.have_hash,
            ).where(WATERMARKS.c.have_seq > 0, WATERMARKS.c.have_hash.is_not(None))
        )
    }
    day = connection.execute(
        sa.select(InboxDay.day, InboxDay.hash).order_by(InboxDay.day.desc()).limit(1)
    ).one_or_none()
    return Contents(
        migration=connection.execute(sa.select(_revision.c.version_num)).scalar_one(),
        epoch=connection.execute(sa.select(SYSTEM.c.epoch)).scalar_one_or_none(),
        frames=counted[0],
        last_frame_id=counted[1] or 0,
        marks=marks,
        head=(day.day.isoformat(), bytes(day.hash).hex()) if day else None,
    )
