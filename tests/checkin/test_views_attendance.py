"""Attendance on the web: who may see it, and corrections that name who, when and why."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Person
from labtracker.checkin.models import Attendance, Event
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import local, utc_now
from labtracker.roster.models import Enrollment
from tests.checkin.conftest import Day, a_cohort, a_worker
from tests.checkin.phone import Phone


def page_of(day: Day, number: int | None = None) -> str:
    url = f"/sessions/{day.session.id}/attendance"
    return url if number is None else f"{url}/{day.enrollments[number].id}"


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


def recorded(phone: Phone, day: Day) -> str:
    session = str(day.session.id)
    phone.record("check_in", day.at(9), session=session, badge_hash=day.badges[0].badge_hash)
    phone.record("check_in", day.at(0), session=session, badge_hash="ab" * 32, not_enrolled=True)
    phone.upload()
    return str(db.session.scalars(sa.select(Event.id).order_by(Event.frame_id)).first())


def correction(training: Day, /, **changes: str) -> dict[str, str]:
    start = local(training.session.starts_at, "America/Denver")
    return {
        "kind": "check_in",
        "day": start.date().isoformat(),
        "clock": start.strftime("%H:%M"),
        "reason": "On the paper sheet",
        **changes,
    }


def attendance(day: Day, number: int) -> Attendance | None:
    db.session.expire_all()
    return db.session.get(Attendance, (day.session.id, day.enrollments[number].id))


def test_the_page_lists_everybody_with_state_and_minutes(cora: FlaskClient, phone: Phone, day: Day) -> None:
    recorded(phone, day)
    page = cora.get(page_of(day)).text
    for words in (
        "Ana Ruiz",
        "Fern Ortiz",
        "Steel Works",
        "expected",
        "late",
        "unknown badge",
        "Not closed yet",
    ):
        assert words in page


def test_a_workers_page_shows_the_records_behind_the_minutes(
    cora: FlaskClient, phone: Phone, day: Day
) -> None:
    recorded(phone, day)
    page = cora.get(page_of(day, 0)).text
    assert "badge scanned, Tom Baca" in page
    assert "Take it back" in page


def test_a_missing_arrival_is_added_with_its_reason(cora: FlaskClient, day: Day) -> None:
    answer = cora.post(page_of(day, 1) + "/corrections", data=correction(day))
    assert answer.status_code == 303
    found = attendance(day, 1)
    assert found is not None
    assert (found.status, found.is_open) == ("present", True)
    event = db.session.scalars(sa.select(Event)).one()
    assert (event.method, event.by_id) == ("web", day.cast.cora.id)
    assert event.payload["reason"] == "On the paper sheet"
    assert db.session.scalars(sa.select(AuditEntry.action)).all()[-1] == "attendance_corrected"
    page = cora.get(page_of(day, 1)).text
    assert "typed in here, Cora Lindqvist" in page
    assert "On the paper sheet" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "Say why"),
        ({"kind": "teleport"}, "Not a valid choice"),
        ({"kind": ""}, "Choose what happened"),
        ({"day": "2020-01-01"}, "far from the session"),
        ({"day": "yesterday"}, "Not a valid date"),
        ({"clock": "25:00"}, "Not a valid time"),
        ({"reason": "x" * 501}, "At most 500"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_kept_on_screen(
    cora: FlaskClient, day: Day, changes: dict[str, str], words: str
) -> None:
    answer = cora.post(page_of(day, 1) + "/corrections", data=correction(day, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert attendance(day, 1) is None


def test_a_time_that_has_not_come_is_refused(cora: FlaskClient, day: Day) -> None:
    end = local(day.session.ends_at, "America/Denver")
    data = correction(day, day=end.date().isoformat(), clock=end.strftime("%H:%M"))
    answer = cora.post(page_of(day, 1) + "/corrections", data=data)
    assert answer.status_code == 422
    assert "has not come yet" in answer.text


def test_a_record_is_taken_back_and_stays_on_record(cora: FlaskClient, phone: Phone, day: Day) -> None:
    event = recorded(phone, day)
    url = f"{page_of(day, 0)}/voids/{event}"
    answer = cora.post(url, data={"reason": ""})
    assert answer.status_code == 422
    assert f'href="#reason-{event}"' in answer.text
    assert cora.post(url, data={"reason": "<b>wrong badge</b>"}).status_code == 303
    found = attendance(day, 0)
    assert found is not None
    assert found.status == "absent"
    page = cora.get(page_of(day, 0)).text
    assert "taken back" in page
    assert cora.post(f"{page_of(day, 1)}/voids/{event}", data={"reason": "x"}).status_code == 404
    assert cora.post(f"{page_of(day, 0)}/voids/{uuid7()}", data={"reason": "x"}).status_code == 404


def test_a_forgotten_session_is_closed_and_opened_again(cora: FlaskClient, phone: Phone, day: Day) -> None:
    recorded(phone, day)
    assert cora.post(f"/sessions/{day.session.id}/closing").status_code == 303
    found = attendance(day, 0)
    assert found is not None
    assert found.flags == ["assumed_out", "late"]
    assert cora.post(f"/sessions/{day.session.id}/closing").status_code == 409
    assert cora.post(f"/sessions/{day.session.id}/reopening", data={"reason": ""}).status_code == 422
    answer = cora.post(f"/sessions/{day.session.id}/reopening", data={"reason": "closed too early"})
    assert answer.status_code == 303
    found = attendance(day, 0)
    assert found is not None
    assert found.is_open
    assert "closed too early" in cora.get(page_of(day)).text


def test_a_closed_out_cohort_takes_no_corrections(cora: FlaskClient, day: Day) -> None:
    day.cohort.closed_out_at = utc_now()
    db.session.commit()
    answer = cora.post(page_of(day, 1) + "/corrections", data=correction(day))
    assert answer.status_code == 409
    assert "closed out" in answer.text
    assert correction(day)["reason"] in answer.text
    # Nothing is offered that would be refused, and the way to what helps is.
    worker, several = cora.get(page_of(day, 1)).text, cora.get(page_of(day) + "/corrections").text
    for page in (worker, several):
        assert f'href="/cohorts/{day.cohort.id}/completion"' in page
        assert ">Record it<" not in page
    assert "Correct several" not in cora.get(page_of(day)).text


def test_trainers_see_their_own_sessions_and_no_others(signed_in_as: Any, day: Day) -> None:
    assert signed_in_as(day.cast.tom).get(page_of(day)).status_code == 200
    assert signed_in_as(day.cast.tess).get(page_of(day)).status_code == 404
    assert signed_in_as(day.cast.tess).post(f"/sessions/{day.session.id}/closing").status_code == 404


@pytest.mark.parametrize("who", ["emil", "stella", "rita"])
def test_nobody_else_may_open_it(signed_in_as: Any, day: Day, who: str) -> None:
    person: Person = getattr(day.cast, who)
    browser = signed_in_as(person)
    assert browser.get(page_of(day)).status_code == 403
    assert browser.post(page_of(day, 0) + "/corrections", data=correction(day)).status_code == 403


def test_signed_out_goes_to_the_sign_in_page(client: FlaskClient, day: Day) -> None:
    assert client.get(page_of(day)).status_code in (302, 303)


def test_a_worker_of_another_cohort_is_not_here(cora: FlaskClient, day: Day) -> None:
    other = a_cohort(day.cast.wiring, day.cast.dairy_site, "Wiring", utc_now())
    worker, _badge = a_worker(day.cast, "Lou", "Reyes", utc_now())
    enrollment = Enrollment(cohort_id=other.id, worker_id=worker.id, created_at=utc_now())
    db.session.add(enrollment)
    db.session.commit()
    assert cora.get(f"/sessions/{day.session.id}/attendance/{enrollment.id}").status_code == 404


@pytest.mark.parametrize("path", ["/closing", "/reopening"])
def test_wrong_methods(cora: FlaskClient, day: Day, path: str) -> None:
    assert cora.get(f"/sessions/{day.session.id}{path}").status_code == 405
    assert cora.post(page_of(day)).status_code == 405
