"""The coordinator's screen of records that wait: who sees it, what it shows, what it decides."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.checkin.models import FrameDecision, InboxFrame
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone
from tests.checkin.test_decisions import minutes
from tests.checkin.test_intake import shut_out


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


@pytest.fixture
def frames(phone: Phone, day: Day) -> list[InboxFrame]:
    """Nobody's scan, then from the revoked phone a leave, a scan for no session, and a damaged body."""
    session = str(day.session.id)
    phone.record("check_in", day.at(0), session=session, badge_hash="ab" * 32, not_enrolled=True)
    phone.upload()
    shut_out(phone, day)
    phone.record("check_in", day.at(1), session=session, badge_hash=day.badges[0].badge_hash)
    phone.record("check_in", day.at(2), session=str(uuid7()), badge_hash=day.badges[1].badge_hash)
    phone.append(b"{not json")
    phone.upload()
    return list(db.session.scalars(sa.select(InboxFrame).order_by(InboxFrame.id)))


def at(frame: InboxFrame, more: str = "") -> str:
    return f"/quarantine/{frame.id}{more}"


def decision(kind: str, **more: str) -> dict[str, str]:
    return {"kind": kind, "seen": "0", "reason": "Tom was asked", **more}


def last() -> FrameDecision:
    db.session.expire_all()
    return db.session.scalars(sa.select(FrameDecision).order_by(FrameDecision.id.desc())).first()  # type: ignore[return-value]


def test_the_lists_say_what_waits_and_why(cora: FlaskClient, frames: list[InboxFrame]) -> None:
    page = cora.get("/quarantine").text
    for words in (
        "Set aside (3)",
        "Nobody’s (1)",
        "Arrived, Ana Ruiz",
        "the phone was revoked",
        "cannot be read",
    ):
        assert words in page
    page = cora.get("/quarantine?list=nobodys").text
    assert "unknown badge" in page
    assert "Nothing was decided yet" in cora.get("/quarantine?list=decided").text
    assert cora.get("/quarantine?list=nonsense").status_code == 404


def test_the_menu_says_how_much_waits(cora: FlaskClient, frames: list[InboxFrame]) -> None:
    page = cora.get("/privacy").text
    assert "4 wait" in page
    assert 'href="/quarantine"' in page


def test_one_frame_is_told_as_far_as_it_can_be_read(cora: FlaskClient, frames: list[InboxFrame]) -> None:
    page = cora.get(at(frames[1])).text
    for words in ("Ana Ruiz", "Tom Baca", "Tom&#39;s phone", "Accept it as it is", "Say where it belongs"):
        assert words in page
    page = cora.get(at(frames[3])).text
    assert "Record that cannot be read" in page
    assert "Accept it as it is" not in page
    assert "Say where it belongs" not in page
    assert b"{not json".hex(" ") in page


def test_the_raw_bytes_are_there_to_download(cora: FlaskClient, frames: list[InboxFrame]) -> None:
    answer = cora.get(at(frames[3], "/frame"))
    assert answer.data == bytes(frames[3].raw)
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert cora.post(at(frames[3], "/frame")).status_code == 405


def test_accepting_counts_it(cora: FlaskClient, day: Day, frames: list[InboxFrame]) -> None:
    answer = cora.post(at(frames[1], "/decisions"), data=decision("accept"))
    assert (answer.status_code, answer.location) == (303, "/quarantine")
    assert (last().kind, last().reason, last().by_id) == ("accept", "Tom was asked", day.cast.cora.id)
    assert minutes(day, 0) == 0
    page = cora.get(at(frames[1])).text
    assert "Open it again" in page
    assert "Cora Lindqvist" in page
    assert "Arrived, Ana Ruiz" in cora.get("/quarantine?list=decided").text
    unreadable = cora.post(at(frames[1], "/decisions"), data=decision("reopen", seen="9" * 5000))
    assert unreadable.status_code == 409
    again = cora.post(at(frames[1], "/decisions"), data=decision("reopen", seen=str(last().id)))
    assert again.status_code == 303
    assert minutes(day, 0) is None


def test_it_is_assigned_in_two_steps(cora: FlaskClient, day: Day, frames: list[InboxFrame]) -> None:
    session = str(day.session.id)
    page = cora.get(at(frames[0], f"?session={session}")).text
    assert "Chidi Eze" in page
    asked = decision("assign", session=session, enrollment=str(day.enrollments[2].id))
    assert cora.post(at(frames[0], "/decisions"), data=asked).status_code == 303
    assert minutes(day, 2) == 0
    assert last().session_id == day.session.id


def test_a_record_whose_clock_stood_in_1970_finds_its_session(
    cora: FlaskClient, phone: Phone, day: Day
) -> None:
    scan = phone.body("check_in", 86_400_000, session=str(uuid7()), badge_hash=day.badges[1].badge_hash)
    phone.append(scan | {"sync": None})
    phone.upload()
    frame = db.session.scalars(sa.select(InboxFrame)).one()
    assert f'value="{day.session.id}"' in cora.get(at(frame)).text
    asked = decision("assign", session=str(day.session.id))
    assert cora.post(at(frame, "/decisions"), data=asked).status_code == 303
    assert last().session_id == day.session.id


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"reason": " "}, 422, "Say why"),
        ({"reason": "x" * 501}, 422, "At most 500"),
        ({"seen": "99"}, 409, "decided about this meanwhile"),
        ({"kind": "burn"}, 422, "cannot be decided here"),
        ({"kind": "assign"}, 422, "Choose the session"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_kept_on_screen(
    cora: FlaskClient, frames: list[InboxFrame], changes: dict[str, str], status: int, words: str
) -> None:
    answer = cora.post(at(frames[2], "/decisions"), data=decision("dismiss") | changes)
    assert answer.status_code == status
    assert words in answer.text
    assert last() is None


def test_what_is_not_there_to_choose_is_not_found(
    cora: FlaskClient, day: Day, frames: list[InboxFrame]
) -> None:
    session = str(day.session.id)
    for asked in ({"session": "nonsense"}, {"session": str(uuid7())}):
        assert cora.post(at(frames[2], "/decisions"), data=decision("assign", **asked)).status_code == 404
    strange = decision("assign", session=session, enrollment=str(uuid7()))
    assert cora.post(at(frames[2], "/decisions"), data=strange).status_code == 422
    assert cora.get("/quarantine/999999").status_code == 404
    assert cora.get(at(frames[2], "/decisions")).status_code == 405
    assert cora.post("/quarantine").status_code == 405


def test_a_frame_that_counts_as_usual_is_not_shown_here(cora: FlaskClient, phone: Phone, day: Day) -> None:
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    phone.upload()
    frame = db.session.scalars(sa.select(InboxFrame)).one()
    for more in ("", "/frame"):
        assert cora.get(at(frame, more)).status_code == 404
    assert cora.post(at(frame, "/decisions"), data=decision("dismiss")).status_code == 404


@pytest.mark.parametrize("who", ["tom", "emil", "stella", "rita"])
def test_other_roles_see_nothing_of_it(
    signed_in_as: Any, day: Day, frames: list[InboxFrame], who: str
) -> None:
    client = signed_in_as(getattr(day.cast, who))
    for path in ("/quarantine", at(frames[1]), at(frames[1], "/frame")):
        assert client.get(path).status_code == 403
    assert client.post(at(frames[1], "/decisions"), data=decision("accept")).status_code == 403


def test_strangers_are_sent_to_sign_in(client: FlaskClient, frames: list[InboxFrame]) -> None:
    for path in ("/quarantine", at(frames[1]), at(frames[1], "/frame")):
        assert client.get(path).status_code in (302, 303)
    assert client.post(at(frames[1], "/decisions"), data=decision("accept")).status_code in (302, 303, 401)
    assert last() is None
