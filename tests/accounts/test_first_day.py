"""The first real day of an office: where its administrator is led, and invitations where no mail leaves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Organization, Person
from labtracker.accounts.provider import provider_contact, provider_name
from labtracker.accounts.services import begin_first_day, invite
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.kit.time import utc_now
from tests.cast import Cast

SignedInAs = Callable[[Person], FlaskClient]
ANA = {
    "name": "Ana Ruiz",
    "email": "ana@plains.example",
    "language": "en",
    "password": "eight doors of copper",
}


@pytest.fixture
def ana(app: Flask) -> FlaskClient:
    """The browser of whoever has just opened the first link and become the administrator."""
    secret = begin_first_day("Plains College", now=utc_now())
    db.session.commit()
    browser = app.test_client()
    assert browser.post(f"/first-day/{secret}", data=ANA).location == "/start"
    return browser


def test_the_first_link_greets_and_is_spent(ana: FlaskClient, app: Flask) -> None:
    assert "You are the administrator." in ana.get("/start").text
    again = app.test_client().get("/first-day/whatever")
    assert again.status_code == 410
    assert "labtracker init" in again.text
    assert "/sign-in/link" not in again.text


def test_the_administrator_is_led_by_the_list_until_it_is_done(
    ana: FlaskClient, cast: Cast, signed_in_as: SignedInAs
) -> None:
    assert ana.get("/home").location == "/start"
    assert "First steps: " in ana.get("/people").text
    assert "First steps: " not in ana.get("/start").text
    assert signed_in_as(cast.cora).get("/home").location == "/board"
    assert "First steps: " not in signed_in_as(cast.cora).get("/people").text


def test_an_empty_office_says_everywhere_what_comes_next(ana: FlaskClient) -> None:
    for path, leads in (
        ("/board", "/labs/new"),
        ("/book-a-visit", "/organizations/new/employer"),
        ("/cohorts/new", "/courses/new"),
        ("/cohorts/new", "/worksites/new"),
    ):
        assert f'href="{leads}"' in ana.get(path).text, path


def test_the_first_step_leads_to_the_provider_itself(ana: FlaskClient, cast: Cast) -> None:
    plains = db.session.scalars(sa.select(Organization).where(Organization.name == "Plains College")).one()
    cast.college.created_at = utc_now()
    db.session.commit()
    assert 'href="/start/organization"' in ana.get("/start").text
    assert ana.get("/start/organization").location == f"/organizations/{plains.id}/edit"


def test_the_first_step_is_the_administrators(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    assert signed_in_as(cast.cora).get("/start/organization").status_code == 403
    assert client.get("/start/organization").status_code == 302
    assert signed_in_as(cast.ada).post("/start/organization").status_code == 405


def test_the_providers_name_town_and_telephone_stand_on_pages_and_in_mails(
    ana: FlaskClient, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plains = db.session.scalars(sa.select(Organization)).one()
    plains.city, plains.phone = "La Junta", "719 555 0100"
    db.session.commit()
    page = client.get("/").text
    assert "<span>Plains College</span>" in page
    assert "Plains College, La Junta, 719 555 0100" in page
    ask = {"organization_name": "Mill", "person_name": "Bo", "email": "b@x.co"}
    assert client.post("/account-requests/new", data=ask).status_code == 303
    mail = db.session.scalars(sa.select(MailMessage).where(MailMessage.recipient == "b@x.co")).one()
    assert mail.text.rstrip().endswith("Plains College")
    assert "Sent by Plains College, La Junta, 719 555 0100," in (mail.html or "")
    monkeypatch.setitem(app.config, "PROVIDER_NAME", "Plains Mobile Labs")
    assert "<span>Plains Mobile Labs</span>" in client.get("/").text


def test_without_a_provider_the_service_has_its_own_name(app: Flask) -> None:
    assert provider_name() == provider_contact() == "labtracker"


def invited_by(cora: FlaskClient, cast: Cast) -> Person:
    facts = {
        "name": "Nora Beck",
        "email": "nora@college.example",
        "organization_id": str(cast.college.id),
        "role": "trainer",
        "language": "en",
    }
    answer = cora.post("/invitations/new", data=facts)
    assert answer.status_code == 303
    return db.session.scalars(sa.select(Person).where(Person.email == "nora@college.example")).one()


def test_where_no_mail_leaves_an_invitation_is_handed_over(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    cora = signed_in_as(cast.cora)
    assert "No mail server is set up" in cora.get("/invitations/new").text
    nora = invited_by(cora, cast)
    page = cora.get(f"/people/{nora.id}").text
    assert "hand the link over" in page
    assert f'action="/people/{nora.id}/invitation/link"' in page
    shown = cora.post(f"/people/{nora.id}/invitation/link")
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/\S+?)<", shown.text)
    assert found
    assert shown.headers["Cache-Control"] == "no-store"
    facts = {"name": "Nora Beck", "language": "en", "password": "four quiet copper doors"}
    assert client.post(found.group(1), data=facts).location == "/home"
    assert "Welcome." in client.get("/settings").text
    assert cora.post(f"/people/{nora.id}/invitation/link").status_code == 409
    actions = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert "invitation_handed_over" in actions


def test_where_mail_leaves_nobody_sees_the_link_of_another(
    app: Flask, cast: Cast, signed_in_as: SignedInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_HOST", "mail.college.example")
    cora = signed_in_as(cast.cora)
    assert "No mail server is set up" not in cora.get("/invitations/new").text
    nora = invited_by(cora, cast)
    page = cora.get(f"/people/{nora.id}").text
    assert "gets a mail with a link" in page
    assert "invitation/link" not in page
    assert cora.post(f"/people/{nora.id}/invitation/link").status_code == 404


def test_handing_over_is_the_offices(cast: Cast, signed_in_as: SignedInAs, client: FlaskClient) -> None:
    nora = invite(
        email="nora@x.example", name="Nora", organization=cast.steel, role="employer",  # type: ignore[arg-type]
        language="en", actor=cast.cora, now=utc_now(),
    )  # fmt: skip
    db.session.commit()
    page = f"/people/{nora.id}/invitation/link"
    assert client.post(page).status_code == 302
    for other in (cast.tom, cast.emil, cast.rita):
        assert signed_in_as(other).post(page).status_code == 403
    assert signed_in_as(cast.cora).get(page).status_code == 405
    assert signed_in_as(cast.cora).post(f"/people/{cast.college.id}/invitation/link").status_code == 404


def test_pages_that_promise_a_mail_say_when_none_leaves(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "cannot send mail yet" in client.get("/sign-in/link").text
    assert "cannot send mail yet" in client.get("/password/link").text
    assert "Mail me a link" not in client.get("/sign-in").text
    monkeypatch.setitem(app.config, "SMTP_HOST", "mail.college.example")
    assert "cannot send mail yet" not in client.get("/sign-in/link").text
    assert "Mail me a link" in client.get("/sign-in").text


def test_a_second_organization_of_one_name_is_refused(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    again = cora.post("/organizations/new/employer", data={"name": "STEEL works", "city": "Pueblo"})
    assert again.status_code == 409
    assert "There is an organization of this name already." in again.text
    assert 'value="Pueblo"' in again.text
    assert cora.post("/organizations/new/workforce_center", data={"name": "Steel Works"}).status_code == 303
    renamed = cora.post(f"/organizations/{cast.dairy.id}/edit", data={"name": "Steel Works"})
    assert renamed.status_code == 409
    assert cora.post(f"/organizations/{cast.dairy.id}/edit", data={"name": "Plains dairy"}).status_code == 303


def test_an_administrators_invitation_is_handed_over_by_administrators_alone(
    cast: Cast, signed_in_as: SignedInAs
) -> None:
    nia = invite(
        email="nia@college.example", name="Nia", organization=cast.college, role="administrator",  # type: ignore[arg-type]
        language="en", actor=cast.ada, now=utc_now(),
    )  # fmt: skip
    db.session.commit()
    page = f"/people/{nia.id}/invitation/link"
    cora = signed_in_as(cast.cora)
    assert page not in cora.get(f"/people/{nia.id}").text
    assert cora.post(page).status_code == 403
    ada = signed_in_as(cast.ada)
    assert page in ada.get(f"/people/{nia.id}").text
    assert "/invitations/" in ada.post(page).text
