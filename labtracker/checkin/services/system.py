"""This database's own history: its epoch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from labtracker.checkin.models import SYSTEM, SystemState
from labtracker.extensions import db
from labtracker.kit.ids import uuid7


def mint_epoch(*, now: datetime, known: Iterable[UUID] = ()) -> UUID:
    """A new epoch, later than any known: at init and at every restore.

    ``known`` are epochs that this database does not remember, such as those of backups made after it.
    """
    state = db.session.get(SystemState, 1)
    latest = max([*known, *([state.epoch] if state else [])], default=None)
    epoch = uuid7()
    if latest is not None and epoch <= latest:
        # A clock set back must not make an epoch that sorts before an older one.
        epoch = uuid7((latest.int >> 80) + 1)
    if state is None:
        db.session.add(SystemState(id=1, epoch=epoch, created_at=now))
    else:
        state.epoch = epoch
        state.created_at = now
    db.session.flush()
    return epoch


def ensure_epoch(*, now: datetime) -> UUID:
    """This database's epoch, minted in a transaction of its own when there is none yet.

    Also works inside a request that otherwise only reads.
    """
    known = db.session.scalar(sa.select(SystemState.epoch))
    if known is not None:
        return known
    db.session.rollback()
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(
            dialect.insert(SYSTEM).values(id=1, epoch=uuid7(), created_at=now).on_conflict_do_nothing()
        )
        # Whoever came first gave the epoch.
        return UUID(str(connection.scalar(sa.select(SYSTEM.c.epoch))))
