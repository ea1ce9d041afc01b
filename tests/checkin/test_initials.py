"""Initials asked for at check-in: who may have them asked, what becomes of them, and what is worth a look."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry
from labtracker.checkin.models import Event, InboxFrame
from labtracker.checkin.queries.flags import flags_in
from labtracker.checkin.rules.flags import Sighting
from labtracker.checkin.rules.initials import Given, fit, initials_flags
from labtracker.checkin.services import rebuild
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone, verdicts
from tests.checkin.test_rebuild import state
from tests.checkin.test_upload import attendance


def gave(minute: int, typed: str, name: str = "María López García", who: str = "maria") -> Given:
    name_of_it = f"{who} {minute}"
    at = minute * 60_000
    return Given(Sighting(name_of_it, name_of_it, "initials", at, who, "phone", "mill-1"), name, typed)


def letters_of(*given: Given) -> list[tuple[str, ...]]:
    return [flag.letters for flag in initials_flags(given)]


@pytest.mark.parametrize(
    ("letters", "name", "fits"),
    [
        ("AR", "Ana Ruiz", True),
        ("RA", "Ana Ruiz", True),
        ("ML", "María del Carmen López García", True),
        ("MCLG", "María del Carmen López García", True),
        ("JPO", "Jean-Paul O’Neill", True),
        ("ON", "Jean-Paul O’Neill", True),
        ("EN", "Élodie Ñúñez", True),
        ("AA", "Ana Ruiz", False),
        ("BR", "Ana Ruiz", False),
        ("ARX", "Ana Ruiz", False),
    ],
)
def test_initials_fit_a_name_in_whatever_order(letters: str, name: str, fits: bool) -> None:
    assert fit(letters, name) is fits


def test_initials_that_do_not_fit_are_told_once() -> None:
    assert letters_of(gave(0, "ML"), gave(1, "m.l."), gave(2, "MLG"), gave(3, "LM")) == []
    assert letters_of(gave(0, "BR"), gave(500, "br"), gave(900, "BR")) == [("BR",)]
    assert letters_of(gave(0, "B"), gave(1, "letters"), gave(2, "77")) == []


def test_others_than_the_first_time_are_told_with_both() -> None:
    flags = initials_flags(
        [gave(900, "MG"), gave(0, "ML"), gave(400, "XY"), gave(5, "BR", who="bo", name="Bo Ray")]
    )
    assert [(flag.letters, flag.gap_ms // 60_000) for flag in flags] == [(("XY",), 0), (("ML", "MG"), 900)]


def test_order_and_repetition_tell_the_same() -> None:
    given = [gave(0, "ML"), gave(1, "XY"), gave(2, "MG"), gave(3, "XY")]
    for order in permutations(given):
        assert {flag.key for flag in initials_flags([*order, order[0]])} == {
            flag.key for flag in initials_flags(given)
        }


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


def ask(client: FlaskClient, day: Day, **data: str) -> Any:
    return client.post(f"/cohorts/{day.cohort.id}/initials", data=data)


def test_a_coordinator_has_them_asked_and_the_phone_is_told(
    cora: FlaskClient, phone: Phone, day: Day
) -> None:
    first = phone.pack()
    assert "asks_initials" not in first["cohorts"][0]
    assert "Ask for initials at check-in" in cora.get(f"/cohorts/{day.cohort.id}").text
    version = str(day.cohort.version)
    assert ask(cora, day, asks="y", version=version).status_code == 303
    (told,) = phone.pack(epoch=first["epoch"], cursor=first["cursor"])["cohorts"]
    assert told["asks_initials"] is True
    stale = ask(cora, day, version=version)
    assert stale.status_code == 409
    assert "Somebody changed this in the meantime" in stale.text
    assert ask(cora, day, version=str(int(version) + 1)).status_code == 303
    assert "asks_initials" not in phone.pack()["cohorts"][0]
    written = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_id == day.cohort.id).order_by(AuditEntry.id)
    ).all()
    assert written == ["initials_asked", "initials_dropped"]


def test_nobody_else_has_them_asked(signed_in_as: Any, day: Day) -> None:
    tom = signed_in_as(day.cast.tom)
    assert ask(tom, day, asks="y").status_code == 403
    assert "Ask for initials" not in tom.get(f"/cohorts/{day.cohort.id}").text
    db.session.refresh(day.cohort)
    assert day.cohort.asks_initials is False


def come(phone: Phone, day: Day, minute: float, typed: str | None, number: int = 0) -> tuple[str, str]:
    """Somebody comes in by badge and types initials; gives the ids of both records."""
    who = {"badge_hash": day.badges[number].badge_hash, "enrollment": str(day.enrollments[number].id)}
    where = {"session": str(day.session.id), **who}
    came = phone.record("check_in", day.at(minute), **where)
    more = {"text": typed} if typed else {}
    return came, phone.record("initials", day.at(minute + 0.1), target=came, **where, **more)


def test_initials_are_kept_beside_the_arrival_and_change_no_minute(
    cora: FlaskClient, phone: Phone, day: Day
) -> None:
    come(phone, day, 0, "AR")
    come(phone, day, 1, None, number=1)
    who = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.record("check_out", day.at(180), **who)
    assert verdicts(phone.upload()) == ["stored"] * 5
    assert attendance(day, 0).credited_minutes == 180
    page = cora.get(f"/sessions/{day.session.id}/attendance/{day.enrollments[0].id}").text
    assert "Initials" in page
    assert "AR" in page
    other = cora.get(f"/sessions/{day.session.id}/attendance/{day.enrollments[1].id}").text
    assert "not given" in other
    assert flags_in([day.session]) == []
    before = state()
    rebuild(now=utc_now())
    assert state() == before
    assert attendance(day, 0).credited_minutes == 180


def test_what_does_not_fit_is_worth_a_look_and_decides_nothing(
    cora: FlaskClient, phone: Phone, day: Day
) -> None:
    came, _given = come(phone, day, 0, "XY")
    phone.upload()
    (flag,) = flags_in([day.session])
    assert (flag.kind, flag.letters) == ("initials", ("XY",))
    page = cora.get("/worth-a-look").text
    for words in ("other initials", "Ana Ruiz", "The initials were XY, which the name does not give."):
        assert words in page
    assert "other initials" in cora.get(f"/sessions/{day.session.id}/attendance").text
    data = {"kind": "settle", "seen": "0", "reason": "She signs by her stage name"}
    assert cora.post(f"/worth-a-look/{day.session.id}/{flag.key}/reviews", data=data).status_code == 303
    # The same letters on another day say nothing new.
    come(phone, day, 240, "xy")
    phone.upload()
    assert "Nothing looks odd" in cora.get("/worth-a-look").text
    phone.record("void", day.at(250), session=str(day.session.id), target=came, reason="slip")
    phone.upload()
    assert [one.first.at_ms for one in flags_in([day.session])] == [day.at(240.1)]


def test_an_office_that_knows_none_keeps_them_and_reads_them_after_its_upgrade(
    phone: Phone, day: Day
) -> None:
    come(phone, day, 0, "XY")
    phone.upload()
    # What the version before, which knew no initials, had left behind.
    frame = db.session.scalars(sa.select(InboxFrame).where(InboxFrame.seq == 2)).one()
    frame.verdict, frame.code = "quarantined", "unknown_schema"
    db.session.execute(sa.delete(Event).where(Event.frame_id == frame.id))
    db.session.commit()
    assert flags_in([day.session]) == []
    rebuild(now=utc_now())
    assert [flag.letters for flag in flags_in([day.session])] == [("XY",)]
    db.session.refresh(frame)
    assert frame.resolved_at is not None


def test_initials_without_what_they_belong_to_are_set_aside(phone: Phone, day: Day) -> None:
    phone.record("initials", day.at(0), badge_hash=day.badges[0].badge_hash, text="AR")
    phone.record("initials", day.at(0), target=phone.record("check_in", day.at(0)), text="AR")
    answer = phone.upload()
    assert [one.get("code") for one in answer["results"]] == ["bad_body"] * 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0
