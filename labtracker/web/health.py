"""Is the application up, is its database there, and is it the one this version expects?"""

from __future__ import annotations

from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from labtracker import __version__
from labtracker.extensions import db


def report() -> tuple[dict[str, Any], int]:
    """The health of this process as ``/healthz`` tells it, and the HTTP status that goes with it."""
    expected = _expected_migration()
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            database = connection.dialect.name
    except SQLAlchemyError:
        return _answer("down", None, None, expected), 503
    status = "ok" if found == expected else "migration_needed"
    return _answer(status, database, found, expected), 200 if status == "ok" else 503


def _answer(status: str, database: str | None, found: str | None, expected: str | None) -> dict[str, Any]:
    return {
        "status": status,
        "version": __version__,
        "database": database,
        "migration": found,
        "expected_migration": expected,
    }


def _expected_migration() -> str | None:
    folder = current_app.extensions["migrate"].directory
    return ScriptDirectory(str(folder)).get_current_head()
