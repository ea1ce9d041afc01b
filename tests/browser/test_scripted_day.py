"""Twenty-four workers come within two minutes, with badges as people hold them; the phone has no signal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import camera, chromium
from tests.browser.conftest import Workday, checked_in
from tests.browser.handset import Handset

CREW = [
    (given, family)
    for family in ("Apodaca", "Begay", "Chávez", "Dorrance", "Espinoza", "Fields")
    for given in ("Alma", "Benito", "Clara", "Duane")
]
SECONDS = 120

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]


@pytest.mark.parametrize("workday", [CREW], indirect=True, ids=["a crew of 24"])
def test_twenty_four_workers_arrive_in_two_minutes(
    workday: Workday, handset: Callable[..., Handset], tmp_path: Path
) -> None:
    film, seconds = camera.arrivals(tmp_path / "arrivals.mjpeg", workday.urls, seed=24)
    assert seconds < SECONDS
    phone = handset(*camera.camera_arguments(film), permissions=["camera"])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    workday.server.kill()
    page.reload()
    page.locator(".session-card__scan").first.click()
    expect(page.locator(".verdict__name")).to_have_text(workday.names[-1], timeout=(seconds + 30) * 1000)
    phone.go("crew")
    expect(page.locator(".crew__count")).to_have_text("24 of 24 in")
    workday.server.start()
    phone.go("unsent")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".status-line")).to_contain_text("all sent")
    assert checked_in(workday) == workday.names
