"""Pairing over the API, and who is let in at all."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Device
from labtracker.accounts.services import create_pairing_code
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint
from labtracker.kit.time import utc_now
from tests.cast import Cast
from tests.checkin.phone import Phone


def code_for(cast: Cast) -> str:
    code = create_pairing_code(actor=cast.tom, now=utc_now())
    db.session.commit()
    return code


def test_a_code_pairs_one_phone_once(app: Flask, cast: Cast) -> None:
    code = code_for(cast)
    phone = Phone(app.test_client())
    told = phone.pair(code)
    assert told["trainer"] == {"id": str(cast.tom.id), "name": "Tom Baca", "language": "en"}
    assert told["badge_hosts"] == ["127.0.0.1:8000"]
    assert set(told) == {"device", "token", "trainer", "now", "badge_hosts"}
    again = app.test_client().post(
        "/api/v1/devices", json={"code": code, "public_key": phone.jwk, "name": "x", "app_version": "1"}
    )
    assert again.status_code == 400
    assert again.json is not None
    assert again.json["errors"][0]["code"] == "pairing_code_unknown"


def test_the_token_is_nowhere_in_the_database(app: Flask, cast: Cast) -> None:
    phone = Phone(app.test_client())
    phone.pair(code_for(cast))
    device = db.session.get_one(Device, UUID(phone.device))
    assert device.token_fingerprint == fingerprint(phone.token)
    for table in db.metadata.sorted_tables:
        assert phone.token not in repr(db.session.execute(sa.select(table)).all())


@pytest.mark.parametrize(
    "key",
    [
        None,
        {},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "RSA", "n": "x", "e": "AQAB"},
    ],
)
def test_a_key_that_is_none_is_refused_and_the_code_stays_good(app: Flask, cast: Cast, key: Any) -> None:
    code = code_for(cast)
    answer = app.test_client().post("/api/v1/devices", json={"code": code, "public_key": key, "name": "x"})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["errors"][0]["code"] == "bad_key"
    Phone(app.test_client()).pair(code)


def test_only_the_public_half_of_a_key_is_kept(app: Flask, cast: Cast) -> None:
    phone = Phone(app.test_client())
    answer = app.test_client().post(
        "/api/v1/devices",
        json={"code": code_for(cast), "public_key": {**phone.jwk, "d": "secret"}, "name": "x"},
    )
    assert answer.status_code == 201
    (device,) = db.session.query(Device).all()
    assert device.public_key == phone.jwk


def test_an_old_code_does_not_pair(app: Flask, cast: Cast) -> None:
    code = create_pairing_code(actor=cast.tom, now=utc_now() - timedelta(minutes=11))
    db.session.commit()
    phone = Phone(app.test_client())
    answer = app.test_client().post("/api/v1/devices", json={"code": code, "public_key": phone.jwk})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "no_token"),
        ({"Authorization": "Basic eDp5"}, "no_token"),
        ({"Authorization": "Bearer "}, "no_token"),
        ({"Authorization": "Bearer nobody"}, "unknown_token"),
    ],
)
def test_without_a_phones_token_nobody_gets_in(
    client: FlaskClient, headers: dict[str, str], code: str
) -> None:
    envelope = {"device": "018f5e3a-7c11-7abc-8def-0123456789ab", "incarnation": "1", "items": []}
    for answer in (
        client.get("/api/v1/pack", headers=headers),
        client.post("/api/v1/events", json=envelope, headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.json is not None
        assert answer.json["ok"] is False
        assert answer.json["errors"][0]["code"] == code


def test_a_signed_in_browser_alone_gets_nothing(signed_in_as: Any, cast: Cast) -> None:
    assert signed_in_as(cast.tom).get("/api/v1/pack").status_code == 401


@pytest.mark.parametrize(("method", "path"), [("get", "/events"), ("get", "/devices"), ("post", "/pack")])
def test_wrong_methods_are_refused_in_json(client: FlaskClient, method: str, path: str) -> None:
    answer = getattr(client, method)("/api/v1" + path)
    assert answer.status_code == 405
    assert answer.json["ok"] is False


def post(phone: Phone, raw: bytes, **headers: str) -> tuple[int, str]:
    answer = phone.client.post(
        "/api/v1/events",
        data=raw,
        headers={
            "Authorization": f"Bearer {phone.token}",
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )
    told = answer.json
    assert told is not None
    return answer.status_code, told["errors"][0]["code"] if answer.status_code != 200 else "ok"


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "bad_json"),
        (b"not json", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"items": ' + b"[" * 100_000, 400, "bad_json"),
        (b"[]", 400, "bad_envelope"),
        (b"{}", 400, "bad_envelope"),
        (b'{"device": 5, "incarnation": "1", "items": []}', 400, "bad_envelope"),
        (b'{"device": "x", "incarnation": "1", "items": []}', 400, "bad_envelope"),
        (
            b'{"device": "018f5e3a-7c11-7abc-8def-0123456789ab", "incarnation": "G", "items": []}',
            400,
            "bad_envelope",
        ),
        (
            b'{"device": "018f5e3a-7c11-7abc-8def-0123456789ab", "incarnation": "1", "items": {}}',
            400,
            "bad_envelope",
        ),
        (b'{"x": "' + b"a" * 1024 * 1024 + b'"}', 413, "too_large"),
    ],
)
def test_an_envelope_that_is_none_is_refused(phone: Phone, raw: bytes, status: int, code: str) -> None:
    assert post(phone, raw) == (status, code)


def test_sizes_and_encodings(phone: Phone) -> None:
    many = json.dumps(phone.envelope([{}] * 501)).encode()
    assert post(phone, many) == (413, "too_many_items")
    assert post(phone, gzip.compress(b" " * 50_000_000), Content_Encoding="gzip") == (413, "too_large")
    assert post(phone, b"xx", Content_Encoding="gzip") == (400, "bad_encoding")
    packed = gzip.compress(json.dumps(phone.envelope([])).encode())
    assert post(phone, packed[:-9], Content_Encoding="gzip") == (400, "bad_encoding")
    assert post(phone, b"{}", Content_Encoding="br") == (415, "bad_encoding")
    assert post(phone, b"{}", Content_Type="text/plain") == (415, "wrong_type")
    assert post(phone, packed, Content_Encoding="gzip") == (200, "ok")
    unknown = json.dumps({**phone.envelope([]), "colour": "green", "seal": None}).encode()
    assert post(phone, unknown) == (200, "ok")
