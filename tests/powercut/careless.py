"""`labtracker` whose SQLite syncs less: ``python -m tests.powercut.careless NORMAL serve --port N``."""

from __future__ import annotations

import importlib
import sqlite3
import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from labtracker import extensions

LEVEL = sys.argv.pop(1)
OPEN_SAFELY = extensions._open_sqlite_safely


def open_carelessly(engine: Engine) -> None:
    OPEN_SAFELY(engine)

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA synchronous={LEVEL}")


extensions._open_sqlite_safely = open_carelessly
importlib.import_module("labtracker.cli").main()
