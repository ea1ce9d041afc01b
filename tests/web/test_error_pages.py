"""Every failure has its page for people and its shape for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from flask.testing import FlaskClient

from labtracker.accounts.models import Organization, Person
from labtracker.app import create_app
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.web import language
from tests.cast import Cast
from tests.conftest import TEST_SETTINGS

ADDRESS = "maria@steelworks.example"
JSON = {"Accept": "application/json"}


@pytest.fixture
def failing(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application of its own on the same database, with addresses that fail in every way."""

    def fail(status: int) -> str:
        abort(status)

    def refuse() -> str:
        raise DomainError("lab_taken", "The lab is taken.", field="lab", status=409, until="Friday")

    def break_down() -> str:
        db.session.execute(sa.update(Organization).values(name="half done"))
        raise RuntimeError("nobody saw this coming")

    def half_a_person() -> None:
        db.session.execute(sa.insert(Person).values(email=ADDRESS, name=None))

    settings = {**TEST_SETTINGS, "PROPAGATE_EXCEPTIONS": False}
    own = create_app(DATABASE_URL=database_url, INSTANCE_DIR=str(tmp_path), **settings)
    for path, view in (
        ("fail/<int:status>", fail),
        ("refuse", refuse),
        ("break", break_down),
        ("half-a-person", half_a_person),
    ):
        for prefix in ("/failing/", "/api/failing/"):
            own.add_url_rule(prefix + path, f"{prefix}{path}", view, methods=["GET", "POST"])
    yield own
    with own.app_context():
        db.engine.dispose()


def test_people_get_a_page_in_their_language(failing: Flask) -> None:
    client = failing.test_client()
    for status in (400, 403, 404, 405, 413, 429, 500, 503):
        for speaks in language.LANGUAGES:
            page = client.get(f"/failing/fail/{status}", headers={"Accept-Language": speaks})
            assert page.status_code == status
            assert page.mimetype == "text/html"
            assert f'<html lang="{speaks}"' in page.text
            assert "<h1>" in page.text


def test_programs_get_one_shape(failing: Flask) -> None:
    client = failing.test_client()
    for status in (400, 403, 404, 405, 413, 415, 429, 500):
        for path, headers in ((f"/api/failing/fail/{status}", {}), (f"/failing/fail/{status}", JSON)):
            answer = client.get(path, headers=headers)
            assert answer.status_code == status
            body = answer.get_json()
            assert body["ok"] is False
            assert set(body["errors"][0]) == {"code", "message", "field"}
            assert body["errors"][0]["code"]


def test_an_address_that_is_not_there_is_told_to_programs_too(client: FlaskClient) -> None:
    assert client.get("/api/v1/nowhere").get_json()["errors"][0]["code"] == "not_found"
    wrong = client.delete("/healthz", headers=JSON)
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["Allow"]


def test_a_refusal_says_its_code_its_field_and_what_helps(failing: Flask) -> None:
    client = failing.test_client()
    answer = client.post("/api/failing/refuse")
    assert answer.status_code == 409
    assert answer.get_json() == {
        "ok": False,
        "errors": [{"code": "lab_taken", "message": "The lab is taken.", "field": "lab", "until": "Friday"}],
    }
    page = client.get("/failing/refuse")
    assert page.status_code == 409
    assert "The lab is taken." in page.text


def test_a_breakdown_leaves_nothing_half_done_and_gives_a_number_to_quote(failing: Flask, cast: Cast) -> None:
    client = failing.test_client()
    page = client.post("/failing/break")
    assert page.status_code == 500
    assert "nobody saw this coming" not in page.text
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count()).where(Organization.name == "half done")) == 0
    db.session.rollback()
    body = client.post("/api/failing/break").get_json()
    assert body["errors"][0]["code"] == "internal"
    assert len(body["errors"][0]["reference"]) == 8


def test_a_log_never_quotes_the_rows_that_a_database_refused(
    failing: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    page = failing.test_client().post("/failing/half-a-person")
    assert page.status_code == 500
    assert "IntegrityError" in caplog.text
    assert "half_a_person" in caplog.text
    assert ADDRESS not in caplog.text


def test_a_form_that_lay_open_too_long_says_so(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    page = client.post("/language", data={"language": "es"})
    assert page.status_code == 400
    assert "open too long" in page.text
