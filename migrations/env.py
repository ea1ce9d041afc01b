"""How Alembic meets the application: its engine, its metadata, batch mode for SQLite."""

from __future__ import annotations

from alembic import context
from flask import current_app

from labtracker import tables
from labtracker.extensions import db


def run() -> None:
    """Run the migrations on the application's own database."""
    options = current_app.extensions["migrate"].configure_args
    engine = db.engine.execution_options(writes=True)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=tables.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
