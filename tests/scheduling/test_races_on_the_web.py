"""Sixteen press at the same moment, each in a browser, before a real server with real threads."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from labtracker.accounts import sign_in
from labtracker.accounts.models import Person
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.cast import build_cast
from tests.conftest import TEST_SETTINGS
from tests.databases import Databases
from tests.scheduling.builders import quiet_monday, submitted
from tests.scheduling.test_races import CROWD, deployments, real

__all__ = ["real"]


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The application on a port of its own, with a thread for each who asks."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def cookie_of(app: Flask, person: Person) -> str:
    """The cookie of a browser in which somebody is signed in."""
    browser = app.test_client()
    signed = sign_in.begin(person, now=utc_now())
    db.session.commit()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = signed.get_id(), True
    kept = browser.get_cookie("session")
    assert kept is not None
    return f"session={kept.value}"


def press(port: int, path: str, form: dict[str, str], headers: dict[str, str]) -> tuple[int, str]:
    """Send a form; the status of the answer and what it says."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        body = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        line.request("POST", path, urlencode(form), body)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def placing(app: Flask) -> tuple[list[UUID], dict[str, str], str]:
    """Sixteen requests, what each is to be placed with, and the coordinator's cookie."""
    with app.app_context():
        now, cast = utc_now(), build_cast()
        monday = quiet_monday(now)
        windows = [(monday, monday.replace(year=monday.year + 1))]
        bookings = [submitted(cast, now, windows=windows).id for _ in range(CROWD)]
        db.session.commit()
        form = {
            "lab": str(cast.welding_lab.id),
            "first_on": monday.isoformat(),
            "trainers": str(cast.tom.id),
            "arrangement": "alternating",
            "delivery_mode": "employer_site",
        }
        return bookings, form, cookie_of(app, cast.cora)


def test_one_lab_goes_to_exactly_one_of_sixteen_and_the_rest_hear_why(real: Flask) -> None:
    bookings, form, cookie = placing(real)
    gate, answers = threading.Barrier(CROWD), [(0, "")] * CROWD

    def send(index: int) -> None:
        # The board's script and the page, in turns.
        verb, accepted = (("placements", "application/json"), ("approval", "text/html"))[index % 2]
        gate.wait()
        path = f"/bookings/{bookings[index]}/{verb}"
        answers[index] = press(port, path, form, {"Cookie": cookie, "Accept": accepted})

    with served(real) as port:
        threads = [threading.Thread(target=send, args=(index,)) for index in range(CROWD)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(status for status, _said in answers)[1:] == [409] * (CROWD - 1)
    assert min(status for status, _said in answers) in (200, 303)
    assert all("Welding lab is taken by the deployment" in said for status, said in answers if status == 409)
    refusals = [json.loads(said) for status, said in answers[::2] if status == 409]
    assert all(one["errors"][0]["conflicts"][0]["ways_out"] for one in refusals)
    assert deployments(real) == 1


@pytest.fixture
def on_sqlite(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An application on SQLite, whatever is tested: on PostgreSQL nobody waits but for the same lab."""
    address = databases.create_with_tables("sqlite")
    app = create_app(DATABASE_URL=address, INSTANCE_DIR=str(tmp_path), **TEST_SETTINGS)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("verb", ["placements", "approval"])
def test_who_is_refused_looks_for_ways_out_when_others_may_write_again(on_sqlite: Flask, verb: str) -> None:
    bookings, form, cookie = placing(on_sqlite)
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    accepted = {"Cookie": cookie, "Accept": "application/json" if verb == "placements" else "text/html"}
    with served(on_sqlite) as port:
        assert press(port, f"/bookings/{bookings[0]}/{verb}", form, accepted)[0] in (200, 303)
        with on_sqlite.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        sa.event.listen(engine, "rollback", lambda _connection: said.append("ROLLBACK"))
        status, _said = press(port, f"/bookings/{bookings[1]}/{verb}", form, accepted)
    assert status == 409
    first, written, afterwards = said[0], said[: said.index("ROLLBACK")], said[said.index("ROLLBACK") :]
    assert first == "BEGIN IMMEDIATE"
    # The rest is a snapshot that keeps nobody from writing.
    assert afterwards[1] == "BEGIN"
    assert "BEGIN IMMEDIATE" not in afterwards
    assert len(afterwards) > 10
    assert not [one for one in written if "INSERT" in one]
