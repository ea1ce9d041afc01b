"""Corrections as a coordinator expects them: another time in one step, and several workers at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.checkin.models import Attendance, Event
from labtracker.extensions import db
from labtracker.kit.time import local, utc_now
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone
from tests.checkin.test_crews import settled


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


def page_of(day: Day) -> str:
    return f"/sessions/{day.session.id}/attendance"


def clock(day: Day, minutes: int) -> dict[str, str]:
    at = local(day.session.starts_at + timedelta(minutes=minutes), "America/Denver")
    return {"day": at.date().isoformat(), "clock": at.strftime("%H:%M")}


def minutes_of(day: Day, number: int) -> int | None:
    db.session.expire_all()
    found = db.session.get(Attendance, (day.session.id, day.enrollments[number].id))
    return found.credited_minutes if found else None


@pytest.fixture
def morning(phone: Phone, day: Day) -> Day:
    """Ana is in; Bo left after 60 minutes; Chidi left and came back; Dolores never came."""
    told = (
        (0, "check_in", 0), (1, "check_in", 0), (1, "check_out", 60), (2, "check_in", 0),
        (2, "check_out", 30), (2, "check_in", 50),
    )  # fmt: skip
    for number, kind, at in told:
        phone.record(kind, day.at(at), session=str(day.session.id), badge_hash=day.badges[number].badge_hash)
    phone.upload()
    return day


def several(day: Day, numbers: tuple[int, ...] = (0, 1, 2, 3), at: int = 200, **more: str) -> dict[str, Any]:
    workers = [str(day.enrollments[number].id) for number in numbers]
    return {"workers": workers, "kind": "check_out", "reason": "All left together", **clock(day, at), **more}


def test_everybody_was_there_until_then(cora: FlaskClient, morning: Day) -> None:
    path = f"{page_of(morning)}/corrections"
    assert f'href="{path}"' in cora.get(page_of(morning)).text
    page = cora.get(path).text
    assert page.count("checked") == 4
    assert "Dolores Vigil (not in)" in page
    answer = cora.post(path, data=several(morning), follow_redirects=True)
    assert "Recorded for 2 workers." in answer.text
    assert "Nothing was changed for Bo Larsen, Dolores Vigil" in answer.text
    assert [minutes_of(morning, number) for number in range(4)] == [200, 60, 180, None]
    settled()


def test_what_is_recorded_is_taken_back_where_that_was_asked_for(cora: FlaskClient, morning: Day) -> None:
    path = f"{page_of(morning)}/corrections"
    cora.post(path, data=several(morning, replaces="y"))
    assert [minutes_of(morning, number) for number in range(4)] == [200, 200, 180, None]
    void = db.session.scalars(sa.select(Event).where(Event.type == "void")).one()
    assert void.payload["reason"] == "All left together"
    # Said once more, it changes nothing; an arrival after a leaving cannot be.
    cora.post(path, data=several(morning, replaces="y"))
    cora.post(path, data=several(morning, replaces="y", kind="check_in"))
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.type == "void")) == 1
    cora.post(path, data=several(morning, (0, 1, 2), at=20, replaces="y", kind="check_in"))
    assert [minutes_of(morning, number) for number in range(3)] == [180, 180, 160]
    cora.post(path, data=several(morning, (0, 3), kind="excuse"))
    assert [minutes_of(morning, number) for number in (0, 3)] == [180, 0]
    settled()


def test_a_form_for_several_that_cannot_be_is_refused_whole(cora: FlaskClient, morning: Day) -> None:
    path = f"{page_of(morning)}/corrections"
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Event))
    stranger = several(morning)
    stranger["workers"] = [str(morning.session.id)]
    ahead = int((utc_now() - morning.session.starts_at).total_seconds() // 60) + 30
    for data, words in (
        (several(morning, ()), "Choose whom it concerns."),
        (stranger, "not a valid choice"),
        (several(morning, reason=" "), "Say why"),
        (several(morning, kind="walk_in"), "Not a valid choice"),
        (several(morning, at=ahead), "has not come yet"),
    ):
        answer = cora.post(path, data=data)
        assert answer.status_code == 422
        assert words in answer.text, words
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before
    morning.cohort.closed_out_at = utc_now()
    db.session.commit()
    assert "closed out" in cora.post(path, data=several(morning)).text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == before


def test_another_time_is_one_step_and_both_records_stay(cora: FlaskClient, morning: Day) -> None:
    left = db.session.scalars(
        sa.select(Event).where(Event.type == "check_out", Event.enrollment_id == morning.enrollments[1].id)
    ).one()
    worker = f"{page_of(morning)}/{morning.enrollments[1].id}"
    assert cora.get(worker).text.count("Another time") == 2
    path = f"{worker}/changes/{left.id}"
    assert cora.post(path, data={"reason": "", **clock(morning, 90)}).status_code == 422
    same = cora.post(path, data={"reason": "x", **clock(morning, 60)})
    assert "recorded already" in same.text
    assert minutes_of(morning, 1) == 60
    answer = cora.post(path, data={"reason": "Gate log", **clock(morning, 90)}, follow_redirects=True)
    assert "Both records stay" in answer.text
    assert minutes_of(morning, 1) == 90
    assert [*db.session.scalars(sa.select(Event.type).order_by(Event.frame_id))][-2:] == ["void", "check_out"]
    wrong = f"{page_of(morning)}/{morning.enrollments[0].id}/changes/{left.id}"
    assert cora.post(wrong, data={"reason": "x", **clock(morning, 90)}).status_code == 404
    settled()


def test_whoever_trains_elsewhere_corrects_nothing(signed_in_as: Any, morning: Day) -> None:
    path = f"{page_of(morning)}/corrections"
    assert signed_in_as(morning.cast.tom).get(path).status_code == 200
    assert signed_in_as(morning.cast.tess).get(path).status_code == 404
    assert signed_in_as(morning.cast.tess).post(path, data=several(morning)).status_code == 404
    for somebody in (morning.cast.emil, morning.cast.rita):
        assert signed_in_as(somebody).get(path).status_code == 403
