"""Migrations lead up, back down to nothing, and up again, on every database, and carry rows along."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from labtracker.app import create_app
from labtracker.extensions import db
from tests.cast import NOW, build_cast
from tests.scheduling.builders import planned

# The last migration before those that rebuild tables at which many others point.
BEFORE_THE_CALENDAR = "0111"


def _differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, db.metadata))


def test_up_down_and_up_again(empty_database_url: str, tmp_path: Path) -> None:
    app = create_app(
        DATABASE_URL=empty_database_url, INSTANCE_DIR=str(tmp_path), SECRET_KEY="-", TESTING=True
    )
    with app.app_context():
        try:
            upgrade()
            made = set(sa.inspect(db.engine).get_table_names())
            assert made - {"alembic_version"} == set(db.metadata.tables)
            assert _differences() == []

            downgrade(revision="base")
            assert sa.inspect(db.engine).get_table_names() == ["alembic_version"]

            upgrade()
            assert set(sa.inspect(db.engine).get_table_names()) == made
            assert _differences() == []
        finally:
            db.engine.dispose()


def test_rows_come_along(empty_database_url: str, tmp_path: Path) -> None:
    app = create_app(
        DATABASE_URL=empty_database_url, INSTANCE_DIR=str(tmp_path), SECRET_KEY="-", TESTING=True
    )
    with app.test_request_context():
        try:
            upgrade()
            planned(build_cast(), NOW)
            db.session.commit()
            db.session.remove()
            before = _counted()
            assert all(before.values())

            downgrade(revision=BEFORE_THE_CALENDAR)
            upgrade()
            after = _counted()
            assert {name: after[name] for name in before} == before
            assert _differences() == []
            if db.engine.dialect.name == "sqlite":
                with db.engine.connect() as connection:
                    assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        finally:
            db.session.remove()
            db.engine.dispose()


def _counted() -> dict[str, int]:
    """How many rows lie in each table of people, labs and the calendar."""
    tables = ("person", "lab", "worksite", "booking_request", "booking_step", "deployment", "crew_member")
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(db.metadata.tables[name])) or 0
            for name in (*tables, "cohort", "session", "session_trainer")
        }
