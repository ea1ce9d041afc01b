"""What makes a phone talk to the office when nobody presses a button."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]

TOM = "tom@college.example"
# Notes for what the page asks the browser to wake it.
ASKED = """() => {
  window.asked = [];
  const {register} = SyncManager.prototype;
  SyncManager.prototype.register = function (tag) {
    window.asked.push(tag);
    return register.call(this, tag);
  };
}"""


def wake(page: Page) -> None:
    """The browser tells the service worker that there is signal, as it does where it was asked to."""
    session = page.context.new_cdp_session(page)
    heard: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: heard.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    for _time in range(100):
        if heard:
            break
        page.wait_for_timeout(50)
    place = page.evaluate("() => location.origin")
    what = {"origin": place, "registrationId": heard[0], "tag": "labtracker-outbox", "lastChance": False}
    session.send("ServiceWorker.dispatchSyncEvent", what)


def come_back(page: Page) -> None:
    """Signal is gone for a moment."""
    page.context.set_offline(True)
    expect(page.locator(".status-line")).to_contain_text("Offline")
    page.context.set_offline(False)


def look(page: Page) -> None:
    """Somebody takes the phone out of a pocket."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def test_signal_a_look_and_the_browser_itself_make_it_send(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    # Nothing waits, so by its own clock it would rest for minutes now.
    for nudge in (come_back, look, wake):
        expect(page.locator(".status-line")).to_contain_text("all sent")
        with page.expect_request("**/api/v1/events") as asked:
            nudge(page)
        assert asked.value.response()
    page.evaluate(ASKED)
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict--in")).to_contain_text(workday.names[0])
    until(page, "() => window.asked.includes('labtracker-outbox')")
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert workday.held() == [("check_in", "stored")]
