"""A snapshot of a PostgreSQL database by its own tools, and a look into one."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from labtracker.backups.errors import BackupError
from labtracker.backups.snapshots.contents import Contents, read_contents

TRIES = 5
# The intake waits behind our lock for no longer than this.
LOCK_SECONDS = 3
# The level that pg_dump takes by itself needs nearly four times the time, for a dump an eighth smaller.
COMPRESSION = "--compress=3"
# Tables are filled and indexed side by side by so many.
MOST_JOBS = 4


def take(url: URL, path: Path) -> tuple[Contents, str]:
    """Dump the database to ``path``; gives what is inside, and how that was seen.

    What is counted and what is dumped are one snapshot. The dump itself is then opened: its list is read,
    its records are counted, and where the account may make databases it is restored into a scratch one.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as reading:
            snapshot = _snapshot_between_uploads(engine, reading)
            contents = read_contents(reading)
            options = ["--format=custom", COMPRESSION, "--no-owner", "--no-privileges"]
            options.append(f"--snapshot={snapshot}")
            run("pg_dump", url, options, path)
    finally:
        engine.dispose()
    path.chmod(0o600)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return contents, prove(url, path, contents)


def _snapshot_between_uploads(engine: sa.Engine, reading: sa.Connection) -> str:
    """Take the snapshot at a moment when no upload is half done.

    A sequence hands out row numbers before the commit, so a snapshot could hold frame 6 while frame 5 is
    still on its way, and "up to 6" would claim too much. Whoever has taken a number holds a lock on the
    table until the commit; ours waits for all of them, and is given back as soon as the snapshot stands.
    """
    for attempt in range(TRIES):
        try:
            with engine.connect() as holding, holding.begin():
                holding.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                holding.exec_driver_sql("LOCK TABLE inbox_frame IN SHARE MODE")
                return str(reading.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
        except sa.exc.OperationalError as error:
            if attempt == TRIES - 1:
                raise BackupError("The intake was busy for too long. Try again.") from error
            time.sleep(1)
    raise AssertionError("the loop returns or raises")


def prove(url: URL, path: Path, contents: Contents) -> str:
    """Open a dump and count its records; gives how far that went. Raises BackupError when they differ."""
    listed = _output("pg_restore", ["--list", str(path)])
    if "TABLE DATA public inbox_frame" not in listed:
        raise BackupError("The dump has no table of records.")
    if (counted := _records_in(path)) != contents.frames:
        raise BackupError(f"The dump holds {counted} records, the database {contents.frames}.")
    with scratch_database(url) as scratch:
        if scratch is None:
            return "listed"
        restore_into(scratch, path)
        if look_into(scratch) != contents:
            raise BackupError("The dump, restored, is not what was dumped.")
    return "restored"


def look_into(url: URL) -> Contents:
    """Count what a restored database holds."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return read_contents(connection)
    except sa.exc.DatabaseError as error:
        raise BackupError(f"The restored database cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def restore_into(url: URL, path: Path) -> None:
    """Fill an empty database from a dump.

    Raises BackupError when any of it fails; what is in the database then is a part, and of no use.
    """
    jobs = min(MOST_JOBS, os.cpu_count() or 1)
    options = ["--no-owner", "--no-privileges", "--exit-on-error", f"--jobs={jobs}"]
    run("pg_restore", url, [*options, f"--dbname={_conninfo(url)}", str(path)], None)


def analyze(url: URL) -> None:
    """Let the server learn what the tables hold.

    A dump brings no statistics, and without them each upload reads whole tables.
    """
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _records_in(path: Path) -> int:
    # The dump's text form has one line for each row, between COPY and a line with only a backslash and a dot.
    command = [_binary("pg_restore"), "--data-only", "--table=inbox_frame", "--file=-", str(path)]
    count, inside = 0, False
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reading:  # noqa: S603
        assert reading.stdout is not None
        for line in reading.stdout:
            if inside and line == b"\\.\n":
                inside = False
            elif inside:
                count += 1
            elif line.startswith(b"COPY "):
                inside = True
    if reading.returncode != 0 or inside:
        raise BackupError("The dump cannot be read to its end.")
    return count


@contextmanager
def scratch_database(url: URL) -> Iterator[URL | None]:
    """An empty database beside this one, gone afterwards; none where the account may not make any."""
    name = f"labtracker_scratch_{secrets.token_hex(4)}"
    try:
        with maintenance(url) as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except sa.exc.DBAPIError:
        yield None
        return
    try:
        yield url.set(database=name)
    finally:
        with maintenance(url) as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def maintenance(url: URL) -> Iterator[sa.Connection]:
    """A connection beside the database, for statements about whole databases."""
    engine = sa.create_engine(
        url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def places_of(url: URL) -> list[Path]:
    """Paths on this machine that lie where the server keeps its data; none when it is another machine."""
    if not _is_local(url):
        return []
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            places = [connection.exec_driver_sql("SHOW data_directory").scalar_one()]
    except sa.exc.DBAPIError:
        # Only privileged accounts are told. Then everything counts as near that may be.
        places = ["/var/lib/postgresql", "/"]
    finally:
        engine.dispose()
    return [Path(place) for place in places if os.path.exists(place)]


def _is_local(url: URL) -> bool:
    host = url.host or url.query.get("host") or ""
    hosts = [host] if isinstance(host, str) else list(host)
    return any(one in ("", "localhost", "::1") or one.startswith(("/", "127.")) for one in hosts)


def _conninfo(url: URL) -> str:
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 (6 MB that SQLite has no use for)

    given: dict[str, Any] = {
        name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()
    }
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    given.update({name: part for name, part in parts.items() if part is not None})
    given.pop("password", None)
    return make_conninfo("", **given)


def run(program: str, url: URL, options: list[str], output: Path | None) -> None:
    """Run one of PostgreSQL's programs on a database. Raises BackupError with the program's last words."""
    command = [_binary(program), *options]
    if output is not None:
        command += [f"--file={output}", f"--dbname={_conninfo(url)}"]
    # The password goes where other accounts of the machine cannot read it.
    password = url.password or url.query.get("password")
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise BackupError(f"{program}: {words[0][:200]}")


def _output(program: str, options: list[str]) -> str:
    done = subprocess.run([_binary(program), *options], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise BackupError(f"{program}: the dump cannot be read.")
    return done.stdout


def _binary(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            f"{program} is not installed here. It comes with PostgreSQL's client programs "
            "(Debian: apt install postgresql-client)."
        )
    return found
