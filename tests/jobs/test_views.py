"""The outbox is the demo's only, and shows mails without running what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.extensions import db
from labtracker.jobs.mail import public_url, queue_mail
from labtracker.jobs.models import MailMessage


@pytest.fixture
def demo(app: Flask) -> Iterator[Flask]:
    app.config["DEMO"] = True
    yield app
    app.config["DEMO"] = False


@pytest.fixture
def mail_id(app: Flask, now: datetime) -> str:
    mail = queue_mail(
        "ana@plains.example",
        "sign_in_link",
        "en",
        now,
        name="<script>alert(1)</script>",
        url=public_url("accounts.sign_in_link", secret="abc"),
    )
    db.session.commit()
    return str(mail.id)


def test_outbox_lists_mails_and_their_links_can_be_followed(
    demo: Flask, client: FlaskClient, mail_id: str
) -> None:
    assert "ana@plains.example" in client.get("/outbox").text
    page = client.get(f"/outbox/{mail_id}")
    assert 'href="http://localhost/sign-in/link/abc"' in page.text
    assert "<script>alert" not in page.text
    html = client.get(f"/outbox/{mail_id}/html")
    assert html.mimetype == "text/html"
    assert "<script>alert" not in html.text
    assert "script-src 'self'" in html.headers["Content-Security-Policy"]


def test_empty_outbox_says_what_to_do(demo: Flask, client: FlaskClient) -> None:
    assert client.get("/outbox").status_code == 200


def test_unknown_mail_is_not_found(demo: Flask, client: FlaskClient) -> None:
    assert client.get("/outbox/01957f2e-0000-7000-8000-000000000000").status_code == 404


def test_mails_are_not_written_to(demo: Flask, client: FlaskClient, mail_id: str) -> None:
    assert client.post("/outbox").status_code == 405
    assert client.post(f"/outbox/{mail_id}").status_code == 405


def test_outside_the_demo_nobody_reads_mail(client: FlaskClient, mail_id: str) -> None:
    for page in ("/outbox", f"/outbox/{mail_id}", f"/outbox/{mail_id}/html"):
        assert client.get(page).status_code == 404
    assert db.session.execute(sa.select(MailMessage)).first() is not None
