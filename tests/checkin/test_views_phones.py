"""The screens of phones: what each sent, what is missing, what worries; who sees which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Device
from labtracker.accounts.services import create_pairing_code
from labtracker.checkin.models import Watermark
from labtracker.checkin.queries.phones import HeldPhone, held_phones, latest_arrivals, odd_records
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.checkin.conftest import Day, counted
from tests.checkin.phone import Phone
from tests.checkin.test_intake import shut_out


@pytest.fixture
def cora(signed_in_as: Any, day: Day) -> FlaskClient:
    return signed_in_as(day.cast.cora)


def scans(phone: Phone, day: Day, count: int) -> None:
    for number in range(count):
        who = day.badges[number % len(day.badges)].badge_hash
        phone.record("check_in", day.at(number), session=str(day.session.id), badge_hash=who)


def held(**more: Any) -> HeldPhone:
    db.session.expire_all()
    devices = db.session.scalars(sa.select(Device).where(Device.is_web.is_(False))).all()
    assert len(devices) == 1
    return held_phones(devices, version="2", now=utc_now(), **more)[0]


def seen(days_ago: float) -> None:
    db.session.execute(sa.update(Device).values(last_seen_at=utc_now() - timedelta(days=days_ago)))
    db.session.commit()


def carrier_of(app: Flask, day: Day) -> Phone:
    code = create_pairing_code(actor=day.cast.tess, now=utc_now())
    db.session.commit()
    carrier = Phone(app.test_client())
    carrier.pair(code)
    return carrier


def test_what_is_missing_is_told_by_its_numbers(phone: Phone, day: Day) -> None:
    scans(phone, day, 9)
    phone.upload([*phone.items[:2], *phone.items[4:6], *phone.items[8:]])
    found = held()
    assert (found.have, found.missing, found.lost) == (2, [(3, 4), (7, 8)], [])
    assert found.worries == ["missing"]
    phone.upload()
    found = held()
    assert (found.have, found.missing, found.worries) == (9, [], [])


def test_what_the_phone_lost_stays_on_record(phone: Phone, day: Day) -> None:
    scans(phone, day, 4)
    phone.upload([phone.items[0], phone.items[3]], lost=[2, 3])
    found = held()
    assert (found.have, found.missing, found.lost, found.worries) == (4, [], [(2, 3)], ["lost"])


def test_what_waits_for_a_backup_is_counted(phone: Phone, day: Day) -> None:
    scans(phone, day, 5)
    phone.upload()
    assert held().unsaved == 5
    db.session.execute(sa.update(Watermark).values(durable_seq=3))
    db.session.commit()
    assert held().unsaved == 2
    assert held(keeps_all=True).unsaved == 0


def test_a_fork_is_seen(phone: Phone, day: Day) -> None:
    scans(phone, day, 1)
    phone.upload()
    other = phone.frame(phone.body("note", day.at(2), text="other"), seq=1, prev="0" * 64)
    phone.upload([other])
    found = held()
    assert (found.contradictions, found.worries) == (1, ["forked"])
    device_id = found.device.id
    assert [event.flags for _frame, event in odd_records(device_id)] == [["fork"], ["fork"]]


def test_a_new_count_is_a_chain_of_its_own(phone: Phone, day: Day) -> None:
    scans(phone, day, 2)
    phone.upload()
    phone.incarnation, phone.items, phone.last_hash = "ab", [], "0" * 64
    scans(phone, day, 1)
    phone.upload()
    found = held()
    assert [(chain.incarnation, chain.have) for chain in found.chains] == [("ab", 1), ("00c0ffee00c0ffee", 2)]
    assert found.have == 3


def test_a_phone_tells_its_version_and_whether_its_storage_is_kept(phone: Phone, day: Day) -> None:
    phone.upload()
    assert held().worries == []
    phone.upload(app_version="1", persisted=False)
    device = held().device
    assert (device.app_version, device.is_version_told, device.is_persisted) == ("1", True, False)
    assert held().worries == ["may_be_cleared", "old_app"]
    # What makes no sense is no reason to lose a record.
    scans(phone, day, 1)
    assert phone.upload(app_version=["2"], persisted="yes")["have"]["seq"] == 1
    assert phone.upload(app_version="1\x00", persisted=True)["have"]["seq"] == 1
    assert held().device.app_version == "1"
    phone.upload(app_version="2", persisted=True)
    assert held().worries == []


def test_a_contact_is_noted_now_and_then(phone: Phone, day: Day) -> None:
    seen(days_ago=0.1)
    phone.upload()
    noted = held().device.last_seen_at
    assert noted is not None
    assert utc_now() - noted < timedelta(minutes=1)
    phone.upload()
    assert held().device.last_seen_at == noted


def test_a_phone_that_was_long_away_before_a_session_worries(phone: Phone, day: Day) -> None:
    seen(days_ago=3)
    assert held().worries == ["unseen"]
    assert held().next_session_at == day.session.starts_at
    day.session.cancelled_at = utc_now()
    db.session.commit()
    assert held().worries == []


def test_uploads_are_listed_with_who_carried_them(app: Flask, phone: Phone, day: Day) -> None:
    scans(phone, day, 3)
    phone.upload(phone.items[:1])
    carrier = carrier_of(app, day)
    carrier.post(phone.envelope(phone.items[1:], seal=phone.seal(phone.items[2])))
    device = db.session.scalars(sa.select(Device).order_by(Device.paired_at)).first()
    assert device is not None
    told = [(one.count, one.first, one.last, one.carrier) for one in latest_arrivals(device.id)]
    assert told == [(2, 2, 3, "Tom's phone"), (1, 1, 1, None)]


def test_more_phones_take_no_more_statements(app: Flask, phone: Phone, day: Day) -> None:
    scans(phone, day, 3)
    phone.upload([phone.items[0], phone.items[2]])
    counts = []
    for _more in range(2):
        devices = db.session.scalars(sa.select(Device)).all()
        with counted() as statements:
            held_phones(devices, version="2", now=utc_now())
        counts.append(len(statements))
        other = carrier_of(app, day)
        scans(other, day, 3)
        other.upload([other.items[0], other.items[2]])
    assert counts[0] == counts[1]


# --- Screens ---


def test_the_office_sees_all_phones_and_trainers_their_own(
    signed_in_as: Any, cora: FlaskClient, phone: Phone, day: Day
) -> None:
    scans(phone, day, 5)
    phone.upload([phone.items[0], *phone.items[3:]])
    page = cora.get("/devices").text
    for words in ("Tom&#39;s phone", "Tom Baca", "missing 2–3", "Audit trail", f"/devices/{phone.device}"):
        assert words in page
    tom = signed_in_as(day.cast.tom)
    page = tom.get("/devices").text
    assert "missing 2–3" in page
    assert "Audit trail" not in page
    assert f'href="/devices/{phone.device}/revocation"' in tom.get(f"/devices/{phone.device}").text
    assert "Tom&#39;s phone" not in signed_in_as(day.cast.tess).get("/devices").text


def test_one_phone_is_told_in_full(cora: FlaskClient, phone: Phone, day: Day) -> None:
    scans(phone, day, 4)
    phone.record("check_in", day.at(9), session=str(day.session.id), badge_hash="ab" * 32)
    phone.upload(phone.items[:1])
    phone.upload([*phone.items[1:2], phone.items[4]], lost=[3])
    shut_out(phone, day)
    phone.record("note", day.at(10), text="late")
    phone.upload(phone.items[5:])
    page = cora.get(f"/devices/{phone.device}").text
    for words in (
        "missing 4",
        "lost 3",
        "unknown badge",
        "Revoked.",
        "To the records that wait",
        "not told since pairing",
        "2–5",
        "itself",
    ):
        assert words in page


def test_a_phone_that_sent_nothing_has_a_page(cora: FlaskClient, phone: Phone) -> None:
    page = cora.get(f"/devices/{phone.device}").text
    assert "It has sent nothing yet." in page
    assert "What came in last" not in page


def test_a_revoked_phone_says_so_in_the_list(cora: FlaskClient, phone: Phone, day: Day) -> None:
    shut_out(phone, day)
    assert "revoked" in cora.get("/devices").text
    assert f"/devices/{phone.device}/revocation" not in cora.get(f"/devices/{phone.device}").text


def test_phones_are_not_for_everybody(signed_in_as: Any, client: FlaskClient, phone: Phone, day: Day) -> None:
    cast, one = day.cast, f"/devices/{phone.device}"
    for page in ("/devices", one):
        assert client.get(page).status_code == 302
        assert signed_in_as(cast.emil).get(page).status_code == 403
        assert signed_in_as(cast.rita).get(page).status_code == 403
        assert signed_in_as(cast.tom).post(page).status_code == 405
    assert signed_in_as(cast.ada).get("/devices").status_code == 200
    assert signed_in_as(cast.tess).get(one).status_code == 404
    assert signed_in_as(cast.tom).get("/devices/00000000-0000-7000-8000-000000000000").status_code == 404
