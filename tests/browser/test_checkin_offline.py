"""A morning without signal: what the phone said yes to reaches the server, each record once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from labtracker.checkin.models import Event, InboxFrame
from labtracker.extensions import db
from tests.browser import camera, chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset
from tests.browser.server import portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]


def held(day: Workday) -> list[tuple[str, str]]:
    """Type and verdict of every frame that the server holds, in the order of the phone's chain."""
    app = day.server.application()
    with app.app_context():
        rows = db.session.execute(
            sa.select(Event.type, InboxFrame.verdict)
            .join(InboxFrame, InboxFrame.id == Event.frame_id)
            .order_by(InboxFrame.seq)
        ).all()
        frames = db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame))
        db.engine.dispose()
    assert frames == len(rows)
    return [(row.type, row.verdict) for row in rows]


def verdict(page: Page) -> re.Pattern[str]:
    expect(page.locator(".verdict")).to_be_visible()
    return re.compile(re.escape(page.locator(".verdict__name").inner_text()))


def test_a_morning_without_signal(workday: Workday, handset: Handsets, tmp_path: Path) -> None:
    film = camera.queue(tmp_path / "three.mjpeg", workday.urls[:3])
    phone = handset(*camera.camera_arguments(film), permissions=["camera"])
    page = phone.switch_on()
    expect(page.locator(".pair")).to_be_visible()
    phone.picture("checkin-1-pair")
    phone.pair(workday.server.pairing_code("tom@college.example"))
    phone.picture("checkin-2-today")

    workday.server.kill()
    page.reload()
    expect(page.locator(".session-card").first).to_contain_text("0 of 5 in")
    expect(page.locator(".status-line")).to_contain_text("Offline", timeout=15_000)

    page.locator(".session-card__scan").first.click()
    for name in workday.names[:3]:
        expect(page.locator(".verdict__name")).to_have_text(name, timeout=15_000)
        expect(page.locator(".verdict__state")).to_contain_text("In")
    phone.picture("checkin-3-scan")
    assert phone.unsent() == 3

    phone.type_code(workday.codes[3].lower())
    expect(page.locator(".verdict__name")).to_have_text(workday.names[3])
    page.get_by_role("button", name="Walk-in").click()
    page.get_by_label("Name").fill("Zoë Ñúñez")
    page.get_by_label("Employer").fill("Mesa Dairy")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".status-line")).to_contain_text("5 not sent")

    phone.go("crew")
    expect(page.locator(".crew__count")).to_have_text("4 of 5 in and 1 guest")
    phone.picture("checkin-4-crew")

    phone.kill()
    page = phone.switch_on()
    expect(page.locator(".status-line")).to_contain_text("5 not sent")
    expect(page.locator(".session-card").first).to_contain_text("4 of 5 in")
    phone.go("unsent")
    phone.picture("checkin-5-not-sent")
    for name in [*workday.names[:4], "Zoë Ñúñez"]:
        expect(page.locator(".records").first).to_contain_text(name)

    workday.server.start()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".status-line")).to_contain_text("all sent", timeout=20_000)
    assert held(workday) == [*[("check_in", "stored")] * 4, ("walk_in", "stored")]
    expect(page.locator(".aside-note")).to_contain_text("kept here until the office has backed them up")

    page.get_by_role("button", name="Send now").click()
    page.reload()
    expect(page.locator(".status-line")).to_contain_text("all sent")
    expect(page.locator(".status-line")).to_contain_text("Ready for offline", timeout=15_000)
    assert len(held(workday)) == 5
    phone.go("settings")
    expect(page.get_by_role("button", name=re.compile("Sign out"))).to_be_disabled()


def test_nothing_but_the_office_teaches_the_phone_anything(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    workday.server.kill()
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".status-line")).to_contain_text("1 not sent")
    hotel = b"<!doctype html><title>Welcome</title><p>Room number, please."
    for status, kind, body in (
        (200, "text/html", hotel),
        (200, "application/json", b'{"ok": true}'),
        (404, "text/html", hotel),
        (404, "application/json", b'{"ok": false, "errors": []}'),
    ):
        with portal(workday.server.port, status=status, kind=kind, body=body) as asked:
            phone.go("unsent")
            page.get_by_role("button", name="Send now").click()
            expect(page.get_by_role("button", name="Send now")).to_be_enabled(timeout=15_000)
            expect(page.locator(".sending__words")).to_have_text("record waits on this phone")
            assert "/api/v1/events" in asked
            page.reload()
            expect(page.locator(".status-line")).to_contain_text("1 not sent")
            expect(page.locator(".status-line")).to_contain_text("roster from")
    workday.server.start()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".status-line")).to_contain_text("all sent", timeout=20_000)
    assert held(workday) == [("check_in", "stored")]


def test_what_is_no_badge_is_red_and_leaves_nothing(
    workday: Workday, handset: Handsets, tmp_path: Path
) -> None:
    film = camera.queue(tmp_path / "other.mjpeg", ["https://example.org/menu?table=7"], shown=30)
    phone = handset(*camera.camera_arguments(film), permissions=["camera"])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
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
    phone.pair(workday.server.pairing_code("tom@college.example"))
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
    types = [kind for kind, _verdict in held(workday)]
    assert types == ["check_in", "check_out", "void", "check_in"]


def test_a_session_that_nobody_listed(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
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
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".status-line")).to_contain_text("all sent", timeout=20_000)
    assert held(workday) == [("check_in", "stored")]
