"""What a test wrote is gone when it ends."""

from __future__ import annotations

import sqlalchemy as sa

# What migrations put in and tests must leave in place.
REFERENCE_TABLES = frozenset({"county"})


def empty_tables(engine: sa.Engine, metadata: sa.MetaData) -> None:
    """Take out every row that a test left, except what migrations had put in."""
    tables = [table for table in reversed(metadata.sorted_tables) if table.name not in REFERENCE_TABLES]
    filled = sa.union_all(
        *(sa.select(sa.literal(table.name)).where(sa.exists().select_from(table)) for table in tables)
    )
    with engine.connect() as connection:
        names = set(connection.execute(filled).scalars())
    if not names:
        return
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in tables:
            if table.name in names:
                connection.execute(table.delete())
