"""No Social Security number is kept, repeated, or left in an address, whichever way somebody types it in."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from wtforms import FieldList, HiddenField, PasswordField, StringField
from wtforms.fields.choices import SelectFieldBase
from wtforms.fields.core import UnboundField

import labtracker
from labtracker.accounts.models import Person
from labtracker.checkin.bodies import Body, decode_body, payload_of
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ssn import looks_like_ssn, without_ssn
from labtracker.roster.models import Enrollment
from labtracker.web.edge import commit
from labtracker.web.fields import Form, Versioned
from labtracker.web.ssn import NINE_DIGITS, NOT_TEXT, TAKEN_OUT, take_out
from tests.security.world import World

# What an address answers is the same on either database.
pytestmark = pytest.mark.one_database

SignIn = Callable[[Person], FlaskClient]
CASES = json.loads((Path(__file__).parent.parent / "vectors" / "ssn.json").read_text(encoding="utf-8"))
NUMBER = "078-05-1120"


def every_form() -> Iterator[type[FlaskForm]]:
    """All forms of the application."""
    for module in pkgutil.walk_packages(labtracker.__path__, "labtracker."):
        if "forms" in module.name.split("."):
            importlib.import_module(module.name)
    waiting = [FlaskForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith("labtracker.") and form not in (Form, Versioned):
                yield form


def free_texts(form: type[FlaskForm]) -> Iterator[tuple[str, bool]]:
    """The names under which text is sent to a form's free fields, and whether it is one of a list."""
    for name in dir(form):
        field = getattr(form, name)
        if isinstance(field, UnboundField):
            kind = field.field_class
            if issubclass(kind, FieldList):
                yield name, True
            elif issubclass(kind, StringField) and not issubclass(kind, (HiddenField, PasswordField)):
                yield name, False


FORMS = sorted(set(every_form()), key=lambda form: f"{form.__module__}.{form.__name__}")
TEXTS = [
    pytest.param(
        form, name, listed, id=f"{form.__module__.removeprefix('labtracker.')}.{form.__name__}.{name}"
    )
    for form in FORMS
    for name, listed in free_texts(form)
    if name not in NOT_TEXT
]


@pytest.mark.parametrize("text", CASES["looks_like_one"])
def test_what_looks_like_one_is_noticed_and_can_be_taken_out(text: str) -> None:
    assert looks_like_ssn(text)
    assert not looks_like_ssn(without_ssn(text))


@pytest.mark.parametrize("text", CASES["is_something_else"])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not looks_like_ssn(text)
    assert without_ssn(text) == text


@pytest.mark.parametrize(
    "text", ["123&#45;45&#45;6789", "123&nbsp;45&nbsp;6789", "&amp;#49;23-45-6789", "123&ndash;45&ndash;6789"]
)
def test_signs_as_the_source_of_a_web_page_writes_them_are_signs(text: str) -> None:
    assert looks_like_ssn(text)
    assert not looks_like_ssn(without_ssn(text))


def test_every_form_is_one_that_refuses_them() -> None:
    assert len(FORMS) > 50
    assert [form.__name__ for form in FORMS if not issubclass(form, Form)] == []


@pytest.mark.parametrize(("form", "name", "listed"), TEXTS)
def test_every_free_text_field_says_what_it_refuses(
    app: Flask, form: type[FlaskForm], name: str, listed: bool
) -> None:
    with app.test_request_context("/", method="POST"):
        sent = _name_of(form, name, listed)
    with app.test_request_context("/", method="POST", data={sent: f"Call him. {NUMBER} is his."}):
        assert take_out() is None
        made: Any = _made(form)
        assert made.validate() is False
        field: Any = next(one for one in _flat(made) if one.name == sent)
        assert TAKEN_OUT in field.errors
        assert "1120" not in str(field.data) + str(field())
        assert "Call him." in str(field.data) or name in ("email", "phone")
        with pytest.raises(DomainError) as refusal:
            commit()
        assert refusal.value.code == "ssn_removed"


def _made(form: type[FlaskForm]) -> Any:
    """A form as a view would send it to the page, its choices offered."""
    made: Any = form(meta={"csrf": False})
    for field in made:
        if isinstance(field, SelectFieldBase) and getattr(field, "choices", []) is None:
            field.choices = []
    return made


def _flat(form: Any) -> Iterator[Any]:
    for field in form:
        if field.type == "FieldList":
            for entry in field:
                yield from _flat(entry.form) if entry.type == "FormField" else [entry]
        else:
            yield field


def _name_of(form: type[FlaskForm], name: str, listed: bool) -> str:
    if not listed:
        return name
    entry: Any = next(iter(form(meta={"csrf": False}, data={name: [{}]})[name]))
    texts = (
        [one for one in entry.form if isinstance(one, StringField)] if entry.type == "FormField" else [entry]
    )
    return str(texts[0].name)


def test_numbers_of_nine_digits_stay_where_they_are_usual(app: Flask) -> None:
    for name in NINE_DIGITS:
        with app.test_request_context("/", method="POST", data={name: "841234567"}):
            take_out()
            assert "ssn_in" not in g
    with app.test_request_context("/", method="POST", data={"fein": NUMBER}):
        take_out()
        assert g.ssn_in == {"fein"}


@pytest.mark.parametrize("path", ["/workers", "/certificates", "/people", "/board"])
def test_a_search_for_one_leaves_it_in_no_address(world: World, signed_in_as: SignIn, path: str) -> None:
    browser = signed_in_as(world.cast.cora)
    answer = browser.get(f"{path}?q=ana+{NUMBER}&page=1")
    assert answer.status_code == 303
    assert answer.location == f"{path}?q=ana+&page=1"
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert "looks like a Social Security number" in page.text
    assert "1120" not in page.text


def test_a_reason_with_one_is_refused_and_the_rest_of_it_kept(world: World, signed_in_as: SignIn) -> None:
    browser = signed_in_as(world.cast.cora)
    enrollment = db.session.scalars(sa.select(Enrollment)).first()
    assert enrollment is not None
    where = f"/enrollments/{enrollment.id}/withdrawal"
    sent = {"withdrawn_on": "2026-04-21", "reason": f"left for the mine ({NUMBER})"}
    answer = browser.post(where, data=sent)
    assert answer.status_code == 422
    assert "looks like a Social Security number" in answer.text
    assert "left for the mine ()" in answer.text
    assert "1120" not in answer.text
    db.session.expire_all()
    assert enrollment.withdrawn_on is None


def test_what_comes_by_no_form_is_not_saved_either(world: World, signed_in_as: SignIn) -> None:
    answer = signed_in_as(world.cast.cora).post("/language", data={"language": "es", "next": f"/?q={NUMBER}"})
    assert answer.status_code == 422
    assert "parece un número de Seguro Social" in answer.text or "Social Security" in answer.text
    assert NUMBER not in answer.text
    db.session.expire_all()
    assert world.cast.cora.language != "es"


def test_what_a_phone_recorded_is_taken_without_the_number() -> None:
    told = {
        "v": 1,
        "id": "01890000-0000-7000-8000-000000000001",
        "type": "walk_in",
        "wall_ms": 1,
        "session": "01890000-0000-7000-8000-000000000002",
        "walk_in": {
            "id": "01890000-0000-7000-8000-000000000003",
            "name": f"Ana Vigil {NUMBER}",
            "employer": NUMBER,
        },
        "reason": f"no badge, {NUMBER}",
        "ad_hoc": {"place": [f"gate {NUMBER}"]},
    }
    body = decode_body(json.dumps(told).encode())
    assert isinstance(body, Body)
    assert body.walk_in is not None
    assert (body.walk_in.name, body.walk_in.employer, body.reason) == ("Ana Vigil", None, "no badge, ")
    assert "1120" not in json.dumps(payload_of(body))
    told["walk_in"] = {"id": "01890000-0000-7000-8000-000000000003", "name": NUMBER}
    nameless = decode_body(json.dumps(told).encode())
    assert isinstance(nameless, Body)
    assert nameless.walk_in is not None
    assert nameless.walk_in.name == "–"
