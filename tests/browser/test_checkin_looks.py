"""The client as people see it: two languages, light and dark, phone and desk, camera or none, keyboard."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from labtracker import config
from tests.browser import chromium
from tests.browser.conftest import Workday
from tests.browser.handset import PHONE, Handset

AXE = config.ROOT / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1280, "height": 900}
SCREENS = ("today", "scan", "crew", "session", "unsent", "settings")
RUN_AXE = """async () => (await axe.run()).violations.flatMap((rule) =>
  rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`))"""
TOO_WIDE = """() => [...document.querySelectorAll('#client *')].filter((element) => {
  const { right, left, width } = element.getBoundingClientRect();
  return width > 0 && (right > innerWidth + 1 || left < -1) && !element.closest('video, svg, .for-ears');
}).slice(0, 3).map((element) => `${element.tagName} ${element.className}`)"""
TOO_SMALL = """() => [...document.querySelectorAll('button, a, select, input:not([type=checkbox])')]
  .filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && !element.closest('.for-ears') && (width < 44 || height < 43.5);
  }).map((element) => `${element.tagName} ${element.className} ${element.textContent}`)"""

NAME_HERE = """() => {
  const here = document.activeElement;
  return here.matches('button, a, input') ? here.getAttribute('aria-label') || here.innerText : '';
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: run make install"),
]

Handsets = Callable[..., Handset]


def look_at(phone: Handset, name: str, *, whole: bool = True) -> list[str]:
    """What is wrong with what is shown; a picture of it is kept."""
    page = phone.page
    phone.picture(name)
    found = [f"too wide: {what}" for what in page.evaluate(TOO_WIDE)]
    found += [f"too small: {what}" for what in page.evaluate(TOO_SMALL)]
    if whole:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found += page.evaluate(RUN_AXE)
    return [f"{name}: {what}" for what in found]


def settle(page: Page) -> None:
    expect(page.locator(".toast")).to_have_count(0, timeout=10_000)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_screen_in_every_look(workday: Workday, handset: Handsets, language: str) -> None:
    phone = handset(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        locale={"en": "en-US", "es": "es-US"}[language],
        permissions=["camera"],
    )
    page = phone.switch_on()
    problems = look_at(phone, f"client-{language}-pair")
    phone.pair(workday.server.pairing_code("tom@college.example"))
    assert page.evaluate("() => document.documentElement.lang") == language
    workday.server.kill()
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[1])
    expect(page.locator(".verdict__name")).to_have_text(workday.names[1])
    problems += look_at(phone, f"client-{language}-verdict", whole=False)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for size_name, size in (("phone", PHONE), ("desk", DESK)):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            for screen in SCREENS:
                phone.go(screen)
                settle(page)
                problems += look_at(phone, f"client-{language}-{theme}-{size_name}-{screen}")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    phone.go("crew")
    page.locator(".person-row").first.click()
    problems += look_at(phone, f"client-{language}-person")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert problems == []


def test_a_refused_camera_says_so_and_offers_other_ways(workday: Workday, handset: Handsets) -> None:
    phone = handset("--use-fake-device-for-media-stream", permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
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


def test_a_reader_types_for_the_trainer(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    page.locator(".session-card__scan").first.click()
    page.locator(".client--scan").wait_for()
    # On a busy machine keys come slower than from a reader, and count as nothing: then it is read again.
    for _attempt in range(5):
        page.keyboard.type(workday.urls[2])
        page.keyboard.press("Enter")
        with contextlib.suppress(TimeoutError):
            page.locator(".verdict__name").wait_for(timeout=4_000)
            break
    expect(page.locator(".verdict__name")).to_have_text(workday.names[2])


def test_a_whole_session_by_keyboard_alone(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))

    def press_on(name: str) -> None:
        """Tab to the thing of that name, and press it."""
        for _step in range(60):
            page.keyboard.press("Tab")
            here = page.evaluate(NAME_HERE)
            if name in here:
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} cannot be reached by Tab")

    press_on("Scan: Welding basics")
    press_on("Type a code")
    expect(page.locator("#field-code")).to_be_focused()
    page.keyboard.type(workday.codes[0])
    page.keyboard.press("Enter")
    expect(page.locator(".verdict__name")).to_have_text(workday.names[0])
    press_on("Session")
    press_on("Open the session")
    expect(page.locator(".turn")).to_contain_text("Open since")
    press_on("Close the session")
    expect(page.locator("dialog")).to_contain_text("Check out the 1 person who is still in")
    press_on("Close now")
    expect(page.locator(".turn")).to_contain_text("Closed at")
    phone.go("today")
    expect(page.locator(".session-card").first).to_contain_text("1 of 5 came")


def test_two_trainers_on_one_phone(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    phone.go("settings")
    page.get_by_text("Add a trainer").click()
    page.get_by_label("One-time code").fill(workday.server.pairing_code("tess@college.example"))
    page.get_by_role("button", name="Add the trainer").click()
    expect(page.locator(".top-bar__who")).to_contain_text("Tess Nakai")
    phone.go("settings")
    expect(page.locator(".settings__part").first).to_contain_text("Tom Baca")
    page.get_by_role("button", name="Sign out: Tess Nakai").click()
    expect(page.locator(".top-bar__who")).to_contain_text("Tom Baca")
