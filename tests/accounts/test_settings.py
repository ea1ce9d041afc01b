"""People's own settings: only their own, and what changing a password does to other browsers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Person, SignIn
from labtracker.accounts.services import passwords
from labtracker.extensions import db
from tests.cast import Cast

SignedInAs = Callable[[Person], FlaskClient]
OLD, NEW = "seven gates of juniper", "eight doors of copper"


@pytest.mark.parametrize("who", ["ada", "cora", "tom", "emil", "rita"])
def test_everybody_has_settings(cast: Cast, signed_in_as: SignedInAs, who: str) -> None:
    person = getattr(cast, who)
    page = signed_in_as(person).get("/settings")
    assert page.status_code == 200
    assert person.email in page.text


@pytest.mark.parametrize(
    "page", ["/settings/profile", "/settings/password", "/settings/sign-ins/ending", "/settings"]
)
def test_signed_out_visitors_change_nothing(client: FlaskClient, cast: Cast, page: str) -> None:
    answer = client.get(page) if page == "/settings" else client.post(page)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    assert client.put(page).status_code == 405


def test_profile_is_saved_and_the_trail_names_fields_only(cast: Cast, signed_in_as: SignedInAs) -> None:
    browser = signed_in_as(cast.emil)
    answer = browser.post(
        "/settings/profile", data={"name": " Emil   Kovács ", "phone": "719 555 0100", "language": "es"}
    )
    assert answer.status_code == 303
    db.session.refresh(cast.emil)
    assert (cast.emil.name, cast.emil.phone, cast.emil.language) == ("Emil Kovács", "719 555 0100", "es")
    entry = db.session.execute(sa.select(AuditEntry)).scalar_one()
    assert entry.detail == {"fields": ["name", "phone", "language"]}
    assert '<html lang="es"' in browser.get("/settings").text


def test_profile_without_name_is_refused_and_kept(cast: Cast, signed_in_as: SignedInAs) -> None:
    answer = signed_in_as(cast.emil).post(
        "/settings/profile", data={"name": " ", "phone": "719 555 0100", "language": "en"}
    )
    assert answer.status_code == 422
    assert "719 555 0100" in answer.text


def test_markup_in_a_name_is_shown_not_run(cast: Cast, signed_in_as: SignedInAs) -> None:
    browser = signed_in_as(cast.emil)
    browser.post("/settings/profile", data={"name": "<script>alert(1)</script>", "language": "en"})
    assert "<script>alert" not in browser.get("/settings").text


def test_whoever_never_chose_a_language_sees_the_one_that_is_spoken(
    cast: Cast, signed_in_as: SignedInAs
) -> None:
    cast.emil.language = None
    db.session.commit()
    for speaks in ("en", "es"):
        page = signed_in_as(cast.emil).get("/settings", headers={"Accept-Language": speaks}).text
        assert re.findall(r'<input checked[^>]*name="language"[^>]*value="(\w+)"', page) == [speaks]
    page = signed_in_as(cast.cora).get(f"/people/{cast.emil.id}/edit").text
    assert re.findall(r'<input checked[^>]*name="language"[^>]*value="(\w+)"', page) == ["en"]


def test_changing_the_password_keeps_this_browser_and_ends_the_others(
    cast: Cast, signed_in_as: SignedInAs
) -> None:
    cast.emil.password_hash = passwords.HASHER.hash(OLD)
    db.session.commit()
    here, there = signed_in_as(cast.emil), signed_in_as(cast.emil)
    wrong = here.post("/settings/password", data={"old_password": "guess", "new_password": NEW})
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    weak = here.post("/settings/password", data={"old_password": OLD, "new_password": "emilkovacs2026"})
    assert weak.status_code == 422
    good = here.post("/settings/password", data={"old_password": OLD, "new_password": NEW})
    assert good.status_code == 303
    assert here.get("/settings").status_code == 200
    assert there.get("/settings").status_code == 302
    db.session.refresh(cast.emil)
    assert passwords.matches(cast.emil.password_hash, NEW)


def test_guessing_the_old_password_is_throttled(cast: Cast, signed_in_as: SignedInAs) -> None:
    cast.emil.password_hash = passwords.HASHER.hash(OLD)
    db.session.commit()
    here = signed_in_as(cast.emil)
    for _number in range(8):
        here.post("/settings/password", data={"old_password": "guess", "new_password": NEW})
    answer = here.post("/settings/password", data={"old_password": OLD, "new_password": NEW})
    assert answer.status_code == 422
    assert "Too many tries" in answer.text


def test_first_password_needs_no_old_one(cast: Cast, signed_in_as: SignedInAs) -> None:
    assert signed_in_as(cast.emil).post("/settings/password", data={"new_password": NEW}).status_code == 303


def test_one_other_browser_is_signed_out(cast: Cast, signed_in_as: SignedInAs) -> None:
    here, there = signed_in_as(cast.emil), signed_in_as(cast.emil)
    first, second = db.session.execute(sa.select(SignIn).order_by(SignIn.id)).scalars()
    assert str(second.id) in here.get("/settings").text
    assert here.post(f"/settings/sign-ins/{second.id}/ending").status_code == 303
    assert there.get("/settings").status_code == 302
    assert here.get("/settings").status_code == 200
    assert first.ended_at is None


def test_all_other_browsers_are_signed_out(cast: Cast, signed_in_as: SignedInAs) -> None:
    here, there = signed_in_as(cast.emil), signed_in_as(cast.emil)
    assert here.post("/settings/sign-ins/ending").status_code == 303
    assert there.get("/settings").status_code == 302
    assert here.get("/settings").status_code == 200


def test_nobody_ends_a_strangers_sign_in(cast: Cast, signed_in_as: SignedInAs) -> None:
    stella = signed_in_as(cast.stella)
    row = db.session.execute(sa.select(SignIn)).scalar_one()
    assert signed_in_as(cast.ada).post(f"/settings/sign-ins/{row.id}/ending").status_code == 404
    assert signed_in_as(cast.ada).get(f"/settings/sign-ins/{row.id}/ending").status_code == 405
    assert stella.get("/settings").status_code == 200
