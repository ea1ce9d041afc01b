"""The parts that pages are made of: valid, labelled, harmless with any text, whole in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import wtforms
from flask import Flask, render_template
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from labtracker.errors import DomainError
from labtracker.web.forms import form_problems, refuse
from labtracker.web.pagination import Page, Sort
from tests import html

# Nothing of a database shows here.
pytestmark = pytest.mark.one_database

NASTY = '<script>alert("x")</script>&amp;"\''
WEEK = [SelectChoice(day, day) for day in ("Mon", "Tue", "Wed")]


class Line(wtforms.Form):
    minutes = wtforms.IntegerField("Minutes", validators=[DataRequired("Say how long.")])


class Everything(FlaskForm):
    class Meta:
        csrf = False

    token = wtforms.HiddenField()
    name = wtforms.StringField("Company", validators=[DataRequired("Give the company’s name.")])
    count = wtforms.IntegerField("How many", validators=[DataRequired()], description="Between 1 and 40.")
    on = wtforms.DateField("First day")
    shift = wtforms.RadioField("Shift", choices=[SelectChoice("d", "Days"), SelectChoice("n", "Nights")])
    days = wtforms.SelectMultipleField(
        "Days of the week",
        choices=WEEK,
        widget=wtforms.widgets.ListWidget(prefix_label=False),
        option_widget=wtforms.widgets.CheckboxInput(),
    )
    lab = wtforms.SelectField("Lab", choices=[SelectChoice("a", "Welding lab")])
    file = FileField("Roster")
    note = wtforms.TextAreaField("Anything else")
    agree = wtforms.BooleanField("The site contact will be there", description="One for each shift")
    breaks = wtforms.FieldList(wtforms.FormField(Line), min_entries=1)


@pytest.fixture
def gallery(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    assert app.jinja_loader
    folder = Path(__file__).parent / "templates"
    monkeypatch.setattr(app, "jinja_loader", ChoiceLoader([FileSystemLoader(folder), app.jinja_loader]))
    monkeypatch.setattr(app.jinja_env, "loader", app.jinja_loader)
    return app


def _rows() -> list[dict[str, Any]]:
    return [
        {"who": "Steel Works", "course": "Welding basics", "n": 14, "state": "asked", "kind": ""},
        {"who": NASTY, "course": NASTY, "n": 1240, "state": NASTY, "kind": "in"},
    ]


def _drawn(app: Flask, path: str = "/language", **data: str) -> str:
    with app.test_request_context(path, method="POST", data=data):
        form = Everything()
        form.validate()
        rows = _rows()
        return render_template(
            "gallery.html",
            form=form,
            rows=rows,
            sort=Sort("who", False, {}),
            page=Page(rows, 2, 140),
            now=datetime(2026, 4, 14, 11, 58, tzinfo=UTC),
        )


class _Controls(HTMLParser):
    """Inputs, their labels, and what describes them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.described_by: set[str] = set()
        self.controls: list[str] = []
        self.inside_label = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "label":
            self.inside_label = True
            self.labelled.add(str(found.get("for")))
        if tag in {"input", "select", "textarea"} and found.get("type") != "hidden":
            self.controls.append(str(found["id"]))
            if self.inside_label:
                self.labelled.add(str(found["id"]))
        self.described_by.update(str(found.get("aria-describedby") or "").split())

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label = False


def test_every_control_has_its_label_and_what_it_refers_to(gallery: Flask) -> None:
    seen = _Controls(_drawn(gallery))
    assert len(seen.controls) == 13
    assert set(seen.controls) <= seen.labelled
    assert seen.described_by <= set(seen.ids)
    assert {
        "name-error",
        "count-hint",
        "count-error",
        "agree-hint",
        "breaks-0-minutes-error",
    } <= seen.described_by
    assert len(seen.ids) == len(set(seen.ids))


def test_each_error_leads_to_its_field(gallery: Flask) -> None:
    page = _drawn(gallery)
    for target in ("#name", "#count", "#shift-0", "#breaks-0-minutes"):
        assert f'href="{target}"' in page
    assert page.count("Give the company’s name.") == 2


def test_what_was_typed_stays_and_harms_nobody(gallery: Flask) -> None:
    page = _drawn(gallery, name=NASTY, note=NASTY)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "&lt;/textarea" not in page


def test_a_refusal_goes_to_its_field_or_to_the_form(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={}):
        form = Everything()
        refuse(form, DomainError("no_lab", "No lab is free.", field="lab"))
        refuse(form, DomainError("closed", "Booking is closed."))
        refuse(form, DomainError("odd", "Nobody knows this field.", field="nothing"))
        problems = {problem.message: problem.id for problem in form_problems(form)}
    assert problems == {"Booking is closed.": "", "Nobody knows this field.": "", "No lab is free.": "lab"}


def test_a_label_that_is_a_sentence_keeps_its_end(app: Flask) -> None:
    class Asked(FlaskForm):
        slope = wtforms.IntegerField("How steep is it? Level is 0.", validators=[DataRequired()])
        lab = wtforms.StringField("Lab", validators=[DataRequired()])

    with app.test_request_context("/", method="POST", data={}):
        form = Asked()
        form.validate()
        labels = [problem.label for problem in form_problems(form)]
    assert labels == ["How steep is it? Level is 0.", "Lab:"]


@pytest.mark.skipif(not html.is_there(), reason="html-validate is not installed: run make install")
def test_parts_and_public_pages_are_valid_html(gallery: Flask, tmp_path: Path) -> None:
    client = gallery.test_client()
    pages = {"gallery": _drawn(gallery), "nowhere": client.get("/nowhere").text}
    for path in ("/", "/privacy", "/accessibility"):
        pages[path] = client.get(path, headers={"Accept-Language": "es"}).text
    assert html.faults_in(pages, tmp_path / "pages") == []


@pytest.mark.skipif(not html.is_there(), reason="html-validate is not installed: run make install")
def test_the_validator_finds_faults(tmp_path: Path) -> None:
    wrong = '<!DOCTYPE html><html lang="en"><head><title>x</title></head><body><p style="color: red"></html>'
    assert any("no-inline-style" in fault for fault in html.faults_in({"wrong": wrong}, tmp_path / "pages"))
