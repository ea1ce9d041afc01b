"""The screen's lock and the kiosk: who may see names, and a phone on a stand that nobody attends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from labtracker.checkin.models import Event
from labtracker.extensions import db
from tests.browser import chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset
from tests.browser.test_checkin_looks import look_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]

TOM = "tom@college.example"
# The page is looked at again after so many minutes in a pocket.
AWAY = """(minutes) => {
  const seen = (hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const now = Date.now;
  seen(true);
  Date.now = () => now() + minutes * 60000;
  seen(false);
  Date.now = now;
}"""

# What the kiosk shows for five seconds stays for a minute: this machine may be slow.
NO_HURRY = """() => {
  const later = window.setTimeout;
  window.setTimeout = (work, ms, ...rest) => later(work, ms === 5000 ? 60000 : ms, ...rest);
}"""


def with_a_pin(workday: Workday, phone: Handset, pin: str) -> Page:
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    phone.go("settings")
    page.get_by_text("Set a PIN", exact=True).click()
    page.get_by_label("New PIN").fill(pin)
    page.get_by_label("Ask again after").select_option("5")
    page.get_by_role("button", name="Use this PIN").click()
    expect(page.locator(".toast")).to_have_text("PIN set")
    return page


def try_pin(page: Page, pin: str) -> None:
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Open").click()


def types(workday: Workday) -> list[str]:
    """The events that the server holds."""
    with workday.server.application().app_context():
        found = list(db.session.scalars(sa.select(Event.type).order_by(Event.at)))
        db.engine.dispose()
    return found


def test_the_pin_is_asked_for_at_the_start_and_after_a_while_away(
    workday: Workday, handset: Handsets
) -> None:
    phone = handset(permissions=[])
    page = with_a_pin(workday, phone, "2468")
    page.evaluate(AWAY, 4)
    expect(page.locator("h1")).to_have_text("Settings")
    page.evaluate(AWAY, 6)
    expect(page.locator("h1")).to_have_text("Locked")
    assert look_at(phone, "checkin-locked") == []
    page.keyboard.type("1111")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("4 more tries")
    try_pin(page, "2468")
    expect(page.locator("h1")).to_have_text("Settings")
    page.reload()
    expect(page.locator("h1")).to_have_text("Locked")
    page.keyboard.type(f"{workday.urls[0]}\n")
    expect(page.locator("body")).not_to_contain_text(workday.names[0])
    try_pin(page, "2468")
    phone.go("settings")
    page.get_by_role("button", name="Remove the PIN").click()
    expect(page.locator(".toast")).to_have_text("PIN removed")
    page.reload()
    expect(page.locator("h1")).to_have_text("Settings")


def test_after_five_wrong_pins_names_hide_and_scanning_goes_on(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = with_a_pin(workday, phone, "2468")
    phone.go("crew")
    page.reload()
    for left in (4, 3, 2, 1):
        try_pin(page, "1111")
        expect(page.get_by_role("alert")).to_contain_text(f"{left} more")
    try_pin(page, "1111")
    expect(page.get_by_role("heading", name="Names are hidden")).to_be_visible()
    page.goto(f"{workday.server.address}/checkin#/crew")
    page.reload()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict__state")).to_contain_text("In")
    assert look_at(phone, "checkin-names-hidden") == []
    body = page.locator("body")
    for name in (*workday.names, "Steel Works"):
        expect(body).not_to_contain_text(name)
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert types(workday) == ["check_in"]

    page.get_by_label("One-time code").fill(workday.server.pairing_code(TOM))
    page.get_by_role("button", name="Add the trainer").click()
    expect(page.locator("h1")).to_have_text("Today")
    phone.go("crew")
    expect(page.locator(".crew__count")).to_have_text("1 of 5 in")
    expect(page.locator(".client__main")).to_contain_text(workday.names[0])
    page.reload()
    try_pin(page, "2468")
    expect(page.locator(".crew__count")).to_have_text("1 of 5 in")


def test_a_kiosk_shows_nothing_but_the_scan_screen(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    phone.go("settings")
    expect(page.locator(".settings__part", has_text="Kiosk")).to_contain_text("Set a PIN first.")
    page.reload()
    page.get_by_text("Set a PIN", exact=True).click()
    page.get_by_label("New PIN").fill("97531")
    page.get_by_role("button", name="Use this PIN").click()
    page.get_by_role("button", name="Start the kiosk").click()
    expect(page.locator(".scan.is-kiosk")).to_be_visible()
    expect(page.locator(".bottom-bar, .ways, .top-bar__who")).to_have_count(0)
    page.evaluate(NO_HURRY)

    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict--in .verdict__name")).to_have_text(workday.names[0])
    assert look_at(phone, "checkin-kiosk") == []
    page.locator(".verdict").get_by_role("button", name="Next").click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict__state")).to_contain_text("Already in")
    page.locator(".verdict").get_by_role("button", name="Next").click()
    phone.type_code(workday.codes[1])
    # Not the verdict before, whose button is still there for a moment on a busy machine.
    expect(page.locator(".verdict--in .verdict__name")).to_have_text(workday.names[1])
    page.locator(".verdict").get_by_role("button", name="Undo").click()
    expect(page.locator(".verdict")).to_have_count(0)

    page.goto(f"{workday.server.address}/checkin#/settings")
    page.reload()
    expect(page.locator(".scan.is-kiosk")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    page.get_by_label("PIN").fill("11111")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("dialog")).to_contain_text("4 more tries")
    page.get_by_label("PIN").fill("97531")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".session-card").first).to_contain_text("1 of 5 in")
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert types(workday) == ["check_in", "check_in", "void"]
