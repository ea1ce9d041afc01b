"""The calendar in a browser: every look of it, turned by keys, and an address that is copied once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import html
from tests.browser import chromium
from tests.browser.site import Site
from tests.browser.test_pages import AXE, SIZES, TOO_WIDE, _axe

PAGES = ("/calendar?view=week", "/calendar?view=month&status=confirmed", "/calendar?day=2031-01-05")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: run make install"),
]


@pytest.fixture
def context(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which the coordinator is signed in."""
    with browser.new_context(reduced_motion="reduce", permissions=["clipboard-write"]) as context:
        context.add_init_script(path=AXE)
        context.add_cookies([site.cookie_of("cora")])  # type: ignore[list-item]
        yield context


def faults_of(page: Page) -> list[str]:
    """What axe says, and what is wider than the window, on a phone and on a desk."""
    faults = []
    for size in SIZES.values():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        # As high as the page, so that the bar under the thumb covers nothing.
        height = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": size["width"], "height": height})
        faults += [*page.evaluate(TOO_WIDE), *_axe(page)]
    return faults


def test_every_look_is_for_everybody_and_turns_by_keys(
    site: Site, context: BrowserContext, tmp_path: Path
) -> None:
    page = context.new_page()
    for path in PAGES:
        page.goto(site.address + path)
        assert faults_of(page) == [], path
    if html.is_there():
        client = site.client_of("cora")
        assert html.faults_in({path: client.get(path).text for path in PAGES}, tmp_path) == []
    page.goto(f"{site.address}/calendar?view=week&day=2031-01-05&status=confirmed")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(f"{site.address}/calendar?view=week&day=2031-01-12&status=confirmed")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(f"{site.address}/calendar?view=week&day=2031-01-05&status=confirmed")


def test_an_address_is_made_copied_and_read(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site.address}/calendar/feeds/new")
    page.get_by_role("button", name="Make the address").click()
    address = page.get_by_role("textbox", name="Address").input_value()
    assert address.startswith(f"{site.address}/feeds/")
    assert faults_of(page) == []
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    webcal = page.get_by_role("link", name="Open in the calendar program here").get_attribute("href")
    assert webcal == address.replace("http://", "webcal://")
    answer = context.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text().startswith("BEGIN:VCALENDAR")
