"""What the benchmarks of check-in need: sessions with enrolled workers, a paired phone, a real server."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from labtracker.accounts.services import create_pairing_code
from labtracker.app import create_app
from labtracker.checkin.rules.frames import NO_HASH, frame_bytes, frame_hash, to_base64url
from labtracker.cli.database import begin_history
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import to_ms, utc_now
from labtracker.roster.models import Enrollment
from tests.cast import Cast, build_cast
from tests.checkin.conftest import a_cohort, a_deployment, a_session, a_worker
from tests.checkin.phone import Phone
from tests.databases import Postgres

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 25
SESSIONS = 8


@dataclass(frozen=True)
class Group:
    """A cohort: its sessions with their starts, and the badges of those enrolled."""

    sessions: list[tuple[str, int]]
    badges: list[str]


@dataclass(frozen=True)
class World:
    """A database with cohorts of one trainer, and this trainer's phones, of which one is at hand."""

    settings: dict[str, Any]
    device: str
    token: str
    trainer: str
    groups: list[Group]
    phones: list[tuple[str, str]]

    def on_phone(self, number: int) -> World:
        """The same with another phone at hand."""
        device, token = self.phones[number]
        return replace(self, device=device, token=token)


@dataclass(frozen=True)
class Frame:
    """A frame as the phone keeps it, and as it travels."""

    seq: int
    hash: str
    raw: bytes

    @property
    def item(self) -> dict[str, object]:
        """The frame as an item of an upload."""
        return {"seq": self.seq, "hash": self.hash, "frame": to_base64url(self.raw)}


def build(
    url: str, folder: Path, groups: int, *, phones: int = 1, sessions: int = SESSIONS, ahead: bool = False
) -> World:
    """Migrate an empty database and fill it with so many cohorts, one after another in time.

    All their sessions are over, or with ``ahead`` none has begun.
    """
    settings = {"DATABASE_URL": url, "INSTANCE_DIR": str(folder), "SECRET_KEY": secrets.token_hex(16)}
    app = create_app(**settings, RATELIMIT_ENABLED=False)
    with app.app_context():
        upgrade()
        begin_history()
        cast, now = build_cast(), utc_now()
        begin = now + timedelta(days=2) if ahead else now - timedelta(days=groups * sessions + 2)
        first = begin.replace(minute=0, second=0, microsecond=0)
        made = [_group(cast, first + timedelta(days=number * sessions), sessions) for number in range(groups)]
        db.session.commit()
        paired = [_pair(app, cast, now) for _number in range(phones)]
        named = [(phone.device, phone.token) for phone in paired]
        world = World(settings, *named[0], str(paired[0].by), made, named)
        db.session.remove()
        db.engine.dispose()
    return world


def _pair(app: Flask, cast: Cast, now: datetime) -> Phone:
    code = create_pairing_code(actor=cast.tom, now=now)
    db.session.commit()
    phone = Phone(app.test_client())
    phone.pair(code)
    return phone


def _group(cast: Cast, first: datetime, sessions: int) -> Group:
    deployment = a_deployment(cast.welding_lab, cast.steel_site, [cast.tom], first)
    cohort = a_cohort(cast.welding, cast.steel_site, f"Measured {first:%Y-%m-%d}", first)
    held = [a_session(cohort, deployment, first + timedelta(days=day)) for day in range(sessions)]
    badges = []
    for number in range(WORKERS):
        worker, badge = a_worker(cast, "Worker", f"Number {number}", first)
        db.session.add(Enrollment(cohort_id=cohort.id, worker_id=worker.id, created_at=first))
        badges.append(badge.badge_hash)
    return Group([(str(session.id), to_ms(session.starts_at)) for session in held], badges)


def frames(world: World, groups: list[Group], incarnation: str) -> list[Frame]:
    """A chain in which everybody of some cohorts comes to and leaves each session."""
    made: list[Frame] = []
    prev = NO_HASH
    for body in _bodies(world, groups):
        raw_body = json.dumps(body, separators=(",", ":")).encode()
        raw = frame_bytes(world.device, incarnation, len(made) + 1, prev, raw_body)
        prev = frame_hash(raw)
        made.append(Frame(len(made) + 1, prev, raw))
    return made


def _bodies(world: World, groups: list[Group]) -> Iterator[dict[str, object]]:
    for group in groups:
        for (session, start), (kind, minute) in product(
            group.sessions, (("check_in", -5), ("check_out", 478))
        ):
            for number, badge in enumerate(group.badges):
                at = start + minute * 60_000 + number * 3_000
                clock = {"server_ms": at - 1000, "wall_ms": at - 1000, "mono_ms": 0, "boot": "b"}
                body = {"v": 1, "id": str(uuid7()), "type": kind, "method": "scan", "session": session}
                body |= {"chosen_session": session, "badge_hash": badge, "wall_ms": at, "mono_ms": 1000}
                yield body | {"boot": "b", "sync": clock, "by": world.trainer}


def kinds_asked_for() -> list[str]:
    """The databases that the command names, or both."""
    return sys.argv[1:] or ["sqlite", "postgresql"]


@contextmanager
def measured_database(kind: str) -> Iterator[tuple[Path, Callable[[], str]]]:
    """A folder, and what gives the address of one more empty database of this kind; gone after the block."""
    postgres = Postgres(durable=True) if kind == "postgresql" else None
    with tempfile.TemporaryDirectory(prefix="labtracker-measured-") as name, ExitStack() as ending:
        folder, numbers = Path(name), count()
        if postgres:
            ending.callback(postgres.stop)
        yield (
            folder,
            lambda: postgres.create() if postgres else f"sqlite:///{folder / f'{next(numbers)}.sqlite'}",
        )


class Server:
    """The application as people run it, in processes of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def connect(self) -> http.client.HTTPConnection:
        """A connection that stays open for many requests."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def cpu_seconds(self) -> float:
        """Processor time that the server's processes have used so far."""
        ticks = 0
        for pid in self._family():
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Memory of the largest of the server's processes."""
        sizes = []
        for pid in self._family():
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            sizes += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")]
        return max(sizes)

    def _family(self) -> list[int]:
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
            waiting += [int(child) for child in children]
        return found


@contextmanager
def serving(world: World) -> Iterator[Server]:
    """Run `labtracker serve` on a free port, and stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, **world.settings, "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "labtracker", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    server = Server(process, port)
    try:
        for _ in range(1200):
            try:
                connection = server.connect()
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                connection.close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the server did not answer within two minutes")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)
