"""The house stands: migrations make exactly the tables that the models describe."""

from __future__ import annotations

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
