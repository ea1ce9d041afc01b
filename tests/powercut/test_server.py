"""A power cut of the server in mid-upload: what it had answered for is in its database when power is back."""

from __future__ import annotations

import http.client
import os
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from labtracker.accounts.services import create_pairing_code
from labtracker.backups.services import audit_days
from labtracker.checkin.services import rebuild
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.browser.server import KillableServer
from tests.checkin.conftest import Day, a_day_in
from tests.checkin.phone import Phone
from tests.checkin.real_server import Line, derived
from tests.databases import Databases
from tests.powercut.power import Power, needs_compiler

pytestmark = needs_compiler

# `make power-cut ROUNDS=50` asks for more.
ROUNDS = int(os.environ.get("ROUNDS", "2"))
PLANTED_ROUNDS = max(1, ROUNDS // 4)
PHONES = 4
# A cut comes after so many answers, at the least and at the most.
ANSWERS = (8, 60)
HELD = {"stored", "duplicate"}


@dataclass
class PoweredServer(KillableServer):
    """A server whose disk forgets at a power cut what was not synced."""

    power: Power = None  # type: ignore[assignment]

    def _environment(self) -> dict[str, str]:
        return {**self.power.environment, **super()._environment()}

    def cut(self, seed: int | None) -> None:
        """Cut the power, and have it back."""
        self.power.cut(seed)
        assert self.process
        self.process.wait()
        self.process = None

    def frames(self) -> set[str]:
        """The hashes of all frames in the database; insists that the file is sound.

        Looks at a copy: whoever opens the database mends it, and that is the server's part.
        """
        copy = self.folder.with_name("copy")
        shutil.copytree(self.folder, copy, dirs_exist_ok=True)
        with closing(sqlite3.connect(copy / "site.sqlite")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            hashes = {row[0].hex() for row in connection.execute("SELECT hash FROM inbox_frame")}
        shutil.rmtree(copy)
        return hashes


@dataclass
class Sender:
    """A phone that records and uploads until nobody answers, and remembers what it was told is stored."""

    phone: Phone
    day: Day
    told: set[str] = field(default_factory=set)
    answers: int = 0

    def work(self) -> None:
        """Upload three new records at a time, and what the last upload held once more."""
        while True:
            for _number in range(3):
                count = len(self.phone.items)
                badge = self.day.badges[count % len(self.day.badges)].badge_hash
                kind = "check_out" if count // len(self.day.badges) % 2 else "check_in"
                session = str(self.day.session.id)
                self.phone.record(kind, self.day.at(count / 10), session=session, badge_hash=badge)
            try:
                answer = self.phone.upload(self.phone.items[-6:])
            except (OSError, http.client.HTTPException):
                return
            self.told |= {one["hash"] for one in answer["results"] if one["verdict"] in HELD}
            self.answers += 1


@dataclass
class Office:
    """A folder with a database, the day of training in it, and phones paired there."""

    folder: Path
    day: Day
    phones: list[Phone]

    def senders(self, address: str) -> list[Sender]:
        """The phones as they were when they had been paired, with a line to an address."""
        line: Any = Line(address)
        return [Sender(Phone(line, one.device, one.token, one.by), self.day) for one in self.phones]


@pytest.fixture(scope="module")
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with a day of training and paired phones, made once: each test serves a copy."""
    folder = tmp_path_factory.mktemp("office")
    server = KillableServer(folder)
    databases.put_tables(server.database)
    app = server.application()
    day = a_day_in(app)
    phones = [Phone(app.test_client()) for _number in range(PHONES)]
    for phone in phones:
        with app.app_context():
            code = create_pairing_code(actor=day.cast.tom, now=utc_now())
            db.session.commit()
        phone.pair(code)
    with app.app_context():
        db.engine.dispose()
    return Office(folder, day, phones)


@pytest.fixture
def server(office: Office, power: Power) -> Iterator[PoweredServer]:
    """A server with that database, on the folder under the power; it does not run yet."""
    shutil.copytree(office.folder, power.folder, dirs_exist_ok=True)
    power.settle()
    server = PoweredServer(power.folder, power=power)
    yield server
    server.kill()


def live_through(server: PoweredServer, office: Office, rounds: int) -> tuple[int, int]:
    """Serve phones, cut the power in the middle, look at what is left, and again.

    Gives how many records were answered for, and how many of them were lost at one of the cuts.
    """
    senders = office.senders(server.address)
    told: set[str] = set()
    lost: set[str] = set()
    for number in range(rounds):
        server.start()
        dice = random.Random(number)
        goal = sum(sender.answers for sender in senders) + dice.randint(*ANSWERS)
        threads = [threading.Thread(target=sender.work) for sender in senders]
        for thread in threads:
            thread.start()
        while sum(sender.answers for sender in senders) < goal and any(t.is_alive() for t in threads):
            time.sleep(0.001)
        # Every other cut leaves what was synced and not a byte more.
        server.cut(number if number % 2 else None)
        for thread in threads:
            thread.join()
        told.update(*(sender.told for sender in senders))
        lost |= told - server.frames()
    return len(told), len(lost)


def test_what_was_answered_for_outlives_a_power_cut(server: PoweredServer, office: Office) -> None:
    told, lost = live_through(server, office, ROUNDS)
    print(f"\nSQLite with FULL: {ROUNDS} cuts, {told} records answered for, {lost} of them lost")
    assert told >= ROUNDS * ANSWERS[0] * 3
    assert lost == 0
    grown = derived(server)
    assert len(grown[1]) >= told
    app = server.application()
    with app.app_context():
        rebuild(now=utc_now())
        assert audit_days()[1] == []
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    assert derived(server) == grown


def test_a_server_that_syncs_less_is_caught(server: PoweredServer, office: Office) -> None:
    server.program = ("tests.powercut.careless", "NORMAL")
    told, lost = live_through(server, office, PLANTED_ROUNDS)
    print(f"\nSQLite with NORMAL: {PLANTED_ROUNDS} cuts, {told} records answered for, {lost} of them lost")
    assert lost
