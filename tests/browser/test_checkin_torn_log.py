"""The power went in the middle of a write: the browser's log ends in half a record; what follows is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.conftest import Workday, checked_in
from tests.browser.handset import Handset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

# A record of LevelDB says its checksum, how long it is and that it is whole; of this one much is missing.
HALF_A_RECORD = bytes(4) + (300).to_bytes(2, "little") + b"\1" + b"what was on its way"


def newest_log(phone: Handset) -> Path:
    """The log in which the browser keeps what it was told last."""
    return max(phone.profile.glob("Default/IndexedDB/*.leveldb/*.log"))


def test_what_is_recorded_behind_half_a_record_is_kept(
    workday: Workday, handset: Callable[..., Handset]
) -> None:
    phone = handset(permissions=[])
    phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    workday.server.kill()
    phone.kill()
    torn = newest_log(phone)
    with torn.open("ab") as log:
        log.write(HALF_A_RECORD)

    page = phone.switch_on()
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict--in")).to_contain_text(workday.names[0])
    for _time in range(600):
        if not torn.exists():
            break
        page.wait_for_timeout(50)
    assert not torn.exists(), "the browser still writes behind half a record"
    phone.type_code(workday.codes[1])
    expect(page.locator(".verdict--in")).to_contain_text(workday.names[1])
    phone.kill()

    page = phone.switch_on()
    expect(page.locator(".status-line")).to_contain_text("2 not sent")
    workday.server.start()
    phone.go("unsent")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert sorted(checked_in(workday)) == sorted(workday.names[:2])
