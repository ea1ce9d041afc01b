"""What every view does at its two ends: load what the actor may see, commit once."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort

from labtracker.extensions import db
from labtracker.web.ssn import refuse_to_keep

Row = TypeVar("Row")


def load(query: sa.Select[Row]) -> Row:
    """The one row of a query that already says who may see it.

    What does not exist and what is not the actor's are the same 404.
    """
    row = db.session.execute(query).unique().scalar_one_or_none()
    if row is None:
        abort(404)
    return row


def load_all(query: sa.Select[Row]) -> list[Row]:
    """All rows of a query that already says who may see them."""
    return list(db.session.execute(query).unique().scalars())


def commit() -> None:
    """Make the request's work permanent: called once, by the view, after its one service call."""
    refuse_to_keep()
    db.session.commit()


def let_others_write() -> None:
    """End the transaction before work that takes seconds; what was loaded must be loaded again after it.

    On SQLite a request that may write holds the one place of a writer from its first query on.
    """
    db.session.rollback()


def only_read_on() -> None:
    """Forget what was begun and not committed; what follows in this request only reads.

    On SQLite it must not take the one writer's place again while a page is drawn.
    """
    db.session.rollback()
    db.session.connection(execution_options={"writes": False})


def count_of(query: sa.Select[Any]) -> int:
    """How many rows a query would give."""
    return db.session.execute(
        sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
    ).scalar_one()
