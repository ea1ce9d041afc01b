"""Mails leave through a real conversation with a mail server, once, and their secrets do not stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker import config
from labtracker.extensions import db
from labtracker.jobs.mail import public_url, queue_mail
from labtracker.jobs.models import Job, MailMessage
from labtracker.jobs.rules import pause_after
from labtracker.jobs.services import ask_for_recurring, run_due
from tests.jobs.mail_server import MailServer, mail_server

TEMPLATES = config.ROOT / "templates" / "mail"


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with mail_server() as known:
        before = {name: app.config[name] for name in ("SMTP_HOST", "SMTP_PORT", "SMTP_TLS", "MAIL_FROM")}
        app.config.update(
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=known.port,
            SMTP_TLS=False,
            MAIL_FROM="Sangre College <labs@college.example>",
        )
        yield known
        app.config.update(before)


def queue(now: datetime, language: str = "es", name: str = "Ána Núñez") -> MailMessage:
    mail = queue_mail(
        "ana@plains.example", "sign_in_link", language, now, name=name, url="https://x.example/l/abc"
    )
    db.session.commit()
    return mail


def test_mail_is_sent_as_text_and_html_and_then_forgotten(server: MailServer, now: datetime) -> None:
    queue(now)
    run_due(now, "test")
    (received,) = server.mails
    assert received["To"] == "ana@plains.example"
    assert received["From"] == "Sangre College <labs@college.example>"
    assert received["Subject"]
    assert received["Content-Language"] == "es"
    text, html = (received.get_body([kind]) for kind in ("plain", "html"))
    assert "https://x.example/l/abc" in text.get_content()
    assert "Ána Núñez" in html.get_content()
    db.session.expire_all()
    kept = db.session.execute(sa.select(MailMessage)).scalar_one()
    assert kept.sent_at == now
    assert kept.text == ""
    assert kept.html is None


def test_mail_is_sent_once(server: MailServer, now: datetime) -> None:
    queue(now)
    run_due(now, "test")
    run_due(now, "test")
    assert len(server.mails) == 1


def test_what_waited_for_a_mail_server_leaves_once_there_is_one_unless_it_is_stale(
    app: Flask, server: MailServer, now: datetime
) -> None:
    app.config["SMTP_HOST"] = ""
    queue(now - timedelta(days=4), name="Stale")
    queue(now - timedelta(hours=2))
    run_due(now, "test")
    ask_for_recurring(now)
    run_due(now, "test")
    assert server.mails == []
    app.config["SMTP_HOST"] = "127.0.0.1"
    for minutes in (1, 2, 3):
        ask_for_recurring(now + timedelta(minutes=minutes))
        run_due(now + timedelta(minutes=minutes), "test")
    (received,) = server.mails
    assert "Stale" not in str(received)


def test_refused_mail_is_tried_again_and_nobodys_address_is_logged(
    server: MailServer, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuses = True
    queue(now)
    run_due(now, "test")
    assert server.mails == []
    job = db.session.execute(sa.select(Job)).scalar_one()
    assert job.error == "SMTPRecipientsRefused"
    assert "ana@" not in caplog.text
    server.refuses = False
    run_due(now + pause_after(1), "test")
    assert len(server.mails) == 1


def test_without_a_mail_server_mail_stays(app: Flask, now: datetime) -> None:
    queue(now)
    run_due(now, "test")
    db.session.expire_all()
    kept = db.session.execute(sa.select(MailMessage)).scalar_one()
    assert kept.sent_at is None
    assert "https://x.example/l/abc" in kept.text


def test_a_name_cannot_add_headers_or_markup(server: MailServer, now: datetime) -> None:
    queue(now, name="<b>Ana</b>\r\nBcc: all@x.example")
    run_due(now, "test")
    (received,) = server.mails
    assert received["Bcc"] is None
    assert "<b>Ana" not in received.get_body(["html"]).get_content()


def test_a_long_address_may_break_and_the_letter_gives_way(app: Flask, now: datetime) -> None:
    address = "https://labs.college.example/sign-in/" + "a" * 60
    mail = queue_mail("ana@plains.example", "sign_in_link", "en", now, name="Ana", url=address)
    assert mail.html
    assert address in mail.text
    shown = mail.html.partition("copy this address:")[2].partition("</small>")[0]
    assert max(len(part) for part in shown.replace("<br>", "").split("<wbr>")) <= 12
    assert shown.replace("<wbr>", "").removeprefix("<br>") == address
    assert 'width="560" cellpadding' not in mail.html


def test_unknown_language_falls_back_to_english(app: Flask, now: datetime) -> None:
    assert queue(now, language="fr").language == "en"


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_mail_has_both_parts(path: Path) -> None:
    assert path.with_suffix(".html").exists()


def test_addresses_in_mails_are_the_public_ones(app: Flask) -> None:
    before = app.config["PUBLIC_URL"]
    try:
        app.config["PUBLIC_URL"] = "https://labs.example.org"
        assert (
            public_url("accounts.sign_in_link", secret="abc") == "https://labs.example.org/sign-in/link/abc"
        )
        assert public_url("accounts.sign_in", _anchor="x") == "https://labs.example.org/sign-in#x"
    finally:
        app.config["PUBLIC_URL"] = before
