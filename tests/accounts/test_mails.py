"""Everybody chooses which mails they get, in their settings or by the link below a mail; some always come."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts import services
from labtracker.accounts.models import AuditEntry, Person
from labtracker.accounts.rules import MailKind
from labtracker.extensions import db
from labtracker.jobs.mail import as_message
from labtracker.jobs.models import MailMessage
from labtracker.jobs.services import run_due
from tests.cast import Cast

Signer = Callable[[Person], FlaskClient]
PATH = re.compile(r"http://127\.0\.0\.1:8000(/mails/\S+)")


def write(person: Person, now: datetime, kind: MailKind = MailKind.BOOKINGS) -> MailMessage | None:
    """A mail of a kind, if it was written."""
    services.mail_person(
        person, "role_given", kind, now, name=person.name, inviter="Cora", organization="x", url="https://x/"
    )
    db.session.commit()
    return db.session.scalars(sa.select(MailMessage).order_by(MailMessage.id.desc())).first()


def test_a_mail_says_why_it_came_and_how_to_stop_its_kind(cast: Cast, now: datetime) -> None:
    cast.emil.language = "es"
    mail = write(cast.emil, now)
    assert mail is not None
    assert "Usted recibe este correo porque" in mail.text
    link = PATH.search(mail.text)
    assert link
    assert mail.html
    assert f'href="http://127.0.0.1:8000{link.group(1)}"' in mail.html
    message = as_message(mail, sender="labs@college.example", now=now)
    assert message["List-Unsubscribe"] == f"<http://127.0.0.1:8000{link.group(1)}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_programs_find_the_way_to_stop_it_in_one_piece(app: Flask, cast: Cast, now: datetime) -> None:
    mail = write(cast.emil, now)
    assert mail is not None
    assert mail.stop_url is not None
    mail.stop_url += "~long" * 40
    mail.subject = "Soldadura básica en el molino. " * 6
    mail.text += "Una sola línea sin fin. " * 100
    raw = as_message(mail, sender="labs@college.example", now=now).as_bytes()
    head, _blank, body = raw.partition(b"\r\n\r\n")
    assert f"List-Unsubscribe: <{mail.stop_url}>\r\n".encode() in raw
    others = [line for line in head.split(b"\r\n") if not line.startswith(b"List-Unsubscribe:")]
    assert max(len(line) for line in others) <= 78
    assert max(len(line) for line in body.split(b"\r\n")) <= 78
    assert b"\nContent-Transfer-Encoding: quoted-printable" in body


def test_a_mail_that_always_comes_offers_no_way_to_stop_it(cast: Cast, now: datetime) -> None:
    services.choose_mail(cast.emil, [], actor=cast.emil, now=now)
    services.ask_for_link(
        cast.emil.email, services.Purpose.SIGN_IN, address="198.51.100.7", language="en", now=now
    )
    db.session.commit()
    run_due(now, "test")
    mail = db.session.scalars(sa.select(MailMessage)).one()
    assert mail.recipient == cast.emil.email
    assert mail.stop_url is None
    assert not PATH.search(mail.text)
    assert as_message(mail, sender="labs@college.example", now=now)["List-Unsubscribe"] is None


def test_who_wants_none_of_a_kind_gets_the_others(cast: Cast, now: datetime, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.emil)
    page = browser.get("/settings").text
    assert len(re.findall(r"<input checked[^>]*name=\"kinds\"", page)) == len(MailKind)
    answer = browser.post("/settings/mails", data={"kinds": ["messages", "reminders", "nonsense"]})
    assert answer.headers["Location"] == "/settings#mails"
    db.session.expire_all()
    assert services.wanted_kinds(cast.emil) == [MailKind.MESSAGES, MailKind.REMINDERS]
    assert write(cast.emil, now, MailKind.BOOKINGS) is None
    assert write(cast.emil, now, MailKind.MESSAGES) is not None
    assert services.wants_mail(cast.stella, MailKind.BOOKINGS)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "mail_chosen")).one()
    assert entry.detail["fields"] == ["bookings", "sessions"]
    browser.post("/settings/mails", data={"kinds": [str(kind) for kind in MailKind]})
    assert services.wanted_kinds(cast.emil) == list(MailKind)


def test_only_who_is_signed_in_chooses_in_the_settings(client: FlaskClient, cast: Cast) -> None:
    assert client.post("/settings/mails", data={}).location.startswith("/sign-in")
    assert client.get("/settings/mails").status_code == 405
    assert services.wanted_kinds(cast.emil) == list(MailKind)


def test_the_link_stops_its_kind_by_a_press_and_not_by_a_look(
    cast: Cast, client: FlaskClient, now: datetime
) -> None:
    address = f"/mails/{services.mail_secret(cast.emil, MailKind.SESSIONS)}"
    page = client.get(address)
    assert page.status_code == 200
    assert "emil@steelworks.example" in page.text
    assert services.wanted_kinds(cast.emil) == list(MailKind)
    # As a mail program does it for its reader.
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    db.session.expire_all()
    assert services.wanted_kinds(cast.emil) == [MailKind.BOOKINGS, MailKind.MESSAGES, MailKind.REMINDERS]
    assert "You get no more of these mails." in answer.text
    assert client.post(address).status_code == 200
    assert "You get these mails again." in client.post(address, data={"again": "y"}).text
    assert services.wanted_kinds(cast.emil) == list(MailKind)
    assert client.put(address).status_code == 405


def test_the_link_needs_no_form_of_ours(app: Flask, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        address = f"/mails/{services.mail_secret(cast.emil, MailKind.SESSIONS)}"
        assert app.test_client().post(address).status_code == 200
        assert app.test_client().post("/settings/mails").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert not services.wants_mail(cast.emil, MailKind.SESSIONS)


@pytest.mark.parametrize("damage", ["x", "", "spoilt", "archived"])
def test_what_was_not_signed_here_changes_nothing(
    cast: Cast, client: FlaskClient, now: datetime, damage: str
) -> None:
    secret = services.mail_secret(cast.emil, MailKind.SESSIONS)
    if damage == "archived":
        cast.emil.archived_at = now
        db.session.commit()
    else:
        secret = secret[:-4] + damage if damage != "spoilt" else f"A{secret}"
    for ask in (client.get, client.post):
        answer = ask(f"/mails/{secret}")
        assert answer.status_code == 410
        assert "emil@" not in answer.text
    assert services.wanted_kinds(cast.emil) == list(MailKind)


def test_mails_speak_the_language_that_was_chosen_or_else_the_last_one_used(
    cast: Cast, now: datetime, client: FlaskClient
) -> None:
    cast.emil.language = None
    services.set_password(cast.emil, "gravel lot before dawn", now=now)
    db.session.commit()
    first = write(cast.emil, now)
    assert first is not None
    assert first.language == "en"
    client.post(
        "/sign-in",
        data={"email": cast.emil.email, "password": "gravel lot before dawn"},
        headers={"Accept-Language": "es-MX,es;q=0.9"},
    )
    db.session.expire_all()
    second = write(cast.emil, now)
    assert second is not None
    assert second.language == "es"
    cast.emil.language = "en"
    third = write(cast.emil, now)
    assert third is not None
    assert third.language == "en"
