"""A phone that lies: each lie is kept, named, believed no further than it can be true, and delays nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.services import create_pairing_code
from labtracker.checkin.models import WATERMARKS, Attendance, Event, InboxFrame
from labtracker.checkin.rules.frames import NO_HASH
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import to_ms, utc_now
from tests.cast import organization, person
from tests.checkin.conftest import Day, counted
from tests.checkin.phone import Phone, verdicts


@pytest.fixture
def elsewhere(app: Flask, day: Day) -> Phone:
    """The phone of a trainer of another provider, who has nothing to do with this day."""
    mesa = organization(OrganizationKind.PROVIDER, "Mesa Technical College")
    trainer = person("walt@mesa.example", "Walt Ibáñez", mesa, Role.TRAINER)
    db.session.flush()
    code = create_pairing_code(actor=trainer, now=utc_now())
    db.session.commit()
    phone = Phone(app.test_client())
    phone.pair(code)
    return phone


def someone(day: Day, number: int = 0) -> dict[str, str]:
    """A worker of the day, in its session."""
    return {"session": str(day.session.id), "badge_hash": day.badges[number].badge_hash}


def events() -> list[Event]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Event).order_by(Event.frame_id)))


def chains() -> list[tuple[object, ...]]:
    """The watermarks as they are stored."""
    db.session.expire_all()
    return [tuple(row) for row in db.session.execute(sa.select(WATERMARKS))]


def present(day: Day) -> int:
    """How many count as present in the day's session."""
    rows = sa.select(sa.func.count()).select_from(Attendance)
    return db.session.scalar(rows.where(Attendance.status == "present")) or 0


def test_another_devices_id(elsewhere: Phone, phone: Phone, day: Day) -> None:
    phone.record("check_in", day.at(0), **someone(day))
    # In the envelope: it claims to carry for a phone that gave it no seal.
    [told] = elsewhere.post(phone.envelope()).json["results"]
    assert (told["verdict"], told["code"]) == ("quarantined", "unproved_relay")
    # In the frame: its own envelope, another's header.
    [told] = elsewhere.upload([phone.items[0]])["results"]
    assert (told["verdict"], told["code"]) == ("quarantined", "wrong_header")
    assert events() == []
    answer = phone.upload()
    assert verdicts(answer) == ["stored"]
    assert answer["have"] == {"seq": 1, "hash": phone.last_hash}
    assert present(day) == 1


def test_a_forged_seal(elsewhere: Phone, phone: Phone, day: Day) -> None:
    made_up = Phone(phone.client, device=phone.device, by=phone.by)
    made_up.record("check_in", day.at(0), **someone(day))
    answer = elsewhere.post(made_up.envelope(seal=made_up.seal(made_up.items[-1]))).json
    assert [told["code"] for told in answer["results"]] == ["unproved_relay"]
    assert (answer["have"]["seq"], answer["missing"]) == (0, [])
    assert events() == []
    phone.record("check_in", day.at(1), **someone(day, 1))
    assert verdicts(phone.upload()) == ["stored"]
    assert present(day) == 1


def test_who_proves_nothing_learns_nothing_of_a_chain(elsewhere: Phone, phone: Phone, day: Day) -> None:
    for minute in range(3):
        phone.record("check_in", day.at(minute), **someone(day, minute))
    phone.upload([phone.items[0], phone.items[2]])
    before = chains()
    nothing = {"seq": 0, "hash": NO_HASH}
    made_up = phone.frame(phone.body("note", day.at(5), text="x"))
    for asked in ([], phone.items[:1], [made_up], [{"seq": 1, "hash": "nonsense", "frame": ""}]):
        answer = elsewhere.post(phone.envelope(asked, lost=[2])).json
        assert (answer["have"], answer["missing"], answer["durable"]) == (nothing, [], nothing)
    assert chains() == before
    # The maker's own seal is what a carrier needs, and then it hears of the chain as before.
    answer = elsewhere.post(phone.envelope(seal=phone.seal(phone.items[-1]))).json
    assert answer["have"] == {"seq": 3, "hash": phone.last_hash}


def test_a_phone_that_nobody_paired_gets_no_chain(elsewhere: Phone, day: Day) -> None:
    nobodys = Phone(elsewhere.client, device=str(uuid7()), token=elsewhere.token, by=elsewhere.by)
    nobodys.record("check_in", day.at(0), **someone(day))
    for asked in ([], nobodys.items):
        seal = nobodys.seal(nobodys.items[0])
        assert nobodys.upload(asked, seal=seal)["have"] == {"seq": 0, "hash": NO_HASH}
    assert chains() == []
    # What it brought is kept all the same, and each answer rests on something written.
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame)) == 1
    with counted() as statements:
        nobodys.upload()
    assert any(statement.startswith("UPDATE device") for statement in statements)


def test_a_number_that_jumps_to_the_highest(phone: Phone, day: Day) -> None:
    phone.record("check_in", day.at(0), **someone(day))
    highest = phone.frame(phone.body("check_in", day.at(1), **someone(day, 1)), seq=2**53 - 1)
    beyond = {**highest, "seq": 2**53}
    answer = phone.upload([phone.items[0], highest, beyond])
    assert verdicts(answer) == ["stored", "stored", "retry"]
    assert answer["have"]["seq"] == 1
    assert answer["missing"] == [[2, 2**53 - 2]]
    phone.record("check_in", day.at(2), **someone(day, 2))
    answer = phone.upload(phone.items[1:])
    assert verdicts(answer) == ["stored"]
    assert answer["have"]["seq"] == 2
    assert present(day) == 3


@pytest.mark.parametrize("year", [1970, 2100], ids=lambda year: f"clock in {year}")
def test_a_wall_clock_in_another_century(phone: Phone, day: Day, year: int) -> None:
    wall = to_ms(datetime(year, 1, 2, tzinfo=UTC))
    # It heard the office's time once: that holds, whatever its own clock shows.
    heard = {"server_ms": day.at(0), "wall_ms": wall, "mono_ms": 0, "boot": "b"}
    phone.append(phone.body("check_in", wall + 60_000, **someone(day)) | {"mono_ms": 60_000, "sync": heard})
    # It never heard it: the time is what it says, and is marked.
    phone.append(phone.body("check_in", wall, **someone(day, 1)) | {"sync": None})
    phone.record("check_in", day.at(2), **someone(day, 2))
    assert verdicts(phone.upload()) == ["stored"] * 3
    found = [(to_ms(event.at), event.time_label, event.suspect) for event in events()]
    assert found == [
        (day.at(1), "synced", True),
        (wall, "wall", True),
        (day.at(2), "synced", False),
    ]


def test_a_session_of_another_provider(elsewhere: Phone, phone: Phone, day: Day) -> None:
    came = phone.record("check_in", day.at(0), **someone(day))
    phone.upload()
    assert elsewhere.pack()["sessions"] == []
    elsewhere.record("void", day.at(1), session=str(day.session.id), target=came)
    elsewhere.record("check_in", day.at(4), **someone(day, 1))
    assert verdicts(elsewhere.upload()) == ["stored"] * 2
    found = [(event.type, event.flags) for event in events()]
    assert found == [("check_in", []), ("void", ["not_on_crew"]), ("check_in", ["not_on_crew"])]
    # The void does nothing; whoever stood before the phone is counted and marked.
    assert present(day) == 2
