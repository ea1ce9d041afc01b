"""The house stands: migrations make exactly the tables that the models describe."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from labtracker import changes
from labtracker.extensions import db
from tests.cast import Cast


def test_migrations_make_what_models_describe(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_written_rows_get_ever_higher_stamps(cast: Cast) -> None:
    before = changes.current_stamp(db.session())
    cast.welding.title = "Welding, first steps"
    db.session.flush()
    assert cast.welding.stamp == before + 1
    cast.wiring.title = "Motor controls, revised"
    db.session.flush()
    assert cast.wiring.stamp == before + 2
    assert cast.welding.stamp == before + 1


@pytest.mark.one_database
def test_a_server_at_rest_holds_nothing_that_only_some_of_its_pages_need() -> None:
    libraries = "PIL charset_normalizer fpdf holidays obstore openpyxl psycopg qrcode xlsxwriter"
    looked = "import sys, labtracker.cli, labtracker.app; print(*sys.modules)"
    held = subprocess.run([sys.executable, "-P", "-c", looked], check=True, capture_output=True, text=True)
    assert "labtracker.app" in held.stdout.split()
    assert not set(libraries.split()) & set(held.stdout.split())


@pytest.mark.one_database
def test_sqlite_is_opened_for_safety(app: Flask) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}
    with db.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


@pytest.mark.one_database
def test_whoever_may_write_on_sqlite_has_the_one_place_before_reading(app: Flask) -> None:
    assert db.session.scalar(sa.select(1)) == 1
    other = sqlite3.connect(db.engine.url.database or "", timeout=0, isolation_level=None)
    with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
