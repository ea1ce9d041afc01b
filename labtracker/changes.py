"""The change counter: which rows a phone has not seen yet.

Tables whose rows travel in a phone's pack carry a ``stamp``. Every flush that writes such rows takes the
next number from one counter row *inside its own transaction*, which locks the counter until the commit:
so stamps become visible in order, and a reader who has seen stamp n will never miss one below it. (A
database sequence hands out numbers before the commit and loses rows under load.)
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from labtracker.extensions import Model, db

PACK = "pack"


class Counter(Model):
    """A named number that only grows."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class Stamped:
    """Mixin: the row's latest change as a number of the pack counter."""

    stamp: Mapped[int] = mapped_column(sa.BigInteger, default=0, index=True)


class Dated:
    """Mixin: when the row was last written, by the database's clock; nothing for rows older than this."""

    changed_at: Mapped[datetime | None] = mapped_column(default=sa.func.now(), onupdate=sa.func.now())


def next_stamp(session: Session) -> int:
    """Take the next number of the pack counter; it stays locked until the transaction ends."""
    taken = session.execute(
        sa.update(Counter)
        .where(Counter.name == PACK)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
    ).scalar_one_or_none()
    if taken is None:
        session.execute(sa.insert(Counter).values(name=PACK, value=1))
        return 1
    return int(taken)


def current_stamp(session: Session) -> int:
    """The highest stamp given so far."""
    return session.execute(sa.select(Counter.value).where(Counter.name == PACK)).scalar_one_or_none() or 0


@sa.event.listens_for(db.session, "before_flush")
def _stamp_rows(session: Session, _context: Any, _instances: Any) -> None:
    rows = [row for row in (*session.new, *session.dirty) if isinstance(row, Stamped)]
    rows = [row for row in rows if row in session.new or session.is_modified(row)]
    if not rows:
        return
    with session.no_autoflush:
        stamp = next_stamp(session)
    for row in rows:
        row.stamp = stamp
