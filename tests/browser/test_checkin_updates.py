"""New versions of the client: a broken one changes nothing, a good one waits until the trainer agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from labtracker.web import service_worker
from tests.browser import chromium
from tests.browser.handset import PHONE, until
from tests.browser.site import DATABASE, Site, new_app, serving
from tests.databases import Databases

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

UPDATE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update().catch(() => {});
  const next = registration.installing;
  if (next) {
    await new Promise((done) => {
      next.addEventListener('statechange', () => next.state !== 'installing' && done());
      if (next.state !== 'installing') done();
    });
  }
  return {waiting: registration.waiting !== null, caches: (await caches.keys()).length};
}"""


@pytest.fixture
def site(databases: Databases, tmp_path: Path) -> Iterator[Site]:
    databases.put_tables(tmp_path / DATABASE)
    with serving(Site(new_app(tmp_path))) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone that nobody used before."""
    with browser.new_context(viewport=PHONE, locale="en-US") as fresh:  # type: ignore[arg-type]
        yield fresh


def version(page: Page) -> str:
    return str(page.evaluate("() => document.documentElement.dataset.version"))


def ready(page: Page) -> None:
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=30_000)


def opened(site: Site, context: BrowserContext) -> tuple[Page, str]:
    """The client with all its files kept, and its version."""
    page = context.new_page()
    page.goto(f"{site.address}/checkin")
    ready(page)
    return page, version(page)


def deploy_next(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has a new version, and the phone has noticed."""
    source = service_worker._worker_source
    monkeypatch.setattr(service_worker, "_worker_source", lambda: source() + "\n// the next version")
    assert page.evaluate(UPDATE) == {"waiting": True, "caches": 2}


def accept(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Use it now").click()
    expect(page.locator("h1")).to_contain_text("Check people in")


def test_update_offered(site: Site, context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    page, first = opened(site, context)
    expect(page.locator(".strip")).to_have_count(0)
    deploy_next(page, monkeypatch)
    expect(page.locator(".strip")).to_contain_text("A new version is ready")
    assert version(page) == first


def test_update_refused(site: Site, context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    page, first = opened(site, context)
    deploy_next(page, monkeypatch)
    # Who does not press the button goes on with what they have, with signal and without.
    for offline in (False, True):
        context.set_offline(offline)
        page.reload()
        expect(page.locator(".strip")).to_contain_text("A new version is ready")
        assert version(page) == first


def test_update_accepted(site: Site, context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    page, first = opened(site, context)
    deploy_next(page, monkeypatch)
    accept(page)
    assert version(page) != first
    until(page, "async () => (await caches.keys()).length === 1")


def test_update_accepted_offline(
    site: Site, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, first = opened(site, context)
    deploy_next(page, monkeypatch)
    context.set_offline(True)
    accept(page)
    assert version(page) != first
    until(page, "async () => (await caches.keys()).length === 1")


def test_bad_deploy(site: Site, context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    page, first = opened(site, context)
    files = service_worker._static_files

    def with_a_bad_file() -> list[tuple[str, str]]:
        (name, _digest), *others = files()
        return [(name, "0" * 64), *others]

    monkeypatch.setattr(service_worker, "_static_files", with_a_bad_file)
    assert page.evaluate(UPDATE) == {"waiting": False, "caches": 1}
    expect(page.locator(".strip")).to_have_count(0)
    context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Check people in")
    assert version(page) == first


DAMAGE = """async () => {
  const cache = await caches.open((await caches.keys())[0]);
  await cache.put('/checkin/style.css', new Response('torn'));
  await cache.delete('/checkin');
  await cache.delete('/static/vendor/zxing-wasm/reader/zxing_reader.wasm');
}"""
WHOLE = """async () => {
  const cache = await caches.open((await caches.keys())[0]);
  const read = async (url) => (await (await cache.match(url))?.text()) ?? '';
  const [page, style, decoder] = await Promise.all(
    ['/checkin', '/checkin/style.css', '/static/vendor/zxing-wasm/reader/zxing_reader.wasm'].map(read));
  const {version} = document.documentElement.dataset;
  return page.includes(version) && style.length > 1000 && decoder.length > 1000;
}"""
KEEP_ALL = """async () => {
  const {serviceWorker} = navigator;
  const heard = new Promise((told) => serviceWorker.addEventListener('message', ({data}) => told(data)));
  serviceWorker.controller.postMessage({type: 'keep all'});
  return heard;
}"""


def test_what_is_lost_or_damaged_is_fetched_again(site: Site, context: BrowserContext) -> None:
    page, first = opened(site, context)
    page.evaluate(DAMAGE)
    page.reload()
    context.set_offline(True)
    context.set_offline(False)
    until(page, WHOLE)
    context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Check people in")
    assert version(page) == first


def test_a_server_of_another_version_repairs_nothing(
    site: Site, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _first = opened(site, context)
    source = service_worker._worker_source
    monkeypatch.setattr(service_worker, "_worker_source", lambda: source() + "\n// the next version")
    page.evaluate(DAMAGE)
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    assert page.evaluate(KEEP_ALL) == {"type": "kept", "whole": False}
    # Files that both versions have in common came; the other version's page did not.
    assert page.evaluate("async () => (await caches.match('/checkin')) === undefined")
    assert page.evaluate("async () => (await (await caches.match('/checkin/style.css')).text()) !== 'torn'")


def test_the_page_can_be_installed(site: Site, context: BrowserContext) -> None:
    page, _version = opened(site, context)
    errors = context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A window without history, as tests have it, is all that Chromium may object to.
    assert [error for error in errors if error["errorId"] != "in-incognito"] == []


def test_the_worker_keeps_files_and_nothing_else(site: Site, context: BrowserContext) -> None:
    page, _version = opened(site, context)
    kept = page.evaluate(
        """async () => {
          const cache = await caches.open((await caches.keys())[0]);
          await fetch('/api/v1/pack').catch(() => {});
          await fetch('/healthz');
          return (await cache.keys()).map((request) => new URL(request.url).pathname);
        }"""
    )
    assert "/static/vendor/zxing-wasm/reader/zxing_reader.wasm" in kept
    assert not [path for path in kept if re.match("/(api|healthz|sign-in)", path)]
