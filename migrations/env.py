"""How Alembic meets the application: its engine, its metadata, batch mode for SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app

from labtracker import tables
from labtracker.extensions import db


def run() -> None:
    """Run the migrations on the application's own database."""
    options = current_app.extensions["migrate"].configure_args
    engine = db.engine.execution_options(writes=True)
    with engine.connect() as connection, rows_may_wait_for_theirs(connection):
        context.configure(connection=connection, target_metadata=tables.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
            refuse_orphans(connection)


@contextmanager
def rows_may_wait_for_theirs(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others point at: it is dropped and made anew, with all of its rows.

    The switch does nothing inside a transaction, so it is set on the driver's connection before one begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_orphans(connection: sa.Connection) -> None:
    """Stop, with everything as it was, if a migration left rows on SQLite that point at nothing."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"rows that point at nothing after the migrations: {orphans[:5]}")


run()
