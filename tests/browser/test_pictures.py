"""The three pictures of the README, made from what the pages really show. `make pictures` renews them.

Without that they go to ``test-results/pictures``, so that a run of the tests changes nothing that is kept.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from labtracker import config
from labtracker.kit.time import instant_at, local_day, utc_now
from tests.browser import camera, chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset
from tests.browser.site import Site

FOLDER = config.ROOT / ("docs/pictures" if os.environ.get("PICTURES") else "test-results/pictures")
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}
MARGIN = 24  # below what a picture ends with
SHARPNESS = 2  # pixels of the picture for each of the page
MOST_BYTES = 200_000
SIX_TO_SIX = instant_at(
    local_day(utc_now(), "America/Denver") + timedelta(days=1), time(5, 54), "America/Denver"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]


def keep(page: Page, name: str, **how: object) -> None:
    """Keep a picture of a page in few colours: pages are plain, and a README is read on phones, too."""
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled", **how)))  # type: ignore[arg-type]
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{name}.png"
    taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    assert file.stat().st_size < MOST_BYTES


def at_a_desk(browser: Browser, site: Site, who: str, path: str, ready: str) -> Page:
    """A page as one of the cast sees it, without the line that says DEMO."""
    context = browser.new_context(
        viewport=DESK,  # type: ignore[arg-type]
        device_scale_factor=SHARPNESS,
        locale="en-US",
        color_scheme="light",
        reduced_motion="reduce",
    )
    site.let_speak(who, "en")
    context.add_cookies([site.cookie_of(who)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(site.address + path)
    expect(page.locator(ready).first).to_be_visible()
    return page


def down_to(page: Page, last: str) -> dict[str, float]:
    """The part of a page from its bar to the end of something on it."""
    first, end = page.locator(".site-header").bounding_box(), page.locator(last).first.bounding_box()
    assert first
    assert end
    height = end["y"] + end["height"] + MARGIN - first["y"]
    return {"x": 0, "y": first["y"], "width": DESK["width"], "height": height}


def test_completion(browser: Browser, site: Site) -> None:
    page = at_a_desk(browser, site, "rita", "/reports/completion?year=all", ".bars")
    expect(page.locator(".page-header .lead")).to_contain_text("workers who started completed")
    keep(page, "completion", full_page=True, clip=down_to(page, ".bars"))
    page.context.close()


def test_board(browser: Browser, site: Site) -> None:
    page = at_a_desk(browser, site, "cora", "/board", ".board__table")
    keep(page, "board", full_page=True, clip=down_to(page, ".board__key"))
    page.context.close()


@pytest.mark.parametrize("workday", [SIX_TO_SIX], indirect=True, ids=["before dawn"])
def test_scan(workday: Workday, handset: Callable[..., Handset], tmp_path: Path) -> None:
    """Three badges held up while nobody answers: the last is named in large letters."""
    crew = (0, 3, 2)
    film = camera.queue(tmp_path / "badges.mjpeg", [workday.urls[number] for number in crew], shown=3.0)
    phone = handset(
        *camera.camera_arguments(film),
        permissions=["camera"],
        viewport=PHONE,
        device_scale_factor=SHARPNESS,
        color_scheme="light",
    )
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    workday.server.kill()
    page.reload()
    page.locator(".session-card__scan").first.click()
    for number in crew:
        expect(page.locator(".verdict__name")).to_have_text(workday.names[number])
    expect(page.locator(".verdict--in")).to_be_visible()
    keep(page, "scan")
