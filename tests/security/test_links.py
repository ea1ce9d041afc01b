"""Mailed links: good once, for one purpose, for their own person, and for nothing once a password is set."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts import services
from labtracker.accounts.models import OneTimeLink, Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import Purpose
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.cast import Cast

PASSWORD = "four quiet trailers at dawn"
ADDRESSES = {
    Purpose.SIGN_IN: "/sign-in/link/",
    Purpose.PASSWORD: "/password/link/",
    Purpose.INVITATION: "/invitations/",
    Purpose.FIRST_DAY: "/first-day/",
}
ANSWER = {"name": "Emil", "language": "en", "password": PASSWORD, "email": "new@college.example"}


def link_of(person: Person | None, purpose: Purpose) -> str:
    secret = services.issue_link(person, purpose, now=utc_now())
    db.session.commit()
    return secret


@pytest.mark.parametrize("purpose", list(Purpose))
def test_looking_spends_no_link_however_often_a_scanner_looks(
    app: Flask, cast: Cast, purpose: Purpose
) -> None:
    secret = link_of(None if purpose is Purpose.FIRST_DAY else cast.emil, purpose)
    scanner = app.test_client()
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert scanner.open(ADDRESSES[purpose] + secret, method=method).status_code == 200
    assert db.session.scalars(sa.select(OneTimeLink.used_at)).one() is None
    assert app.test_client().post(ADDRESSES[purpose] + secret, data=ANSWER).status_code == 303
    assert app.test_client().post(ADDRESSES[purpose] + secret, data=ANSWER).status_code == 410
    assert app.test_client().get(ADDRESSES[purpose] + secret).status_code == 410


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_is_good_for_its_own_purpose_alone(app: Flask, cast: Cast, purpose: Purpose) -> None:
    secret = link_of(None if purpose is Purpose.FIRST_DAY else cast.emil, purpose)
    for other in set(Purpose) - {purpose}:
        assert app.test_client().get(ADDRESSES[other] + secret).status_code == 410
        assert app.test_client().post(ADDRESSES[other] + secret, data=ANSWER).status_code == 410


def test_an_old_invitation_is_no_way_in_once_a_password_is_set(app: Flask, cast: Cast) -> None:
    invited = services.invite(
        email="ines@dairy.example", name="Ines", organization=cast.dairy, role=Role.EMPLOYER, language="en",
        actor=cast.cora, now=utc_now(),
    )  # fmt: skip
    invitation = link_of(invited, Purpose.INVITATION)
    reset = link_of(invited, Purpose.PASSWORD)
    assert app.test_client().post(f"/password/link/{reset}", data={"password": PASSWORD}).status_code == 303
    takeover = app.test_client().post(
        f"/invitations/{invitation}", data={**ANSWER, "password": "the finder keeps this one"}
    )
    assert takeover.status_code == 410


def test_links_mailed_before_lapse_when_a_password_is_changed(
    app: Flask, cast: Cast, signed_in_as: Any
) -> None:
    secrets = {purpose: link_of(cast.emil, purpose) for purpose in (Purpose.SIGN_IN, Purpose.PASSWORD)}
    others = link_of(cast.stella, Purpose.SIGN_IN)
    changed = signed_in_as(cast.emil).post(
        "/settings/password", data={"old_password": "", "new_password": PASSWORD}
    )
    assert changed.status_code == 303
    for purpose, secret in secrets.items():
        assert app.test_client().get(ADDRESSES[purpose] + secret).status_code == 410
    assert app.test_client().get(ADDRESSES[Purpose.SIGN_IN] + others).status_code == 200


def test_nobody_archived_comes_in_by_a_link(app: Flask, cast: Cast) -> None:
    secret = link_of(cast.emil, Purpose.SIGN_IN)
    services.archive_person(cast.emil, actor=cast.cora, now=utc_now())
    db.session.commit()
    assert app.test_client().post(f"/sign-in/link/{secret}", data={}).status_code == 410


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("organization_name", "Claim your prize at https://evil.example"),
        ("person_name", "See www.evil.example"),
        ("person_name", "hxxp://evil.example"),
    ],
)
def test_an_ask_for_an_account_carries_no_address_into_a_strangers_mail(
    app: Flask, cast: Cast, field: str, text: str
) -> None:
    told = {"organization_name": "Arroyo Forge", "person_name": "Ines", "email": "victim@elsewhere.example"}
    answer = app.test_client().post("/account-requests/new", data={**told, field: text})
    assert answer.status_code == 422
    assert "Please leave web addresses out." in answer.text
    assert app.test_client().post("/account-requests/new", data=told).status_code == 303
