"""A phone in the wrong hands: what its token opens, whom it speaks for, what it makes the server choke on."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts import services as accounts
from labtracker.accounts.models import Device, Person
from labtracker.checkin.models import Attendance, Event
from labtracker.checkin.services import rebuild
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Release
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone, verdicts


def paired_by(app: Flask, trainer: Person) -> Phone:
    """A trainer's own phone."""
    code = accounts.create_pairing_code(actor=trainer, now=utc_now())
    db.session.commit()
    other = Phone(app.test_client())
    other.pair(code)
    return other


def attended(day: Day) -> Attendance | None:
    db.session.expire_all()
    return db.session.get(Attendance, (day.session.id, day.enrollments[0].id))


@pytest.fixture
def arrived(day: Day, phone: Phone) -> str:
    """Ana arrived in time, and Tom's phone said so."""
    event = phone.record(
        "check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash
    )
    phone.upload()
    return event


@pytest.mark.parametrize("claimed", ["cora", "tom"])
def test_nobody_voids_in_the_name_of_another(app: Flask, day: Day, arrived: str, claimed: str) -> None:
    thief = paired_by(app, day.cast.tess)
    thief.by = getattr(day.cast, claimed).id
    thief.record("void", day.at(5), session=str(day.session.id), target=arrived)
    assert verdicts(thief.upload()) == ["stored"]
    assert (row := attended(day)) is not None
    assert row.status == "present"
    rebuild(now=utc_now())
    assert (row := attended(day)) is not None
    assert row.status == "present"


def test_nobody_takes_a_void_back_in_the_name_of_another(
    app: Flask, day: Day, phone: Phone, arrived: str
) -> None:
    mistaken = phone.record("void", day.at(1), session=str(day.session.id), target=arrived)
    phone.upload()
    thief = paired_by(app, day.cast.tess)
    thief.by = day.cast.cora.id
    thief.record("void", day.at(5), session=str(day.session.id), target=mistaken)
    thief.upload()
    row = attended(day)
    assert row is None or row.status != "present"


def test_nobody_witnesses_a_release_in_the_name_of_another(app: Flask, day: Day, phone: Phone) -> None:
    told = {"session": str(day.session.id), "badge_hash": day.badges[0].badge_hash, "granted": True}
    thief = paired_by(app, day.cast.tess)
    thief.by = day.cast.tom.id
    thief.record("consent", day.at(5), **told)
    assert verdicts(thief.upload()) == ["stored"]
    assert db.session.scalars(sa.select(Release)).all() == []
    phone.record("consent", day.at(6), **told)
    phone.upload()
    release = db.session.scalars(sa.select(Release)).one()
    assert release.witnessed_by_id == day.cast.tom.id


def test_nobody_marks_an_assessment_in_the_name_of_another(app: Flask, day: Day, arrived: str) -> None:
    thief = paired_by(app, day.cast.tess)
    thief.by = day.cast.tom.id
    thief.record("assessment", day.at(5), enrollment=str(day.enrollments[0].id), score=100)
    thief.upload()
    db.session.expire_all()
    assert db.session.get_one(Completion, day.enrollments[0].id).score is None
    thief.by = day.cast.tess.id
    assert thief.pack()["enrollments"] == []


def test_what_a_trainer_told_before_pairing_counts_from_then_on(
    app: Flask, day: Day, phone: Phone, arrived: str
) -> None:
    shared = paired_by(app, day.cast.tess)
    shared.by = day.cast.cora.id
    told = {"enrollment": str(day.enrollments[0].id)}
    shared.record("void", day.at(5), session=str(day.session.id), target=arrived)
    shared.record("assessment", day.at(6), score=80, **told)
    shared.record("consent", day.at(7), granted=True, **told)
    shared.upload()
    code = accounts.create_pairing_code(actor=day.cast.cora, now=utc_now())
    db.session.commit()
    shared.pair(code)

    def outcome() -> tuple[object, ...]:
        db.session.expire_all()
        row = attended(day)
        learned = db.session.get_one(Completion, day.enrollments[0].id)
        released = db.session.scalars(sa.select(Release.witnessed_by_id)).all()
        return row.status if row else None, learned.score, released

    assert outcome()[0] != "present"
    assert outcome()[1:] == (80, [day.cast.cora.id])
    before = outcome()
    rebuild(now=utc_now())
    assert outcome() == before


@pytest.mark.parametrize("depth", [9, 500, 930, 935, 940, 5000])
def test_what_is_nested_without_end_delays_nothing(day: Day, phone: Phone, depth: int) -> None:
    body = phone.body("note", day.at(1), text="Session that is not listed")
    nested = "[" * depth + "]" * depth
    phone.append(f'{{"ad_hoc": {{"a": {nested}}}, {json.dumps(body)[1:]}'.encode())
    phone.record("check_in", day.at(2), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    assert verdicts(phone.upload()) == ["quarantined", "stored"]


def test_a_listed_session_s_description_is_kept(day: Day, phone: Phone) -> None:
    where = {"id": str(day.session.id), "course": {"title": "Welding"}, "place": {"name": "Lot 4"}}
    phone.record("note", day.at(1), text="Not listed", ad_hoc=where)
    assert verdicts(phone.upload()) == ["stored"]
    assert db.session.scalars(sa.select(Event)).one().payload["ad_hoc"] == where


def test_a_phone_s_name_is_cleaned_of_what_no_database_takes(app: Flask, day: Day) -> None:
    code = accounts.create_pairing_code(actor=day.cast.tom, now=utc_now())
    db.session.commit()
    odd = Phone(app.test_client())
    told = {"code": code, "public_key": odd.jwk, "name": "Tom\x00's\u202e phone", "app_version": "1\x00"}
    assert app.test_client().post("/api/v1/devices", json=told).status_code == 201
    device = db.session.scalars(sa.select(Device)).one()
    assert (device.name, device.app_version) == ("Tom 's phone", "1")


def leave(person: Person, cast: Any, how: str) -> None:
    now = utc_now()
    if how == "archived":
        accounts.archive_person(person, actor=cast.ada, now=now)
    else:
        accounts.end_role(person.memberships[0], actor=cast.ada, now=now)
    db.session.commit()


@pytest.mark.parametrize("how", ["archived", "role ended"])
def test_a_phone_forgets_the_sessions_of_a_trainer_who_left(day: Day, phone: Phone, how: str) -> None:
    known = phone.pack()
    names = {row["name"] for row in known["enrollments"]}
    assert len(names) == 6
    leave(day.cast.tom, day.cast, how)
    later = phone.pack(epoch=known["epoch"], cursor=known["cursor"])
    assert not later["sessions"]
    assert not later["enrollments"]
    held = {row["id"] for kind in ("sessions", "cohorts", "enrollments") for row in known[kind]}
    assert held <= set(later["gone"])
    anew = phone.pack()
    assert (anew["sessions"], anew["cohorts"], anew["enrollments"]) == ([], [], [])


@pytest.mark.parametrize("how", ["archived", "role ended"])
def test_a_trainer_who_comes_back_finds_everything_again(day: Day, phone: Phone, how: str) -> None:
    known = phone.pack()
    leave(day.cast.tom, day.cast, how)
    away = phone.pack(epoch=known["epoch"], cursor=known["cursor"])
    if how == "archived":
        accounts.restore_person(day.cast.tom, actor=day.cast.ada, now=utc_now())
    else:
        accounts.give_role(
            day.cast.tom, organization=day.cast.college, role="trainer", actor=day.cast.ada, now=utc_now()
        )
    db.session.commit()
    back = phone.pack(epoch=away["epoch"], cursor=away["cursor"])
    for kind in ("sessions", "cohorts", "enrollments"):
        assert {row["id"] for row in back[kind]} == {row["id"] for row in known[kind]}


def test_a_shared_phone_keeps_what_its_other_trainer_needs(day: Day, phone: Phone) -> None:
    code = accounts.create_pairing_code(actor=day.cast.cora, now=utc_now())
    db.session.commit()
    phone.pair(code)
    known = phone.pack()
    leave(day.cast.tom, day.cast, "archived")
    assert phone.pack()["sessions"] == []
    assert phone.pack(epoch=known["epoch"], cursor=known["cursor"])["gone"]


def test_a_browser_s_cookie_is_nothing_to_the_api(day: Day, signed_in_as: Any) -> None:
    browser = signed_in_as(day.cast.tom)
    assert browser.get("/api/v1/pack").status_code == 401
    assert browser.post("/api/v1/events", json={}).status_code == 401


def test_a_phone_s_token_opens_no_page(phone: Phone) -> None:
    headers = {"Authorization": f"Bearer {phone.token}"}
    for page in ("/home", "/devices", "/calendar", "/settings"):
        assert phone.client.get(page, headers=headers).location.startswith("/sign-in"), page


def test_a_revoked_phone_learns_nothing_and_changes_nothing(day: Day, phone: Phone) -> None:
    device = db.session.scalars(sa.select(Device)).one()
    accounts.revoke_device(device, actor=day.cast.cora, now=utc_now())
    db.session.commit()
    assert phone.pack() == {"device_revoked": True}
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    assert verdicts(phone.upload()) == ["quarantined"]
    assert attended(day) is None
    code = accounts.create_pairing_code(actor=day.cast.tess, now=utc_now())
    db.session.commit()
    told = {"code": code, "public_key": phone.jwk}
    answer = phone.client.post(
        "/api/v1/devices", json=told, headers={"Authorization": f"Bearer {phone.token}"}
    )
    assert answer.status_code == 403


def test_a_pairing_code_works_once_and_not_for_long(app: Flask, day: Day) -> None:
    code = accounts.create_pairing_code(actor=day.cast.tom, now=utc_now() - timedelta(minutes=11))
    db.session.commit()
    told = {"code": code, "public_key": Phone(app.test_client()).jwk}
    assert app.test_client().post("/api/v1/devices", json=told).status_code == 400
    code = accounts.create_pairing_code(actor=day.cast.tom, now=utc_now())
    db.session.commit()
    told["code"] = code
    assert app.test_client().post("/api/v1/devices", json=told).status_code == 201
    assert app.test_client().post("/api/v1/devices", json=told).status_code == 400
