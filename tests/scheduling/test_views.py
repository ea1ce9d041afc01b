"""Screens of the calendar: who may, what happens, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session
from tests.cast import Cast
from tests.scheduling.builders import draft, planned, quiet_monday, submitted

Signer = Callable[[Person], FlaskClient]


@pytest.fixture
def now() -> datetime:
    """Views read the clock, so here the story happens today."""
    return utc_now()


@pytest.fixture
def monday(now: datetime) -> date:
    return quiet_monday(now)


@pytest.fixture
def window(monday: date) -> tuple[date, date]:
    return (monday, monday + timedelta(days=24))


@pytest.fixture
def asked(cast: Cast, now: datetime, window: tuple[date, date]) -> BookingRequest:
    booking = submitted(cast, now, windows=[window])
    db.session.commit()
    return booking


@pytest.fixture
def stay(cast: Cast, now: datetime, monday: date, window: tuple[date, date]) -> Deployment:
    deployment = planned(cast, now, first_on=monday, windows=[window])
    db.session.commit()
    return deployment


def plan_answers(cast: Cast, booking: BookingRequest, monday: date) -> dict[str, object]:
    return {
        "lab": cast.welding_lab.id,
        "trainers": [str(cast.tom.id)],
        "first_on": monday.isoformat(),
        "arrangement": "alternating",
        "delivery_mode": "employer_site",
        "version": booking.version,
    }


def test_an_employer_books_in_four_steps(cast: Cast, signed_in_as: Signer, window: tuple[date, date]) -> None:
    browser = signed_in_as(cast.emil)
    assert "Step 1 of 4" in browser.get("/book-a-visit").text
    assert browser.post("/book-a-visit").status_code == 422
    place = browser.post("/book-a-visit", data={"course": cast.welding.id}).headers["Location"]
    assert place.endswith("/steps/where")
    assert "Milking barn lot" not in browser.get(place).text
    where = {
        "worksite": cast.steel_site.id,
        "site_contact": "Gate guard",
        "notes": "<script>alert(1)</script>",
    }
    place = browser.post(place, data=where).headers["Location"]
    who = {
        "headcount": "8",
        "weekdays": ["1", "2", "3", "4"],
        "shift_starts": "22:00",
        "shift_ends": "06:00",
        "break_minutes": "30",
        "payer": "employer",
    }
    place = browser.post(place, data=who).headers["Location"]
    when = {"window_1_starts": window[0].isoformat(), "window_1_ends": window[1].isoformat()}
    place = browser.post(place, data=when).headers["Location"]
    page = browser.get(place)
    assert place.endswith("/answers")
    assert "Send the booking" in page.text
    assert "(ends the next day)" in page.text
    assert "<script>alert" not in page.text
    place = browser.post(place.replace("/answers", "/submission")).headers["Location"]
    assert "What happens next" in browser.get(place).text
    booking = db.session.scalars(sa.select(BookingRequest)).one()
    assert booking.status == "submitted"
    assert "Welding basics" in browser.get("/bookings").text
    assert "We read it within two working days" in browser.get(f"/bookings/{booking.id}").text


def test_what_was_typed_stays_and_the_draft_is_kept(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.emil)
    begun = browser.post("/book-a-visit", data={"course": cast.welding.id})
    root = begun.headers["Location"].removesuffix("/where")
    wrong = {
        "headcount": "10000",
        "weekdays": ["1"],
        "shift_starts": "06:00",
        "shift_ends": "14:00",
        "payer": "unsure",
    }
    page = browser.post(f"{root}/who", data=wrong)
    assert page.status_code == 422
    assert 'value="10000"' in page.text
    assert "At most 200 workers" in page.text
    assert "checked" in browser.get(f"{root}/what").text
    page = browser.post(f"{root}/when", data={"window_1_starts": "2020-01-06", "window_1_ends": "2020-01-05"})
    assert page.status_code == 422
    assert "Choose a first day after today" in page.text
    page = browser.post(f"{root}/when", data={"window_1_starts": "soon"})
    assert page.status_code == 422
    home = browser.get("/book-a-visit").text
    assert "Go on with a draft" in home
    sent = browser.post(f"{root.removesuffix('/steps')}/submission")
    assert sent.status_code == 422
    assert "Some answers are still missing." in sent.text


def test_a_worksite_of_somebody_else_cannot_be_chosen(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.emil)
    begun = browser.post("/book-a-visit", data={"course": cast.welding.id})
    root = begun.headers["Location"].removesuffix("/where")
    page = browser.post(f"{root}/where", data={"worksite": cast.dairy_site.id, "site_contact": "Bob"})
    assert page.status_code == 422
    assert 'value="Bob"' in page.text


def test_a_coordinator_books_for_an_employer_on_the_telephone(cast: Cast, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.cora)
    assert browser.post("/book-a-visit").status_code == 422
    what = {"course": cast.welding.id}
    assert browser.post("/book-a-visit", data={**what, "employer": cast.college.id}).status_code == 422
    answer = browser.post("/book-a-visit", data={**what, "employer": cast.dairy.id})
    assert answer.status_code == 303
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_a_coordinator_reviews_plans_and_the_employer_confirms(
    cast: Cast, signed_in_as: Signer, asked: BookingRequest, monday: date
) -> None:
    cora, emil = signed_in_as(cast.cora), signed_in_as(cast.emil)
    assert "Steel Works" in cora.get("/bookings").text
    assert "Steel Works" in cora.get("/board").text
    cora.post(f"/bookings/{asked.id}/review", data={"version": asked.version})
    assert "being looked at" in emil.get("/bookings").text
    page = cora.get(f"/bookings/{asked.id}/plan")
    assert "Nothing stands in the way" in page.text
    db.session.expire_all()
    answer = cora.post(f"/bookings/{asked.id}/approval", data=plan_answers(cast, asked, monday))
    assert answer.status_code == 303
    shown = cora.get(answer.headers["Location"])
    assert "Welding lab at Mill gate 3" in shown.text
    page = emil.get(f"/bookings/{asked.id}")
    assert "Confirm these days" in page.text
    db.session.expire_all()
    answer = emil.post(f"/bookings/{asked.id}/confirmation", data={"version": asked.version})
    assert answer.status_code == 303
    db.session.expire_all()
    assert asked.status == "confirmed"
    assert "Mill gate 3" in cora.get(f"/board?from={monday}").text


def test_an_overlap_is_refused_with_ways_out(
    cast: Cast, signed_in_as: Signer, stay: Deployment, asked: BookingRequest, monday: date
) -> None:
    cora = signed_in_as(cast.cora)
    answers = plan_answers(cast, asked, monday)
    page = cora.get(f"/bookings/{asked.id}/plan", query_string=answers)
    assert "Welding lab is taken by the deployment at Mill gate 3" in page.text
    assert "Accept this plan" not in page.text
    answer = cora.post(f"/bookings/{asked.id}/approval", data=answers)
    assert answer.status_code == 409
    assert "Begin on" in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Deployment.id))) == 1


def test_a_decline_wants_a_reason_and_shows_it(
    cast: Cast, signed_in_as: Signer, asked: BookingRequest
) -> None:
    cora = signed_in_as(cast.cora)
    answer = cora.post(f"/bookings/{asked.id}/refusal", data={"reason": " ", "version": asked.version})
    assert answer.status_code == 422
    assert "Please say why" in answer.text
    long = cora.post(f"/bookings/{asked.id}/refusal", data={"reason": "x" * 501, "version": asked.version})
    assert long.status_code == 422
    assert "x" * 501 in long.text
    answer = cora.post(
        f"/bookings/{asked.id}/refusal", data={"reason": "No generator", "version": asked.version}
    )
    assert answer.status_code == 303
    page = signed_in_as(cast.emil).get(f"/bookings/{asked.id}").text
    assert "No generator" in page
    assert "declined" in page


def test_a_stale_page_is_refused(
    cast: Cast, signed_in_as: Signer, asked: BookingRequest, monday: date
) -> None:
    seen = plan_answers(cast, asked, monday)
    cora, ada = signed_in_as(cast.cora), signed_in_as(cast.ada)
    cora.post(f"/bookings/{asked.id}/review")
    answer = ada.post(f"/bookings/{asked.id}/approval", data=seen)
    assert answer.status_code == 409
    assert "Somebody changed this in the meantime" in answer.text
    answer = ada.post(f"/bookings/{asked.id}/refusal", data={"reason": "No", "version": seen["version"]})
    assert answer.status_code == 409


def test_withdrawing_waitlisting_and_cancelling(
    cast: Cast, signed_in_as: Signer, asked: BookingRequest, stay: Deployment, now: datetime
) -> None:
    cora, emil = signed_in_as(cast.cora), signed_in_as(cast.emil)
    cora.post(f"/bookings/{asked.id}/waitlisting", data={"reason": "June is full"})
    assert "June is full" in emil.get("/bookings").text
    assert emil.post(f"/bookings/{asked.id}/withdrawal", data={"reason": ""}).status_code == 303
    other = stay.cohorts[0].booking
    assert emil.post(f"/bookings/{other.id}/cancellation", data={"reason": "x"}).status_code == 409
    services.confirm_booking(booking=other, actor=cast.emil, now=now)
    db.session.commit()
    assert emil.post(f"/bookings/{other.id}/cancellation", data={"reason": ""}).status_code == 422
    assert emil.post(f"/bookings/{other.id}/cancellation", data={"reason": "Fire"}).status_code == 303
    db.session.expire_all()
    assert stay.status == "cancelled"


def test_crew_sessions_and_cancellation_of_a_stay(
    cast: Cast, signed_in_as: Signer, stay: Deployment, monday: date
) -> None:
    cora = signed_in_as(cast.cora)
    home = f"/deployments/{stay.id}"
    assert cora.post(f"{home}/crew", data={"person": cast.tess.id, "duty": "trainer"}).status_code == 303
    assert cora.post(f"{home}/crew", data={"person": cast.tess.id, "duty": "trainer"}).status_code == 400
    assert cora.post(f"{home}/crew", data={"person": cast.emil.id, "duty": "trainer"}).status_code == 422
    assert cora.post(f"{home}/crew/{cast.tom.id}/removal", data={"duty": "trainer"}).status_code == 303
    assert cora.post(f"{home}/crew/{cast.tess.id}/removal", data={"duty": "trainer"}).status_code == 409
    session = db.session.scalars(sa.select(Session).order_by(Session.starts_at)).first()
    move = {"day": monday + timedelta(days=7), "starts": "06:00", "ends": "05:00", "break_minutes": "0"}
    assert cora.post(f"/sessions/{session.id}/time", data=move).status_code == 422
    taken = {"day": monday + timedelta(days=1), "starts": "06:00", "ends": "14:00", "break_minutes": "0"}
    refused = cora.post(f"/sessions/{session.id}/time", data=taken)
    assert refused.status_code == 409
    assert "It could be on" in refused.text
    assert f'name="day" value="{monday + timedelta(days=3)}"' in refused.text
    move["ends"] = "14:00"
    assert cora.post(f"/sessions/{session.id}/time", data=move).status_code == 303
    assert cora.post(f"/sessions/{session.id}/cancellation", data={"reason": ""}).status_code == 422
    assert cora.post(f"/sessions/{session.id}/cancellation", data={"reason": "Snow"}).status_code == 303
    assert "Snow" in signed_in_as(cast.emil).get(f"/sessions/{session.id}").text
    cohort = stay.cohorts[0]
    assert cora.get(f"/cohorts/{cohort.id}/sessions/new").status_code == 200
    extra = {
        "day": monday + timedelta(days=8),
        "starts": "06:00",
        "ends": "14:00",
        "break_minutes": "0",
        "deployment": stay.id,
        "trainers": [str(cast.tess.id)],
    }
    assert cora.post(f"/cohorts/{cohort.id}/sessions/new", data=extra).status_code == 303
    assert cora.post(f"/cohorts/{cohort.id}/sessions/new", data=extra).status_code == 409
    assert cora.post(f"{home}/cancellation", data={"reason": ""}).status_code == 422
    assert cora.post(f"{home}/cancellation", data={"reason": "Axle broke"}).status_code == 303
    assert "Axle broke" in cora.get(home).text


def test_a_coordinator_confirms_for_the_employer(cast: Cast, signed_in_as: Signer, stay: Deployment) -> None:
    cora = signed_in_as(cast.cora)
    assert cora.post(f"/deployments/{stay.id}/confirmation").status_code == 303
    db.session.expire_all()
    assert (stay.status, stay.cohorts[0].booking.status) == ("confirmed", "confirmed")
    assert cora.post(f"/deployments/{stay.id}/confirmation").status_code == 409


def test_a_campus_cohort_is_made_with_its_sessions(cast: Cast, signed_in_as: Signer, monday: date) -> None:
    cora = signed_in_as(cast.cora)
    answers = {
        "name": "Campus spring",
        "course": cast.welding.id,
        "worksite": cast.campus.id,
        "delivery_mode": "campus",
        "seats": "12",
        "first_on": monday.isoformat(),
        "weekdays": ["1", "3"],
        "shift_starts": "18:00",
        "shift_ends": "22:00",
        "break_minutes": "0",
        "trainers": [str(cast.tess.id)],
    }
    assert cora.get("/cohorts/new").status_code == 200
    assert cora.post("/cohorts/new", data={**answers, "shift_ends": "17:00"}).status_code == 422
    answer = cora.post("/cohorts/new", data=answers)
    assert answer.status_code == 303
    assert "Campus spring" in cora.get(answer.headers["Location"]).text
    assert len(db.session.scalars(sa.select(Cohort)).one().sessions) == 6
    assert "Campus spring" in signed_in_as(cast.tess).get("/cohorts").text


def test_public_dates_never_name_an_employer(
    cast: Cast, client: FlaskClient, stay: Deployment, now: datetime
) -> None:
    assert "Pueblo" not in client.get("/dates").text
    services.confirm_booking(booking=stay.cohorts[0].booking, actor=cast.emil, now=now)
    db.session.commit()
    for path in ("/dates", "/"):
        page = client.get(path).text
        assert "Pueblo" in page
        assert "Welding basics" in page
        assert "Steel Works" not in page
        assert "Mill gate" not in page


def test_calendars_show_what_one_may_see(
    cast: Cast, signed_in_as: Signer, stay: Deployment, monday: date
) -> None:
    for path in (f"/calendar?{view}day={monday}" for view in ("", "view=week&", "view=month&")):
        for person in (cast.cora, cast.tom, cast.emil):
            assert f"/sessions/{stay.cohorts[0].sessions[0].id}" in signed_in_as(person).get(path).text
        for person in (cast.tess, cast.stella):
            assert "/sessions/" not in signed_in_as(person).get(path).text
    for odd in (
        "day=yesterday",
        "view=month&day=2026-13-01",
        "view=week&day=1901-01-01",
        "day=9999-12-31",
        "view=x&lab=x",
    ):
        assert signed_in_as(cast.cora).get(f"/calendar?{odd}").status_code == 200
    assert signed_in_as(cast.cora).get(f"/board?from=0001-01-01&deployment={stay.id}").status_code == 200
    assert signed_in_as(cast.cora).get("/board?deployment=nonsense").status_code == 200


# --- who may open what ------------------------------------------------------------------------------


def pages(booking: BookingRequest, stay: Deployment) -> dict[str, list[str]]:
    cohort = stay.cohorts[0]
    session = cohort.sessions[0]
    return {
        "asking": ["/book-a-visit", "/bookings"],
        "own booking": [f"/bookings/{booking.id}", f"/bookings/{booking.id}/sent"],
        "calendar": ["/calendar"],
        "reading": ["/deployments", "/cohorts", "/deployments?show=past", "/cohorts?show=over"],
        "own stay": [f"/deployments/{stay.id}", f"/cohorts/{cohort.id}", f"/sessions/{session.id}"],
        "coordinators": [
            "/board",
            f"/bookings/{booking.id}/plan",
            "/cohorts/new",
            f"/cohorts/{cohort.id}/sessions/new",
        ],
    }


EXPECTED = {
    "cora": {
        "asking": 200,
        "own booking": 200,
        "calendar": 200,
        "reading": 200,
        "own stay": 200,
        "coordinators": 200,
    },
    "ada": {
        "asking": 200,
        "own booking": 200,
        "calendar": 200,
        "reading": 200,
        "own stay": 200,
        "coordinators": 200,
    },
    "emil": {
        "asking": 200,
        "own booking": 200,
        "calendar": 200,
        "reading": 200,
        "own stay": 200,
        "coordinators": 403,
    },
    "stella": {
        "asking": 200,
        "own booking": 404,
        "calendar": 200,
        "reading": 200,
        "own stay": 404,
        "coordinators": 403,
    },
    "tom": {
        "asking": 403,
        "own booking": 403,
        "calendar": 200,
        "reading": 200,
        "own stay": 200,
        "coordinators": 403,
    },
    "tess": {
        "asking": 403,
        "own booking": 403,
        "calendar": 200,
        "reading": 200,
        "own stay": 404,
        "coordinators": 403,
    },
    "rita": {
        "asking": 403,
        "own booking": 403,
        "calendar": 200,
        "reading": 403,
        "own stay": 403,
        "coordinators": 403,
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_role_opens_what_is_its_own(
    name: str, cast: Cast, signed_in_as: Signer, asked: BookingRequest, stay: Deployment
) -> None:
    browser = signed_in_as(getattr(cast, name))
    for group, paths in pages(asked, stay).items():
        for path in paths:
            assert browser.get(path).status_code == EXPECTED[name][group], path


def test_signed_out_people_are_sent_to_sign_in(
    client: FlaskClient, asked: BookingRequest, stay: Deployment
) -> None:
    for paths in pages(asked, stay).values():
        for path in paths:
            assert client.get(path).status_code in (302, 401), path
    assert client.get("/dates").status_code == 200


def posts(booking: BookingRequest, stay: Deployment, person: Person) -> dict[str, tuple[str, ...]]:
    session = stay.cohorts[0].sessions[0]
    return {
        "asking": (
            f"/bookings/{booking.id}/submission",
            f"/bookings/{booking.id}/confirmation",
            f"/bookings/{booking.id}/withdrawal",
            f"/bookings/{booking.id}/cancellation",
        ),
        "coordinators": (
            f"/bookings/{booking.id}/review",
            f"/bookings/{booking.id}/waitlisting",
            f"/bookings/{booking.id}/refusal",
            f"/bookings/{booking.id}/approval",
            f"/deployments/{stay.id}/crew",
            f"/deployments/{stay.id}/crew/{person.id}/removal",
            f"/deployments/{stay.id}/confirmation",
            f"/deployments/{stay.id}/cancellation",
            f"/sessions/{session.id}/time",
            f"/sessions/{session.id}/cancellation",
        ),
    }


def test_verbs_take_only_posts_from_those_who_may(
    cast: Cast, signed_in_as: Signer, asked: BookingRequest, stay: Deployment
) -> None:
    verbs = posts(asked, stay, cast.tom)
    cora, stella, tom = (signed_in_as(one) for one in (cast.cora, cast.stella, cast.tom))
    for path in (*verbs["asking"], *verbs["coordinators"]):
        assert cora.get(path).status_code == 405, path
        assert tom.post(path).status_code == 403, path
    for path in verbs["asking"]:
        assert stella.post(path).status_code == 404, path
    for path in verbs["coordinators"]:
        assert stella.post(path).status_code == 403, path
    assert asked.status == "submitted"


def test_a_draft_belongs_to_its_own_side(cast: Cast, signed_in_as: Signer, now: datetime, window) -> None:
    booking = draft(cast, now, windows=[window])
    db.session.commit()
    for step in ("what", "where", "who", "when"):
        path = f"/bookings/{booking.id}/steps/{step}"
        assert signed_in_as(cast.emil).get(path).status_code == 200
        assert signed_in_as(cast.stella).get(path).status_code == 404
        assert signed_in_as(cast.cora).get(path).status_code == 404
        assert signed_in_as(cast.tom).get(path).status_code == 403
    assert signed_in_as(cast.emil).get(f"/bookings/{booking.id}/steps/why").status_code == 404
    for path in (f"/bookings/{booking.id}/deletion", f"/bookings/{booking.id}/copy"):
        assert signed_in_as(cast.cora).post(path).status_code == 404
        assert signed_in_as(cast.stella).post(path).status_code == 404
    assert signed_in_as(cast.emil).post(f"/bookings/{booking.id}/withdrawal").status_code == 404
    answer = signed_in_as(cast.emil).post(f"/bookings/{booking.id}/deletion")
    assert answer.headers["Location"] == "/bookings"
