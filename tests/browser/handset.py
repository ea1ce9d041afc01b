"""A trainer's phone in tests: Chromium with a profile of its own, which survives being killed."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from labtracker import config
from tests.browser.chromium import ARGUMENTS, chromium_path

PHONE = {"width": 360, "height": 740}
PICTURES = config.ROOT / "test-results" / "screenshots"


def until(page: Page, answer: str, seconds: float = 60) -> None:
    """Ask the page until its answer is yes.

    Playwright's own waiting for a function takes the promise of an answer for a yes.
    """
    for _time in range(round(seconds * 5)):
        if page.evaluate(answer):
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"after {seconds} s still not so: {answer}")


@dataclass
class Handset:
    """One phone: its profile on disk, its browser, the client's page."""

    playwright: Playwright
    profile: Path
    address: str
    arguments: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    context: BrowserContext | None = None
    page: Page = None  # type: ignore[assignment]

    def switch_on(self, place: str = "/checkin") -> Page:
        """Start the browser on its profile and open the client."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=chromium_path(),
            args=[*ARGUMENTS, *self.arguments],
            **{"viewport": PHONE, "locale": "en-US", **self.options},
        )
        self.page = self.context.pages[0]
        self.page.goto(f"{self.address}{place}")
        return self.page

    def kill(self) -> None:
        """Kill the browser as a phone that dies does: no page hears of it."""
        number = int(os.readlink(self.profile / "SingletonLock").rsplit("-", 1)[1])
        os.kill(number, signal.SIGKILL)
        self.switch_off()
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self.profile / name).unlink(missing_ok=True)

    def switch_off(self) -> None:
        """Close the browser properly."""
        if self.context is not None:
            with contextlib.suppress(Error):
                self.context.close()
        self.context = None

    def pair(self, code: str) -> None:
        """Pair with a one-time code, and wait until the phone is ready for offline."""
        self.page.get_by_label(re.compile("One-time code|Código de un solo uso")).fill(code)
        self.page.locator(".pair button[type=submit]").click()
        expect(self.page.locator(".session-card").first).to_be_visible(timeout=20_000)
        expect(self.page.locator(".status-line")).to_contain_text(
            re.compile("Ready for offline|Listo sin conexión"), timeout=30_000
        )

    def go(self, screen: str) -> None:
        """Open one of the client's places."""
        self.page.evaluate("(screen) => { location.hash = `#/${screen}`; }", screen)
        self.page.locator(f".client--{screen}").wait_for()

    def type_code(self, code: str) -> None:
        """Type a badge's short code on the scan screen."""
        self.page.locator(".scan__tools").get_by_role("button", name=re.compile("code|código")).click()
        self.page.locator("#field-code").fill(code)
        self.page.locator("dialog button[type=submit]").click()

    def unsent(self) -> int:
        """How many records the status line says are not sent."""
        found = re.search(r"(\d+) (?:not sent|sin enviar)", self.page.locator(".status-line").inner_text())
        return int(found[1]) if found else 0

    def picture(self, name: str) -> None:
        """Keep a picture of what the phone shows."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")
