"""What a test wrote is gone when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import sqlalchemy as sa

# What migrations put in and tests must leave in place.
REFERENCE_TABLES = frozenset({"county"})


def empty_tables(engine: sa.Engine, metadata: sa.MetaData) -> None:
    """Take out every row that a test left, except what migrations had put in."""
    tables = written_tables(metadata)
    with engine.connect() as connection:
        filled = set(connection.exec_driver_sql(_which_are_filled(tables)).scalars())
    if not filled:
        return
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        run_all(connection, [f'DELETE FROM "{table}"' for table in reversed(tables) if table in filled])


@cache
def written_tables(metadata: sa.MetaData) -> tuple[str, ...]:
    """The tables that tests write into; whatever points at another comes after it."""
    return tuple(table.name for table in metadata.sorted_tables if table.name not in REFERENCE_TABLES)


@cache
def _which_are_filled(tables: tuple[str, ...]) -> str:
    # Written out, because it is asked after every test and making it takes longer than the answer.
    return " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables
    )


def run_all(connection: sa.Connection, statements: Iterable[str]) -> None:
    """Run statements without parameters, one after the other; PostgreSQL takes them in one go."""
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        cursor.execute(";".join(statements), prepare=False)
    else:
        for statement in statements:
            cursor.execute(statement)
    cursor.close()
