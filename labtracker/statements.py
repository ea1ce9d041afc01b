"""Statements that are built once and run often: building one takes SQLAlchemy longer than running it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from labtracker.extensions import db

Value = TypeVar("Value")
# Databases take so many values and nested conditions at once, and not without limit.
MOST_ASKED = 500


def run(statement: sa.Executable, **values: Any) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a statement past the ORM, after what the ORM still holds back: it gives plain rows."""
    db.session.flush()
    return db.session.connection().execute(statement, values)


def some(name: str) -> sa.BindParameter[Any]:
    """A place in a statement for any number of values, for use with ``in_``; given under this name."""
    return sa.bindparam(name, expanding=True)


def in_parts(values: Iterable[Value], most: int | None = None) -> Iterator[list[Value]]:
    """The values in lists of at most so many, each for a statement of its own; none of no values."""
    left = iter(values)
    while part := list(islice(left, most or MOST_ASKED)):
        yield part


class Upsert:
    """Writes whole rows, over those that have the same key, all in one statement."""

    def __init__(self, table: sa.Table, *key: str) -> None:
        self._statements = {}
        for name, insert in (("sqlite", sqlite.insert(table)), ("postgresql", postgresql.insert(table))):
            changed = {column.name: column for column in insert.excluded if column.name not in key}
            self._statements[name] = insert.on_conflict_do_update(index_elements=key, set_=changed)

    def __call__(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write the rows, each with every column of the table."""
        if rows:
            db.session.connection().execute(self._statements[db.engine.dialect.name], rows)
