"""An employer books on a phone 360 pixels wide: four pages, at most twelve answers that must be given, one
refusal that is explained; and then writes to the office, with a photo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling.models import BookingRequest
from tests.attachments.files import HTML, lying_photo
from tests.browser import chromium
from tests.browser.handset import PICTURES
from tests.browser.site import DATABASE, Site, new_app, serving
from tests.cast import build_cast
from tests.databases import Databases
from tests.scheduling.builders import quiet_monday

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

MONDAY = quiet_monday(utc_now())
REQUIRED = """() => new Set([...document.querySelectorAll('main form :required')].map((e) => e.name)).size"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The cast, and nothing booked yet."""
    folder = tmp_path_factory.mktemp("booking")
    databases.put_tables(folder / DATABASE)
    app = new_app(folder)
    with app.app_context():
        cast = build_cast()
        db.session.commit()
        people = {"emil": cast.emil.id}
        db.session.remove()
        db.engine.dispose()
    with serving(Site(app, people=people)) as running:
        yield running


@pytest.fixture(params=["en", "es"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """Emil's phone, in either language."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale=f"{request.param}-US", color_scheme="light"
    )
    site.let_speak("emil", request.param)
    context.add_cookies([site.cookie_of("emil")])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


class Pages:
    """Counts the pages of the form that were shown, and what had to be answered on them."""

    def __init__(self, page: Page) -> None:
        self.page, self.seen, self.required = page, 0, 0

    def look(self) -> None:
        """A page of the form is here: nothing sticks out, and it is counted."""
        language = self.page.locator("html").get_attribute("lang")
        self.seen += 1
        self.required += int(self.page.evaluate(REQUIRED))
        assert self.page.evaluate(TOO_WIDE) <= 0
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"booking-{language}-{self.seen}.png", full_page=True)

    def go_on(self) -> None:
        """Press the page's main button."""
        self.page.locator("main form.form .actions button[type=submit]").first.click()


def test_an_employer_books_on_four_pages(page: Page, site: Site) -> None:
    pages = Pages(page)
    page.goto(f"{site.address}/book-a-visit")
    pages.look()
    page.locator("label", has_text=re.compile("Welding basics|Soldadura básica")).click()
    pages.go_on()
    page.locator("[name=site_contact]").fill("Gate guard")
    pages.look()
    pages.go_on()
    page.locator("[name=headcount]").fill("2000")
    page.locator("[name=shift_starts]").fill("06:00")
    page.locator("[name=shift_ends]").fill("14:30")
    page.locator("[name=payer]").first.check(force=True)
    pages.look()
    pages.go_on()
    # The one refusal: said above the form and beside the field, and everything else is as it was.
    expect(page.locator(".error-summary li")).to_have_count(1)
    expect(page.locator(".error-summary li")).to_contain_text("200")
    expect(page.locator("#headcount-error")).to_contain_text("200")
    expect(page.locator("[name=shift_ends]")).to_have_value("14:30")
    page.locator("[name=headcount]").fill("8")
    pages.go_on()
    page.locator("[name=window_1_starts]").fill(MONDAY.isoformat())
    page.locator("[name=window_1_ends]").fill((MONDAY + timedelta(days=25)).isoformat())
    pages.look()
    page.locator("[name=then][value=send]").click()
    expect(page).to_have_url(re.compile(r"/sent$"))
    assert pages.seen == 4
    assert pages.required <= 12
    write(page, page.url.removesuffix("/sent"))
    with site.app.app_context():
        states = set(db.session.scalars(sa.select(BookingRequest.status)))
        db.session.remove()
    assert states == {"submitted"}


def write(page: Page, booking: str) -> None:
    """A message with a photo and with what is none: the photo goes along, the other is named."""
    page.goto(booking)
    page.locator("#message-text").fill("Our pad, <seen> from the gate")
    page.locator("#message-files").set_input_files(
        [
            {"name": "pad.jpg", "mimeType": "image/jpeg", "buffer": lying_photo()},
            {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": HTML},
        ]
    )
    page.locator("form[action$='/messages'] button[type=submit]").click()
    expect(page.locator(".thread__message .user-text")).to_have_text("Our pad, <seen> from the gate")
    expect(page.locator(".thread__message a[download]")).to_have_text("pad.jpg")
    expect(page.locator(".flashes")).to_contain_text("page.jpg")
    with page.expect_download() as loaded:
        page.locator(".thread__message a[download]").click()
    assert loaded.value.suggested_filename == "pad.jpg"
    assert page.evaluate(TOO_WIDE) <= 0
    language = page.locator("html").get_attribute("lang")
    page.screenshot(path=PICTURES / f"booking-{language}-thread.png", full_page=True)
