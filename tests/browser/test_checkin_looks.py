"""The client as people see it: two languages, light and dark, phone and desk, camera or none, keyboard."""

from __future__ import annotations

import contextlib
import json
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
NOT_DRAWN = """() => [...document.querySelectorAll('#client use')].map((use) => use.getAttribute('href'))
  .filter((drawing) => !document.querySelector(drawing))"""
TOO_SMALL = """() => [...document.querySelectorAll('button, a, select, summary, input:not([type=checkbox])')]
  .filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && !element.closest('.for-ears') && (width < 48 || height < 47.5);
  }).map((element) => `${element.tagName} ${element.className} ${element.textContent}`)"""

# What the screen shows for two seconds stays for a minute: it is to be looked at.
NO_HURRY = """() => {
  const later = window.setTimeout;
  window.setTimeout = (work, ms, ...rest) => later(work, ms === 2000 ? 60000 : ms, ...rest);
}"""
# A camera, and nobody asks whether it may be used.
FILMING = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")

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


# Halfway between two states a colour is neither.
AT_REST = """() => Promise.all(
  document.getAnimations().filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map((one) => one.finished.catch(() => {})))"""


def look_at(phone: Handset, name: str, *, whole: bool = True) -> list[str]:
    """What is wrong with what is shown; a picture of it is kept."""
    page = phone.page
    page.evaluate(AT_REST)
    phone.picture(name)
    found = [f"too wide: {what}" for what in page.evaluate(TOO_WIDE)]
    found += [f"too small: {what}" for what in page.evaluate(TOO_SMALL)]
    found += [f"icon without a drawing: {what}" for what in page.evaluate(NOT_DRAWN)]
    if whole:
        if page.evaluate("() => !window.axe"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found += page.evaluate(RUN_AXE)
    return [f"{name}: {what}" for what in found]


def settle(page: Page) -> None:
    expect(page.locator(".toast")).to_have_count(0, timeout=10_000)


def verdict_on_one(workday: Workday, phone: Handset, name: str, *, whole: bool) -> list[str]:
    """Tom's phone is paired, then without signal; what is wrong with the verdict on one person."""
    page = phone.page
    phone.pair(workday.server.pairing_code("tom@college.example"))
    workday.server.kill()
    page.locator(".session-card__scan").first.click()
    page.evaluate(NO_HURRY)
    phone.type_code(workday.codes[1])
    expect(page.locator(".verdict__name")).to_have_text(workday.names[1])
    problems = look_at(phone, f"{name}-verdict", whole=whole)
    page.locator(".verdict__actions button").last.click()
    expect(page.locator(".verdict")).to_have_count(0)
    return problems


def everywhere(phone: Handset, name: str, *, whole: bool) -> list[str]:
    """What is wrong on any screen, and in the dialog about a person."""
    problems = []
    for screen in SCREENS:
        phone.go(screen)
        settle(phone.page)
        problems += look_at(phone, f"{name}-{screen}", whole=whole)
    phone.go("crew")
    phone.page.locator(".person-row").first.click()
    problems += look_at(phone, f"{name}-person", whole=whole)
    phone.page.keyboard.press("Escape")
    expect(phone.page.locator("dialog")).to_have_count(0)
    return problems


def test_screen_reader_names(workday: Workday, handset: Handsets) -> None:
    phone = handset(*FILMING, permissions=["camera"])
    page = phone.switch_on()
    expect(page.locator(".pair")).to_be_visible()
    problems = look_at(phone, "client-en-pair")
    problems += verdict_on_one(workday, phone, "client-en", whole=True)
    for theme, size_name, size in (
        ("light", "phone", PHONE),
        ("dark", "phone", PHONE),
        ("light", "desk", DESK),
    ):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        problems += everywhere(phone, f"client-en-{theme}-{size_name}", whole=True)
    assert problems == []


def test_360_px(workday: Workday, handset: Handsets) -> None:
    phone = handset(*FILMING, permissions=["camera"])
    page = phone.switch_on()
    assert page.viewport_size
    assert page.viewport_size["width"] == 360
    expect(page.locator(".pair")).to_be_visible()
    problems = look_at(phone, "client-360-pair", whole=False)
    problems += verdict_on_one(workday, phone, "client-360", whole=False)
    problems += everywhere(phone, "client-360", whole=False)
    assert problems == []


# A place whose label is cut or lies over the next, or a line of few letters.
CRAMPED = """() => [
  ...document.querySelectorAll('.bottom-bar a, .status-line__words > *'),
].filter((element) => {
  const text = document.createRange();
  text.selectNodeContents(element);
  const { left, right } = text.getBoundingClientRect();
  const place = element.getBoundingClientRect();
  return left < place.left - 1 || right > place.right + 1 || element.offsetHeight > innerHeight / 3;
}).map((element) => element.textContent)"""


def test_text_of_twice_the_size_leaves_room_for_the_screen(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[], locale="es-US")
    settings = phone.profile / "Default" / "Preferences"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"webkit": {"webprefs": {"default_font_size": 32}}}))
    page = phone.switch_on()
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
    phone.pair(workday.server.pairing_code("tom@college.example"))
    found = []
    for screen in SCREENS:
        phone.go(screen)
        settle(page)
        phone.picture(f"client-twice-{screen}")
        found += [f"{screen}: too wide: {what}" for what in page.evaluate(TOO_WIDE)]
        found += [f"{screen}: cramped: {what}" for what in page.evaluate(CRAMPED)]
    assert "\n".join(found) == ""


IN_SIGHT = """() => {
  const place = document.querySelector('.scan').getBoundingClientRect();
  const parts = '.verdict__state, .verdict__name, .verdict__note, .verdict__actions button';
  return [...document.querySelectorAll(parts)].filter((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top < place.top - 1 || bottom > Math.min(place.bottom, innerHeight) + 1;
  }).map((element) => element.className + element.textContent);
}"""
# How much of the camera stays in sight beside or above the verdict, in shares of one.
CAMERA_LEFT = """() => {
  const view = document.querySelector('.scan__view').getBoundingClientRect();
  const verdict = document.querySelector('.verdict').getBoundingClientRect();
  const across = Math.max(0, Math.min(view.right, verdict.right) - Math.max(view.left, verdict.left));
  const down = Math.max(0, Math.min(view.bottom, verdict.bottom) - Math.max(view.top, verdict.top));
  return 1 - across * down / (view.width * view.height);
}"""


def test_a_verdict_is_whole_on_small_phones_and_leaves_the_camera_in_sight(
    workday: Workday, handset: Handsets
) -> None:
    phone = handset(*FILMING, permissions=["camera"])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    page.locator(".session-card__scan").first.click()
    page.locator(".scan__frame").wait_for()
    page.get_by_role("button", name="Leaving").click()
    phone.type_code(workday.codes[1])
    expect(page.locator(".verdict--look")).to_contain_text("No arrival was recorded here")
    for width, height, least in ((360, 740, 0.4), (320, 568, 0), (740, 360, 0.9)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(IN_SIGHT) == [], f"{width} x {height}"
        assert page.evaluate(CAMERA_LEFT) >= least, f"{width} x {height}"
        phone.picture(f"client-verdict-{width}")
    page.get_by_role("button", name="Next code").click()
    expect(page.locator("#field-code")).to_be_focused()


def test_spanish(workday: Workday, handset: Handsets) -> None:
    phone = handset(*FILMING, locale="es-US", permissions=["camera"])
    page = phone.switch_on()
    expect(page.locator(".pair")).to_be_visible()
    problems = look_at(phone, "client-es-pair")
    problems += verdict_on_one(workday, phone, "client-es", whole=True)
    assert page.evaluate("() => document.documentElement.lang") == "es"
    entered = page.locator(".recent").get_by_role("button", name=f"{workday.names[1]}, Entró")
    expect(entered).to_be_visible()
    expect(page.locator(".status-line")).to_contain_text("1 sin enviar")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        problems += everywhere(phone, f"client-es-{theme}-phone", whole=theme == "light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    problems += everywhere(phone, "client-es-light-desk", whole=False)
    assert problems == []


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


def test_keyboard_only(workday: Workday, handset: Handsets) -> None:
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
