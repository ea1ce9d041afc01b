"""What really lies inside a backup file: it is restored and read, not believed."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from labtracker.backups.snapshots import postgresql
from labtracker.checkin.models import FRAMES
from labtracker.extensions import db

Frame = tuple[int, UUID, str, int, bytes]


def frames_inside(path: Path) -> set[Frame]:
    """Every record of a backup: row number, phone, incarnation, number, hash."""
    if path.suffix == ".sqlite":
        return _frames(sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool))
    here = make_url(db.engine.url)
    with postgresql.scratch_database(here) as scratch:
        assert scratch is not None
        postgresql.restore_into(scratch, path)
        return _frames(sa.create_engine(scratch, poolclass=sa.NullPool))


def frames_here() -> set[Frame]:
    """Every record of the application's own database."""
    return _frames(db.engine)


def _frames(engine: sa.Engine) -> set[Frame]:
    with engine.connect().execution_options(writes=False) as connection:
        rows = connection.execute(
            sa.select(FRAMES.c.id, FRAMES.c.device_id, FRAMES.c.incarnation, FRAMES.c.seq, FRAMES.c.hash)
        )
        return {(row.id, row.device_id, row.incarnation, row.seq, bytes(row.hash)) for row in rows}
