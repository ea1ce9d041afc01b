"""Who was archived, or is no trainer any more, and still holds a paired phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import create_pairing_code
from labtracker.accounts.services.people import archive_person, end_role, give_role, restore_person
from labtracker.checkin.models import Event
from labtracker.checkin.rules.corrected_time import CorrectedTime, Sync
from labtracker.checkin.rules.tenure import Link, Tenure, certain_ms, is_late_word, known_since
from labtracker.extensions import db
from labtracker.kit.time import to_ms, utc_now
from labtracker.roster.models import Release
from tests.checkin.conftest import Day, counted
from tests.checkin.phone import Phone, verdicts
from tests.checkin.test_crews import settled
from tests.checkin.test_decisions import say, waiting
from tests.checkin.test_intake import attendance

LEFT = 241  # minutes into the session, from which on it is over: that began four hours ago
LUNCH = 30


@pytest.mark.parametrize(
    ("tenure", "at_ms", "lapsed"),
    [
        (Tenure(), 50, False),
        (Tenure(frozenset({(10, None)})), 50, False),
        (Tenure(frozenset({(10, None)})), 5, False),
        (Tenure(frozenset({(10, 40)})), 39, False),
        (Tenure(frozenset({(10, 40)})), 40, True),
        (Tenure(frozenset({(10, 40)})), 5, False),
        (Tenure(frozenset({(10, 40), (60, None)})), 50, True),
        (Tenure(frozenset({(10, 40), (60, None)})), 60, False),
        (Tenure(frozenset({(10, 40), (20, None)})), 50, False),
        (Tenure(frozenset({(10, None)}), archived_ms=30), 29, False),
        (Tenure(frozenset({(10, None)}), archived_ms=30), 30, True),
    ],
)
def test_tenures_are_told_by_dates(tenure: Tenure, at_ms: int, lapsed: bool) -> None:
    assert tenure.has_lapsed(at_ms) is lapsed


def test_a_doubtful_time_says_nothing_but_what_the_phone_had_heard() -> None:
    heard = Sync(server_ms=70, wall_ms=0, mono_ms=0, boot="b")
    assert certain_ms(CorrectedTime(90, "synced", suspect=False), heard) == 90
    assert certain_ms(CorrectedTime(5, "estimated", suspect=True), heard) == 70
    assert certain_ms(CorrectedTime(9_999, "wall", suspect=True), None) is None


def test_a_late_word_has_but_the_phones_clock_for_it() -> None:
    left = Tenure(frozenset({(10, 40)}))
    assert is_late_word(left, 30, 40)
    assert is_late_word(left, None, 40)
    assert not is_late_word(left, 30, 39)
    assert not is_late_word(left, 41, 45)  # that says itself when it was made
    assert not is_late_word(Tenure(frozenset({(10, None)})), 30, 45)
    assert not is_late_word(Tenure(frozenset({(10, 40), (42, None)})), 30, 45)


def test_what_names_a_frame_is_younger() -> None:
    one, two, three, forged = b"1", b"2", b"3", b"f"
    links = [Link(1, one, None, 90), Link(2, two, one, 90), Link(3, three, two, 20), Link(2, forged, one, 90)]
    known = known_since(links)
    assert known == {one: 20, two: 20, three: 20, forged: 90}
    assert known_since([*links, Link(4, b"4", three, 10), Link(1, one, None, 5)])[one] == 5


def events() -> list[Event]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Event).order_by(Event.at, Event.frame_id)))


def leave(day: Day, person: Person, how: str) -> None:
    """Tom is archived, or stops being a trainer, now: in the fifth hour of the session."""
    if how == "archived":
        archive_person(person, actor=day.cast.ada, now=utc_now())
    else:
        end_role(person.memberships[0], actor=day.cast.ada, now=utc_now())
    db.session.commit()


def come_back(day: Day, person: Person, how: str) -> None:
    if how == "archived":
        restore_person(person, actor=day.cast.ada, now=utc_now())
    else:
        later = utc_now() + timedelta(hours=1)  # what was recorded ahead of time belongs to no term
        give_role(person, organization=day.cast.college, role=Role.TRAINER, actor=day.cast.ada, now=later)
    db.session.commit()


def who(day: Day, number: int = 0) -> dict[str, str]:
    return {"session": str(day.session.id), "badge_hash": day.badges[number].badge_hash}


def status(day: Day, number: int) -> str | None:
    found = attendance(day.session, day.enrollments[number])
    return found.status if found else None


@pytest.mark.parametrize("how", ["archived", "role ended"])
@pytest.mark.parametrize("order", ["after", "before", "offline"])
def test_what_was_recorded_before_keeps_its_worth_and_after_is_flagged(
    phone: Phone, day: Day, how: str, order: str
) -> None:
    phone.record("check_in", day.at(0), **who(day))
    if order == "after":
        phone.upload()
    phone.record("check_out", day.at(LEFT + 30), **who(day))
    if order == "before":  # a phone ahead of its time
        phone.upload()
    leave(day, day.cast.tom, how)
    assert verdicts(phone.upload())[-1] in ("stored", "duplicate")
    came_late = ["trainer_left"] if order == "offline" else []
    assert [event.flags for event in events()] == [came_late, ["trainer_lapsed"]]
    found = attendance(day.session, day.enrollments[0])
    assert found is not None
    # Somebody was seen leaving: a fact is a fact.
    assert found.credited_minutes == LEFT + 30 - LUNCH
    settled()
    come_back(day, day.cast.tom, how)
    # Whoever is restored always was one; a new role begins when it is given.
    flags = [event.flags for event in events()]
    assert flags == ([[], []] if how == "archived" else [came_late, ["trainer_lapsed"]])
    settled()


def test_what_they_decide_or_judge_waits(phone: Phone, day: Day) -> None:
    kept = phone.record("check_in", day.at(0), **who(day))
    phone.record("check_in", day.at(1), **who(day, 1))
    phone.upload()
    leave(day, day.cast.tom, "archived")
    phone.record("void", day.at(LEFT + 1), session=str(day.session.id), target=kept, reason="wrong")
    phone.record("excuse", day.at(LEFT + 2), **who(day, 2))
    phone.record("session_close", day.at(LEFT + 3), session=str(day.session.id))
    phone.record("consent", day.at(LEFT + 4), granted=True, **who(day, 1))
    phone.upload()
    assert status(day, 0) == "present"
    assert status(day, 2) in (None, "absent")
    assert db.session.get_one(type(day.session), day.session.id).closed_at is None
    assert db.session.scalars(sa.select(Release)).all() == []
    settled()
    come_back(day, day.cast.tom, "archived")
    assert (status(day, 0), status(day, 2)) == ("absent", "excused")
    assert len(db.session.scalars(sa.select(Release)).all()) == 1
    settled()


def closed_at(day: Day) -> int | None:
    db.session.expire_all()
    closed = db.session.get_one(type(day.session), day.session.id).closed_at
    return to_ms(closed) if closed is not None else None


def set_back(day: Day) -> dict[str, Any]:
    """What a frame says of its clocks when somebody sets the phone's back and loads the page anew."""
    heard = day.at(0)
    return {"sync": {"server_ms": heard, "wall_ms": heard, "mono_ms": 0, "boot": "before"}, "mono_ms": 5}


@pytest.mark.parametrize("how", ["archived", "role ended"])
def test_what_comes_after_they_left_decides_nothing_until_somebody_looks(
    phone: Phone, day: Day, how: str
) -> None:
    kept = phone.record("check_in", day.at(0), **who(day))
    phone.upload()
    leave(day, day.cast.tom, how)
    phone.record("check_in", day.at(2), **who(day, 1), **set_back(day))
    phone.record("void", day.at(3), session=str(day.session.id), target=kept, **set_back(day))
    phone.record("excuse", day.at(4), **who(day, 2), **set_back(day))
    phone.record("consent", day.at(5), granted=True, **who(day, 1), **set_back(day))
    phone.record("session_close", day.at(200), session=str(day.session.id), **set_back(day))
    answer = phone.upload()
    assert verdicts(answer) == ["duplicate", "stored", *["quarantined"] * 4]
    assert {result.get("code") for result in answer["results"][2:]} == {"trainer_left"}
    assert answer["have"]["seq"] == 6
    # What they saw counts and says when it came; what they decided waits.
    assert [event.flags for event in events()] == [[], ["trainer_left"]]
    assert (status(day, 0), status(day, 1), status(day, 2)) == ("present", "present", None)
    assert closed_at(day) is None
    settled()
    _void, excuse, _consent, close = waiting()
    say(day, close, "accept")
    say(day, excuse, "dismiss")
    assert closed_at(day) == day.at(200)
    assert status(day, 2) == "absent"
    settled()
    say(day, close, "reopen")
    assert (closed_at(day), len(waiting())) == (None, 3)
    settled()
    # Who is restored always was a trainer, and nothing of theirs waits; what was dismissed stays so.
    come_back(day, day.cast.tom, how)
    assert len(waiting()) == (0 if how == "archived" else 3)
    assert closed_at(day) == (day.at(200) if how == "archived" else None)
    assert status(day, 2) == ("absent" if how == "archived" else None)
    settled()


def test_what_the_chain_proves_to_be_from_before_counts_however_late_it_comes(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    phone.record("check_in", day.at(0), **who(day))
    phone.record("excuse", day.at(1), **who(day, 1))
    phone.record("check_in", day.at(2), **who(day, 2))
    # Only the last got through: it names the one before, and that the one before.
    phone.upload(phone.items[2:])
    leave(day, day.cast.tom, "archived")
    forged = phone.frame(phone.body("excuse", day.at(1), **who(day, 3)), seq=2, prev=phone.items[0]["hash"])
    phone.record("session_close", day.at(200), session=session, **set_back(day))
    answer = phone.upload([phone.items[0], phone.items[1], forged, phone.items[3]])
    assert [result.get("code") for result in answer["results"]] == [None, None, *["trainer_left"] * 2]
    assert (status(day, 1), status(day, 3), closed_at(day)) == ("excused", None, None)
    assert "trainer_left" not in {flag for event in events() for flag in event.flags}
    settled()


def test_a_copy_that_came_before_proves_it_too(app: Flask, phone: Phone, day: Day) -> None:
    carrier = Phone(app.test_client())
    code = create_pairing_code(actor=day.cast.cora, now=utc_now())
    db.session.commit()
    carrier.pair(code)
    phone.record("session_close", day.at(200), session=str(day.session.id))
    assert verdicts(carrier.post(phone.envelope()).json) == ["quarantined"]
    leave(day, day.cast.tom, "archived")
    assert verdicts(phone.upload()) == ["stored"]
    assert closed_at(day) == day.at(200)
    settled()


def test_a_clock_that_is_set_back_hides_nothing(phone: Phone, day: Day) -> None:
    leave(day, day.cast.tom, "archived")
    heard = day.at(LEFT + 5)
    sync = {"server_ms": heard, "wall_ms": heard, "mono_ms": 0, "boot": "before"}
    phone.record("check_in", day.at(3), **who(day), sync=sync)
    phone.upload()
    [event] = events()
    assert (event.suspect, event.flags) == (True, ["trainer_lapsed"])
    settled()


def test_another_trainer_of_the_phone_is_not_concerned(phone: Phone, day: Day) -> None:
    code = create_pairing_code(actor=day.cast.cora, now=utc_now())
    db.session.commit()
    phone.pair(code)
    leave(day, day.cast.tom, "archived")
    phone.record("session_close", day.at(LEFT + 3), session=str(day.session.id), by=str(day.cast.cora.id))
    phone.upload()
    [event] = events()
    assert "trainer_lapsed" not in event.flags
    settled()


def test_the_pack_says_who_is_none_any_more(phone: Phone, day: Day) -> None:
    first = phone.pack()
    assert first["trainers_gone"] == []
    assert len(first["sessions"]) == 1
    leave(day, day.cast.tom, "role ended")
    later = phone.pack(epoch=first["epoch"], cursor=first["cursor"])
    assert later["trainers_gone"] == [str(day.cast.tom.id)]
    assert str(day.session.id) in later["gone"]
    assert "device_revoked" not in later
    come_back(day, day.cast.tom, "role ended")
    assert phone.pack()["trainers_gone"] == []


def test_an_upload_takes_no_further_statement_for_it(app: Flask, phone: Phone, day: Day) -> None:
    counts: list[int] = []
    for number in range(2):
        phone.record("check_in", day.at(LEFT + number), **who(day, number))
        with counted() as statements:
            phone.upload([phone.items[-1]])
        counts.append(len(statements))
        if not number:
            leave(day, day.cast.tom, "archived")
    assert counts[1] <= counts[0]


def test_the_page_of_a_worker_says_so(signed_in_as: Any, phone: Phone, day: Day) -> None:
    leave(day, day.cast.tom, "archived")
    phone.record("check_in", day.at(LEFT + 5), **who(day))
    phone.upload()
    page = signed_in_as(day.cast.cora).get(f"/sessions/{day.session.id}/attendance/{day.enrollments[0].id}")
    assert "trainer no longer with us then" in page.text
