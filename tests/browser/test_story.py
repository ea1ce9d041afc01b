"""The whole story once round: book, plan, roster, badges, pair, offline, scan, sync, assess, the rate moves.

In English on a phone's width and in Spanish at a desk. The visit lies days ahead when it is booked, so the
server is started again with its clock set to the morning of the training, and once more to its end. The
phone's own clock stays as wrong as that makes it: what it records is right because it heard the server's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Playwright, expect

from labtracker import config
from labtracker.accounts.services import passwords
from labtracker.extensions import db
from labtracker.fleet.models import TaughtCourse
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Course, Skill
from labtracker.roster.models import Badge, Worker
from labtracker.roster.rules import badges as badge_rules
from labtracker.scheduling.models import Session
from tests.browser import camera, chromium
from tests.browser.handset import PHONE, PICTURES, Handset
from tests.browser.server import KillableServer
from tests.cast import build_cast
from tests.databases import Databases

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

PASSWORD = "gravel lot before dawn"
ROSTER = config.ROOT / "tests" / "data" / "rosters" / "steel-works.csv"
ZONE = "America/Denver"


@dataclass(frozen=True)
class Telling:
    """How a story is told: its language, the size of the pages, the words that are looked for."""

    language: str
    size: dict[str, int]
    in_words: str
    all_sent: str
    rate: str


ENGLISH = Telling("en", PHONE, "In", "all sent", "4 of 5 workers who started completed")
SPANISH = Telling("es", {"width": 1280, "height": 900}, "Presente", "todo enviado", "4 de 5")


@dataclass
class Stage:
    """A server with the cast and a one-day course, and one browser for everybody at a desk."""

    server: KillableServer
    page: Page
    telling: Telling
    number: int = 0

    def as_person(self, email: str) -> None:
        """Sign in as one of the cast, in the browser that somebody else used before."""
        self.page.context.clear_cookies()
        self.open("/sign-in")
        self.page.locator("[name=email]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("main form.form button[type=submit]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.telling.language)

    def open(self, path: str) -> None:
        """Open a page of the server."""
        self.page.goto(f"{self.server.address}{path}")

    def press(self, action: str) -> None:
        """Press the button of the form that posts to this kind of address."""
        self.page.locator(f'main form[action$="{action}"] button[type=submit]').first.click()

    def go_on(self) -> None:
        """Press the main button of the page's form."""
        self.page.locator(
            "main form.form .actions button[type=submit], main form.form button[type=submit]"
        ).first.click()

    def picture(self, name: str) -> None:
        """Keep a picture of the page."""
        self.number += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(
            path=PICTURES / f"story-{self.telling.language}-{self.number:02}-{name}.png", full_page=True
        )


@pytest.fixture(scope="module")
def roster_names() -> list[str]:
    """Who the sample roster brings, in the order of its rows."""
    lines = ROSTER.read_text().splitlines()[1:]
    return [" ".join(line.split(",")[:2]) for line in lines]


@pytest.fixture(params=[ENGLISH, SPANISH], ids=["english", "spanish"])
def stage(
    request: pytest.FixtureRequest, browser: Browser, databases: Databases, tmp_path: Path
) -> Iterator[Stage]:
    """A server as on the evening before, with nobody signed in."""
    telling: Telling = request.param
    server = KillableServer(tmp_path)
    databases.put_tables(server.database)
    _prepare(server, telling.language)
    server.start()
    page = browser.new_page(viewport=telling.size, locale={"en": "en-US", "es": "es-US"}[telling.language])
    page.set_default_timeout(20_000)
    try:
        yield Stage(server, page, telling)
    finally:
        page.context.close()
        server.kill()


def _prepare(server: KillableServer, language: str) -> None:
    with server.application().app_context():
        cast = build_cast()
        for person in (cast.cora, cast.tom, cast.emil, cast.rita):
            person.language = language
            passwords.set_password(person, PASSWORD, now=utc_now())
        day = Course(
            code="LOTO-1", title="Lock-out in a day", title_es="Bloqueo en un día", contact_hours=Decimal(6),
            created_at=utc_now(),
        )  # fmt: skip
        day.skills = [
            Skill(code="LOTO", title="Lock-out and tag-out", title_es="Bloqueo y etiquetado", position=1)
        ]
        cast.welding_lab.courses.append(day)
        db.session.flush()
        db.session.add(TaughtCourse(person_id=cast.tom.id, course_id=day.id))
        db.session.commit()
        db.engine.dispose()


def first_day() -> date:
    """A Tuesday that is far enough away and no holiday."""
    today = local_day(utc_now(), ZONE)
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7 + 14)
    while (tuesday.month, tuesday.day) in {(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)}:
        tuesday += timedelta(days=7)
    return tuesday


def book(stage: Stage, day: date) -> None:
    """The employer asks for a visit, step by step."""
    page = stage.page
    stage.as_person("emil@steelworks.example")
    stage.open("/book-a-visit")
    page.locator("label", has_text=re.compile("Lock-out in a day|Bloqueo en un día")).click()
    stage.picture("what")
    stage.go_on()
    page.locator("[name=worksite]").first.check(force=True)
    page.locator("[name=site_contact]").fill("Gate guard")
    page.locator("[name=site_phone]").fill("719 555 0100")
    stage.go_on()
    page.locator("[name=headcount]").fill("6")
    page.locator("[name=weekdays][value='2']").check(force=True)
    page.locator("[name=shift_starts]").fill("06:00")
    page.locator("[name=shift_ends]").fill("12:30")
    page.locator("[name=break_minutes]").fill("30")
    page.locator("[name=payer]").first.check(force=True)
    stage.picture("who")
    stage.go_on()
    page.locator("[name=window_1_starts]").fill(day.isoformat())
    page.locator("[name=window_1_ends]").fill((day + timedelta(days=20)).isoformat())
    page.locator("[name=then][value=answers]").click()
    stage.picture("answers")
    stage.press("/submission")
    expect(page).to_have_url(re.compile("/sent$"))
    stage.picture("sent")


def plan(stage: Stage, day: date) -> str:
    """The coordinator turns it into a deployment; the employer confirms. Gives the cohort's path."""
    page = stage.page
    stage.as_person("cora@college.example")
    stage.open("/bookings")
    stage.picture("queue")
    page.locator("main table a[href*='/bookings/'], main .card a[href*='/bookings/']").first.click()
    booking = page.url.split("?")[0]
    stage.press("/review")
    page.locator("main a[href$='/plan']").first.click()
    page.locator("#first_on").fill(day.isoformat())
    page.get_by_label("Tom Baca").first.check(force=True)
    stage.go_on()
    stage.picture("plan")
    stage.press("/approval")
    stage.open("/board")
    stage.picture("board")
    stage.as_person("emil@steelworks.example")
    page.goto(booking)
    stage.press("/confirmation")
    stage.picture("confirmed")
    page.locator("main a[href*='/cohorts/']").first.click()
    return page.url.split(stage.server.address)[1]


def import_roster(stage: Stage, cohort: str) -> None:
    """The employer sends the spreadsheet, and prints badges."""
    page = stage.page
    stage.open(f"{cohort}/roster/import")
    page.locator("[name=file]").set_input_files(ROSTER)
    stage.go_on()
    stage.picture("verdicts")
    stage.press("/application")
    stage.open(f"{cohort}/roster")
    expect(page.locator("main")).to_contain_text("Schmidt")
    stage.picture("roster")
    stage.open(f"{cohort}/badges")
    stage.picture("badges")


@dataclass(frozen=True)
class Morning:
    """What the database knows of the morning to come."""

    starts_at: datetime
    urls: dict[str, str]
    codes: dict[str, str]


def morning_of(server: KillableServer) -> Morning:
    """When the training starts, and what stands on everybody's badge."""
    app = server.application()
    with app.app_context():
        starts_at = db.session.scalars(sa.select(Session.starts_at)).one()
        badges = db.session.execute(sa.select(Worker, Badge).join(Badge)).all()
        host = app.config["BADGE_HOSTS"][0]
        urls = {worker.name: badge_rules.badge_url(badge.secret, host) for worker, badge in badges}
        codes = {worker.name: badge_rules.short_code(badge.badge_hash) for worker, badge in badges}
        db.engine.dispose()
    return Morning(starts_at, urls, codes)


def teach(stage: Stage, phone: Handset, morning: Morning, names: list[str]) -> None:
    """The trainer's morning: pair, lose the server, scan, come back, close, assess."""
    page = phone.page
    phone.pair(stage.server.pairing_code("tom@college.example"))
    phone.picture(f"story-{stage.telling.language}-20-today")
    stage.server.kill()
    page.reload()
    page.locator(".session-card__scan").first.click()
    for name in names[:3]:
        expect(page.locator(".verdict__name")).to_have_text(name, timeout=20_000)
        expect(page.locator(".verdict--in")).to_be_visible()
    phone.picture(f"story-{stage.telling.language}-21-scan")
    phone.type_code(morning.codes[names[3]])
    expect(page.locator(".verdict__name")).to_have_text(names[3])
    page.get_by_role("button", name=re.compile("Walk-in|Sin inscripción", re.IGNORECASE)).first.click()
    page.locator("dialog input").nth(0).fill("Zoë Ñúñez")
    page.locator("dialog input").nth(1).fill("Mesa Dairy")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".status-line")).to_contain_text(re.compile("5 not sent|5 sin enviar"))
    stage.server.start(morning.starts_at + timedelta(hours=6, minutes=20))
    phone.go("unsent")
    phone.picture(f"story-{stage.telling.language}-22-not-sent")
    page.locator(".client--unsent .sending button, .client--unsent button.button--large").first.click()
    expect(page.locator(".status-line")).to_contain_text(stage.telling.all_sent, timeout=30_000)
    close_and_assess(stage, phone, names[:4])


def close_and_assess(stage: Stage, phone: Handset, names: list[str]) -> None:
    """The end of the shift: results for everybody who came, check everybody out, close."""
    page = phone.page
    phone.go("session")
    page.locator(".turn button").first.click()
    for name in names:
        page.locator(".client--session .person-row", has_text=name).click()
        page.locator("#score").fill("84")
        page.locator("form:has(#score) button[type=submit]").click()
        page.locator(".skills button").first.click()
        expect(page.locator(".skills .chip--in")).to_be_visible()
        page.keyboard.press("Escape")
    phone.picture(f"story-{stage.telling.language}-23-session")
    page.locator(".turn button").first.click()
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".turn.is-closed")).to_be_visible()
    expect(page.locator(".status-line")).to_contain_text(stage.telling.all_sent, timeout=30_000)


def review(stage: Stage, cohort: str) -> None:
    """The coordinator closes out, and the workforce center's rate moves."""
    page = stage.page
    stage.as_person("rita@center.example")
    stage.open("/reports/completion")
    expect(page.locator("main .figures")).to_have_count(0)
    stage.as_person("cora@college.example")
    stage.open(f"{cohort}/completion")
    stage.picture("cohort")
    stage.press("/close-out")
    stage.as_person("rita@center.example")
    stage.open("/reports/completion")
    expect(page.locator(".page-header .lead")).to_contain_text(stage.telling.rate)
    stage.picture("completion")
    page.locator("main table a[href*='/completion/cohorts/']").first.click()
    stage.picture("people")
    page.locator("main table a[href*='/completion/enrollments/']").first.click()
    stage.picture("events")


def test_the_whole_story(
    stage: Stage, playwright: Playwright, tmp_path: Path, roster_names: list[str]
) -> None:
    day = first_day()
    book(stage, day)
    cohort = plan(stage, day)
    import_roster(stage, cohort)
    morning = morning_of(stage.server)
    stage.server.kill()
    stage.server.start(morning.starts_at - timedelta(minutes=5))
    film = camera.queue(tmp_path / "badges.mjpeg", [morning.urls[name] for name in roster_names[:3]])
    phone = Handset(
        playwright,
        tmp_path / "phone",
        stage.server.address,
        camera.camera_arguments(film),
        {
            "permissions": ["camera"],
            "viewport": stage.telling.size,
            "locale": {"en": "en-US", "es": "es-US"}[stage.telling.language],
        },
    )
    phone.switch_on()
    try:
        teach(stage, phone, morning, roster_names)
    finally:
        phone.switch_off()
    review(stage, cohort)
