"""When many phones send at once, one that finds no room is told so before anything of it is looked at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.checkin.models import InboxFrame
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint
from labtracker.web.turnstile import Turnstile
from tests.checkin.conftest import Day, counted
from tests.checkin.phone import Phone, verdicts


@contextmanager
def crowded(app: Flask, *, room: int = 1, who: str | None = None) -> Iterator[None]:
    """The one place is taken, by an upload that does not end before the block does."""
    turnstile = app.extensions["upload_turnstile"] = Turnstile(1, room=room)
    over, inside = threading.Event(), threading.Event()

    def stay() -> None:
        with turnstile.turn(who):
            inside.set()
            over.wait(20)

    thread = threading.Thread(target=stay)
    thread.start()
    assert inside.wait(20)
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_an_upload_without_room_is_told_when_to_come_again_and_is_taken_then(
    app: Flask, phone: Phone, day: Day
) -> None:
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    with crowded(app), counted() as statements:
        answer = phone.post(phone.envelope(phone.items))
    assert answer.status_code == 429
    assert answer.mimetype == "application/json"
    assert int(answer.headers["Retry-After"]) >= 1
    [error] = answer.json["errors"]
    assert answer.json["ok"] is False
    assert (error["code"], error["field"]) == ("busy", None)
    assert len(statements) == 1, "the database is asked who that is, and nothing else"
    assert verdicts(phone.upload()) == ["stored"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InboxFrame)) == 1


@pytest.mark.parametrize(("language", "words"), [("en", "Many phones"), ("es", "Muchos teléfonos")])
def test_it_is_told_in_the_readers_language(app: Flask, phone: Phone, language: str, words: str) -> None:
    headers = {"Authorization": f"Bearer {phone.token}", "Accept-Language": language}
    with crowded(app):
        answer = phone.client.post("/api/v1/events", data=b"no JSON at all", headers=headers)
    assert answer.status_code == 429, "the body is not read"
    assert answer.json["errors"][0]["message"].startswith(words)


def test_a_stranger_takes_nobodys_turn(app: Flask, phone: Phone) -> None:
    headers = {"Authorization": "Bearer made-up"}
    with crowded(app, room=2), counted() as statements:
        answers = [phone.client.post("/api/v1/events", data=b"unread", headers=headers) for _ in range(100)]
        assert app.extensions["upload_turnstile"].inside == 1
    assert {(answer.status_code, answer.json["errors"][0]["code"]) for answer in answers} == {
        (401, "unknown_token")
    }
    assert len(statements) == 100
    assert not [one for one in statements if not one.startswith("SELECT")]


def test_a_stranger_does_not_wait_for_the_writer(app: Flask, phone: Phone) -> None:
    with crowded(app), db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        answer = phone.client.post("/api/v1/events", headers={"Authorization": "Bearer made-up"})
    assert answer.status_code == 401


def test_a_stranger_moves_nobodys_slot(app: Flask, phone: Phone) -> None:
    with crowded(app):
        first = int(phone.post({}).headers["Retry-After"])
        for _time in range(200):
            phone.client.post("/api/v1/events", headers={"Authorization": "Bearer made-up"})
        assert int(phone.post({}).headers["Retry-After"]) <= first + 1


def test_a_phone_has_one_upload_at_a_time(app: Flask, phone: Phone) -> None:
    with crowded(app, room=3, who=fingerprint(phone.token)):
        answer = phone.post(phone.envelope([]))
        assert answer.status_code == 429
        assert answer.json["errors"][0]["code"] == "busy"
        assert "This phone is sending already" in answer.json["errors"][0]["message"]
        assert int(answer.headers["Retry-After"]) >= 1
        assert app.extensions["upload_turnstile"].inside == 1
    assert phone.upload([])["results"] == []


def test_meanwhile_the_pack_and_pages_are_there_and_strangers_are_strangers(app: Flask, phone: Phone) -> None:
    with crowded(app):
        assert phone.pack()["reset"] is True
        assert phone.client.get("/sign-in").status_code == 200
        assert phone.client.post("/api/v1/events", json={}).status_code == 401
    assert phone.post({}).status_code == 400
    assert phone.upload([])["results"] == [], "a refused body gives its place back"
