"""The server of a simulated world: the real application on a real SQLite file; it crashes and loses disks."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from labtracker.accounts.models import Person
from labtracker.accounts.services import create_pairing_code
from labtracker.app import create_app
from labtracker.backups.queries import counted_backups
from labtracker.backups.running import make_backup
from labtracker.checkin.models import ATTENDANCE, EVENTS, FRAMES, WATERMARKS
from labtracker.checkin.queries.pack import pack_page
from labtracker.checkin.services import rebuild
from labtracker.cli.database import begin_history
from labtracker.cli.restoring import restore
from labtracker.extensions import db
from labtracker.roster import services as roster
from labtracker.roster.models import Enrollment
from labtracker.roster.rules.badges import badge_url
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.scheduling.models import Deployment, Session
from labtracker.scheduling.rules.states import Duty
from labtracker.scheduling.services import add_to_crew, remove_from_crew
from tests.cast import build_cast
from tests.checkin.conftest import a_cohort, a_deployment, a_session, a_worker
from tests.simulation.host import Ask, Reply

DAWN = datetime(2026, 4, 6, 12, 0, tzinfo=UTC)  # six in the morning in Colorado
HOST = "127.0.0.1:8000"


class CrashError(BaseException):
    """The server's process is gone in the middle of a request."""


@dataclass
class Cast:
    """Ids that the world speaks of."""

    trainers: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    cohorts: list[Any] = field(default_factory=list)
    workers: list[Any] = field(default_factory=list)
    enrollments: list[Any] = field(default_factory=list)
    badges: list[str] = field(default_factory=list)
    deployment: Any = None


class Office:
    """One server; ``folder`` holds its disk, ``elsewhere`` its backups, on another device."""

    def __init__(self, folder: Path, elsewhere: Path) -> None:
        self.folder, self.elsewhere = folder, elsewhere
        self.disk = folder / "office.sqlite"
        self.template = folder / "template.sqlite"
        self.now = DAWN
        self.crash: str | None = None
        self.cast = Cast()
        self._chance = random.Random(0)
        self._known_inside: dict[str, frozenset[str]] = {}
        self._counted: list[str] = []
        self._reader: sqlite3.Connection | None = None
        self.app = self._application()
        with self.in_its_world(), self.running():
            upgrade()
            begin_history()
            self._fill()
            db.session.commit()
        self._let_go()
        shutil.copy(self.disk, self.template)

    def _application(self) -> Flask:
        return create_app(
            DATABASE_URL=f"sqlite:///{self.disk}",
            INSTANCE_DIR=str(self.folder),
            SECRET_KEY="only-for-tests",
            TESTING=True,
            RATELIMIT_ENABLED=False,
            BADGE_HOSTS=(HOST,),
            BACKUP_TARGETS=(str(self.elsewhere),),
        )

    def _fill(self) -> None:
        cast = build_cast()
        deployment = a_deployment(cast.welding_lab, cast.steel_site, [cast.tom, cast.tess], DAWN)
        self.cast.deployment = deployment.id
        self.cast.trainers = [str(cast.tom.id), str(cast.tess.id)]
        for name in ("first shift", "second shift"):
            cohort = a_cohort(cast.welding, cast.steel_site, name, DAWN)
            self.cast.cohorts.append(cohort.id)
            for day in range(3):
                start = DAWN + timedelta(days=day, minutes=30 * len(self.cast.cohorts))
                self.cast.sessions.append(str(a_session(cohort, deployment, start, hours=4).id))
            for number in range(4):
                worker, badge = a_worker(cast, f"Worker {number}", name, DAWN)
                enrollment = Enrollment(cohort_id=cohort.id, worker_id=worker.id, created_at=DAWN)
                db.session.add(enrollment)
                db.session.flush()
                self.cast.workers.append(worker.id)
                self.cast.enrollments.append(enrollment.id)
                self.cast.badges.append(badge_url(badge.secret, HOST))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Inside the application, on the world's time."""
        with self.app.app_context():
            yield
            db.session.remove()

    @contextmanager
    def in_its_world(self) -> Iterator[None]:
        """The application is told the world's time and the world's chance; its commits may fail."""
        with ExitStack() as stack:
            for name, module in list(sys.modules.items()):
                if name.startswith("labtracker.") and hasattr(module, "utc_now"):
                    stack.enter_context(mock.patch.object(module, "utc_now", self.clock))
            # Ids and secrets, so that a seed gives the same world each time.
            stack.enter_context(mock.patch("random._urandom", self._chance.randbytes))
            clock = SimpleNamespace(time_ns=self._clock_ns)
            stack.enter_context(mock.patch("labtracker.kit.ids.time", clock))
            stack.enter_context(mock.patch("labtracker.checkin.api.events.commit", self._commit))
            # Short pages, so that a phone needs several.
            short = partial(pack_page, page=3)
            stack.enter_context(mock.patch("labtracker.checkin.api.pack.pack_page", short))
            yield

    def clock(self) -> datetime:
        """The world's time."""
        return self.now

    def _clock_ns(self) -> int:
        return int(self.now.timestamp() * 1e9)

    def begin(self, seed: int) -> None:
        """A new world: the disk as it was at first, no backups."""
        self._let_go()
        self._chance.seed(seed)
        shutil.copy(self.template, self.disk)
        for path in self.elsewhere.iterdir():
            path.unlink()
        self._known_inside.clear()
        self._counted = []
        self.now, self.crash = DAWN, None

    def close(self) -> None:
        """Nobody needs the server any more."""
        self._let_go()

    def _let_go(self) -> None:
        if self._reader:
            self._reader.close()
            self._reader = None
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self.disk.with_name(self.disk.name + ending).unlink(missing_ok=True)

    # --- What phones ask ---

    def answer(self, ask: Ask, body: str | None) -> Reply | None:
        """What the application answers; None when it crashed over it."""
        client = self.app.test_client()
        try:
            told = client.open(ask.path, method=ask.method, headers=ask.headers, data=body)
        except CrashError:
            return None
        return Reply(told.status_code, told.content_type, told.text)

    def _commit(self) -> None:
        crash, self.crash = self.crash, None
        if crash == "before commit":
            raise CrashError
        db.session.commit()
        if crash == "after commit":
            raise CrashError

    def pairing_code(self, trainer: str) -> str:
        """A one-time code for a trainer's phone."""
        with self.running():
            person = db.session.get_one(Person, uuid_of(trainer))
            code = create_pairing_code(actor=person, now=self.now)
            db.session.commit()
            return code

    # --- What is on its disk ---

    def holds(self) -> frozenset[str]:
        """The hashes of all frames that are committed, seen by a connection of its own."""
        if self._reader is None:
            self._reader = _opened(self.disk)
        return _hashes_in(self._reader)

    def told_of(self, hashes: Iterable[str]) -> list[tuple[bool, str, str | None, int | None]]:
        """Of each frame with one of these hashes: in a chain or not, verdict, code, its event."""
        wanted = [bytes.fromhex(one) for one in hashes]
        with self.running():
            rows = db.session.execute(
                sa.select(FRAMES.c.in_chain, FRAMES.c.verdict, FRAMES.c.code, EVENTS.c.frame_id)
                .outerjoin(EVENTS, EVENTS.c.frame_id == FRAMES.c.id)
                .where(FRAMES.c.hash.in_(wanted))
            )
            return [(row.in_chain, row.verdict, row.code, row.frame_id) for row in rows]

    def forks_without_flags(self) -> list[str]:
        """Events that do not say that another frame claims their place in the chain, or say so wrongly."""
        place = (FRAMES.c.device_id, FRAMES.c.incarnation, FRAMES.c.seq)
        with self.running():
            rows = db.session.execute(
                sa.select(*place, FRAMES.c.hash, EVENTS.c.flags)
                .outerjoin(EVENTS, EVENTS.c.frame_id == FRAMES.c.id)
                .where(FRAMES.c.in_chain)
            ).all()
        branches: dict[Any, set[bytes]] = defaultdict(set)
        for device, incarnation, seq, found, _flags in rows:
            branches[device, incarnation, seq].add(found)
        wrong = [
            (seq, flags)
            for device, incarnation, seq, _found, flags in rows
            if flags is not None and ("fork" in flags) != (len(branches[device, incarnation, seq]) > 1)
        ]
        return [f"record {seq} is flagged {flags}, whatever else claims its place" for seq, flags in wrong]

    def projection(self) -> tuple[list[Any], list[Any]]:
        """Events and attendance as they stand."""
        with self.running():
            events = sa.select(EVENTS).order_by(EVENTS.c.frame_id)
            attendance = sa.select(ATTENDANCE).order_by(ATTENDANCE.c.session_id, ATTENDANCE.c.enrollment_id)
            return (
                [tuple(map(repr, row)) for row in db.session.execute(events)],
                [tuple(map(repr, row)) for row in db.session.execute(attendance)],
            )

    def rebuilt_projection(self) -> tuple[list[Any], list[Any]]:
        """The same after everything was worked out anew."""
        with self.running():
            rebuild(now=self.now)
            db.session.commit()
        return self.projection()

    def frames(self) -> list[tuple[str, str, int, str, bytes]]:
        """Device, incarnation, number, hash and bytes of every whole frame in a chain."""
        with self.running():
            rows = db.session.execute(
                sa.select(FRAMES).where(FRAMES.c.in_chain, FRAMES.c.damaged.is_(False)).order_by(FRAMES.c.id)
            )
            return [
                (str(row.device_id), row.incarnation, row.seq, bytes(row.hash).hex(), bytes(row.raw))
                for row in rows
            ]

    def roster_of(self, trainer: str) -> dict[str, set[str]]:
        """What a phone of this trainer must know after it has fetched everything."""
        with self.running():
            page = pack_page([uuid_of(trainer)], after=0, now=self.now, page=10_000)
            return {
                "sessions": {row["id"] for row in page.sessions},
                "cohorts": {row["id"] for row in page.cohorts},
                "enrollments": {f"{row['id']} {row['status']}" for row in page.enrollments},
            }

    # --- What happens in it ---

    def change_roster(self, which: int) -> None:
        """A worker leaves a cohort, or comes back."""
        with self.running():
            enrollment = db.session.get_one(Enrollment, self.cast.enrollments[which])
            if enrollment.status == EnrollmentStatus.ENROLLED:
                today = self.now.date()
                roster.withdraw(enrollment, on=today, reason="left", now=self.now, today=today)
            else:
                roster.re_enroll(enrollment, now=self.now)
            db.session.commit()

    def change_crew(self) -> None:
        """The second trainer leaves the crew, or comes back."""
        with self.running():
            deployment = db.session.get_one(Deployment, self.cast.deployment)
            person = db.session.get_one(Person, uuid_of(self.cast.trainers[1]))
            actor = db.session.scalars(sa.select(Person).where(Person.email.startswith("cora"))).one()
            who = {"deployment": deployment, "person": person, "actor": actor, "now": self.now}
            if any(member.person_id == person.id for member in deployment.crew):
                remove_from_crew(**who, duty=Duty.TRAINER)
            else:
                add_to_crew(**who)
            db.session.commit()

    # --- Backups ---

    def back_up(self) -> None:
        """A backup from beginning to end, as the command makes it."""
        with self.running():
            outcome = make_backup(self.clock)
            assert outcome.is_good, outcome
        self._counted = outcome.counted

    def counted(self) -> list[str]:
        """The names of the last two backups that count, the newest first."""
        return self._counted

    def in_both_backups(self) -> frozenset[str]:
        """Hashes of the frames that each of the last two backups holds, as their files say."""
        if len(self._counted) < 2:
            return frozenset()
        return self._inside(self._counted[0]) & self._inside(self._counted[1])

    def _inside(self, name: str) -> frozenset[str]:
        if name not in self._known_inside:
            with closing(_opened(self.elsewhere / name)) as connection:
                self._known_inside[name] = _hashes_in(connection)
        return self._known_inside[name]

    def lose_disk(self, name: str) -> None:
        """The disk is gone; a new one gets what a backup holds."""
        self._let_go()
        self.disk.unlink()
        # The restored database is made ready by an application that serves nobody: it needs no addresses.
        with self.running(), mock.patch.object(Flask, "register_blueprint"):
            told = self.app.test_cli_runner().invoke(restore, [name])
            assert told.exit_code == 0, told.output
        with self.running():
            self._counted = [backup.name for backup in db.session.scalars(counted_backups().limit(2))]

    def restart(self) -> None:
        """The server is replaced by another version, which works everything out anew."""
        self._let_go()
        with self.running():
            rebuild(now=self.now)
            db.session.commit()

    # --- For the check of order ---

    def forget_records(self) -> None:
        """Everything that phones ever brought is gone, as if none had come yet."""
        with self.running():
            for table in (EVENTS, ATTENDANCE, FRAMES, WATERMARKS):
                db.session.execute(sa.delete(table))
            db.session.execute(sa.update(Session).values(opened_at=None, closed_at=None))
            db.session.commit()


def uuid_of(text: str) -> UUID:
    """An id from its text."""
    return UUID(text)


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def _hashes_in(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(row[0].hex() for row in connection.execute("SELECT hash FROM inbox_frame"))
