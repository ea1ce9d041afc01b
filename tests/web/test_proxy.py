"""Behind a proxy that ends HTTPS: who asks, what the browser is told, and which address mails name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, request, request_started
from flask.cli import ScriptInfo

from labtracker.app import create_app
from labtracker.cli import main
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.jobs.services import run_due
from labtracker.kit.time import utc_now
from tests.cast import build_cast
from tests.conftest import TEST_SETTINGS
from tests.databases import Databases

PUBLIC_URL = "https://training.example.org"
FORWARDED = {
    # The first address is what a visitor claims, the last what the proxy saw.
    "X-Forwarded-For": "198.51.100.1, 203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "training.example.org",
}


@pytest.fixture(params=[0, 1], ids=["no-proxy", "one-proxy"])
def served(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(
        **{**TEST_SETTINGS, "PUBLIC_URL": PUBLIC_URL},
        DATABASE_URL=databases.create_with_tables("sqlite"),
        INSTANCE_DIR=str(tmp_path),
        TRUST_PROXY=request.param,
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_forwarded_headers_count_only_as_far_as_they_are_trusted(served: Flask) -> None:
    seen: list[tuple[str | None, str]] = []

    def note(_sender: Flask) -> None:
        seen.append((request.remote_addr, request.host_url))

    with request_started.connected_to(note, served):
        answer = served.test_client().get("/sign-in", headers=FORWARDED)
    if served.config["TRUST_PROXY"]:
        assert seen == [("203.0.113.7", "https://training.example.org/")]
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    else:
        assert seen == [("127.0.0.1", "http://localhost/")]
        assert "Strict-Transport-Security" not in answer.headers
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_mails_name_the_public_address_whatever_host_was_asked(served: Flask) -> None:
    cast = build_cast()
    db.session.commit()
    asked = served.test_client().post(
        "/sign-in/link",
        data={"email": cast.emil.email},
        headers={**FORWARDED, "Host": "evil.example.net", "X-Forwarded-Host": "evil.example.net"},
    )
    assert asked.status_code == 200
    run_due(utc_now(), "test")
    text = db.session.execute(sa.select(MailMessage.text)).scalar_one()
    assert f"{PUBLIC_URL}/sign-in/link/" in text
    assert "evil" not in text


def test_doctor_notices_that_the_proxy_is_not_named(served: Flask) -> None:
    result = served.test_cli_runner().invoke(main, ["doctor"], obj=ScriptInfo(create_app=lambda: served))
    verdict = "ok  " if served.config["TRUST_PROXY"] else "look"
    assert f"{verdict}  address: {PUBLIC_URL}" in result.output
    assert ("set TRUST_PROXY=1" in result.output) is (not served.config["TRUST_PROXY"])
