"""Initials at the door: asked for where a cohort wants them, in two languages, while scanning goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from labtracker.checkin.models import Event
from labtracker.extensions import db
from labtracker.scheduling.models import Cohort
from tests.browser import chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset
from tests.browser.test_checkin_looks import FILMING, IN_SIGHT, look_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]


def read_by_reader(page: Page, url: str, name: str) -> None:
    """A reader types a badge; on a busy machine keys come slower, and count as nothing: it is read again."""
    for _attempt in range(5):
        page.keyboard.type(url)
        page.keyboard.press("Enter")
        try:
            expect(page.locator(".verdict__name")).to_have_text(name, timeout=4_000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{name} was not read")


def test_initials_are_asked_for_and_nobody_waits(workday: Workday, handset: Handsets) -> None:
    with workday.server.application().app_context():
        db.session.execute(sa.update(Cohort).values(asks_initials=True))
        db.session.commit()
        db.engine.dispose()
    phone = handset(*FILMING, permissions=["camera"])
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code("tom@college.example"))
    page.locator(".session-card__scan").first.click()
    page.locator(".scan__frame").wait_for()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict--in .verdict__name")).to_have_text(workday.names[0])
    field = page.get_by_label("Your initials")
    field.fill("a")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("alert")).to_have_text("Two to four letters, please.")
    problems = look_at(phone, "client-en-initials")
    assert page.evaluate(IN_SIGHT) == []
    field.fill("")
    field.press_sequentially("ar")
    field.press("Enter")
    expect(page.locator(".verdict")).to_have_count(0)
    # The next one is read while this one is asked, also into the field that has the focus.
    phone.type_code(workday.codes[1])
    field.focus()
    read_by_reader(page, workday.urls[2], workday.names[2])
    page.get_by_role("button", name="Without initials").click()
    phone.go("settings")
    page.get_by_role("button", name="Español").click()
    phone.go("scan")
    phone.type_code(workday.codes[3])
    expect(page.get_by_label("Sus iniciales")).to_be_visible()
    problems += look_at(phone, "client-es-initials")
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate(IN_SIGHT) == []
    assert problems == []
    page.get_by_label("Sus iniciales").fill("dv")
    page.get_by_role("button", name="Listo").click()
    expect(page.locator(".verdict")).to_have_count(0)
    with workday.server.application().app_context():
        # What was sent before already says that all is sent.
        for _time in range(100):
            given = initials()
            if len(given) == 4:
                break
            page.wait_for_timeout(200)
        assert given == ["AR", None, None, "DV"]
        db.engine.dispose()


def initials() -> list[str | None]:
    """What the office has of initials, in their order."""
    db.session.rollback()
    found = db.session.scalars(sa.select(Event).where(Event.type == "initials").order_by(Event.at))
    return [one.payload.get("text") for one in found]
