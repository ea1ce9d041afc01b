"""New versions of the client: a broken one changes nothing, a good one waits until the trainer agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from labtracker.web import service_worker
from tests.browser import chromium
from tests.browser.handset import until
from tests.browser.site import Site, new_app, serving

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
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(Site(new_app(tmp_path))) as running:
        yield running


@pytest.fixture
def context(playwright: Playwright) -> Iterator[BrowserContext]:
    browser = chromium.launch(playwright)
    yield browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
    browser.close()


def version(page: Page) -> str:
    return str(page.evaluate("() => document.documentElement.dataset.version"))


def ready(page: Page) -> None:
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=30_000)


def test_versions_change_only_whole_and_with_consent(
    site: Site, context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = context.new_page()
    page.goto(f"{site.address}/checkin")
    ready(page)
    first = version(page)

    source = service_worker._worker_source
    files = service_worker._static_files

    def with_a_bad_file() -> list[tuple[str, str]]:
        (name, _digest), *others = files()
        return [(name, "0" * 64), *others]

    with monkeypatch.context() as broken:
        broken.setattr(service_worker, "_static_files", with_a_bad_file)
        assert page.evaluate(UPDATE) == {"waiting": False, "caches": 1}
    context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Check people in")
    assert version(page) == first
    context.set_offline(False)

    monkeypatch.setattr(service_worker, "_worker_source", lambda: source() + "\n// the next version")
    assert page.evaluate(UPDATE) == {"waiting": True, "caches": 2}
    expect(page.locator(".strip")).to_contain_text("A new version is ready")
    page.reload()
    assert version(page) == first

    context.set_offline(True)
    with page.expect_navigation():
        page.get_by_role("button", name="Use it now").click()
    expect(page.locator("h1")).to_contain_text("Check people in")
    assert version(page) != first
    until(page, "async () => (await caches.keys()).length === 1")


def test_the_page_can_be_installed(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site.address}/checkin")
    ready(page)
    errors = context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A window without history, as tests have it, is all that Chromium may object to.
    assert [error for error in errors if error["errorId"] != "in-incognito"] == []


def test_the_worker_keeps_files_and_nothing_else(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{site.address}/checkin")
    ready(page)
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
