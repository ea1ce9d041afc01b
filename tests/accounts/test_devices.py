"""Pairing codes work once, for ten minutes, and revoked phones stay known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from labtracker.accounts.services import (
    create_pairing_code,
    device_by_token,
    redeem_pairing_code,
    revoke_device,
)
from labtracker.errors import DomainError
from tests.cast import Cast


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
    with pytest.raises(DomainError, match="not valid"):
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
