"""A snapshot of an SQLite database while it is in use, and a look into one."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import sqlalchemy as sa

from labtracker.backups.errors import BackupError
from labtracker.backups.snapshots.contents import Contents, read_contents

WAIT_SECONDS = 60


def take(database: Path, path: Path) -> tuple[Contents, str]:
    """Write a consistent copy of the database to ``path``; gives what is inside, and how that was seen.

    VACUUM INTO reads in one transaction, so writers neither wait nor make it begin again.
    """
    try:
        connection = sqlite3.connect(database, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            connection.execute("VACUUM INTO ?", (str(path),))
        finally:
            connection.close()
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except sqlite3.Error as error:
        raise BackupError(f"The database could not be copied: {error}.") from error
    path.chmod(0o600)
    return look_into(path), "opened"


def look_into(path: Path) -> Contents:
    """Open a copy, have SQLite check all of it, and count. Raises BackupError when it is not whole."""
    engine = sa.create_engine(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true", poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            if found != ["ok"]:
                raise BackupError(f"The copy is not whole: {found[0]}.")
            return read_contents(connection)
    except sa.exc.DatabaseError as error:
        raise BackupError(f"The copy cannot be opened: {error.orig}.") from error
    finally:
        engine.dispose()
