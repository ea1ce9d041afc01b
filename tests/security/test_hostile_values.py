"""Values that nobody means, in every field of every form and every address: refused, never broken by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from labtracker.extensions import db
from labtracker.roster.models import RosterImport, Worker
from labtracker.roster.reading.dates import read_date
from labtracker.roster.reading.headings import meaning_of
from tests.security.test_own_objects import CASES, address_of
from tests.security.world import World

ENDLESS = "9" * 5000
NUL = "a\x00b"
# What a page may be asked with; some are names that url_for gives a meaning.
ODD_QUERIES: tuple[dict[str, str], ...] = (
    {
        "endpoint": "x",
        "_scheme": "javascript",
        "_anchor": "x",
        "_method": "DELETE",
        "_external": "1",
        "page": ENDLESS,
        "sort": "-\x00",
        "show": NUL,
        "q": NUL,
        "next": "//[",
        "email": NUL,
        "who": "{",
        "from": "0001-01-01",
        "to": "9999-12-31",
        "since": "0001-01-01",
        "until": "9999-12-31",
    },
    {"cohort_id": "x", "session_id": "x", "person_id": "x", "view": "month", "month": "9999-12", "from": NUL},
)


@dataclass
class Form:
    """One form of a page, as a browser would send it."""

    action: str
    method: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get").lower()))
        elif self.forms and tag in ("input", "textarea", "select") and told.get("name"):
            kind = told.get("type", "text") if tag == "input" else tag
            self.forms[-1].fields.append((told["name"], kind, told.get("value", "")))


def pages(app: Flask, world: World) -> Iterator[str]:
    """The address of every page that the office can read."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and CASES[rule.endpoint].partition(":")[0] in {
            "own",
            "office",
            "object",
            "shared",
        }:
            yield address_of(app, rule, world)


def test_odd_questions_break_no_page(app: Flask, world: World, signed_in_as: Any) -> None:
    browser = signed_in_as(world.cast.cora)
    broken = [
        f"{address} {sorted(odd)}"
        for address in pages(app, world)
        for odd in ODD_QUERIES
        if browser.get(address, query_string=odd).status_code >= 500
    ]
    assert not broken


# By the kind of a field what it is sent alone, so that no other field's refusal hides what it breaks.
ODD_ANSWERS = {"hidden": [ENDLESS, "²"], "number": [ENDLESS, "9" * 30], "date": ["0001-01-01", "9999-12-31"]}


@pytest.mark.parametrize("who", ["cora", "emil"])
def test_odd_answers_break_no_form(
    app: Flask, world: World, signed_in_as: Any, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    browser = signed_in_as(getattr(world.cast, who))
    # Whatever is taken after all is taken back, so that each form finds the same world.
    monkeypatch.setattr(db.session, "commit", db.session.rollback)
    seen: set[tuple[str, ...]] = set()
    broken = []
    for address in pages(app, world):
        answer = browser.get(address)
        for form in Forms(answer.text if answer.mimetype == "text/html" else "").forms:
            action = form.action or address
            names = sorted({name for name, kind, _value in form.fields if kind not in ("submit", "file")})
            kind = (form.method, action.rpartition("/")[2], *names)
            if kind not in seen and action not in ("/sign-out", "/language", "/appearance"):
                seen.add(kind)
                broken += [
                    f"{action}: {odd}" for odd in odd_answers(form) if breaks(browser, form, action, odd)
                ]
    assert not broken


def odd_answers(form: Form) -> Iterator[dict[str, str]]:
    """What to send in place of what is usual: something odd everywhere, then in one field alone."""
    fields = [(name, kind) for name, kind, _value in form.fields if kind not in ("submit", "file")]
    for value in ("²", ENDLESS):
        yield {name: value for name, _kind in fields}
    for name, kind in fields:
        for value in ODD_ANSWERS.get(kind, ()):
            yield {name: value}


def breaks(browser: FlaskClient, form: Form, action: str, odd: dict[str, str]) -> bool:
    """Whether a form that is answered so breaks."""
    data = MultiDict((name, odd.get(name, usual(kind, told))) for name, kind, told in form.fields)
    if form.method == "post":
        return browser.post(action, data=data).status_code >= 500
    return browser.get(action, query_string=data).status_code >= 500


def usual(kind: str, told: str) -> str:
    """What somebody would answer who means it."""
    return told or {"date": "2027-05-03", "time": "06:00", "number": "8", "file": ""}.get(kind, "words")


def test_a_hire_date_of_the_year_9999_breaks_no_roster(world: World, signed_in_as: Any) -> None:
    emil, cora = signed_in_as(world.cast.emil), signed_in_as(world.cast.cora)
    worker_id, cohort_id = world.ids["worker_id"], world.ids["cohort_id"]
    told = {"given_name": "Ana", "family_name": "Archuleta", "hired_on": "9999-12-31"}
    refused = emil.post(f"/workers/{worker_id}/edit", data={**told, "employer_id": str(world.cast.steel.id)})
    assert refused.status_code == 422
    assert "Choose a day between the years 1900 and 2199." in refused.text
    # Whatever was stored before it was refused must not break the page either.
    db.session.execute(sa.update(Worker).where(Worker.id == worker_id).values(hired_on=date.max))
    db.session.commit()
    assert cora.get(f"/cohorts/{cohort_id}/roster").status_code == 200


def test_a_correction_on_the_last_day_of_the_calendar_is_refused(world: World, signed_in_as: Any) -> None:
    address = f"/sessions/{world.ids['session_id']}/attendance/{world.ids['enrollment_id']}/corrections"
    late = {"kind": "check_in", "day": "9999-12-31", "clock": "23:59", "reason": "because"}
    assert signed_in_as(world.cast.tom).post(address, data=late).status_code == 422


@pytest.mark.parametrize("version", [ENDLESS, "²", "-1"])
def test_a_version_that_is_no_number_is_none(world: World, signed_in_as: Any, version: str) -> None:
    address = f"/worksites/{world.ids['worksite_id']}/edit"
    told = {"organization_id": str(world.cast.steel.id), "name": "Mill gate 3", "address": "1 Mill Road"}
    answer = signed_in_as(world.cast.emil).post(address, data={**told, "zip": "81004", "version": version})
    assert answer.status_code in {303, 409, 422}


def test_a_decision_about_no_row_decides_nothing(world: World, signed_in_as: Any) -> None:
    staged = db.session.get_one(RosterImport, world.ids["import_id"])
    address = f"/roster-imports/{staged.id}/application"
    odd = {f"row-{ENDLESS}": "new", "row-²": "new", "row--1": "new", "row-": "new"}
    assert signed_in_as(world.cast.emil).post(address, data=odd).status_code == 303


@pytest.mark.parametrize("where", ["query_string", "data"])
def test_text_that_no_keyboard_types_is_refused_and_nothing_is_written(
    app: Flask, world: World, signed_in_as: Any, where: str
) -> None:
    browser = signed_in_as(world.cast.emil)
    told: dict[str, Any] = {where: {"name": f"Emil{NUL}", "language": "en"}}
    answer = browser.post("/settings/profile", **told)
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    db.session.expire_all()
    assert world.cast.emil.name == "Emil Kovacs"
    assert browser.get("/workers", query_string={NUL: "x"}).status_code == 400


def test_a_page_of_text_is_no_date_and_is_not_tried_letter_by_letter() -> None:
    clock = "2018-01-13 05:00:00."
    assert read_date(clock + "0" * 6, today=date(2026, 4, 13)).day == date(2018, 1, 13)
    assert read_date(clock + "0" * 100, today=date(2026, 4, 13)).problem == "date_invalid"
    assert read_date("2018-01-13" + " " * 2000, today=date(2026, 4, 13)).day == date(2018, 1, 13)


@pytest.mark.parametrize("text", ["name" + "(" * 1996, "name" + "[" * 1996])
def test_a_page_of_brackets_is_no_heading(text: str) -> None:
    assert meaning_of(text) is None
