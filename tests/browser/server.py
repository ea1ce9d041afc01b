"""A server in its own process, which a test can kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from flask import Flask

from labtracker import config
from labtracker.accounts.queries import person_with_email
from labtracker.accounts.services import create_pairing_code
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.browser.nursery import Nursery

START_SECONDS = 120


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class KillableServer:
    """`labtracker serve` on a database in a folder, always on the same port."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    program: tuple[str, ...] = ("labtracker",)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The file of its database."""
        return self.folder / "site.sqlite"

    @property
    def settings(self) -> dict[str, str]:
        """Its settings, as an application in the test's own process needs them too."""
        return {
            "DATABASE_URL": f"sqlite:///{self.database}",
            "INSTANCE_DIR": str(self.folder),
            "SECRET_KEY": "only-for-tests",
            "PUBLIC_URL": self.address,
        }

    def application(self) -> Flask:
        """The same application on the same database, to prepare it and to look into it."""
        return self._application

    @cached_property
    def _application(self) -> Flask:
        return create_app(**self.settings)

    def command(self, *words: str) -> str:
        """Run a `labtracker` command on the database; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *self.program, *words],
            env=self._environment(),
            cwd=config.ROOT,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def pairing_code(self, email: str) -> str:
        """A one-time code for a trainer's phone."""
        return self.command("pair", email).split()[-1]

    def start(self, at: datetime | None = None) -> None:
        """Start it and wait until it answers; ``at`` is what its clock shows, if not the true time."""
        log = (self.folder / "server.log").open("ab")
        if at:
            ahead = round((at - utc_now()).total_seconds())
            self.program = ("tests.browser.shifted", str(ahead))
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.program, "serve", "--port", str(self.port)],
            env=self._environment(),
            cwd=config.ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Return once somebody who asks is heard."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "server.log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """Kill it and all that it started, without a word of warning."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.settings, "PYTHONPATH": str(config.ROOT)}


@dataclass
class QuickServer(KillableServer):
    """The same application on the same database, without a worker beside it: there in no time.

    Killed it is as dead. Its clock shows the true time.
    """

    nursery: Nursery = field(kw_only=True)
    number: int | None = None

    def start(self, at: datetime | None = None) -> None:
        """Start it and wait until it answers."""
        assert at is None
        log = str(self.folder / "server.log")
        self.number = self.nursery.ask(serve=self.port, settings=self.settings, log=log)
        self.wait_until_it_answers()

    def kill(self) -> None:
        """Kill it without a word of warning."""
        if self.number is not None:
            self.nursery.ask(kill=self.number)
        self.number = None

    def command(self, *words: str) -> str:
        """Run a `labtracker` command on the database; gives what it printed."""
        log = self.folder / "command.log"
        log.unlink(missing_ok=True)
        code = self.nursery.ask(command=words, settings=self.settings, log=str(log))
        printed = log.read_text()
        assert code == 0, printed
        return printed

    def pairing_code(self, email: str) -> str:
        """A one-time code for a trainer's phone."""
        with self.application().app_context():
            person = person_with_email(email)
            assert person
            code = create_pairing_code(actor=person, now=utc_now())
            db.session.commit()
            db.engine.dispose()
        return code
