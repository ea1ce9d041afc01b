"""What browser tests share: the demo on a server, a killable server with a day of training, and phones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from labtracker import demo
from labtracker.accounts.models import Person
from labtracker.checkin.models import Event, InboxFrame
from labtracker.cli.database import begin_history
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.rules import badges as badge_rules
from tests.browser import chromium
from tests.browser.handset import Handset
from tests.browser.nursery import Nursery
from tests.browser.server import KillableServer, QuickServer
from tests.browser.site import DATABASE, Site, new_app, serving
from tests.cast import build_cast
from tests.checkin.conftest import a_cohort, a_deployment, a_session, a_worker
from tests.databases import Databases
from tests.once import made_once

CREW = (
    ("Ana Lucía", "Gómez"),
    ("Bartholomew", "Featherstonehaugh-Wolfe"),
    ("Carlos", "Mendoza"),
    ("Dale", "Whitehorse"),
    ("Elena", "Ortiz"),
)

# A busy machine is slow, not wrong: what is expected may take its time.
expect.set_options(timeout=20_000)


@dataclass
class Workday:
    """A running server with a session that began half an hour ago, and what is on its people's badges."""

    server: KillableServer
    names: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    session_id: Any = None

    def held(self) -> list[tuple[str, str]]:
        """Type and verdict of every record that the server holds, in the order of each phone's chain."""
        with self.server.application().app_context():
            rows = db.session.execute(
                sa.select(Event.type, InboxFrame.verdict)
                .join(InboxFrame, InboxFrame.id == Event.frame_id)
                .order_by(InboxFrame.seq)
            ).all()
            frames = db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame))
            db.engine.dispose()
        assert frames == len(rows)
        return [(row.type, row.verdict) for row in rows]


# What takes longest, and what makes something that others wait for, begins first: nobody waits at the end.
FIRST = (
    "test_twenty_four_workers_arrive_in_two_minutes",
    "test_no_link_leads_nowhere[nobody]",
    "test_the_whole_story",
    "test_hand_over_by",
    "test_scan[",
)
LAST = "test_pages.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests into an order in which several processes end together."""

    def place(item: pytest.Item) -> int:
        for number, name in enumerate(FIRST):
            if item.name.startswith(name):
                return number
        return len(FIRST) + (item.path.name == LAST)

    items.sort(key=place)


@pytest.fixture(scope="session")
def site(of_this_run: Path, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's year on a server: built once in a run, and each process serves a copy of its own."""
    people, data = made_once(of_this_run / "year", lambda: _year(databases, tmp_path_factory.mktemp("year")))
    folder = tmp_path_factory.mktemp("site")
    (folder / DATABASE).write_bytes(data)
    with serving(Site(new_app(folder, DEMO=True), people=people)) as site:
        yield site


def _year(databases: Databases, folder: Path) -> tuple[dict[str, UUID], bytes]:
    """The people's ids by the first part of their addresses, and the file of the database."""
    databases.put_tables(folder / DATABASE)
    app = new_app(folder, DEMO=True)
    with app.app_context():
        begin_history()
        demo.build(utc_now(), seed=1)
        db.session.commit()
        people = {
            email.partition("@")[0]: id_
            for id_, email in db.session.execute(sa.select(Person.id, Person.email))
        }
        db.session.remove()
        # Closing the last connection moves everything from the log into the file.
        db.engine.dispose()
    return people, (folder / DATABASE).read_bytes()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, once for all: two at a time do not get along."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser on a desk: whoever wants one that nobody used before asks it for a context."""
    started = chromium.launch(playwright)
    yield started
    started.close()


@pytest.fixture
def workday(
    request: pytest.FixtureRequest, nursery: Nursery, databases: Databases, tmp_path: Path
) -> Iterator[Workday]:
    """Tom's morning at the steel works; the server runs.

    A test may say by an indirect parameter who is in the crew, or what the server's clock shows: then the
    session begins soon, and `labtracker serve` itself serves it.
    """
    asked: datetime | Sequence[tuple[str, str]] = getattr(request, "param", CREW)
    at, crew = (asked, CREW) if isinstance(asked, datetime) else (None, asked)
    folder = tmp_path / "server"
    folder.mkdir()
    day = Workday(KillableServer(folder) if at else QuickServer(folder, nursery=nursery))
    databases.put_tables(day.server.database)
    now = utc_now().replace(second=0, microsecond=0)
    prepare(day, at or now, at + timedelta(minutes=6) if at else now - timedelta(minutes=30), crew)
    day.server.start(at)
    try:
        yield day
    finally:
        day.server.kill()


def prepare(day: Workday, now: datetime, start: datetime, crew: Sequence[tuple[str, str]] = CREW) -> None:
    """Fill the server's tables: a cohort with these people, of whom each has a badge, and two sessions."""
    app = day.server.application()
    host = app.config["BADGE_HOSTS"][0]
    with app.app_context():
        cast = build_cast()
        deployment = a_deployment(cast.welding_lab, cast.steel_site, [cast.tom], start)
        cohort = a_cohort(cast.welding, cast.steel_site, "Welding, first shift", now)
        cohort.skills = [
            {"id": str(skill.id), "code": skill.code, "title": skill.title} for skill in cast.welding.skills
        ]
        day.session_id = a_session(cohort, deployment, start).id
        a_session(cohort, deployment, start + timedelta(days=1))
        for given, family in crew:
            worker, badge = a_worker(cast, given, family, now)
            db.session.add(Enrollment(cohort_id=cohort.id, worker_id=worker.id, created_at=now))
            day.names.append(f"{given} {family}")
            day.urls.append(badge_rules.badge_url(badge.secret, host))
            day.codes.append(badge_rules.short_code(badge.badge_hash))
        db.session.commit()
        db.engine.dispose()


def checked_in(day: Workday) -> list[str]:
    """The names of those whom the server knows as arrived, one for each record."""
    app = day.server.application()
    with app.app_context():
        rows = db.session.execute(
            sa.select(Worker.given_name, Worker.family_name)
            .join(Event, Event.worker_id == Worker.id)
            .where(Event.type == "check_in")
            .order_by(Event.at)
        ).all()
        db.engine.dispose()
    return [f"{row.given_name} {row.family_name}" for row in rows]


@pytest.fixture
def handset(playwright: Playwright, workday: Workday, tmp_path: Path) -> Iterator[Callable[..., Handset]]:
    """Makes phones, switched off; each is switched off again at the end."""
    made: list[Handset] = []

    def make(*arguments: str, **options: Any) -> Handset:
        profile = tmp_path / f"phone-{len(made)}"
        phone = Handset(playwright, profile, workday.server.address, list(arguments), options)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        phone.switch_off()
