"""Snapshots of the database, of whichever kind it is."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy.engine import URL, make_url

from labtracker.backups.rules import Kind
from labtracker.backups.snapshots import postgresql, sqlite
from labtracker.backups.snapshots.contents import Contents

__all__ = ["Contents", "database_kind", "database_places", "database_url", "sqlite_file", "take_snapshot"]


def database_url() -> URL:
    """The address of the application's own database."""
    return make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])


def database_kind() -> Kind:
    """Which of the two databases this is."""
    return "sqlite" if database_url().get_backend_name() == "sqlite" else "postgresql"


def sqlite_file() -> Path:
    """The file of an SQLite database."""
    return Path(database_url().database or "")


def database_places() -> list[Path]:
    """Paths on this machine that the database lies at; none when it is on another machine."""
    if database_kind() == "sqlite":
        file = sqlite_file()
        return [file if file.exists() else file.parent]
    return postgresql.places_of(database_url())


def take_snapshot(path: Path) -> tuple[Contents, str]:
    """Write a verified snapshot to ``path``; gives what is inside, and how that was seen.

    Raises BackupError when it cannot be made or is not whole.
    """
    if database_kind() == "sqlite":
        return sqlite.take(sqlite_file(), path)
    return postgresql.take(database_url(), path)
