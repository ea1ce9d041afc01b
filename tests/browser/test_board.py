"""A coordinator at the board: five requests placed by keys alone, a drag, a conflict and its way out, undo;
and a lab that breaks down, whose week is planned anew with everybody told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.rules import ClosureKind
from labtracker.fleet.services.closures import add_closure
from labtracker.jobs.models import MailMessage
from labtracker.kit.time import local_day, utc_now
from labtracker.labs.models import Lab
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import Deployment
from tests.browser import chromium
from tests.browser.site import DATABASE, Site, new_app, serving
from tests.cast import FOUNDED, Cast, build_cast
from tests.databases import Databases
from tests.scheduling.builders import quiet_monday, submitted

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

MONDAY = quiet_monday(utc_now())
WINDOW = (MONDAY, MONDAY + timedelta(days=39))


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The cast with two labs for welders, and five requests that wait."""
    folder = tmp_path_factory.mktemp("board")
    databases.put_tables(folder / DATABASE)
    app = new_app(folder)
    with app.app_context():
        cast = build_cast()
        _second_lab(cast)
        for headcount in range(4, 9):
            submitted(cast, utc_now(), windows=[WINDOW], headcount=headcount)
        db.session.commit()
        people = {"cora": cast.cora.id}
        db.session.remove()
        db.engine.dispose()
    with serving(Site(app, people=people)) as running:
        yield running


def _second_lab(cast: Cast) -> None:
    lab = Lab(
        provider=cast.college,
        name="Welding lab 2",
        seats=8,
        home_city="Pueblo",
        home_zip="81004",
        latitude=38.25,
        longitude=-104.62,
        created_at=FOUNDED,
        courses=[cast.welding],
    )
    db.session.add(lab)


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """The board of those weeks, opened by Cora once for all that happens on it."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-US", reduced_motion="reduce"
    )
    context.add_cookies([site.cookie_of("cora")])  # type: ignore[list-item]
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    page.goto(f"{site.address}/board?from={MONDAY - timedelta(days=7)}&weeks=13")
    yield page
    assert not faults
    context.close()


def says(page: Page) -> Locator:
    return page.locator("#board-says")


def press_until(page: Page, key: str, selector: str) -> None:
    """Press a key until what has the focus is what is looked for, as somebody without a mouse does."""
    for _press in range(80):
        page.keyboard.press(key)
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is never reached")


def rows(site: Site, query: sa.Select[Any]) -> list[Any]:
    with site.app.app_context():
        found = list(db.session.execute(query))
        db.session.remove()
    return found


def days_and_labs(site: Site) -> list[tuple[str, date]]:
    """Each deployment's lab and first day, in order."""
    with site.app.app_context():
        found = []
        for one in db.session.scalars(sa.select(Deployment).where(Deployment.status != "cancelled")):
            first = min(s.starts_at for row in queries.standing_sessions(one) for s in row)
            found.append((one.lab.name, local_day(first, one.worksite.zone)))
        db.session.remove()
    return sorted(found)


def test_a_coordinators_day_at_the_board(page: Page, site: Site) -> None:
    """One after the other: each begins with what the one before left on the board."""
    five_requests_are_placed_by_keys_alone(page, site)
    what_is_dragged_moves_and_can_be_undone(page, site)
    somebody_else_was_quicker(page, site)
    a_lab_breaks_down_and_its_week_is_planned_anew(page, site)


def five_requests_are_placed_by_keys_alone(page: Page, site: Site) -> None:
    press_until(page, "Tab", ".tray__take")
    for number in range(5):
        page.keyboard.press("Enter")
        expect(says(page)).to_contain_text("Nothing stands in the way.")
        if number == 3:
            # It is wanted where another stands already: what is in the way is said, and what would work.
            page.keyboard.press("Shift+ArrowLeft")
            expect(says(page)).to_contain_text(re.compile("is taken by the deployment at Mill gate 3"))
            page.keyboard.press("Enter")
            expect(says(page)).to_contain_text("It cannot lie here yet.")
            expect(page.locator("#board-panel .way").first).to_be_focused()
            page.keyboard.press("Enter")
            expect(says(page)).to_contain_text("Nothing stands in the way.")
        page.keyboard.press("Enter")
        expect(says(page)).to_contain_text("Placed: Mill gate 3, Pueblo with Welding lab")
    expect(page.locator("#board-tray")).to_contain_text("Nothing waits")
    expect(page.locator(".stay--tentative")).to_have_count(5)
    placed = days_and_labs(site)
    assert len(set(placed)) == 5
    assert all(WINDOW[0] <= day <= WINDOW[1] for _lab, day in placed)
    told = rows(site, sa.select(MailMessage.recipient).where(MailMessage.subject.contains("planned")))
    assert sum(recipient == "emil@steelworks.example" for (recipient,) in told) == 5


def what_is_dragged_moves_and_can_be_undone(page: Page, site: Site) -> None:
    before = days_and_labs(site)
    last = page.locator(".stay").last
    box = last.locator("rect").bounding_box()
    assert box
    week = 64 * page.evaluate("document.querySelector('.lane').getBoundingClientRect().width") / 832
    page.mouse.move(box["x"] + 12, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 12 + 3 * week, box["y"] + 8, steps=6)
    expect(page.locator(".ghost")).to_have_attribute("data-state", "free")
    page.mouse.up()
    expect(says(page)).to_contain_text("Moved: Mill gate 3, Pueblo")
    moved = set(days_and_labs(site)) - set(before)
    ((lab, day),) = moved
    assert (lab, day - timedelta(weeks=3)) in before
    page.keyboard.press("Control+z")
    expect(says(page)).to_contain_text("Undone.")
    assert days_and_labs(site) == before
    expect(page.locator(".stay--tentative")).to_have_count(5)


def somebody_else_was_quicker(page: Page, site: Site) -> None:
    stay = page.locator(".stay").first
    stay.focus()
    page.keyboard.press("Enter")
    expect(says(page)).to_contain_text("Picked up")
    with site.app.app_context():
        found = db.session.get_one(Deployment, UUID((stay.get_attribute("href") or "").rpartition("/")[2]))
        cora = db.session.get_one(Person, site.people["cora"])
        services.confirm_booking(booking=found.cohorts[0].booking, actor=cora, now=utc_now())
        db.session.commit()
        db.session.remove()
    for _week in range(5):
        page.keyboard.press("Shift+ArrowRight")
    expect(says(page)).to_contain_text("Nothing stands in the way.")
    page.keyboard.press("Enter")
    expect(says(page)).to_contain_text("Somebody changed this in the meantime.")
    page.keyboard.press("Escape")
    expect(page.locator(".ghost")).to_be_hidden()


def a_lab_breaks_down_and_its_week_is_planned_anew(page: Page, site: Site) -> None:
    lab, day = next(one for one in days_and_labs(site) if one[0] == "Welding lab")
    with site.app.app_context():
        broken = db.session.scalars(sa.select(Lab).where(Lab.name == lab)).one()
        add_closure(
            broken,
            kind=ClosureKind.REPAIR,
            first=day,
            last=day + timedelta(days=4),
            note="Axle",
            broke=(),
            actor=db.session.get_one(Person, site.people["cora"]),
            now=utc_now(),
        )
        db.session.commit()
        told = db.session.scalar(sa.select(sa.func.count(MailMessage.id)))
        db.session.remove()
    page.reload()
    troubles = page.locator(".troubles li")
    expect(troubles.first).to_contain_text("Welding lab: Mill gate 3, Pueblo")
    for left in reversed(range(troubles.count())):
        troubles.first.get_by_role("button").click()
        page.locator("#board-panel .way").first.click()
        expect(page.locator(".panel")).to_contain_text("Nothing stands in the way.")
        page.get_by_role("button", name="Drop it here").click()
        expect(says(page)).to_contain_text("Moved: Mill gate 3, Pueblo")
        expect(troubles).to_have_count(left)
    assert (lab, day) not in days_and_labs(site)
    mails = rows(site, sa.select(MailMessage.recipient, MailMessage.subject).order_by(MailMessage.id))[told:]
    assert {subject for _to, subject in mails} == {"The visit at Mill gate 3 has moved"}
    recipients = {to for to, _subject in mails}
    assert "emil@steelworks.example" in recipients
    assert recipients & {"tom@college.example", "tess@college.example"}
