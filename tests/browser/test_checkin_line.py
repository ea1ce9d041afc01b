"""Between phone and office: recorded meanwhile, cut off, answered unheard, told twice or at a wrong time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from labtracker.accounts.models import Device, Person
from labtracker.accounts.services import revoke_device
from labtracker.checkin.models import Attendance, Event, InboxFrame
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.browser import chromium
from tests.browser.conftest import Workday
from tests.browser.handset import Handset
from tests.browser.line import Line, line_to

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.chromium_path() is None, reason="Chromium is not installed"),
]

Handsets = Callable[..., Handset]

TOM = "tom@college.example"
A_DAY_LATE = """
  const Real = Date;
  const behind = 24 * 60 * 60 * 1000;
  Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() - behind); }
    static now() { return Real.now() - behind; }
  };
"""


@pytest.fixture
def line(workday: Workday) -> Iterator[Line]:
    """The line to the office; a phone that goes by its address can be cut off."""
    with line_to(workday.server.address) as working:
        yield working


def at_the_scanner(workday: Workday, phone: Handset) -> Page:
    """Tom's phone, paired, with the scan screen open."""
    page = phone.switch_on()
    phone.pair(workday.server.pairing_code(TOM))
    page.locator(".session-card__scan").first.click()
    return page


def with_one_on_its_way(workday: Workday, phone: Handset, line: Line) -> Page:
    """Tom's phone at the scanner, whose line holds the upload of the first badge."""
    phone.address = line.address
    page = at_the_scanner(workday, phone)
    line.is_free.clear()
    phone.type_code(workday.codes[0])
    assert line.holds_one.wait(20)
    return page


def says(page: Page, words: str) -> None:
    expect(page.locator(".status-line")).to_contain_text(words)


def test_scan_during_sync(workday: Workday, handset: Handsets, line: Line) -> None:
    phone = handset(permissions=[])
    page = with_one_on_its_way(workday, phone, line)
    phone.type_code(workday.codes[1])
    expect(page.locator(".verdict--in .verdict__name")).to_have_text(workday.names[1])
    says(page, "2 not sent")
    assert workday.held() == []
    line.is_free.set()
    says(page, "all sent")
    assert workday.held() == [("check_in", "stored")] * 2


def test_tab_closed_in_mid_upload(workday: Workday, handset: Handsets, line: Line) -> None:
    phone = handset(permissions=[])
    page = with_one_on_its_way(workday, phone, line)
    assert phone.context
    phone.page = phone.context.new_page()
    page.close()
    # What left the phone arrives all the same, and nobody is there to hear the answer.
    line.is_free.set()
    line.loses_replies = True
    phone.page.goto(f"{line.address}/checkin")
    says(phone.page, "1 not sent")
    line.loses_replies = False
    phone.go("unsent")
    phone.page.get_by_role("button", name="Send now").click()
    says(phone.page, "all sent")
    assert workday.held() == [("check_in", "stored")]


def test_reply_lost(workday: Workday, handset: Handsets, line: Line) -> None:
    phone = handset(permissions=[])
    phone.address = line.address
    page = at_the_scanner(workday, phone)
    line.loses_replies = True
    phone.type_code(workday.codes[0])
    says(page, "Offline")
    says(page, "1 not sent")
    assert line.lost == 1
    assert workday.held() == [("check_in", "stored")]
    line.loses_replies = False
    phone.go("unsent")
    page.get_by_role("button", name="Send now").click()
    says(page, "all sent")
    assert workday.held() == [("check_in", "stored")]


def test_two_phones_one_worker(workday: Workday, handset: Handsets) -> None:
    phones = [handset(permissions=[]), handset(permissions=[])]
    pages = [at_the_scanner(workday, phone) for phone in phones]
    workday.server.kill()
    for phone, page in zip(phones, pages, strict=True):
        phone.type_code(workday.codes[0])
        expect(page.locator(".verdict--in .verdict__name")).to_have_text(workday.names[0])
    workday.server.start()
    for phone, page in zip(phones, pages, strict=True):
        phone.go("unsent")
        page.get_by_role("button", name="Send now").click()
        says(page, "all sent")
        phone.go("crew")
        expect(page.locator(".crew__count")).to_have_text("1 of 5 in")
    assert workday.held() == [("check_in", "stored")] * 2
    with workday.server.application().app_context():
        [row] = db.session.scalars(sa.select(Attendance).where(Attendance.status == "present"))
        assert "double_in" in row.flags
        db.engine.dispose()


def test_clock_off_by_a_day(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = phone.switch_on()
    assert phone.context
    phone.context.add_init_script(A_DAY_LATE)
    page.reload()
    phone.pair(workday.server.pairing_code(TOM))
    workday.server.kill()
    page.reload()
    expect(page.locator(".session-card").first).to_contain_text("0 of 5 in")
    page.locator(".session-card__scan").first.click()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict--in .verdict__name")).to_have_text(workday.names[0])
    phone.go("unsent")
    expect(page.locator(".records").first).to_contain_text("(time unsure)")
    workday.server.start()
    page.get_by_role("button", name="Send now").click()
    says(page, "all sent")
    with workday.server.application().app_context():
        [event] = db.session.scalars(sa.select(Event))
        assert abs(event.at - utc_now()) < timedelta(minutes=5)
        assert event.session_id == workday.session_id
        db.engine.dispose()


def test_revoked_device(workday: Workday, handset: Handsets) -> None:
    phone = handset(permissions=[])
    page = at_the_scanner(workday, phone)
    with workday.server.application().app_context():
        tom = db.session.scalars(sa.select(Person).where(Person.email == TOM)).one()
        revoke_device(db.session.scalars(sa.select(Device)).one(), actor=tom, now=utc_now())
        db.session.commit()
        db.engine.dispose()
    phone.type_code(workday.codes[0])
    expect(page.locator(".verdict__name")).to_have_text(workday.names[0])
    phone.go("unsent")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".sending")).to_contain_text("The office revoked this phone")
    expect(page.locator(".records", has_text="Set aside by the office")).to_contain_text("1")
    phone.go("today")
    expect(page.locator(".empty-card")).to_contain_text("It holds no roster any more and gets none.")
    phone.go("crew")
    for name in workday.names:
        expect(page.locator("body")).not_to_contain_text(name)
    with workday.server.application().app_context():
        frames = db.session.execute(sa.select(InboxFrame.verdict, InboxFrame.code)).all()
        assert [tuple(frame) for frame in frames] == [("quarantined", "device_revoked")]
        db.engine.dispose()
