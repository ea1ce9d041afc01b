"""From phone to phone: what one phone cannot send, another one brings to the office."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from labtracker.accounts.models import Device
from labtracker.checkin.models import InboxFrame
from labtracker.extensions import db
from tests.browser import camera, chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset, until
from tests.browser.test_checkin_looks import look_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]

TOM, TESS = "tom@college.example", "tess@college.example"
SHARE = """
  window.shared = [];
  navigator.canShare = ({ files }) => files.every((file) => file.type === 'text/plain');
  navigator.share = async ({ files }) => { window.shared.push(await files[0].text()); };
"""

# The code that is on the screen now, and what it is called.
SHOWN = """() => {
  const canvas = document.querySelector('.codes__code');
  return [canvas.getAttribute('aria-label'), canvas.toDataURL('image/png').split(',')[1]];
}"""

# Whether the service worker keeps all that is seldom wanted, too.
ALL_KEPT = """async () => {
  const release = await (await caches.match('/checkin/release.json'))?.json();
  if (!release) return false;
  const later = release.files.filter((file) => file.later);
  return (await Promise.all(later.map((file) => caches.match(file.url)))).every(Boolean);
}"""


def records_without_signal(workday: Workday, phone: Handset, count: int, *, later: bool = False) -> Page:
    """Tom's phone is paired; then the office is gone, and he records people by their codes.

    ``later``: the office stays until the phone has the screens that are seldom wanted, too.
    """
    page = phone.page if phone.context else phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    if later:
        until(page, ALL_KEPT)
    workday.server.kill()
    page.locator(".session-card__scan").first.click()
    for code in workday.codes[:count]:
        phone.type_code(code)
    expect(page.locator(".status-line")).to_contain_text(f"{count} not sent")
    phone.go("unsent")
    return page


def arrived(workday: Workday) -> list[tuple[str, str, str | None]]:
    """Of every frame: its verdict, whose phone made it, and which phone brought it."""
    maker, bearer = sa.orm.aliased(Device), sa.orm.aliased(Device)
    with workday.server.application().app_context():
        rows = db.session.execute(
            sa.select(InboxFrame.verdict, maker.name, bearer.name.label("bearer"))
            .join(maker, maker.id == InboxFrame.device_id)
            .join(bearer, bearer.id == InboxFrame.uploaded_by_id)
            .order_by(InboxFrame.seq)
        ).all()
        db.engine.dispose()
    return [(row.verdict, row.name, row.bearer) for row in rows]


def paired_as_tess(workday: Workday, phone: Handset) -> Page:
    """Tess has no session here: her phone can carry all the same."""
    page = phone.switch_on()
    page.get_by_label("Name of this phone").fill("Tess’s phone")
    page.get_by_label("One-time code").fill(workday.server.pairing_code(TESS))
    page.get_by_role("button", name="Pair this phone").click()
    expect(page.locator(".status-line")).to_contain_text("Ready for offline", timeout=30_000)
    phone.go("unsent")
    return page


def test_hand_over_by_file(workday: Workday, handset: Handsets, tmp_path: Path) -> None:
    toms = handset(permissions=[])
    page = records_without_signal(workday, toms, 2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a file").click()
    saved = tmp_path / download.value.suggested_filename
    download.value.save_as(saved)
    toms.switch_off()

    workday.server.start()
    tesses = handset(permissions=[])
    page = paired_as_tess(workday, tesses)
    workday.server.kill()
    page.locator("input[type=file]").set_input_files(saved)
    expect(page.locator(".toast")).to_have_text("2 records are on this phone too")
    carried = page.locator(".records", has_text="From other phones")
    expect(carried).to_contain_text("From Tom Baca’s phone")
    expect(carried).to_contain_text("2 records · not sent yet")
    expect(page.locator(".status-line")).to_contain_text("2 not sent")
    assert look_at(tesses, "checkin-carried") == []

    tesses.kill()
    page = tesses.switch_on()
    expect(page.locator(".status-line")).to_contain_text("2 not sent")
    workday.server.start()
    tesses.go("unsent")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert arrived(workday) == [("stored", "Trainer phone", "Tess’s phone")] * 2
    carried = page.locator(".records", has_text="From other phones")
    expect(carried).to_contain_text("the office has it, kept until it is backed up")
    tesses.switch_off()

    page = toms.switch_on()
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert arrived(workday) == [("stored", "Trainer phone", "Tess’s phone")] * 2


def test_a_file_is_shared_where_the_phone_can_and_what_is_no_file_of_ours_is_refused(
    workday: Workday, handset: Handsets, tmp_path: Path
) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    assert phone.context
    phone.context.add_init_script(SHARE)
    page.reload()
    page = records_without_signal(workday, phone, 1)
    page.get_by_role("button", name="Share a file").click()
    page.wait_for_function("() => window.shared.length === 1")
    assert '"labtracker_bundle":1' in page.evaluate("() => window.shared[0]")
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Tom,", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(letter)
    expect(page.get_by_role("alert")).to_contain_text("Nothing was taken over")
    expect(page.locator(".records", has_text="From other phones")).to_have_count(0)


# By how many pixels the bars at the bottom cover the code.
COVERED = """() => document.querySelector('.codes__code').getBoundingClientRect().bottom
  - document.querySelector('.status-line').getBoundingClientRect().top"""


def shown_codes(page: Page) -> list[bytes]:
    """Pictures of all codes that a phone shows in its loop, the last one first."""
    code = page.locator(".codes__code")
    expect(code).to_be_visible()
    count = int((code.get_attribute("aria-label") or "").split()[-1])
    seen: dict[str, bytes] = {}
    while len(seen) < count:
        name, picture = page.evaluate(SHOWN)
        seen[name] = base64.b64decode(picture)
        page.wait_for_timeout(100)
    return [seen[f"Code {number} of {count}"] for number in range(count, 0, -1)]


def test_hand_over_by_qr(workday: Workday, handset: Handsets, tmp_path: Path) -> None:
    toms = handset(permissions=[])
    page = records_without_signal(workday, toms, 5, later=True)
    page.get_by_role("button", name="Show codes").click()
    codes = shown_codes(page)
    assert len(codes) > 2
    page.get_by_role("button", name="Pause").click()
    assert look_at(toms, "checkin-show-codes") == []
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate(COVERED) <= 0, "the smallest phone shows the whole code above its bars"
    toms.picture("checkin-show-codes-320")
    still = page.evaluate(SHOWN)
    page.wait_for_timeout(1000)
    assert page.evaluate(SHOWN) == still
    toms.switch_off()

    workday.server.start()
    film = camera.loop_of_screens(tmp_path / "codes.mjpeg", codes, seconds=0.4)
    tesses = handset(*camera.camera_arguments(film), permissions=["camera"])
    page = paired_as_tess(workday, tesses)
    page.get_by_role("button", name="Read codes").click()
    expect(page.locator(".tally")).to_contain_text(f"of {len(codes)} codes")
    expect(page.locator(".scan__video")).to_be_in_viewport()
    expect(page.locator(".tally")).to_be_in_viewport()
    tesses.picture("checkin-read-codes")
    carried = page.locator(".records", has_text="From other phones")
    expect(carried).to_contain_text("From Tom Baca’s phone", timeout=60_000)
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert arrived(workday) == [("stored", "Trainer phone", "Tess’s phone")] * 5
