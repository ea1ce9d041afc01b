"""A morning without signal: what the phone said yes to reaches the server, each record once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import camera, chromium
from tests.browser.conftest import CREW, Workday
from tests.browser.handset import Handset
from tests.browser.line import portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]


TOM = "tom@college.example"
TEN = (
    *CREW,
    ("Fidel", "Gurulé"),
    ("Grace", "Hosteen"),
    ("Hugo", "Ibarra"),
    ("Inés", "Jaramillo"),
    ("Joe", "Lovato"),
)
HOTEL = b"<!doctype html><title>Welcome</title><p>Room number, please."


@pytest.mark.parametrize("workday", [TEN], indirect=True, ids=["a crew of ten"])
def test_ten_scans_without_signal_outlive_the_browser_and_are_sent_once(
    workday: Workday, handset: Handsets, tmp_path: Path
) -> None:
    scenes: list[tuple[str | None, float]] = []
    for url in workday.urls:
        scenes += [(url, 0.6), (None, 0.2)]
    phone = handset(
        *camera.camera_arguments(camera.film(tmp_path / "ten.mjpeg", scenes)), permissions=["camera"]
    )
    page = phone.switch_on()
    expect(page.locator(".pair")).to_be_visible()
    phone.picture("checkin-1-pair")
    phone.pair(workday.server.pairing_code(TOM))
    phone.picture("checkin-2-today")

    workday.server.kill()
    page.reload()
    expect(page.locator(".session-card").first).to_contain_text("0 of 10 in")
    expect(page.locator(".status-line")).to_contain_text("Offline")
    page.locator(".session-card__scan").first.click()
    # The film begins again and again, so whoever was not read the first time comes once more.
    expect(page.locator(".status-line")).to_contain_text("10 not sent", timeout=60_000)
    expect(page.locator(".verdict__state")).to_contain_text(re.compile("In|Already in"))
    phone.picture("checkin-3-scan")
    phone.go("crew")
    expect(page.locator(".crew__count")).to_have_text("10 of 10 in")
    phone.picture("checkin-4-crew")

    phone.kill()
    page = phone.switch_on()
    expect(page.locator(".status-line")).to_contain_text("10 not sent")
    expect(page.locator(".session-card").first).to_contain_text("10 of 10 in")
    phone.go("unsent")
    phone.picture("checkin-5-not-sent")
    for name in workday.names:
        expect(page.locator(".records").first).to_contain_text(name)

    workday.server.start()
    send(page)
    assert workday.held() == [("check_in", "stored")] * 10
    expect(page.locator(".aside-note")).to_contain_text("kept here until the office has backed them up")
    send(page)
    page.reload()
    expect(page.locator(".status-line")).to_contain_text("all sent")
    expect(page.locator(".status-line")).to_contain_text("Ready for offline")
    assert len(workday.held()) == 10
    phone.go("settings")
    expect(page.get_by_role("button", name=re.compile("Sign out"))).to_be_disabled()


def send(page: Page) -> None:
    """Press *Send now* and see that nothing is left to send."""
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("button", name="Send now")).to_be_enabled()
    expect(page.locator(".status-line")).to_contain_text("all sent")


def learns_nothing_from(status: int, workday: Workday, phone: Handset) -> None:
    """A record waits; somebody else answers with this status, in two forms; the office has the last word."""
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    workday.server.kill()
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".status-line")).to_contain_text("1 not sent")
    json = b'{"ok": true}' if status == 200 else b'{"ok": false, "errors": []}'
    for kind, body in (("text/html", HOTEL), ("application/json", json)):
        with portal(workday.server.port, status=status, kind=kind, body=body) as asked:
            phone.go("unsent")
            page.get_by_role("button", name="Send now").click()
            expect(page.get_by_role("button", name="Send now")).to_be_enabled()
            expect(page.locator(".sending__words")).to_have_text("record waits on this phone")
            assert "/api/v1/events" in asked
            page.reload()
            expect(page.locator(".status-line")).to_contain_text("1 not sent")
            expect(page.locator(".status-line")).to_contain_text("roster from")
    workday.server.start()
    send(page)
    assert workday.held() == [("check_in", "stored")]


def test_captive_portal_200(workday: Workday, handset: Handsets) -> None:
    learns_nothing_from(200, workday, handset(permissions=[]))


def test_html_404(workday: Workday, handset: Handsets) -> None:
    learns_nothing_from(404, workday, handset(permissions=[]))


def test_what_is_no_badge_is_red_and_leaves_nothing(
    workday: Workday, handset: Handsets, tmp_path: Path
) -> None:
    film = camera.queue(tmp_path / "other.mjpeg", ["https://example.org/menu?table=7"], shown=30)
    phone = handset(*camera.camera_arguments(film), permissions=["camera"])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".verdict--refused")).to_contain_text("Not a badge of this program", timeout=15_000)
    phone.picture("checkin-refused")
    assert phone.unsent() == 0
    phone.type_code("F2T0-NB83-*")
    expect(page.locator("#code-problem")).to_be_visible()
    page.keyboard.press("Escape")
    assert (
        page.evaluate(
            """async () => {
          const open = indexedDB.open('labtracker-checkin');
          const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
          const count = database.transaction('outbox').objectStore('outbox').count();
          return new Promise((done) => { count.onsuccess = () => done(count.result); });
        }"""
        )
        == 0
    )


def test_leaving_twice_undo_and_an_unknown_badge(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict--in")).to_contain_text(workday.names[0])
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict__state")).to_contain_text("Already in")
    page.get_by_role("button", name="Leaving").click()
    phone.type_code(workday.codes[1])
    expect(page.locator(".verdict--look")).to_contain_text("No arrival was recorded here")
    page.locator(".verdict").get_by_role("button", name="Undo").click()
    expect(page.locator(".verdict")).to_have_count(0)
    unknown = page.evaluate(
        """async () => {
          const { shortCode } = await import('/static/js/checkin/domain/badge.js');
          return shortCode('ab'.repeat(32));
        }"""
    )
    page.get_by_role("button", name="Arriving").click()
    phone.type_code(unknown)
    expect(page.locator(".verdict--look")).to_contain_text("not on this phone’s list")
    phone.picture("checkin-unknown-badge")
    expect(page.locator(".status-line")).to_contain_text("all sent", timeout=15_000)
    types = [kind for kind, _verdict in workday.held()]
    assert types == ["check_in", "check_out", "void", "check_in"]


def test_a_session_that_nobody_listed(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    workday.server.kill()
    page.get_by_role("button", name="Session that is not listed").click()
    page.get_by_label("Course").fill("Welding basics")
    page.get_by_label("Place", exact=True).fill("Gravel lot behind the mill")
    page.get_by_role("button", name="Start").click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict--in")).to_contain_text(workday.names[0])
    phone.go("today")
    expect(page.locator(".session-card", has_text="Gravel lot")).to_contain_text("Not listed")
    workday.server.start()
    phone.go("unsent")
    send(page)
    assert workday.held() == [("check_in", "stored")]
