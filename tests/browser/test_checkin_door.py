"""At the trailer door: gloves, a walk-in, a call in mid-scan, a full disk, two languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from labtracker.checkin.models import Event
from labtracker.extensions import db
from tests.browser import camera, chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]

TWO_TAPS = "(button) => { button.click(); button.click(); }"
STREAMS = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.streams = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    window.streams.push(stream);
    return stream;
  };
"""
# What a browser does when a call takes the camera: the track ends, and says so.
A_CALL_COMES = """() => {
  const [track] = window.streams.at(-1).getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""
WAKE_LOCKS = """
  window.locks = [];
  navigator.wakeLock.request = async (kind) => {
    const lock = { kind, held: true, release: async () => { lock.held = false; } };
    window.locks.push(lock);
    return lock;
  };
"""
# As somebody sets it who lets no page keep data on the phone: 2 is Chromium's word for no.
KEEPS_NOTHING = {"profile": {"default_content_setting_values": {"cookies": 2}}}
DISK_FULL = """() => {
  const add = IDBObjectStore.prototype.add;
  const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
  IDBObjectStore.prototype.add = full;
  IDBObjectStore.prototype.put = full;
}"""


def paired(workday: Workday, phone: Handset) -> Page:
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    return page


def recorded(workday: Workday) -> list[tuple[str, str | None]]:
    """Type and reason of every event that the server holds."""
    with workday.server.application().app_context():
        events = db.session.scalars(sa.select(Event).order_by(Event.at)).all()
        found = [(event.type, event.payload.get("reason")) for event in events]
        db.engine.dispose()
    return found


def all_sent(page: Page) -> None:
    expect(page.locator(".status-line")).to_contain_text("all sent", timeout=20_000)


def test_a_walk_in_is_shown_like_everybody_and_stays_one_person(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = paired(workday, phone)
    page.locator(".session-card__scan").first.click()
    page.locator(".scan__tools").get_by_role("button", name="Walk-in").click()
    expect(page.get_by_label("Name")).to_be_focused()
    page.get_by_label("Name").fill("Zoë Ñúñez")
    page.locator("dialog button[type=submit]").evaluate(TWO_TAPS)
    expect(page.locator(".verdict--in .verdict__name")).to_have_text("Zoë Ñúñez")
    expect(page.locator(".recent")).to_contain_text("Zoë Ñúñez")
    all_sent(page)
    phone.go("unsent")
    page.get_by_role("button", name="Send now").click()
    phone.go("crew")
    expect(page.locator(".crew__count")).to_have_text("1 of 6 in", timeout=20_000)
    expect(page.get_by_role("button", name="Zoë Ñúñez")).to_have_count(1)
    assert [kind for kind, _reason in recorded(workday)] == ["walk_in"]


def test_who_is_excused_is_excused_for_a_reason_of_their_own(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = paired(workday, phone)
    phone.go("crew")
    page.get_by_role("button", name=workday.names[0]).click()
    page.get_by_role("button", name="Excuse").click()
    expect(page.locator("dialog h2")).to_have_text(f"Excuse {workday.names[0]}")
    page.get_by_label("Reason").select_option("Family")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".crew__group", has_text="Excused (1)")).to_contain_text(workday.names[0])
    page.get_by_role("button", name=workday.names[0]).click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("In your own words").fill("came after all")
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".crew__group", has_text="Excused")).to_have_count(0)
    all_sent(page)
    assert recorded(workday) == [("excuse", "Family"), ("void", "came after all")]


def test_two_taps_of_a_glove_are_one_wish(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = paired(workday, phone)
    phone.go("crew")
    page.get_by_role("button", name="All in").click()
    page.get_by_role("button", name="Record 5 people").evaluate(TWO_TAPS)
    expect(page.locator(".crew__count")).to_have_text("5 of 5 in")
    all_sent(page)
    assert recorded(workday) == [("check_in", None)] * 5


def test_the_last_three_are_three_people(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = paired(workday, phone)
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".recent")).to_have_text("Hold a badge up to the camera.")
    for code in workday.codes[:2]:
        phone.type_code(code)
    page.get_by_role("button", name="Leaving").click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict__state")).to_contain_text("Left")
    names = page.locator(".recent button").all_inner_texts()
    assert [name.strip() for name in names] == [workday.names[0], "Bartholomew F."]


def test_after_a_call_the_camera_comes_back(workday: Workday, handset: Handsets, tmp_path: Path) -> None:
    film = camera.queue(tmp_path / "one.mjpeg", [workday.urls[0]], shown=60)
    phone = handset(*camera.camera_arguments(film), permissions=["camera"])
    page = phone.switch_on()
    assert phone.context
    phone.context.add_init_script(STREAMS)
    phone.context.add_init_script(WAKE_LOCKS)
    page.reload()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".scan__frame")).to_be_visible()
    page.evaluate(A_CALL_COMES)
    page.wait_for_function("() => window.streams.length === 2")
    expect(page.locator(".verdict__name")).to_have_text(workday.names[0], timeout=15_000)
    assert page.evaluate("() => window.locks.map((lock) => [lock.kind, lock.held])") == [["screen", True]]
    phone.go("today")
    assert page.evaluate("() => window.locks.some((lock) => lock.held)") is False


def test_storage_denied(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    preferences = phone.profile / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps(KEEPS_NOTHING), encoding="utf-8")
    page = phone.switch_on()
    expect(page.get_by_role("alert")).to_contain_text("nothing could be recorded safely")
    expect(page.locator(".pair, .client")).to_have_count(0)
    phone.picture("checkin-storage-denied")


def test_what_the_disk_did_not_take_is_not_said_to_be_in(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = paired(workday, phone)
    page.evaluate(DISK_FULL)
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[0])
    expect(page.get_by_role("alert").filter(has_text="NOT recorded")).to_be_visible()
    expect(page.locator(".verdict")).to_have_count(0)
    expect(page.locator(".recent")).to_have_text("Hold a badge up to the camera.")
    phone.picture("checkin-not-recorded")


def test_the_other_language_is_at_hand_before_pairing(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    page.get_by_role("button", name="Español").click()
    expect(page.locator("h1")).to_contain_text("Registre la asistencia")
    page.reload()
    expect(page.get_by_role("button", name="English")).to_be_visible()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    expect(page.locator("h1")).to_have_text("Hoy")
