"""Uploads: a verdict for each item, nothing dropped, the chain's watermark, attendance in the same breath."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.checkin.bodies import LATEST_MS
from labtracker.checkin.models import Attendance, Event, InboxFrame, Watermark
from labtracker.checkin.rules.frames import NO_HASH
from labtracker.extensions import db
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone, verdicts

SignedInAs = Callable[[Person], FlaskClient]


def attendance(day: Day, number: int) -> Attendance:
    db.session.expire_all()
    return db.session.get_one(Attendance, (day.session.id, day.enrollments[number].id))


def a_whole_day(phone: Phone, day: Day) -> None:
    session = str(day.session.id)
    phone.record("session_open", day.at(-10), session=session)
    for badge, minutes in zip(day.badges[:3], (-5, 3, 30), strict=True):
        phone.record("check_in", day.at(minutes), session=session, badge_hash=badge.badge_hash)
    phone.record("check_out", day.at(480), session=session, badge_hash=day.badges[0].badge_hash)
    phone.record("session_close", day.at(485), session=session)


def test_a_day_is_stored_and_becomes_attendance(phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    answer = phone.upload()
    assert verdicts(answer) == ["stored"] * 6
    assert answer["have"] == {"seq": 6, "hash": phone.last_hash}
    assert answer["missing"] == []
    assert answer["durable"] == {"seq": 0, "hash": NO_HASH}
    assert [result["durable"] for result in answer["results"]] == [False] * 6
    assert "durable_is_demo" not in answer
    ana, bo, chidi, dolores = (attendance(day, number) for number in range(4))
    assert (ana.status, ana.credited_minutes, ana.scheduled_minutes, ana.flags) == ("present", 450, 450, [])
    assert (bo.credited_minutes, bo.flags, bo.is_open) == (450, ["assumed_out"], False)
    assert (chidi.credited_minutes, chidi.flags) == (420, ["assumed_out", "late"])
    assert (dolores.status, dolores.credited_minutes, dolores.scheduled_minutes) == ("absent", 0, 450)
    db.session.refresh(day.session)
    assert day.session.closed_at is not None
    assert day.session.opened_at is not None


def test_sending_again_changes_nothing_but_the_watermark_row(phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    first = phone.upload(packed=True)
    again = phone.upload()
    assert verdicts(again) == ["duplicate"] * 6
    assert again["have"] == first["have"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame)) == 6
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 6
    assert db.session.scalars(sa.select(Watermark.uploads)).all() == [2]
    phone.upload(items=[])
    db.session.expire_all()
    assert db.session.scalars(sa.select(Watermark.uploads)).all() == [3]


def test_gaps_are_missing_until_they_come_or_are_lost(phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    answer = phone.upload(phone.items[2:3] + phone.items[5:])
    assert answer["have"] == {"seq": 0, "hash": NO_HASH}
    assert answer["missing"] == [[1, 2], [4, 5]]
    answer = phone.upload(phone.items[:2])
    assert answer["have"]["seq"] == 3
    assert answer["missing"] == [[4, 5]]
    answer = phone.upload([], lost=[4, 5, "x", -1, 2**60])
    assert answer["have"] == {"seq": 6, "hash": phone.last_hash}
    assert answer["missing"] == []
    db.session.expire_all()
    assert db.session.scalars(sa.select(Watermark.lost)).all() == [[[4, 5]]]


@pytest.mark.one_database  # only SQLite has one place for a writer
def test_who_waited_for_sqlite_in_vain_is_told_so_at_once(app: Flask, phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    db.session.rollback()
    tries = []

    def impatient(connection: Any, _record: Any, _proxy: Any) -> None:
        tries.append(connection.execute("PRAGMA busy_timeout=20"))

    sa.event.listen(db.engine, "checkout", impatient)
    other = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert phone.post(phone.envelope()).status_code == 503
        assert len(tries) == 1
    finally:
        other.close()
        sa.event.remove(db.engine, "checkout", impatient)
        db.engine.dispose()
    assert phone.upload()["have"]["seq"] == 6


def test_nobody_loses_every_second_record(phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    answer = phone.upload([phone.items[0], phone.items[3]], lost=[*range(2, 1000, 2)])
    assert answer["missing"] == [[2, 3]]
    assert db.session.scalars(sa.select(Watermark)).one().lost == []
    assert phone.upload([], lost=[2, 3])["have"]["seq"] == 4


def test_the_mark_never_rests_on_a_gap(phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    answer = phone.upload(phone.items[:3], lost=[4, 5])
    assert answer["have"]["seq"] == 3
    answer = phone.upload(phone.items[5:])
    assert answer["have"]["seq"] == 6


def test_what_got_damaged_on_the_way_is_asked_for_again(phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    damaged = {**phone.items[1], "frame": phone.items[1]["frame"][:-8] + "AAAAAAAA"}
    answer = phone.upload([phone.items[0], damaged, phone.items[2]])
    assert verdicts(answer) == ["stored", "retry", "stored"]
    assert answer["have"]["seq"] == 1
    answer = phone.upload([{**damaged, "damaged": True}])
    assert verdicts(answer) == ["quarantined"]
    assert answer["results"][0]["code"] == "damaged_frame"
    assert answer["have"]["seq"] == 3
    # The true bytes turn up after all: they count.
    answer = phone.upload([phone.items[1]])
    assert verdicts(answer) == ["stored"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 3


@pytest.mark.parametrize("wall_ms", [0, LATEST_MS, 253_402_300_799_000, 2**53])
@pytest.mark.parametrize("kind", ["check_in", "excuse"])
def test_no_date_is_so_far_off_that_it_delays_others(
    phone: Phone, day: Day, signed_in_as: SignedInAs, wall_ms: int, kind: str
) -> None:
    phone.record("check_in", day.at(0), badge_hash=day.badges[0].badge_hash, session=str(day.session.id))
    phone.record(kind, wall_ms, badge_hash=day.badges[1].badge_hash)
    phone.record("check_in", day.at(1), badge_hash=day.badges[2].badge_hash, session=str(day.session.id))
    assert verdicts(phone.upload()) == ["stored", "quarantined", "stored"]
    aside = db.session.scalar(sa.select(InboxFrame.id).where(InboxFrame.verdict == "quarantined"))
    assert signed_in_as(day.cast.cora).get(f"/quarantine/{aside}").status_code == 200


def test_malformed_items_get_verdicts_and_delay_nobody(phone: Phone, day: Day) -> None:
    a_whole_day(phone, day)
    items = [
        phone.items[0],
        5,
        None,
        "frame",
        {"seq": "two"},
        {"seq": 2**53, "hash": "00", "frame": ""},
        {"damaged": True, "seq": 9},
        phone.items[1],
    ]
    answer = phone.upload(items)  # type: ignore[arg-type]
    assert verdicts(answer) == [
        "stored",
        "retry",
        "retry",
        "retry",
        "retry",
        "retry",
        "quarantined",
        "stored",
    ]
    assert answer["results"][6] == {
        "seq": 9,
        "hash": None,
        "verdict": "quarantined",
        "code": "malformed",
        "durable": False,
    }
    assert answer["have"]["seq"] == 2


def test_quarantined_frames_hold_their_place_in_the_chain(phone: Phone, day: Day) -> None:
    known = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    phone.append(b"{not json")
    phone.append(b"")
    phone.append(phone.body("check_in", day.at(0), **known) | {"v": 2})
    phone.append(phone.body("teleport", day.at(0), **known))
    phone.append(phone.body("check_in", day.at(0), **known) | {"wall_ms": "noon"})
    phone.append(phone.body("check_in", day.at(0), badge_hash=known["badge_hash"], session=phone.device))
    phone.append(phone.body("check_in", 2**52, **known))
    phone.append(phone.body("session_open", day.at(0)))
    phone.append(phone.body("check_in", day.at(0), **known))
    answer = phone.upload()
    assert [result.get("code") for result in answer["results"]] == [
        "damaged_json",
        "damaged_json",
        "unknown_schema",
        "unknown_schema",
        "bad_body",
        "no_such_session",
        "impossible_time",
        "no_session",
        None,
    ]
    assert verdicts(answer) == ["quarantined"] * 8 + ["stored"]
    assert answer["have"]["seq"] == 9
    assert len(db.session.scalars(sa.select(InboxFrame.raw)).all()) == 9


def test_conflicts_and_forks_keep_both(phone: Phone, day: Day) -> None:
    known = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    first = phone.body("check_in", day.at(0), **known)
    phone.append(first)
    phone.append({**first, "wall_ms": first["wall_ms"] + 1})
    answer = phone.upload()
    assert verdicts(answer) == ["stored", "conflict"]
    fork = phone.frame(phone.body("check_out", day.at(480), **known), seq=1, prev=NO_HASH)
    answer = phone.upload([fork])
    assert verdicts(answer) == ["fork"]
    assert answer["have"] == {"seq": 2, "hash": phone.last_hash}
    flags = db.session.execute(sa.select(Event.type, Event.flags).order_by(Event.frame_id)).all()
    assert [(row.type, row.flags) for row in flags] == [
        ("check_in", ["conflict", "fork"]),
        ("check_in", ["conflict"]),
        ("check_out", ["fork"]),
    ]
    assert attendance(day, 0).credited_minutes == 450


def test_frames_under_another_header_never_stand_in_for_the_true_ones(phone: Phone, day: Day) -> None:
    known = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash}
    stray = Phone(phone.client, device="018f5e3a-7c11-7abc-8def-0123456789ab", by=phone.by)
    item = stray.append(stray.body("check_in", day.at(0), **known))
    answer = phone.upload([item])
    assert answer["results"][0]["code"] == "wrong_header"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0
