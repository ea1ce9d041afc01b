"""B8: the client's first visit until it is ready to scan. `python -m benchmarks.first_visit`

A fresh browser opens the client at `labtracker serve`, pairs, and waits until the phone says that it is ready
for offline: page, roster and everything that the service worker keeps. What came over the wire is what
Chromium's network events say, headers included, for the page and for the service worker.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from benchmarks.timing import Report
from benchmarks.world import Server, World, build, serving
from labtracker.accounts.models import Person
from labtracker.accounts.services import create_pairing_code
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.browser.chromium import launch

PHONE = {"width": 360, "height": 740}
DECODER = "/static/vendor/zxing-wasm/"
KB = 1000
MOST_KB = {"without_decoder": 200, "with_decoder": 600}


@dataclass
class Traffic:
    """What came over the wire: each address with its bytes, head and body."""

    fetched: list[tuple[str, int]] = field(default_factory=list)

    def add(self, request: Request) -> None:
        """Take a finished request of the page or its service worker; one from the cache brought no bytes."""
        sizes = request.sizes()
        size = sizes["responseHeadersSize"] + sizes["responseBodySize"]
        if size > 0:
            self.fetched.append((urlsplit(request.url).path, size))

    def kilobytes(self, *, decoder: bool) -> float:
        """All that was fetched, with or without what reads the badges."""
        return sum(size for address, size in self.fetched if decoder or DECODER not in address) / KB

    def requests(self, *, decoder: bool) -> int:
        """How many fetches that were."""
        return sum(decoder or DECODER not in address for address, _size in self.fetched)


def pairing_code(world: World) -> str:
    """A one-time code of the world's trainer."""
    app = create_app(**world.settings)
    with app.app_context():
        code = create_pairing_code(actor=db.session.get_one(Person, UUID(world.trainer)), now=utc_now())
        db.session.commit()
        db.engine.dispose()
    return code


def pair(page: Page, code: str) -> None:
    """Pair, and wait until all is there that scanning without signal needs."""
    page.get_by_label("One-time code").fill(code)
    page.locator(".pair button[type=submit]").click()
    expect(page.locator(".status-line")).to_contain_text("Ready for offline", timeout=60_000)
    page.wait_for_load_state("networkidle")


def first_visit(browser: Browser, server: Server, world: World) -> Traffic:
    """One first visit by a browser that has never been here."""
    traffic = Traffic()
    finished: list[Request] = []
    context = browser.new_context(viewport=PHONE, locale="en-US")  # type: ignore[arg-type]
    context.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108 - marked by it
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/checkin")
    pair(page, pairing_code(world))
    for request in list(finished):
        traffic.add(request)
    context.close()
    return traffic


def main() -> None:
    """Visit once: bytes and requests do not differ from one time to the next."""
    with tempfile.TemporaryDirectory(prefix="labtracker-first-visit-") as name:
        folder = Path(name)
        world = build(f"sqlite:///{folder / 'first-visit.sqlite'}", folder, 1)
        with serving(world) as server, sync_playwright() as playwright:
            browser = launch(playwright)
            traffic = first_visit(browser, server, world)
            browser.close()
    report = Report("B8 first visit until ready to scan", {"rounds": 1})
    for which, decoder in (("without_decoder", False), ("with_decoder", True)):
        kilobytes = traffic.kilobytes(decoder=decoder)
        report.figure(f"{which}_kB", kilobytes)
        report.figure(f"{which}_requests", traffic.requests(decoder=decoder))
        report.goal(f"at most {MOST_KB[which]} kB {which.replace('_', ' ')}", kilobytes <= MOST_KB[which])
    for address, size in sorted(traffic.fetched, key=lambda one: -one[1])[:8]:
        print(f"  {size:>8} bytes  {address}")
    report.show()


if __name__ == "__main__":
    main()
