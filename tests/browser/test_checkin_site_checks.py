"""A trainer checks a site on the phone, without signal; the office gets it once, as a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.labs.models import Lab, SiteReadiness, Worksite
from labtracker.labs.services.readiness import discard_check
from tests.browser import chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset, until
from tests.browser.line import line_to
from tests.browser.test_checkin_hand_over import ALL_KEPT
from tests.browser.test_checkin_looks import look_at
from tests.labs.checks import NEEDS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]

TOM = "tom@college.example"
SITE = "Mill gate 3"
NOTES_ARE_KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open('labtracker-site-checks');
  opening.onsuccess = () => {
    const drafts = opening.result.transaction('drafts').objectStore('drafts').getAll();
    drafts.onsuccess = () => {
      resolve(drafts.result.some((draft) => draft.notes));
      opening.result.close();
    };
  };
})"""
# What comes by itself some seconds after the start.
KEEP_ALL = "async () => (await navigator.serviceWorker.ready).active.postMessage({ type: 'keep all' })"


def asking(workday: Workday) -> None:
    """Somebody said what the lab needs of a site, and what power this one gives."""
    with workday.server.application().app_context():
        lab = db.session.scalars(sa.select(Lab).where(Lab.name == "Welding lab")).unique().one()
        lab.needs = NEEDS
        site = db.session.scalars(sa.select(Worksite).where(Worksite.name == SITE)).unique().one()
        site.power_kw = 100
        db.session.commit()
        db.engine.dispose()


def drafts(workday: Workday) -> list[dict[str, Any]]:
    """What the office has, in the order in which it came."""
    with workday.server.application().app_context():
        rows = db.session.scalars(sa.select(SiteReadiness).order_by(SiteReadiness.created_at)).unique().all()
        found = [{"answers": row.answers, "notes": row.notes, "who": row.checked_by.name} for row in rows]
        db.engine.dispose()
    return found


def thrown_away(workday: Workday) -> None:
    """A coordinator throws the draft away."""
    with workday.server.application().app_context():
        cora = db.session.scalars(sa.select(Person).where(Person.name == "Cora Lindqvist")).unique().one()
        check = db.session.scalars(sa.select(SiteReadiness)).unique().one()
        discard_check(check=check, actor=cora, now=utc_now())
        db.session.commit()
        db.engine.dispose()


def card(page: Page) -> Any:
    return page.locator(".session-card", has_text=SITE)


def send_now(phone: Handset) -> None:
    phone.go("unsent")
    phone.page.get_by_role("button", name=re.compile("Send now|Enviar ahora")).click()


def test_a_check_filled_in_without_signal_arrives_once(workday: Workday, handset: Handsets) -> None:
    asking(workday)
    with line_to(workday.server.address) as line:
        phone = handset(permissions=[])
        phone.address = line.address
        page = phone.switch_on()
        phone.pair(workday.server.pairing_code(TOM))
        expect(page.get_by_role("button", name="Site checks")).to_be_visible()
        page.evaluate(KEEP_ALL)
        until(page, ALL_KEPT)
        workday.server.kill()
        page.reload()
        page.get_by_role("button", name="Site checks").click()
        expect(card(page)).to_contain_text("Not checked yet")
        problems = look_at(phone, "site-checks-en")
        card(page).get_by_role("button", name="Fill it in").click()
        expect(page.locator(".check-progress")).to_contain_text("1 of 4 answered")
        page.get_by_label("How long is the level pad, in feet?").fill("48.5")
        expect(page.locator("#check-pad_length_ft-problem")).to_contain_text("from 0 to 1,000.")
        problems += look_at(phone, "site-check-en")
        page.get_by_label("How long is the level pad, in feet?").fill("48")
        page.get_by_role("button", name="asphalt").click()
        page.get_by_label("Notes").fill("The second gate.")
        until(page, NOTES_ARE_KEPT)
        expect(page.locator(".check-state")).to_have_text("Kept on this phone, not sent")
        expect(page.locator(".check-progress")).to_contain_text("3 of 4 answered")
        address = page.url
        assert problems == []

        phone.kill()
        page = phone.switch_on()
        expect(page.locator(".status-line")).to_contain_text("1 not sent")
        expect(page.locator(".aside-note").first).to_contain_text("1 check of a site is kept on this phone")
        problems = look_at(phone, "site-checks-today", whole=False)
        phone.go("settings")
        expect(page.get_by_role("button", name=re.compile("Sign out"))).to_be_disabled()
        assert problems == []
        page.evaluate("(there) => { location.hash = new URL(there).hash; }", address)
        expect(page.get_by_label("Notes")).to_have_value("The second gate.")
        group = page.get_by_role("group", name="Are there restrooms that the workers may use?")
        group.get_by_role("button", name="No", exact=True).click()
        expect(page.locator(".check-progress")).to_contain_text("4 of 4 answered")

        line.upload, line.loses_replies = "/api/v1/site-checks", True
        workday.server.start()
        send_now(phone)
        assert line.lost_one.wait(20)
        expect(page.locator(".status-line")).to_contain_text("1 not sent")
        assert len(drafts(workday)) == 1
        line.loses_replies = False
        send_now(phone)
        expect(page.locator(".status-line")).to_contain_text("all sent")
        answers = {"pad_length_ft": 48, "power_kw": 100, "restrooms": False, "surface": "asphalt"}
        assert drafts(workday) == [{"answers": answers, "notes": "The second gate.", "who": "Tom Baca"}]


def test_what_the_office_decided_is_shown_and_nothing_typed_is_lost(
    workday: Workday, handset: Handsets
) -> None:
    asking(workday)
    phone = handset(permissions=[], locale="es-US")
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.get_by_role("button", name="Revisiones de lugares").click()
    card(page).get_by_role("button", name="Llenar").click()
    page.get_by_label("Notas").fill("Una.")
    page.get_by_role("button", name="Listo: enviar").click()
    expect(card(page).locator(".check-state")).to_contain_text("Enviada")
    thrown_away(workday)
    card(page).get_by_role("button", name="Continuar").click()
    photos = page.get_by_role("link", name="Adjuntar fotos").get_attribute("href") or ""
    assert photos.startswith("/site-checks/")
    page.get_by_label("Notas").fill("Una, dos.")
    problems = look_at(phone, "site-check-es")
    page.get_by_role("button", name="Listo: enviar").click()
    expect(card(page).locator(".check-refusal")).to_contain_text("La oficina descartó este borrador")
    problems += look_at(phone, "site-checks-es")
    assert drafts(workday) == []
    card(page).get_by_role("button", name="Enviar como borrador nuevo").click()
    expect(card(page).locator(".check-state")).to_contain_text("Enviada")
    assert [one["notes"] for one in drafts(workday)] == ["Una, dos."]
    assert problems == []
