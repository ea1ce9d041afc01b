"""Every page, as everybody sees it: nothing broken, nothing cut off, nothing that axe objects to.

The demo is walked by its own links as each of its cast. Each page is then opened on a phone and on a desk, in
light and dark, in English and Spanish, and a picture of it goes to ``test-results/screenshots``. By default
each page gets half of the looks, in turn; ``ALL_LOOKS=1`` shows it in every one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from labtracker import config, demo
from labtracker.accounts.models import Person
from labtracker.cli.database import begin_history
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests import html
from tests.browser import chromium
from tests.browser.crawl import Broken, Found, walk
from tests.browser.site import Site, new_app, serving

AXE = config.ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = config.ROOT / "test-results" / "screenshots"
SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
LOOKS = [
    ("phone", "light", "en"),
    ("phone", "dark", "es"),
    ("desk", "light", "es"),
    ("desk", "dark", "en"),
    ("phone", "light", "es"),
    ("phone", "dark", "en"),
    ("desk", "light", "en"),
    ("desk", "dark", "es"),
]
PEOPLE = ("nobody", "cora", "ada", "tom", "emil", "rita")
MOST_PIXELS = 12_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  return found.violations.flatMap((rule) => rule.nodes.map((node) => {
    const why = node.any[0] ?? node.all[0] ?? node.none[0];
    return `${rule.id}: ${node.target.join(' ')}: ${why?.message ?? rule.help}`;
  }));
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1)
    .slice(-3).map((e) => `wider than the window: ${e.tagName.toLowerCase()}.${e.className}`);
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: run make install"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    app = new_app(tmp_path_factory.mktemp("site"), DEMO=True)
    site = Site(app)
    with app.app_context():
        begin_history()
        demo.build(utc_now(), seed=1)
        db.session.commit()
        for person in db.session.scalars(sa.select(Person)).unique():
            site.people[person.email.partition("@")[0]] = person
    with serving(site):
        yield site


@pytest.fixture(scope="module")
def walks(site: Site) -> dict[str, tuple[list[Found], list[Broken]]]:
    found = {name: walk(site.app, site.client_of(name)) for name in PEOPLE}
    # What looks the same to several people is looked at once.
    known: set[tuple[str, str]] = set()
    for name, (pages, broken) in found.items():
        new = [page for page in pages if (page.endpoint, _content(page)) not in known]
        known |= {(page.endpoint, _content(page)) for page in pages}
        found[name] = (new, broken)
    return found


def _content(page: Found) -> str:
    """What stands between the bars of a page, without tokens and ids."""
    main = page.html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'name="csrf_token" value="[^"]*"|[0-9a-f-]{36}', "", main)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.mark.parametrize("who", PEOPLE)
def test_no_link_leads_nowhere(who: str, walks: dict[str, Any]) -> None:
    _pages, broken = walks[who]
    assert not broken, "\n".join(f"{link.status} {link.path} on {link.linked_from}" for link in broken)


@pytest.mark.skipif(not html.is_there(), reason="html-validate is not installed: run make install")
def test_every_page_is_valid_html(walks: dict[str, Any], tmp_path: Path) -> None:
    pages = {f"{who} {page.endpoint}": page.html for who, (found, _broken) in walks.items() for page in found}
    faults = html.faults_in(pages, tmp_path / "pages")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_pages_can_be_read_by_everybody(
    who: str, look: tuple[str, str, str], site: Site, walks: dict[str, Any], browser: Browser
) -> None:
    faults = []
    with _context(browser, site, who, look) as context:
        for found in walks[who][0]:
            if _is_due(found, who, look):
                faults += [f"{found.path}: {fault}" for fault in _look_at(context, site, found, who, look)]
    assert not faults, "\n".join(faults)


def _is_due(found: Found, who: str, look: tuple[str, str, str]) -> bool:
    if os.environ.get("ALL_LOOKS"):
        return True
    # Two looks of eight: one of the first four (which are all different), one of the others.
    turn = crc32(f"{found.endpoint} {who}".encode()) % 4
    return LOOKS.index(look) in {turn, 4 + (turn + 2) % 4}


def _context(browser: Browser, site: Site, who: str, look: tuple[str, str, str]) -> BrowserContext:
    size, scheme, speaks = look
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        locale=f"{speaks}-US",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "language", "value": speaks, "url": site.address}])
    if who != "nobody":
        with site.app.app_context():
            db.session.get_one(Person, site.people[who].id).language = speaks
            db.session.commit()
        context.add_cookies([site.cookie_of(who)])  # type: ignore[list-item]
    return context


def _look_at(
    context: BrowserContext, site: Site, found: Found, who: str, look: tuple[str, str, str]
) -> list[str]:
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    answer = page.goto(site.address + found.path, wait_until="load")
    assert answer
    assert answer.status == 200
    faults += page.evaluate(TOO_WIDE)
    # As high as the page: the bar under the thumb covers nothing and ends the picture.
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), MOST_PIXELS)
    page.set_viewport_size({"width": SIZES[look[0]]["width"], "height": height})
    faults += _axe(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "_", f"{found.endpoint}")
    page.screenshot(path=PICTURES / f"{name}--{who}--{'-'.join(look)}.png", full_page=True)
    page.close()
    return faults


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(RUN_AXE, RULES))
