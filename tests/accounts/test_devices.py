"""Pairing codes work once, for ten minutes, and revoked phones stay known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import zxingcpp
from flask.testing import FlaskClient

from labtracker.accounts.models import PairingCode, Person
from labtracker.accounts.qr import qr_path
from labtracker.accounts.services import (
    create_pairing_code,
    device_by_token,
    redeem_pairing_code,
    revoke_device,
)
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.cast import Cast

SignedInAs = Callable[[Person], FlaskClient]


def pair(code: str, now: datetime, **more: object):  # type: ignore[no-untyped-def]
    return redeem_pairing_code(
        code, public_key={"kty": "EC"}, name="Tom's phone", app_version="1", now=now, **more
    )


def test_code_pairs_one_phone(cast: Cast, now: datetime) -> None:
    code = create_pairing_code(actor=cast.tom, now=now)
    assert len(code) == 8
    pairing = pair(f"{code[:4].lower()}-{code[4:]}", now)
    assert pairing.trainer is cast.tom
    assert device_by_token(pairing.token) is pairing.device
    with pytest.raises(DomainError, match="mistyped, used or older"):
        pair(code, now)


def test_letters_that_look_like_digits_are_read_as_digits(cast: Cast, now: datetime) -> None:
    code = create_pairing_code(actor=cast.tom, now=now)
    assert pair(code.replace("0", "o").replace("1", "l"), now).trainer is cast.tom


def test_code_lapses_after_ten_minutes_and_when_a_new_one_is_made(cast: Cast, now: datetime) -> None:
    old = create_pairing_code(actor=cast.tom, now=now)
    with pytest.raises(DomainError):
        pair(old, now + timedelta(minutes=10))
    create_pairing_code(actor=cast.tom, now=now)
    with pytest.raises(DomainError):
        pair(old, now)


def test_second_trainer_joins_the_same_phone(cast: Cast, now: datetime) -> None:
    first = pair(create_pairing_code(actor=cast.tom, now=now), now)
    second = pair(create_pairing_code(actor=cast.tess, now=now), now, device=first.device)
    assert second.token is None
    assert {row.person.name for row in second.device.trainers} == {"Tom Baca", "Tess Nakai"}


def test_a_code_dies_with_its_owners_role(cast: Cast, now: datetime) -> None:
    code = create_pairing_code(actor=cast.tess, now=now)
    cast.tess.memberships[0].ended_at = now
    db.session.flush()
    with pytest.raises(DomainError, match="mistyped, used or older than ten minutes"):
        pair(code, now)


def test_employer_gets_no_code(cast: Cast, now: datetime) -> None:
    with pytest.raises(DomainError) as refusal:
        create_pairing_code(actor=cast.emil, now=now)
    assert refusal.value.code == "not_a_trainer"


def test_revoked_phone_stays_known_and_takes_no_more_trainers(cast: Cast, now: datetime) -> None:
    pairing = pair(create_pairing_code(actor=cast.tom, now=now), now)
    revoke_device(pairing.device, actor=cast.cora, now=now)
    known = device_by_token(pairing.token)
    assert known is not None
    assert known.revoked_at == now
    with pytest.raises(DomainError) as refusal:
        pair(create_pairing_code(actor=cast.tess, now=now), now, device=known)
    assert refusal.value.code == "device_revoked"


def test_no_token_is_no_phone(cast: Cast) -> None:
    assert device_by_token("") is None
    assert device_by_token("guess") is None


# --- Screens ---


def test_a_code_is_shown_after_a_press_and_pairs(cast: Cast, signed_in_as: SignedInAs) -> None:
    tom = signed_in_as(cast.tom)
    assert tom.get("/devices/pair").status_code == 200
    assert db.session.execute(sa.select(PairingCode)).first() is None
    shown = tom.post("/devices/pair")
    found = re.search(r'/checkin#pair=([0-9A-Z]{8})"', shown.text)
    assert found
    code = found.group(1)
    assert f">{code[:4]} {code[4:]}<" in shown.text
    assert '<svg class="pairing-qr"' in shown.text
    assert "style=" not in shown.text
    assert pair(code, utc_now()).trainer.id == cast.tom.id


def test_the_picture_holds_the_address(cast: Cast) -> None:
    address = "https://training.example.org/checkin#pair=ABCD2345"
    path, size = qr_path(address)
    scale = 6
    picture = bytearray(b"\xff" * (size * scale) ** 2)
    for x, y, width in (map(int, found) for found in re.findall(r"M(\d+) (\d+)h(\d+)v1", path)):
        for line in range(y * scale, (y + 1) * scale):
            start = line * size * scale + x * scale
            picture[start : start + width * scale] = bytes(width * scale)
    image = memoryview(picture).cast("B", (size * scale, size * scale))
    assert [read.text for read in zxingcpp.read_barcodes(image)] == [address]


def test_a_phone_is_revoked_by_its_trainers_and_the_office(cast: Cast, signed_in_as: SignedInAs) -> None:
    pairing = pair(create_pairing_code(actor=cast.tom, now=utc_now()), utc_now())
    db.session.commit()
    device_id = pairing.device.id
    revoking = f"/devices/{device_id}/revocation"
    assert signed_in_as(cast.tess).post(revoking).status_code == 404
    assert signed_in_as(cast.emil).post(revoking).status_code == 403
    asked = signed_in_as(cast.tom).get(revoking)
    assert "This cannot be undone" in asked.text
    db.session.refresh(pairing.device)
    assert pairing.device.revoked_at is None
    assert signed_in_as(cast.tom).put(revoking).status_code == 405
    assert signed_in_as(cast.tom).post(revoking).status_code == 303
    db.session.refresh(pairing.device)
    assert pairing.device.revoked_at is not None
    assert signed_in_as(cast.cora).post(revoking).status_code == 303


def test_pairing_is_not_for_everybody(cast: Cast, signed_in_as: SignedInAs, client: FlaskClient) -> None:
    page = "/devices/pair"
    assert client.get(page).status_code == 302
    assert signed_in_as(cast.emil).get(page).status_code == 403
    assert signed_in_as(cast.rita).get(page).status_code == 403
    assert signed_in_as(cast.ada).get(page).status_code == 200
    assert signed_in_as(cast.tom).put(page).status_code == 405
