"""Signing in and out: by password, by mailed link, on a phone, and what strangers learn."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts import sign_in
from labtracker.accounts.models import AuditEntry, OneTimeLink, Person, SignIn, SignInAttempt
from labtracker.accounts.services import passwords
from labtracker.accounts.views import settings as settings_views
from labtracker.accounts.views import signing_in as signing_in_views
from labtracker.extensions import db
from labtracker.jobs.models import Job, MailMessage
from labtracker.jobs.services import run_due
from labtracker.kit.time import utc_now
from tests.cast import Cast

PASSWORD = "seven gates of juniper"
# A form is signed with the second in which it was made.
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
SignedInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def emil(cast: Cast) -> Person:
    cast.emil.password_hash = passwords.HASHER.hash(PASSWORD)
    db.session.commit()
    return cast.emil


def try_password(client: FlaskClient, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def mailed_link(client: FlaskClient, page: str, email: str, **more: Any) -> str:
    """Ask for a link, let the worker run, and give its path."""
    assert client.post(page, data={"email": email, **more}).status_code == 200
    run_due(utc_now(), "test")
    mail = db.session.execute(sa.select(MailMessage).order_by(MailMessage.id.desc())).scalars().first()
    assert mail is not None
    assert mail.recipient == email
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.text)
    assert found
    assert found.group(1) in (mail.html or "")
    return found.group(1)


def is_signed_in(client: FlaskClient) -> bool:
    answer = client.get("/home")
    # The tests' own context outlives the request and with it the request's view of the database.
    db.session.rollback()
    return answer.location.startswith("/sign-in") is False


def test_right_password_signs_in_and_leads_home(client: FlaskClient, emil: Person) -> None:
    answer = try_password(client, " Emil@SteelWorks.example ")
    assert answer.status_code == 303
    assert answer.location == "/home"
    assert is_signed_in(client)
    actions = db.session.execute(sa.select(AuditEntry.action)).scalars().all()
    assert actions == ["signed_in"]


def test_session_is_new_at_sign_in_and_its_cookie_closes_with_the_browser(
    client: FlaskClient, emil: Person
) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "before"
    answer = try_password(client, emil.email)
    header = answer.headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires" not in header
    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_own_phone_stays_signed_in_for_thirty_days(client: FlaskClient, emil: Person) -> None:
    answer = try_password(client, emil.email, on_phone="y")
    assert "Expires" in answer.headers["Set-Cookie"]
    row = db.session.execute(sa.select(SignIn)).scalar_one()
    row.last_seen_at = utc_now() - timedelta(days=29)
    db.session.commit()
    assert is_signed_in(client)
    row.last_seen_at = utc_now() - timedelta(days=31)
    db.session.commit()
    assert not is_signed_in(client)


def test_desk_is_signed_out_after_eight_idle_hours(client: FlaskClient, emil: Person) -> None:
    try_password(client, emil.email)
    row = db.session.execute(sa.select(SignIn)).scalar_one()
    row.last_seen_at = utc_now() - timedelta(hours=8, minutes=1)
    db.session.commit()
    assert not is_signed_in(client)


def test_a_form_sent_after_a_pause_marks_the_sign_in_as_used(client: FlaskClient, emil: Person) -> None:
    try_password(client, emil.email)
    row = db.session.execute(sa.select(SignIn)).scalar_one()
    row.last_seen_at = utc_now() - timedelta(hours=1)
    db.session.commit()
    answer = client.post("/settings/profile", data={"name": "Emil", "language": "en"})
    assert answer.status_code == 303
    db.session.expire_all()
    assert utc_now() - row.last_seen_at < timedelta(minutes=1)


def test_a_page_after_a_pause_marks_the_sign_in_as_used(client: FlaskClient, emil: Person) -> None:
    try_password(client, emil.email)
    row = db.session.execute(sa.select(SignIn)).scalar_one()
    row.last_seen_at = utc_now() - timedelta(hours=1)
    db.session.commit()
    assert is_signed_in(client)
    db.session.expire_all()
    assert utc_now() - row.last_seen_at < timedelta(minutes=1)


def test_stranger_and_wrong_password_get_the_same_page(client: FlaskClient, emil: Person) -> None:
    wrong = try_password(client, emil.email, "not the password")
    unknown = try_password(client, "stranger@else.example", "not the password")
    assert wrong.status_code == unknown.status_code == 422
    pages = [TOKEN.sub("", page.text) for page in (wrong, unknown)]
    assert pages[0].replace(emil.email, "") == pages[1].replace("stranger@else.example", "")


def test_unknown_address_costs_as_much_as_a_known_one(
    client: FlaskClient, emil: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    real = passwords.HASHER

    class Watching:
        def verify(self, known: str, password: str) -> bool:
            looked_at.append(known)
            return real.verify(known, password)

        def hash(self, password: str) -> str:
            return real.hash(password)

    monkeypatch.setattr(passwords, "HASHER", Watching())
    try_password(client, emil.email, "not the password")
    try_password(client, "stranger@else.example", "not the password")
    assert len(looked_at) == 2
    assert looked_at[0].rsplit("$", 2)[0] == looked_at[1].rsplit("$", 2)[0]


def test_somebody_without_password_cannot_sign_in_by_one(client: FlaskClient, cast: Cast) -> None:
    assert try_password(client, cast.stella.email, "nobody has this password").status_code == 422


def test_archived_person_stays_out(client: FlaskClient, emil: Person) -> None:
    emil.archived_at = utc_now()
    db.session.commit()
    assert try_password(client, emil.email).status_code == 422


def test_after_eight_wrong_tries_even_the_right_password_waits(client: FlaskClient, emil: Person) -> None:
    for _number in range(8):
        assert try_password(client, emil.email, "not the password").status_code == 422
    assert try_password(client, emil.email).status_code == 422
    attempts = db.session.execute(sa.select(SignInAttempt)).scalars().all()
    for attempt in attempts:
        assert "emil" not in attempt.key
        attempt.at -= timedelta(minutes=16)
    db.session.commit()
    assert try_password(client, emil.email).status_code == 303


def test_one_address_on_the_network_cannot_try_many_people(client: FlaskClient, cast: Cast) -> None:
    answers = [
        try_password(client, f"p{number}@x.example", "not the password").status_code for number in range(41)
    ]
    assert answers == [422] * 40 + [429]


def test_weak_hash_is_renewed_at_sign_in(client: FlaskClient, cast: Cast) -> None:
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    cast.emil.password_hash = weak.hash(PASSWORD)
    db.session.commit()
    assert try_password(client, cast.emil.email).status_code == 303
    db.session.refresh(cast.emil)
    assert not passwords.HASHER.check_needs_rehash(cast.emil.password_hash)


@pytest.mark.parametrize(
    ("wish", "leads"),
    [
        ("/settings?x=1", "/settings?x=1"),
        ("https://evil.example/", "/home"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
    ],
)
def test_next_leads_only_within_this_site(client: FlaskClient, emil: Person, wish: str, leads: str) -> None:
    assert try_password(client, emil.email, next=wish).location == leads


def test_signed_out_visitor_is_brought_back_after_signing_in(client: FlaskClient, emil: Person) -> None:
    answer = client.get("/home?from=mail")
    assert answer.location == "/sign-in?next=/home?from%3Dmail"
    assert 'value="/home?from=mail"' in client.get(answer.location).text


def test_a_form_that_a_signed_out_browser_sends_is_not_swallowed_in_silence(
    client: FlaskClient, cast: Cast
) -> None:
    answer = client.post(f"/people/{cast.tom.id}/archiving")
    assert answer.status_code == 302
    assert answer.location == f"/sign-in?next=/people/{cast.tom.id}"
    assert "what you sent was not saved" in client.get(answer.location).text
    db.session.refresh(cast.tom)
    assert cast.tom.archived_at is None


def test_programs_that_are_not_signed_in_are_told_so(client: FlaskClient, cast: Cast) -> None:
    headers = {"Accept": "application/json"}
    for answer in (
        client.get("/people", headers=headers),
        client.post(f"/people/{cast.tom.id}/archiving", headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.get_json()["errors"][0]["code"] == "not_signed_in"


class Clock:
    """A clock that a test sets forward; every edge asks it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    for module in (signing_in_views, settings_views, sign_in):
        monkeypatch.setattr(module, "utc_now", moved)
    return moved


@pytest.mark.parametrize(("on_phone", "idle"), [("", timedelta(hours=8)), ("y", timedelta(days=30))])
def test_time_passes_and_only_idleness_signs_out(
    client: FlaskClient, emil: Person, clock: Clock, on_phone: str, idle: timedelta
) -> None:
    try_password(client, emil.email, on_phone=on_phone)
    for _time in range(3):  # far longer than the limit, but never idle for so long
        clock.ahead += idle - timedelta(minutes=10)
        assert is_signed_in(client)
    clock.ahead += idle + timedelta(minutes=1)
    assert not is_signed_in(client)
    clock.ahead -= timedelta(hours=1)
    assert is_signed_in(client), "a clock that is set right does not sign anybody out for good"


def test_signing_out_everywhere_reaches_phones_and_desks_whatever_the_time(
    app: Flask, emil: Person, clock: Clock
) -> None:
    desk, phone, here = app.test_client(), app.test_client(), app.test_client()
    try_password(desk, emil.email)
    try_password(phone, emil.email, on_phone="y")
    clock.ahead = timedelta(days=3)
    try_password(here, emil.email)
    assert [is_signed_in(browser) for browser in (desk, phone, here)] == [False, True, True]
    assert here.post("/settings/sign-ins/ending").status_code == 303
    assert [is_signed_in(browser) for browser in (desk, phone, here)] == [False, False, True]
    assert here.post("/sign-out").status_code == 303
    clock.ahead = timedelta()
    assert [is_signed_in(browser) for browser in (desk, phone, here)] == [False, False, False]


def test_tries_are_counted_in_our_own_table_and_forgotten_in_time(
    client: FlaskClient, emil: Person, clock: Clock
) -> None:
    for _number in range(8):
        try_password(client, emil.email, "not the password")
    clock.ahead = timedelta(minutes=14)
    assert try_password(client, emil.email).status_code == 422
    clock.ahead = timedelta(minutes=16)
    assert try_password(client, emil.email).status_code == 303
    clock.ahead = timedelta(days=3)
    try_password(client, emil.email)
    left = db.session.execute(sa.select(sa.func.count()).select_from(SignInAttempt)).scalar_one()
    assert left <= 2


def test_link_by_mail_signs_in_only_by_a_press_and_once(client: FlaskClient, cast: Cast) -> None:
    path = mailed_link(client, "/sign-in/link", cast.emil.email, next="/settings")
    shown = client.get(path)
    assert shown.status_code == 200
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert not is_signed_in(client)
    pressed = client.post(path)
    assert pressed.location == "/settings"
    assert is_signed_in(client)
    assert client.post(path).status_code == 410
    assert client.get(path).status_code == 410


def test_link_lapses_after_fifteen_minutes_and_when_a_newer_one_is_sent(
    client: FlaskClient, cast: Cast
) -> None:
    old = mailed_link(client, "/sign-in/link", cast.emil.email)
    new = mailed_link(client, "/sign-in/link", cast.emil.email)
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    db.session.execute(sa.update(OneTimeLink).values(expires_at=utc_now()))
    db.session.commit()
    assert client.post(new).status_code == 410


def test_link_for_one_purpose_does_not_serve_another(client: FlaskClient, cast: Cast) -> None:
    secret = mailed_link(client, "/sign-in/link", cast.emil.email).rsplit("/", 1)[1]
    assert client.post(f"/password/link/{secret}", data={"password": PASSWORD}).status_code == 410


def test_asking_for_a_strangers_link_looks_the_same_and_mails_nobody(
    client: FlaskClient, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    known = client.post("/sign-in/link", data={"email": cast.emil.email})
    unknown = client.post("/sign-in/link", data={"email": "stranger@else.example"})
    assert known.status_code == unknown.status_code == 200
    pages = [TOKEN.sub("", page.text) for page in (known, unknown)]
    assert pages[0].replace(cast.emil.email, "") == pages[1].replace("stranger@else.example", "")
    run_due(utc_now(), "test")
    assert db.session.execute(sa.select(MailMessage.recipient)).scalars().all() == [cast.emil.email]
    assert db.session.execute(sa.select(Job.arguments).where(Job.kind == "mail_link")).scalars().all() == [
        {},
        {},
    ]
    assert "example" not in caplog.text


def test_links_are_not_sent_without_end(client: FlaskClient, cast: Cast) -> None:
    for _number in range(6):
        assert client.post("/sign-in/link", data={"email": cast.emil.email}).status_code == 200
    run_due(utc_now(), "test")
    assert len(db.session.execute(sa.select(MailMessage)).scalars().all()) == 4


def test_password_by_mailed_link_signs_every_other_browser_out(
    client: FlaskClient, cast: Cast, signed_in_as: SignedInAs
) -> None:
    elsewhere = signed_in_as(cast.emil)
    path = mailed_link(client, "/password/link", cast.emil.email)
    weak = client.post(path, data={"password": "password1234"})
    assert weak.status_code == 422
    assert "first passwords" in weak.text
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert try_password(elsewhere, cast.emil.email).status_code == 303


def test_mail_speaks_the_recipients_language(client: FlaskClient, cast: Cast) -> None:
    cast.emil.language = "es"
    db.session.commit()
    mailed_link(client, "/sign-in/link", cast.emil.email)
    mail = db.session.execute(sa.select(MailMessage)).scalar_one()
    assert mail.language == "es"
    assert '<html lang="es">' in (mail.html or "")


def test_sign_out_ends_the_sign_in_for_good(client: FlaskClient, emil: Person) -> None:
    try_password(client, emil.email)
    kept = client.get_cookie("session")
    assert kept is not None
    assert client.post("/sign-out").status_code == 303
    client.set_cookie("session", kept.value)
    assert not is_signed_in(client)


def test_forms_come_back_with_what_was_typed(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/sign-in", data={"email": "not an address", "password": ""})
    assert answer.status_code == 422
    assert 'value="not an address"' in answer.text
    assert client.post("/sign-in/link", data={"email": ""}).status_code == 422
    assert client.post("/password/link", data={"email": "x"}).status_code == 422


@pytest.mark.parametrize("page", ["/sign-in", "/sign-in/link", "/password/link"])
def test_pages_open_for_everybody(client: FlaskClient, cast: Cast, page: str) -> None:
    assert client.get(page).status_code == 200
    assert client.put(page).status_code == 405
    assert client.delete(page).status_code == 405


def test_sign_out_is_no_link(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/sign-out").status_code == 405
    assert client.post("/home").status_code == 405


def test_whoever_is_signed_in_is_led_home(cast: Cast, signed_in_as: SignedInAs) -> None:
    assert signed_in_as(cast.cora).get("/sign-in").location == "/home"
