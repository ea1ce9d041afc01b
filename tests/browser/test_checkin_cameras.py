"""Cameras and paper: which lens, what if nothing reads its pictures, a badge held up too long, a sheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from labtracker.checkin.models import Event
from labtracker.extensions import db
from tests.browser import camera, chromium
from tests.browser.conftest import Workday
from tests.browser.handset import PHONE, Handset
from tests.browser.test_checkin_looks import look_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]

TOM = "tom@college.example"
STREAMS = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.wanted = [];
  navigator.mediaDevices.getUserMedia = (wanted) => {
    window.wanted.push(wanted.video.deviceId?.exact ?? 'usual');
    return ask(wanted);
  };
"""
WITH_A_TORCH = """() => {
  window.asked = [];
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
  MediaStreamTrack.prototype.applyConstraints = async (wanted) => { window.asked.push(wanted); };
}"""
NO_DECODER = """
  window.Worker = class extends EventTarget {
    postMessage() { queueMicrotask(() => this.onmessage({ data: { text: null, error: 'not found' } })); }
    terminate() {}
  };
"""
FULL = """
  navigator.storage.estimate = async () => ({ quota: 1_000_000_000, usage: 995_000_000 });
"""


def events(workday: Workday) -> list[tuple[str, str | None, str]]:
    """Type, method and local time of each event that the server holds, the earliest first."""
    with workday.server.application().app_context():
        found = db.session.scalars(sa.select(Event).order_by(Event.at)).all()
        rows = [(event.type, event.method, f"{event.at:%M}") for event in found]
        db.engine.dispose()
    return rows


def test_a_camera_is_chosen_and_remembered(workday: Workday, handset: Handsets) -> None:
    phone = handset(
        "--use-fake-device-for-media-stream=device-count=2",
        "--use-fake-ui-for-media-stream",
        permissions=["camera"],
    )
    page = phone.switch_on()
    assert phone.context
    phone.context.add_init_script(STREAMS)
    page.reload()
    phone.pair(workday.server.pairing_code(TOM))
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".scan__frame")).to_be_visible()
    phone.go("settings")
    choice = page.get_by_role("group", name="Camera")
    expect(choice.get_by_role("button")).to_have_count(3)
    assert look_at(phone, "checkin-cameras") == []
    choice.get_by_role("button").nth(2).click()
    expect(choice.get_by_role("button").nth(2)).to_have_attribute("aria-pressed", "true")
    page.reload()
    phone.go("scan")
    expect(page.locator(".scan__frame")).to_be_visible()
    assert page.evaluate("() => window.wanted.at(-1)") not in ("usual", "")


def test_camera_denied(workday: Workday, handset: Handsets) -> None:
    phone = handset("--use-fake-device-for-media-stream", permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.locator(".session-card__scan").first.click()
    notice = page.locator(".scan__notice")
    expect(notice).to_contain_text("The camera was refused")
    phone.picture("client-camera-refused")
    notice.get_by_role("button", name="Find by name").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("gomez")
    page.locator(".person-row").click()
    page.get_by_role("button", name="Check in").click()
    expect(page.locator(".crew__count")).to_have_text("1 of 5 in")
    expect(page.locator(".crew__group")).to_contain_text("Ana Lucía Gómez")
    phone.go("scan")
    assert phone.context
    phone.context.grant_permissions(["camera"])
    page.get_by_role("button", name="Try the camera again").click()
    expect(page.locator(".scan__frame")).to_be_visible()


def test_torch_absent(workday: Workday, handset: Handsets) -> None:
    phone = handset(
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", permissions=["camera"]
    )
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".scan__frame")).to_be_visible()
    expect(page.get_by_role("button", name="Light on")).to_have_count(0)
    expect(page.locator(".scan__tools").get_by_role("button")).to_have_count(3)
    page.evaluate(WITH_A_TORCH)
    phone.go("today")
    phone.go("scan")
    page.get_by_role("button", name="Light on").click()
    expect(page.get_by_role("button", name="Light off")).to_be_visible()
    assert page.evaluate("() => window.asked") == [{"advanced": [{"torch": True}]}]


def test_without_a_decoder_the_camera_says_so(workday: Workday, handset: Handsets) -> None:
    phone = handset(
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", permissions=["camera"]
    )
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    assert phone.context
    phone.context.add_init_script(NO_DECODER)
    phone.context.add_init_script(FULL)
    page.reload()
    expect(page.locator(".aside-note")).to_contain_text("nearly full: 5 MB are left")
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".scan__notice")).to_contain_text("what reads badges is missing")
    assert look_at(phone, "checkin-no-decoder") == []
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict__name")).to_have_text(workday.names[0])


def test_a_badge_still_in_view_does_not_go_the_other_way(
    workday: Workday, handset: Handsets, tmp_path: Path
) -> None:
    film = camera.queue(tmp_path / "held.mjpeg", [workday.urls[0]], shown=60)
    phone = handset(*camera.camera_arguments(film), permissions=["camera"])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".verdict--in .verdict__name")).to_have_text(workday.names[0])
    page.get_by_role("button", name="Leaving").click()
    page.wait_for_timeout(3_000)
    expect(page.locator(".verdict")).to_have_count(0)
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert [kind for kind, _method, _at in events(workday)] == ["check_in"]


def test_a_paper_sheet_is_scanned_at_the_time_written_on_it(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.get_by_role("button", name="Session", exact=True).first.click()
    page.get_by_role("button", name="Scan a paper sheet").click()
    assert look_at(phone, "checkin-paper-dialog") == []
    arrived = page.get_by_label("They arrived at")
    hour = arrived.input_value().split(":")[0]
    arrived.fill(f"{hour}:17")
    page.get_by_role("button", name="Scan who arrived").click()
    expect(page.locator(".strip")).to_contain_text("Paper sheet: arrived at")
    page.keyboard.type(f"{workday.urls[0]}\n")
    expect(page.locator(".verdict__name")).to_have_text(workday.names[0])
    expect(page.locator(".verdict__time")).to_contain_text(":17")
    phone.type_code(workday.codes[1])
    expect(page.locator(".verdict__name")).to_have_text(workday.names[1])
    phone.picture("checkin-paper-scan")
    # On the smallest phone, too, what was undone is told beside the strip, not over its button.
    page.set_viewport_size({"width": 320, "height": 568})
    phone.type_code(workday.codes[2])
    page.locator(".verdict__actions").get_by_role("button", name="Undo").click()
    toast = page.locator(".toast")
    expect(toast).to_have_text(f"Undone: {workday.names[2]}")
    phone.picture("checkin-paper-undone")
    told, strip = toast.bounding_box(), page.locator(".strip").bounding_box()
    assert told
    assert strip
    assert told["y"] >= strip["y"] + strip["height"]
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Done with the sheet").click()
    phone.go("scan")
    expect(page.get_by_role("button", name="Arriving")).to_be_visible()
    # A sheet that was left behind is done too: the next badge counts now.
    phone.go("session")
    page.get_by_role("button", name="Scan a paper sheet").click()
    page.get_by_role("button", name="Scan who left").click()
    expect(page.locator(".strip")).to_be_visible()
    phone.go("today")
    phone.go("scan")
    expect(page.get_by_role("button", name="Arriving")).to_be_visible()
    expect(page.locator(".strip")).to_have_count(0)
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert [one for one in events(workday) if one[0] != "void"] == [("check_in", "paper", "17")] * 3
