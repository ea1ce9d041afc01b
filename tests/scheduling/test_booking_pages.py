"""What an employer with little time sees: all faults at once, what waits, where to go next."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.labs.models import SiteReadiness
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.wording import weekday_words
from tests.cast import Cast
from tests.labs.checks import welding_needs
from tests.scheduling.builders import draft, planned, quiet_monday

Signer = Callable[[Person], FlaskClient]


@pytest.fixture
def now() -> datetime:
    """Views read the clock, so here the story happens today."""
    return utc_now()


def summary_of(page: str) -> list[str]:
    """The lines of a page's error summary."""
    found = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    assert found
    lines = re.findall(r"<li>(.*?)</li>", found.group(), re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]


def begun(browser: FlaskClient) -> str:
    """The address of a new draft's steps."""
    page = browser.get("/book-a-visit").text
    course = re.search(r'name="course" [^>]*value="([0-9a-f-]{36})"', page)
    assert course
    answer = browser.post("/book-a-visit", data={"course": course.group(1)})
    return answer.headers["Location"].removesuffix("/where")


def test_everything_wrong_with_the_shift_is_said_at_once(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.emil)
    answers = {"headcount": "10000", "shift_starts": "14:00", "shift_ends": "13:00", "break_minutes": "x"}
    page = browser.post(f"{begun(browser)}/who", data={**answers, "weekdays": ["1"]})
    assert page.status_code == 422
    assert summary_of(page.text) == [
        "How many workers? At most 200 workers fit one request. Ask again for the others.",
        "Training ends: The shift ends before it starts. A night shift may end the next day, "
        "after 14 hours at most.",
        "Break without training: Give a whole number, such as 12.",
        "Who pays? Choose one.",
    ]
    assert 'value="10000"' in page.text


@pytest.mark.parametrize("headcount", ["0", "-3", "10000", "1.5", "abc", "", "9" * 400, "😀"])
def test_no_headcount_but_a_possible_one_is_taken(cast: Cast, signed_in_as: Signer, headcount: str) -> None:
    browser = signed_in_as(cast.emil)
    answers = {"weekdays": ["1"], "shift_starts": "06:00", "shift_ends": "14:00", "payer": "unsure"}
    page = browser.post(f"{begun(browser)}/who", data={**answers, "headcount": headcount})
    assert page.status_code == 422
    (line,) = summary_of(page.text)
    assert line.startswith("How many workers? ")
    assert "integer" not in line


def test_everything_wrong_with_the_place_is_said_at_once(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.emil)
    answers = {"pad_length_ft": "-5", "power_kw": "99999", "site_phone": "call me", "site_contact": "😀<b>"}
    page = browser.post(f"{begun(browser)}/where", data={**answers, "worksite": cast.steel_site.id})
    assert [line.split(":")[0].split("?")[0] for line in summary_of(page.text)] == [
        "Telephone of that person",
        "Length of the level ground",
        "Power you can offer",
    ]
    assert "😀&lt;b&gt;" in page.text


def test_the_only_worksite_is_suggested_with_what_is_known_of_it(cast: Cast, signed_in_as: Signer) -> None:
    cast.steel_site.contact_name, cast.steel_site.pad_length_ft = "Gate guard", 90
    db.session.commit()
    browser = signed_in_as(cast.emil)
    place = f"{begun(browser)}/where"
    page = browser.get(place).text
    assert re.search(rf'checked [^>]*value="{cast.steel_site.id}"', page)
    assert 'value="Gate guard"' in page
    assert 'value="90"' in page
    # What was answered comes before what is known.
    browser.post(place, data={"worksite": cast.campus.id, "site_contact": "Bob"})
    page = browser.get(place).text
    assert re.search(rf'checked [^>]*value="{cast.campus.id}"', page)
    assert "Gate guard" not in page


def test_places_open_to_all_come_the_nearest_first(cast: Cast, signed_in_as: Signer) -> None:
    page = html.unescape(signed_in_as(cast.stella).get(f"{begun(signed_in_as(cast.stella))}/where").text)
    miles = [int(found) for found in re.findall(r"open to all, about (\d+) miles away", page)]
    assert miles == sorted(miles)
    assert 100 < miles[0] < 200
    assert page.index("Milking barn lot") < page.index("Main campus")
    cast.campus.name = "Main campus, Pueblo"
    db.session.commit()
    page = signed_in_as(cast.stella).get(f"{begun(signed_in_as(cast.stella))}/where").text
    assert "Main campus, Pueblo (open to all" in page


def test_a_worksite_that_was_missing_leads_back_to_the_draft(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.emil)
    place = f"{begun(browser)}/where"
    link = re.search(r'href="(/worksites/new[^"]*)"', browser.get(place).text)
    assert link
    address = html.unescape(link.group(1))
    facts = {
        "organization_id": str(cast.steel.id),
        "name": "Second yard",
        "address": "2 Mill Road",
        "zip": "99999",
        "city": "Pueblo",
    }
    assert browser.post(address, data=facts).status_code == 422
    answer = browser.post(address, data={**facts, "zip": "81004"})
    assert answer.headers["Location"].split("?")[0] == place
    assert "Second yard" in browser.get(answer.headers["Location"]).text
    elsewhere = browser.post(
        "/worksites/new?next=//evil.example/x", data={**facts, "zip": "81004", "name": "x"}
    )
    assert elsewhere.headers["Location"].startswith("/worksites/")


def test_a_second_press_sends_nothing_twice_and_is_no_mistake(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    monday = quiet_monday(now)
    booking = draft(cast, now, windows=[(monday, monday + timedelta(days=24))])
    db.session.commit()
    browser = signed_in_as(cast.emil)
    answers = [browser.post(f"/bookings/{booking.id}/submission") for _press in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.headers["Location"] for answer in answers} == {f"/bookings/{booking.id}/sent"}
    db.session.expire_all()
    assert [step.to_status for step in booking.steps] == ["submitted"]


def test_a_draft_that_was_left_empty_is_used_again(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.emil)
    first = begun(browser)
    assert begun(browser) == first
    browser.post(f"{first}/where", data={"worksite": cast.steel_site.id, "site_contact": "Bob"})
    assert begun(browser) != first
    assert begun(signed_in_as(cast.stella)) != first


def test_a_draft_with_answers_is_left_alone(cast: Cast, now: datetime) -> None:
    monday = quiet_monday(now)
    filled = draft(cast, now, windows=[(monday, monday + timedelta(days=24))])
    assert services.start_booking(employer=cast.steel, actor=cast.emil, now=now) is not filled


def test_what_waits_for_the_employer_stands_above_its_list(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    monday = quiet_monday(now)
    window = (monday, monday + timedelta(days=24))
    stay = planned(cast, now, first_on=monday, windows=[window])
    draft(cast, now, windows=[window], headcount=14)
    db.session.commit()
    booking = stay.cohorts[0].booking
    page = signed_in_as(cast.emil).get("/bookings").text
    waits, table = page.split("data-table", 1)
    assert waits.index("Waiting for you") < waits.index(f"/bookings/{booking.id}")
    assert "14 workers" in waits
    assert "last changed <time" in waits
    # What is planned counts, not what was once wished.
    assert "wished:" not in table
    assert "Waiting for you" not in signed_in_as(cast.cora).get("/bookings").text
    assert str(booking.id) not in signed_in_as(cast.stella).get("/bookings").text


def test_a_booking_shows_each_cohort_with_its_days_and_the_way_to_its_roster(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    monday = quiet_monday(now)
    stay = planned(cast, now, first_on=monday, windows=[(monday, monday + timedelta(days=40))], headcount=12)
    booking = stay.cohorts[0].booking
    services.confirm_booking(booking=booking, actor=cast.emil, now=now)
    db.session.commit()
    emil = signed_in_as(cast.emil)
    page = emil.get(f"/bookings/{booking.id}").text
    assert len(stay.cohorts) == 2
    for cohort in stay.cohorts:
        assert page.index(f'/cohorts/{cohort.id}"') < page.index(f"/cohorts/{cohort.id}/roster")
        assert emil.get(f"/cohorts/{cohort.id}/roster").status_code == 200
    assert page.count(f"{len(stay.cohorts[0].sessions)} sessions, ") == 2
    session = stay.cohorts[0].sessions[0]
    session.ends_at += timedelta(hours=1)
    db.session.commit()
    assert page.count("sessions, ") - emil.get(f"/bookings/{booking.id}").text.count("sessions, ") == 1


def test_an_empty_agenda_leads_to_the_next_session_one_may_see(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    monday = quiet_monday(now)
    stay = planned(cast, now, first_on=monday, windows=[(monday, monday + timedelta(days=24))])
    db.session.commit()
    page = signed_in_as(cast.emil).get("/calendar").text
    assert "The next one is on" in page
    assert f"/calendar?day={monday}" in page
    assert "The next one" not in signed_in_as(cast.stella).get("/calendar").text
    for session in stay.cohorts[0].sessions:
        session.cancelled_at = now
    db.session.commit()
    assert "The next one" not in signed_in_as(cast.emil).get("/calendar").text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([1, 2, 3, 4], "Monday to Thursday"),
        ([5, 4, 1, 2, 3, 7], "Monday to Friday, Sunday"),
        ([1, 2, 4], "Monday, Tuesday, Thursday"),
        ([], ""),
        ([6, 7, 9], "Saturday, Sunday"),
    ],
)
def test_weekdays_in_a_row_are_said_as_a_span(app: object, days: list[int], words: str) -> None:
    assert weekday_words(days) == words


def test_a_span_in_the_past_and_one_that_ends_too_early_are_refused(
    cast: Cast, signed_in_as: Signer, now: datetime
) -> None:
    booking: BookingRequest = draft(
        cast, now, windows=[(quiet_monday(now), quiet_monday(now) + timedelta(days=9))]
    )
    db.session.commit()
    browser, place = signed_in_as(cast.emil), f"/bookings/{booking.id}/steps/when"
    later = now.date() + timedelta(days=50)
    for first, last in (
        (date(2020, 1, 6), later),
        (later, later - timedelta(days=1)),
        (later, date(9999, 1, 1)),
    ):
        page = browser.post(
            place, data={"window_1_starts": first.isoformat(), "window_1_ends": last.isoformat()}
        )
        assert page.status_code == 422
        assert len(summary_of(page.text)) == 1
        assert first.isoformat() in page.text
    assert [window.starts_on for window in booking.windows] == [quiet_monday(now)]


CHECKLIST = "What the lab needs of the site (optional)"


def test_the_sites_checklist_may_be_answered_where_the_place_is_chosen(
    cast: Cast, signed_in_as: Signer
) -> None:
    browser = signed_in_as(cast.emil)
    place = f"{begun(browser)}/where"
    assert CHECKLIST not in browser.get(place).text
    # The course that was chosen is the wiring lab's.
    cast.wiring_lab.needs = {"lighting": True}
    welding_needs(cast, wifi=True)
    db.session.commit()
    page = browser.get(place).text
    assert CHECKLIST in page
    assert "<details" in page
    assert "<details open" not in page
    assert "Is the pad lit" in page
    # What another lab needs is not asked, nor a second time what the page asks anyway.
    assert "Wi-Fi" not in page
    assert 'name="site_pad_length_ft"' not in page
    assert "The lab needs:" not in page
    answers = {"worksite": cast.steel_site.id, "site_contact": "Bob", "pad_length_ft": "60"}
    refused = browser.post(place, data={**answers, "site_contact": "", "site_lighting": "no"})
    assert refused.status_code == 422
    assert 'checked id="site_lighting-1"' in refused.text
    assert browser.post(place, data={**answers, "site_lighting": "no"}).status_code == 303
    page = browser.get(place).text
    assert 'checked id="site_lighting-1"' in page
    assert re.search(r"<details [^>]*open", page)
    assert db.session.scalar(sa.select(sa.func.count(SiteReadiness.id))) == 0


def test_a_place_on_the_spot_is_in_the_same_town(cast: Cast, signed_in_as: Signer) -> None:
    cast.campus.latitude, cast.campus.longitude = cast.steel_site.latitude, cast.steel_site.longitude
    db.session.commit()
    browser = signed_in_as(cast.emil)
    page = html.unescape(browser.get(f"{begun(browser)}/where").text)
    assert "(open to all, in the same town)" in page
    assert "0 miles" not in page
