"""Flask extensions, created unbound, and the column types every slice shares."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from flask import Flask, has_request_context, request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, registry

from labtracker.kit.network import network_of

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only and gives them back in UTC on every database.

    SQLite keeps no zone, so the value is stored there as UTC without one.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a datetime without a zone, turn any other into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table: constraints get predictable names, so migrations can find them."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES), type_annotation_map={datetime: UtcDateTime()}
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
migrate = Migrate(render_as_batch=True, compare_type=True)
login = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(key_func=lambda: network_of(request.remote_addr), storage_uri="memory://")
babel = Babel()


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def init_database(app: Flask) -> None:
    """Bind the database; SQLite is opened for safety first: WAL, FULL, BEGIN IMMEDIATE, busy wait."""
    options = app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {})
    # What a statement is given are people's names and addresses: they belong in no log.
    options.setdefault("hide_parameters", True)
    options |= {"json_serializer": _to_json, "json_deserializer": msgspec.json.decode}
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        options.setdefault("connect_args", {"timeout": 15})
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _open_sqlite_safely(db.engine)
        else:
            from labtracker.standby import heed_warnings  # noqa: PLC0415 (the driver, for who has PostgreSQL)

            heed_warnings(db.engine)


def _open_sqlite_safely(engine: Engine) -> None:
    @sa.event.listens_for(engine, "do_connect")
    def before_connect(_dialect: Dialect, _record: Any, arguments: list[Any], _options: Any) -> None:
        # A new file is its owner's alone; SQLite gives the files beside it the same rights.
        path = Path(str(arguments[0]))
        if path.parent.is_dir() and path.name != ":memory:":
            path.touch(mode=0o600)

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transaction control begins too late and too weakly; ours is below.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        # A plain BEGIN that reads first and writes later fails at once when another writer came between,
        # so whatever may write queues for the one writer's place before it reads. Pages that only read
        # (GET) take a snapshot and wait for nobody; a write inside one says so by the option `writes`.
        reads_only = has_request_context() and request.method in ("GET", "HEAD")
        writes = connection.get_execution_options().get("writes", not reads_only)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
