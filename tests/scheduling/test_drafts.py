"""Drafts: begun with a course, several at once, sent from their last page, copied, thrown away."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Person
from labtracker.attachments.models import Attachment
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest, BookingWindow
from labtracker.scheduling.rules.sessions import Arrangement, ShiftPattern, timetable
from labtracker.scheduling.rules.states import BookingStatus
from labtracker.scheduling.services.checks import MOST_SENT_A_DAY
from tests.attachments.files import PDF
from tests.cast import Cast
from tests.scheduling.builders import draft, quiet_monday, submitted

Signer = Callable[[Person], FlaskClient]
WHO = {
    "headcount": "8", "weekdays": ["1", "2", "3", "4"], "shift_starts": "06:00", "shift_ends": "14:30",
    "break_minutes": "30", "payer": "employer",
}  # fmt: skip


@pytest.fixture
def now() -> datetime:
    """Views read the clock, so here the story happens today."""
    return utc_now()


def begun(browser: FlaskClient, cast: Cast) -> str:
    """The address of the steps of a draft, answered up to its last page."""
    answer = browser.post("/book-a-visit", data={"course": cast.welding.id})
    steps = answer.headers["Location"].removesuffix("/where")
    browser.post(f"{steps}/where", data={"worksite": cast.steel_site.id, "site_contact": "Bob"})
    browser.post(f"{steps}/who", data=WHO)
    return steps


def required_fields(page: str) -> set[str]:
    """The names of a page's fields that must be filled in."""
    names = set()
    for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
        name = re.search(r' name="([^"]+)"', tag)
        if name and re.search(r"\srequired\b", tag):
            names.add(name.group(1))
    return names


def test_four_pages_and_at_most_twelve_answers_book_a_visit(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    browser, monday = signed_in_as(cast.emil), quiet_monday(now)
    pages = [browser.get("/book-a-visit").text]
    answer = browser.post("/book-a-visit", data={"course": cast.welding.id})
    steps = answer.headers["Location"].removesuffix("/where")
    pages.append(browser.get(f"{steps}/where").text)
    answer = browser.post(f"{steps}/where", data={"worksite": cast.steel_site.id, "site_contact": "Bob"})
    pages.append(browser.get(answer.headers["Location"]).text)
    answer = browser.post(f"{steps}/who", data=WHO)
    pages.append(browser.get(answer.headers["Location"]).text)
    assert [re.search(r"Step (\d) of (\d)", page).groups() for page in pages] == [  # type: ignore[union-attr]
        (str(number), "4") for number in (1, 2, 3, 4)
    ]
    assert 'value="send"' in pages[3]
    assert sum(len(required_fields(page)) for page in pages) <= 12
    sent = browser.post(
        answer.headers["Location"],
        data={
            "window_1_starts": monday.isoformat(),
            "window_1_ends": (monday + timedelta(days=20)).isoformat(),
            "then": "send",
        },
    )
    assert sent.headers["Location"].endswith("/sent")
    assert db.session.scalars(sa.select(BookingRequest.status)).one() == "submitted"


def test_the_last_page_keeps_the_days_when_something_else_is_missing(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    browser, monday = signed_in_as(cast.emil), quiet_monday(now)
    answer = browser.post("/book-a-visit", data={"course": cast.welding.id})
    place = answer.headers["Location"].replace("/where", "/when")
    assert 'value="send"' not in browser.get(place).text
    days = {"window_1_starts": monday.isoformat(), "window_1_ends": (monday + timedelta(days=20)).isoformat()}
    refused = browser.post(place, data={**days, "then": "send"})
    assert refused.status_code == 422
    assert "Some answers are still missing." in refused.text
    assert db.session.scalars(sa.select(BookingWindow.starts_on)).one() == monday


def test_several_drafts_are_listed_and_one_is_thrown_away(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    browser = signed_in_as(cast.emil)
    first, second = begun(browser, cast), begun(browser, cast)
    assert first != second
    home = first.removesuffix("/steps")
    browser.post(f"{home}/attachments", data={"kind": "insurance", "files": [(io.BytesIO(PDF), "cover.pdf")]})
    for page in ("/book-a-visit", "/bookings"):
        listed = browser.get(page).text
        assert home in listed
        assert second.removesuffix("/steps") in listed
    answer = browser.post(f"{home}/deletion")
    assert answer.headers["Location"] == "/bookings"
    assert home not in browser.get("/bookings").text
    assert browser.get(f"{home}/answers").status_code == 404
    assert len(db.session.scalars(sa.select(BookingRequest)).all()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attachment)) == 0
    assert db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "draft_deleted")).one()


def test_what_was_sent_is_taken_back_and_never_thrown_away(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    monday = quiet_monday(now)
    booking = submitted(cast, now, windows=[(monday, monday + timedelta(days=20))])
    db.session.commit()
    browser = signed_in_as(cast.emil)
    assert browser.post(f"/bookings/{booking.id}/deletion").status_code == 409
    assert browser.get(f"/bookings/{booking.id}/deletion").status_code == 405
    assert db.session.get(BookingRequest, booking.id) is not None


def test_a_booking_is_asked_for_again_without_days(cast: Cast, signed_in_as: Signer, now: datetime) -> None:
    monday = quiet_monday(now)
    booking = submitted(
        cast, now, windows=[(monday, monday + timedelta(days=20))], sessions_per_week=3, headcount=11
    )
    services.decline_booking(booking=booking, reason="No lab in June", actor=cast.cora, now=now)
    db.session.commit()
    browser = signed_in_as(cast.emil)
    assert "Ask for the same again" in browser.get(f"/bookings/{booking.id}").text
    answer = browser.post(f"/bookings/{booking.id}/copy")
    page = browser.get(answer.headers["Location"]).text
    assert "Give at least one span of days." in page
    assert "3 sessions a week at most" in page
    copy = db.session.scalars(sa.select(BookingRequest).where(BookingRequest.status == "draft")).one()
    assert (copy.headcount, copy.worksite_id, copy.site_contact) == (11, cast.steel_site.id, "Gate guard")
    assert (copy.created_by, copy.submitted_at, copy.windows) == (cast.emil, None, [])
    assert browser.post(f"/bookings/{copy.id}/copy").status_code == 409
    assert signed_in_as(cast.stella).post(f"/bookings/{booking.id}/copy").status_code == 404


@pytest.mark.parametrize("count", [0, 5, -1])
def test_nobody_comes_more_often_than_there_are_weekdays(cast: Cast, now: datetime, count: int) -> None:
    with pytest.raises(DomainError) as refused:
        draft(cast, now, sessions_per_week=count)
    assert refused.value.field == "sessions_per_week"


@pytest.mark.parametrize(
    ("cohorts", "arrangement", "days"),
    [
        (1, Arrangement.ALTERNATING, [[4, 5, 11]]),
        (2, Arrangement.ALTERNATING, [[4, 6, 11], [5, 7, 12]]),
        (2, Arrangement.BACK_TO_BACK, [[4, 5, 11], [12, 13, 18]]),
    ],
)
def test_a_cohort_meets_as_often_a_week_as_it_can(
    cohorts: int, arrangement: Arrangement, days: list[list[int]]
) -> None:
    pattern = ShiftPattern(frozenset({1, 2, 3, 4}), time(6), time(14, 30), 30, "America/Denver", per_week=2)
    planned = timetable(
        pattern, contact_minutes=24 * 60, first_on=date(2026, 5, 4), cohorts=cohorts, arrangement=arrangement
    )
    assert [[one.day.day for one in row] for row in planned.cohorts] == days
    assert planned.missing_minutes == 0


def test_what_an_employer_sends_in_within_a_day_has_an_end_and_the_draft_stays(
    cast: Cast, now: datetime, signed_in_as: Signer
) -> None:
    windows = [(quiet_monday(now), quiet_monday(now) + timedelta(days=18))]
    sent = submitted(cast, now, windows=windows)
    for _number in range(MOST_SENT_A_DAY - 1):
        copied = services.copy_booking(booking=sent, actor=cast.emil, now=now)
        copied.status, copied.submitted_at = BookingStatus.WITHDRAWN, now
    another = draft(cast, now, windows=windows)
    db.session.commit()
    page = signed_in_as(cast.emil).post(f"/bookings/{another.id}/submission")
    assert page.status_code == 422
    assert "30 requests within a day" in page.text
    assert db.session.get_one(BookingRequest, another.id).status == BookingStatus.DRAFT
    services.submit_booking(booking=another, actor=cast.emil, now=now + timedelta(days=1, minutes=1))
    assert another.status == BookingStatus.SUBMITTED
