"""Migrations lead up, back down to nothing, and up again, on every database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from labtracker.app import create_app
from labtracker.extensions import db


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
