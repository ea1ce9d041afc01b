"""The demo's doors exist in demo mode only, and an open demo asks for its code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.cast import CAST
from labtracker.accounts.models import Person
from labtracker.demo.people import build_cast
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.cast import Cast


@pytest.fixture
def demo(app: Flask) -> Iterator[Flask]:
    build_cast(utc_now())
    db.session.commit()
    app.config["DEMO"] = True
    yield app
    app.config["DEMO"] = False
    app.config["DEMO_CODE"] = ""


def person_id(email: str) -> str:
    return str(db.session.execute(sa.select(Person.id).where(Person.email == email)).scalar_one())


def test_sign_in_page_offers_the_whole_cast(demo: Flask, client: FlaskClient) -> None:
    for page in ("/sign-in", "/demo"):
        text = client.get(page).text
        assert all(member.name in text for member in CAST)
        assert "DEMO" in text


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.email)
def test_one_press_and_a_visitor_is_somebody(demo: Flask, client: FlaskClient, member) -> None:  # type: ignore[no-untyped-def]
    answer = client.post(f"/demo/cast/{person_id(member.email)}")
    assert answer.location == "/home"
    assert member.email in client.get("/settings").text


def test_looking_signs_nobody_in(demo: Flask, client: FlaskClient) -> None:
    assert client.get(f"/demo/cast/{person_id(CAST[0].email)}").status_code == 405


def test_only_the_cast_can_be_been(demo: Flask, client: FlaskClient) -> None:
    somebody = Person(email="x@y.example", name="Somebody", created_at=utc_now())
    db.session.add(somebody)
    db.session.commit()
    assert client.post(f"/demo/cast/{somebody.id}").status_code == 404


def test_outside_the_demo_there_are_no_such_doors(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/demo").status_code == 404
    assert client.post(f"/demo/cast/{cast.cora.id}").status_code == 404
    assert client.get("/demo/door").status_code == 404
    assert client.get("/outbox").status_code == 404
    assert cast.cora.name not in client.get("/sign-in").text


def test_open_demo_asks_for_its_code(demo: Flask, client: FlaskClient) -> None:
    demo.config["DEMO_CODE"] = "ABC123"
    for page in ("/", "/sign-in", "/outbox", "/demo"):
        assert client.get(page).location.startswith("/demo/door"), page
    assert client.post(f"/demo/cast/{person_id(CAST[0].email)}").location == "/demo/door"
    assert client.get("/healthz").status_code == 200
    assert client.post("/demo/door", data={"code": "WRONG1"}).status_code == 422
    assert client.get("/").location.startswith("/demo/door")
    came_in = client.post("/demo/door", data={"code": "abc-123", "next": "/demo"})
    assert came_in.location == "/demo"
    assert client.get("/demo").status_code == 200
    # Being somebody starts a new session, and the door stays open.
    client.post(f"/demo/cast/{person_id(CAST[0].email)}")
    assert client.get("/settings").status_code == 200


def test_codes_cannot_be_guessed_without_end(demo: Flask, client: FlaskClient) -> None:
    demo.config["DEMO_CODE"] = "ABC123"
    answers = [client.post("/demo/door", data={"code": f"X{number}"}).status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
