"""The coordinator's list of check-ins that look odd: what is on it, who sees it, and what they may say."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry
from labtracker.checkin.models import FlagReview
from labtracker.checkin.queries.flags import flags_in
from labtracker.checkin.rules.flags import Flag
from labtracker.checkin.services import rebuild, record_web_event
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session
from tests.checkin.conftest import Day, a_cohort, a_session, a_worker, counted
from tests.checkin.phone import Phone
from tests.checkin.test_rebuild import state

LIST = "/worth-a-look"


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


@pytest.fixture
def lamar(day: Day) -> Session:
    """The same hours at the dairy, for another cohort of the course."""
    cohort = a_cohort(day.cast.welding, day.cast.dairy_site, "Welding, Lamar", utc_now())
    session = a_session(cohort, None, day.session.starts_at)
    db.session.commit()
    return session


def scan(phone: Phone, day: Day, session: Session, minutes: float, number: int = 0, **more: Any) -> str:
    told = {"type": "check_in", "badge_hash": day.badges[number].badge_hash, **more}
    kind = told.pop("type")
    return phone.record(kind, day.at(minutes), session=str(session.id), make_up=True, **told)


@pytest.fixture
def twice(phone: Phone, day: Day, lamar: Session) -> Flag:
    """Ana is scanned in Pueblo and, twenty minutes after she left, in Lamar."""
    scan(phone, day, day.session, 0)
    scan(phone, day, day.session, 60, type="check_out")
    scan(phone, day, lamar, 80)
    phone.upload()
    (flag,) = flags_in([day.session])
    return flag


def review(client: FlaskClient, day: Day, flag: Flag, **more: str) -> Any:
    data = {"kind": "settle", "seen": "0", "reason": "Her twin sister works in Lamar", **more}
    return client.post(f"{LIST}/{day.session.id}/{flag.key}/reviews", data=data)


def reviews() -> list[FlagReview]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(FlagReview).order_by(FlagReview.id)))


def test_nothing_is_worth_a_look_on_a_usual_day(cora: FlaskClient, phone: Phone, day: Day) -> None:
    scan(phone, day, day.session, 0)
    scan(phone, day, day.session, 200, type="check_out")
    phone.upload()
    page = cora.get(LIST).text
    assert "Nothing looks odd" in page
    assert "Nothing was looked at yet" in cora.get(LIST, query_string={"list": "settled"}).text
    assert "Worth a look</h2>" not in cora.get(f"/sessions/{day.session.id}/attendance").text


def test_the_list_says_who_where_when_and_why(
    cora: FlaskClient, day: Day, lamar: Session, twice: Flag
) -> None:
    assert twice.kind == "impossible_travel"
    page = cora.get(LIST).text
    for words in ("To look at (1)", "too far in that time", "Ana Ruiz", "Mill gate 3", "Milking barn lot"):
        assert words in page
    assert f"That takes {twice.mph} miles an hour" in page
    assert f"/sessions/{lamar.id}/attendance" in page


def test_the_pages_of_attendance_mark_it(cora: FlaskClient, day: Day, lamar: Session, twice: Flag) -> None:
    page = cora.get(f"/sessions/{day.session.id}/attendance").text
    assert page.count("too far in that time") == 1
    assert f"{LIST}?session={day.session.id}" in page
    ana = cora.get(f"/sessions/{day.session.id}/attendance/{day.enrollments[0].id}").text
    assert ana.count("too far in that time") == 1  # beside the leave, not the arrival
    review(cora, day, twice)
    assert "too far in that time" not in cora.get(f"/sessions/{day.session.id}/attendance").text


def test_a_trainer_sees_the_mark_and_not_the_list(signed_in_as: Any, day: Day, twice: Flag) -> None:
    tom = signed_in_as(day.cast.tom)
    page = tom.get(f"/sessions/{day.session.id}/attendance").text
    assert "too far in that time" in page
    assert LIST not in page


def test_it_is_found_by_cohort_and_by_session(
    cora: FlaskClient, day: Day, lamar: Session, twice: Flag
) -> None:
    other = a_session(day.cohort, day.deployment, day.session.starts_at.replace(year=2025))
    db.session.commit()
    for asked, found in (
        ({"cohort": day.cohort.id}, True),
        ({"cohort": lamar.cohort_id}, True),
        ({"session": lamar.id}, True),
        ({"cohort": day.cohort.id, "session": other.id}, False),
        ({"cohort": lamar.cohort_id, "session": other.id}, True),
    ):
        answer = cora.get(LIST, query_string=asked)
        assert answer.status_code == 200
        assert ("Ana Ruiz" in answer.text) is found
    for asked in ({"cohort": "nonsense"}, {"session": str(day.cohort.id)}, {"list": "nonsense"}):
        assert cora.get(LIST, query_string=asked).status_code == 404


def test_one_takes_it_off_the_list_and_another_puts_it_back(cora: FlaskClient, day: Day, twice: Flag) -> None:
    answer = review(cora, day, twice)
    assert (answer.status_code, answer.location) == (303, LIST)
    (kept,) = reviews()
    assert (kept.is_settled, kept.reason, kept.by_id) == (
        True,
        "Her twin sister works in Lamar",
        day.cast.cora.id,
    )
    assert db.session.scalars(sa.select(AuditEntry.action)).all().count("flag_settled") == 1
    assert "Nothing looks odd" in cora.get(LIST).text
    page = cora.get(LIST, query_string={"list": "settled"}).text
    for words in ("Ana Ruiz", "Her twin sister works in Lamar", "Cora Lindqvist"):
        assert words in page
    # Two who looked at the same moment: the second sees what the first one said.
    late = review(cora, day, twice)
    assert late.status_code == 409
    assert "Somebody looked at this meanwhile" in late.text
    review(cora, day, twice, kind="reopen", seen=str(kept.id), reason="She has no sister")
    assert "She has no sister" in cora.get(LIST).text
    assert [one.is_settled for one in reviews()] == [True, False]


def test_a_review_outlives_a_rebuild_and_changes_no_record(
    cora: FlaskClient, day: Day, lamar: Session, twice: Flag
) -> None:
    grown = state()
    review(cora, day, twice)
    assert state() == grown
    rebuild(now=utc_now())
    db.session.commit()
    assert flags_in([day.session]) == flags_in([lamar]) == [twice]
    assert "Nothing looks odd" in cora.get(LIST).text


def test_another_record_brings_it_back(cora: FlaskClient, phone: Phone, day: Day, twice: Flag) -> None:
    review(cora, day, twice)
    scan(phone, day, day.session, 70)
    phone.upload()
    assert "Ana Ruiz" in cora.get(LIST).text


def test_what_was_taken_back_is_not_there_any_more(
    cora: FlaskClient, day: Day, phone: Phone, twice: Flag
) -> None:
    record_web_event(actor=day.cast.cora, now=utc_now(), body={"type": "void", "target": twice.second.id})
    db.session.commit()
    assert flags_in([day.session]) == []
    answer = review(cora, day, twice)
    assert answer.status_code == 409
    assert "not there any more" in answer.text
    assert reviews() == []


@pytest.mark.parametrize(("reason", "words"), [(" ", "Say why"), ("x" * 501, "At most 500")])
def test_without_a_reason_it_stays(cora: FlaskClient, day: Day, twice: Flag, reason: str, words: str) -> None:
    answer = review(cora, day, twice, reason=reason)
    assert answer.status_code == 422
    assert words in answer.text
    assert reviews() == []


def test_a_badge_that_nobody_knows_is_seen_at_two_places(
    cora: FlaskClient, phone: Phone, day: Day, lamar: Session
) -> None:
    scan(phone, day, day.session, 0, badge_hash="ab" * 32)
    scan(phone, day, lamar, 2, badge_hash="ab" * 32)
    scan(phone, day, lamar, 3, badge_hash="cd" * 32)
    phone.upload()
    page = cora.get(LIST).text
    assert "To look at (1)" in page
    assert "A badge that nobody knows" in page
    assert "two places at once" in cora.get(f"/sessions/{day.session.id}/attendance").text


def test_a_phone_that_scans_too_many(cora: FlaskClient, phone: Phone, day: Day) -> None:
    badges = [a_worker(day.cast, "Worker", str(number), utc_now())[1] for number in range(25)]
    db.session.add_all(
        Enrollment(cohort_id=day.cohort.id, worker_id=badge.worker_id, created_at=utc_now())
        for badge in badges
    )
    db.session.commit()
    for number, badge in enumerate(badges):
        scan(phone, day, day.session, number / 100, badge_hash=badge.badge_hash)
    phone.upload()
    page = cora.get(LIST).text
    assert "25 different badges" in page
    assert "Tom&#39;s phone" in page
    # Slower than that, nobody wonders.
    for number, badge in enumerate(badges):
        scan(phone, day, day.session, 60 + number / 30, badge_hash=badge.badge_hash, type="check_out")
    phone.upload()
    assert [flag.kind for flag in flags_in([day.session])] == ["burst"]


def test_looking_takes_as_many_statements_for_many_as_for_few(
    phone: Phone, day: Day, lamar: Session, twice: Flag
) -> None:
    db.session.refresh(day.session)
    with counted() as few:
        flags_in([day.session])
    for number in range(1, 6):
        scan(phone, day, day.session, 0, number)
        scan(phone, day, lamar, 2, number)
    phone.upload()
    db.session.refresh(day.session)
    with counted() as many:
        assert len(flags_in([day.session])) == 6
    assert len(many) == len(few)


def test_other_ways_in_are_closed(cora: FlaskClient, day: Day, twice: Flag) -> None:
    assert cora.post(LIST).status_code == 405
    assert cora.get(f"{LIST}/{day.session.id}/{twice.key}/reviews").status_code == 405
    assert review(cora, day, twice, kind="burn").status_code == 404
    data = {"kind": "settle", "seen": "0", "reason": "x"}
    assert cora.post(f"{LIST}/{day.cohort.id}/{twice.key}/reviews", data=data).status_code == 404


@pytest.mark.parametrize("who", ["tom", "emil", "stella", "rita"])
def test_other_roles_see_nothing_of_it(signed_in_as: Any, day: Day, twice: Flag, who: str) -> None:
    client = signed_in_as(getattr(day.cast, who))
    assert client.get(LIST).status_code == 403
    assert review(client, day, twice).status_code == 403
    assert reviews() == []


def test_strangers_are_sent_to_sign_in(client: FlaskClient, day: Day, twice: Flag) -> None:
    answer = client.get(LIST)
    assert answer.status_code in (302, 303)
    assert parse_qs(urlparse(answer.location).query)["next"] == [LIST]
    assert review(client, day, twice).status_code in (302, 303, 401)
    assert reviews() == []
