"""Where a database stands, and how another takes its place: nothing is overwritten, the old one is kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import URL

from labtracker.backups.errors import BackupError
from labtracker.backups.snapshots import postgresql, sqlite
from labtracker.backups.targets.folder import sync_folder

STOP_FIRST = "The service is using this database. Stop it first (labtracker serve, labtracker work)."
NO_RIGHT = "This database account may not make databases, and a restore needs one beside the old one"
_frames = sa.table("inbox_frame")
_system = sa.table("system_state", sa.column("epoch", sa.Uuid))


class Place(Protocol):
    """The application's database as something that can be exchanged."""

    def records(self) -> int | None:
        """How many records it holds; none of it there: 0; not readable: None."""

    def epoch(self) -> UUID | None:
        """Its epoch, if it can still be read."""

    def insist_unused(self) -> None:
        """Raises BackupError while somebody is connected to it."""

    def fill(self, backup: Path, stamp: str) -> URL:
        """Make a new database from a backup, beside the old one; gives its address."""

    def exchange(self, stamp: str) -> str | None:
        """Put the new database in the old one's place; gives the name under which the old one is kept."""


class SqlitePlace:
    """A database file."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.file = Path(url.database or "")
        self.draft = self.file.with_name(f"{self.file.name}.restoring")

    def records(self) -> int | None:
        """How many records the file holds."""
        if not self.file.exists() or not self.file.stat().st_size:
            return 0
        return _records(self.url)

    def epoch(self) -> UUID | None:
        """The file's epoch, if it can be read."""
        return _epoch(self.url) if self.file.exists() else None

    def insist_unused(self) -> None:
        """Leaving WAL needs the file for oneself alone, so it tells whether somebody else has it open.

        It also brings everything from the log into the file, which can then be kept as one piece.
        """
        if not self.file.exists():
            return
        connection = sqlite3.connect(self.file, timeout=2, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise BackupError(STOP_FIRST) from error
        except sqlite3.DatabaseError:
            # Too damaged to be opened: then nobody can work with it either, and it is kept as it is.
            return
        finally:
            connection.close()

    def fill(self, backup: Path, _stamp: str) -> URL:
        """Copy the backup beside the old file, after looking into it."""
        sqlite.look_into(backup)
        _remove(self.draft)
        self.draft.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup, self.draft)
        self.draft.chmod(0o600)
        return self.url.set(database=str(self.draft))

    def exchange(self, stamp: str) -> str | None:
        """The old file gets a name with the time of the restore, then the new one its place."""
        with self.draft.open("rb+") as file:
            os.fsync(file.fileno())
        kept = self.file.with_name(f"{self.file.name}.before-{stamp}")
        had_one = self.file.exists()
        _give_to_owner_of(self.file if had_one else self.file.parent, self.draft)
        for ending in ("-wal", "-shm"):
            # A log beside a file that is not its own would be taken for its own.
            log = Path(f"{self.file}{ending}")
            if log.exists():
                log.rename(f"{kept}{ending}")
        if had_one:
            try:
                # So there is never a moment without a database.
                os.link(self.file, kept)
            except OSError:
                self.file.rename(kept)
        self.draft.replace(self.file)
        sync_folder(self.file.parent)
        return str(kept) if had_one else None


class PostgresPlace:
    """A database of a PostgreSQL server."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.name = str(url.database)

    def records(self) -> int | None:
        """How many records the database holds."""
        return _records(self.url) if self._exists(self.name) else 0

    def epoch(self) -> UUID | None:
        """The database's epoch, if it can be read."""
        return _epoch(self.url)

    def insist_unused(self) -> None:
        """A database that somebody is connected to cannot be renamed.

        The server's own tidying is nobody: it gives way to whoever renames.
        """
        connected = "SELECT count(*) FROM pg_stat_activity WHERE datname = :name"
        with postgresql.maintenance(self.url) as connection:
            users = connection.execute(
                sa.text(f"{connected} AND backend_type <> 'autovacuum worker'"), {"name": self.name}
            ).scalar_one()
        if users:
            raise BackupError(STOP_FIRST)

    def fill(self, backup: Path, stamp: str) -> URL:
        """Restore the dump into a new database."""
        draft = self._named("restoring", stamp)
        try:
            with postgresql.maintenance(self.url) as connection:
                connection.exec_driver_sql(f'CREATE DATABASE "{draft}" TEMPLATE template0')
        except sa.exc.DBAPIError as error:
            raise BackupError(f"{NO_RIGHT}: {str(error.orig).strip()}") from error
        url = self.url.set(database=draft)
        postgresql.restore_into(url, backup)
        postgresql.analyze(url)
        return url

    def exchange(self, stamp: str) -> str | None:
        """Both databases are renamed."""
        kept = self._named("before", stamp)
        had_one = self._exists(self.name)
        with postgresql.maintenance(self.url) as connection:
            if had_one:
                connection.exec_driver_sql(f'ALTER DATABASE "{self.name}" RENAME TO "{kept}"')
            draft = self._named("restoring", stamp)
            connection.exec_driver_sql(f'ALTER DATABASE "{draft}" RENAME TO "{self.name}"')
        return kept if had_one else None

    def _named(self, what: str, stamp: str) -> str:
        # PostgreSQL cuts longer names off without a word.
        return f"{self.name[:30]}_{what}_{stamp.lower()}"

    def _exists(self, name: str) -> bool:
        with postgresql.maintenance(self.url) as connection:
            found = connection.execute(
                sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
            )
            return found.first() is not None


def place_of(url: URL) -> Place:
    """The place of the database at an address."""
    return SqlitePlace(url) if url.get_backend_name() == "sqlite" else PostgresPlace(url)


def _records(url: URL) -> int | None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table("inbox_frame"):
                return 0
            return connection.execute(sa.select(sa.func.count()).select_from(_frames)).scalar_one()
    except sa.exc.DatabaseError:
        return None
    finally:
        engine.dispose()


def _epoch(url: URL) -> UUID | None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return connection.execute(sa.select(_system.c.epoch)).scalar_one_or_none()
    except sa.exc.DatabaseError:
        return None
    finally:
        engine.dispose()


def _give_to_owner_of(pattern: Path, file: Path) -> None:
    """Whoever restores as root must not lock out the account that the service runs under."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = pattern.stat()
        os.chown(file, owner.st_uid, owner.st_gid)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
