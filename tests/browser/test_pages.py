"""Every page, as everybody sees it: nothing broken, nothing cut off, nothing that axe objects to.

The demo is walked by its own links as each of its cast. Each page is then opened on a phone and on a desk, in
light and dark, in English and Spanish, and a picture of it goes to ``test-results/screenshots``. By default
each page gets one look on a phone and one on a desk, in turn, and where others of the cast see it otherwise
one more on a phone; ``ALL_LOOKS=1`` shows everything in all eight.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from zlib import crc32

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from labtracker import config
from tests import html
from tests.browser import chromium
from tests.browser.crawl import Broken, Found, walk
from tests.browser.site import WORKER, Site
from tests.once import made_once

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
Walks = dict[str, tuple[list[Found], list[Broken]]]
PEOPLE = ("nobody", "cora", "ada", "tom", "emil", "rita", WORKER)
# Reached by a secret, after a post, or no page at all; each is tested where it belongs.
SEEN_ELSEWHERE = {
    "accounts.accept_invitation",
    "accounts.account_requested",
    "accounts.demo_door",
    "accounts.describe_provider",
    "accounts.first_administrator",
    "accounts.home",
    "accounts.mail_choice",
    "accounts.reset_password",
    "accounts.sign_in_link",
    "api.checkin_pack.pack",
    "api.checkin_site_checks.site_checks",
    "certificates.credential",
    "certificates.issuer_profile",
    "certificates.key",
    "certificates.keys",
    "certificates.paper",
    "certificates.papers",
    "certificates.revocations",
    "certificates.transcript_paper",
    "checkin.messages",
    "checkin.raw_frame",
    "client_style",
    "feeds.calendar_file_of",
    "jobs.mail_html",
    "openapi.openapi",
    "own_page.open_link",
    "own_page.transcript",
    "reports.completion_csv",
    "roster.badge_manifest",
    "roster.badge_png",
    "roster.public_badge",
    "roster.roster_file",
    "roster.sign_in_sheet_pdf",
    "roster.waiting",
    "roster.workers_file",
    "scheduling.board_check",
    "scheduling.attachment",
    "scheduling.check_attachment",
    "scheduling.board_troubles",
    "scheduling.sent",
    "service_worker.script",
    "static",
    "style",
    "timelines.frame",
    "web.healthz",
}
MOST_PIXELS = 16_000
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
COVERED = """() => {
  const bar = document.querySelector('.navigation');
  return [...document.querySelectorAll('main :is(a, input:not([type=hidden]), select, button, summary)')]
    .filter((e) => {
      window.scrollTo(0, 0);
      e.focus();
      return (e.closest('.choice') ?? e).getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
    }).map((e) => e.id || e.outerHTML);
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: run make install"),
]


@pytest.fixture(scope="module")
def every_walk(site: Site, of_this_run: Path) -> Walks:
    return made_once(
        of_this_run / "walks", lambda: {name: walk(site.app, site.client_of(name)) for name in PEOPLE}
    )


@pytest.fixture(scope="module")
def walks(every_walk: Walks) -> Walks:
    """The walks without what others of the cast have seen just so."""
    known: set[tuple[str, str]] = set()
    found: Walks = {}
    for name, (pages, broken) in every_walk.items():
        found[name] = ([page for page in pages if (page.endpoint, _content(page)) not in known], broken)
        known |= {(page.endpoint, _content(page)) for page in pages}
    return found


def _content(page: Found) -> str:
    """What stands between the bars of a page, without tokens and ids."""
    main = page.html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'name="csrf_token" value="[^"]*"|[0-9a-f-]{36}', "", main)


@pytest.mark.parametrize("who", PEOPLE)
def test_no_link_leads_nowhere(who: str, walks: Walks) -> None:
    _pages, broken = walks[who]
    assert not broken, "\n".join(f"{link.status} {link.path} on {link.linked_from}" for link in broken)


def test_every_page_of_the_application_is_seen_by_somebody(site: Site, every_walk: Walks) -> None:
    seen = {page.endpoint for pages, _broken in every_walk.values() for page in pages}
    served = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert served - seen == SEEN_ELSEWHERE


@pytest.mark.skipif(not html.is_there(), reason="html-validate is not installed: run make install")
def test_every_page_is_valid_html(walks: Walks, tmp_path: Path) -> None:
    pages = {f"{who} {page.endpoint}": page.html for who, (found, _broken) in walks.items() for page in found}
    faults = html.faults_in(pages, tmp_path / "pages")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_pages_can_be_read_by_everybody(
    who: str, look: tuple[str, str, str], site: Site, walks: Walks, browser: Browser
) -> None:
    faults = []
    seen_before = {page.endpoint for name in PEOPLE[: PEOPLE.index(who)] for page in walks[name][0]}
    with _context(browser, site, who, look) as context:
        page = context.new_page()
        complaints = _complaints_of(page)
        for found in walks[who][0]:
            if _is_due(found, who, look, found.endpoint in seen_before):
                complaints.clear()
                found_here = _look_at(page, site, found, who, look) + complaints
                faults += [f"{found.path}: {fault}" for fault in found_here]
    assert not faults, "\n".join(faults)


def test_what_has_the_focus_is_not_under_the_bar(site: Site, walks: Walks, browser: Browser) -> None:
    move = next(page for page in walks["cora"][0] if page.endpoint == "scheduling.move")
    with _context(browser, site, "cora", ("phone", "light", "es")) as context:
        page = context.new_page()
        page.goto(site.address + move.path)
        assert page.evaluate(COVERED) == []


@pytest.mark.parametrize("width", [1024, 1130, 1280])
def test_open_dates_keep_clear_of_the_map(width: int, site: Site, browser: Browser) -> None:
    with _context(browser, site, "nobody", ("desk", "light", "es")) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site.address}/dates")
        table, beside = (
            page.locator(".dates table").first.bounding_box(),
            page.locator(".dates__map").bounding_box(),
        )
        place = page.locator(".dates__place").first.bounding_box()
        assert table
        assert beside
        assert place
        under = table["y"] + table["height"] <= beside["y"]
        assert under or table["x"] + table["width"] <= beside["x"]
        assert place["width"] >= 170


def _complaints_of(page: Page) -> list[str]:
    """What the browser complains of, as it comes."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def _is_due(found: Found, who: str, look: tuple[str, str, str], seen_before: bool) -> bool:
    if os.environ.get("ALL_LOOKS"):
        return True
    if seen_before and look[0] != "phone":
        return False
    # Two looks of eight, one on a phone and one on a desk.
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
    context.add_init_script(path=AXE)
    context.add_cookies([{"name": "language", "value": speaks, "url": site.address}])
    if who != "nobody":
        site.let_speak(who, speaks)
        context.add_cookies([site.cookie_of(who)])  # type: ignore[list-item]
    return context


def _look_at(page: Page, site: Site, found: Found, who: str, look: tuple[str, str, str]) -> list[str]:
    page.set_viewport_size(SIZES[look[0]])  # type: ignore[arg-type]
    answer = page.goto(site.address + found.path, wait_until="load")
    assert answer
    assert answer.status == 200
    if found.endpoint == "scheduling.board":
        # It asks what needs a decision once it stands there, and grows by the answer.
        page.wait_for_load_state("networkidle")
    faults = list(page.evaluate(TOO_WIDE))
    # As high as the page: the bar under the thumb covers nothing and ends the picture.
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), MOST_PIXELS)
    page.set_viewport_size({"width": SIZES[look[0]]["width"], "height": height})
    faults += _axe(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "_", f"{found.endpoint}")
    # A photograph takes half the time of an exact picture, and there are hundreds.
    picture = PICTURES / f"{name}--{who}--{'-'.join(look)}.jpg"
    page.screenshot(path=picture, type="jpeg", quality=70)
    return faults


def _axe(page: Page) -> list[str]:
    return list(page.evaluate(RUN_AXE, RULES))
