"""Markup in everything that people can type, stored as if every form had let it through: shown, never run."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker import config
from labtracker.extensions import db
from labtracker.jobs.mail import queue_mail
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.services.notices import tell_of_booking
from tests.cast import NOW
from tests.security.test_own_objects import address_of
from tests.security.world import World

# What an address answers is the same on either database.
pytestmark = pytest.mark.one_database

MARKUP = "\"'><x9 onload=alert(1)>{{7*7}}%(x)s"
# What people type into, by table. Codes, addresses of mail and choices have their own checks.
TYPED = {
    "organization": ("name", "city"),
    "person": ("name",),
    "worker": ("given_name", "family_name", "job_title", "employee_number"),
    "worksite": ("name", "address", "city", "contact_name", "notes", "rural_reason"),
    "lab": ("name", "ground", "notes", "home_city"),
    "course": ("title", "title_es", "description", "credential"),
    "skill": ("title", "title_es"),
    "cohort": ("name",),
    "booking_request": ("notes", "reason", "site_contact"),
    "booking_step": ("reason",),
    "deployment": ("notes", "cancel_reason"),
    "session": ("cancel_reason",),
    "enrollment": ("withdrawn_reason",),
    "roster_import": ("filename",),
    "account_request": ("organization_name", "person_name", "city", "message", "reason"),
    "device": ("name", "app_version"),
    "sign_in": ("agent",),
}


@pytest.fixture
def marked(world: World) -> World:
    """The world with markup in every text that people type, in what phones tell, and in a sheet's cells."""
    for table, columns in TYPED.items():
        db.session.execute(sa.update(db.metadata.tables[table]).values(dict.fromkeys(columns, MARKUP)))
    tables = db.metadata.tables
    told = {"reason": MARKUP, "walk_in": {"id": "x", "name": MARKUP, "employer": MARKUP}, "text": MARKUP}
    db.session.execute(sa.update(tables["event"]).values(payload=told))
    cells = [{"row": 2, "cells": [MARKUP, MARKUP], "marks": [{"code": "name_missing", "column": MARKUP}]}]
    headed = {"sheet": MARKUP, "headings": [MARKUP, MARKUP], "fields": {"0": "full_name"}, "dropped": []}
    db.session.execute(
        sa.update(tables["roster_import"]).values(
            rows=cells,
            columns={**headed, "has_serials": False, "date_order": None},
            notices=[{"code": "ssn_removed", "column": MARKUP}],
        )
    )
    db.session.commit()
    db.session.expire_all()
    return world


@pytest.mark.parametrize("who", ["ada", "emil", "tom", "rita"])
def test_no_page_runs_what_people_typed(app: Flask, marked: World, signed_in_as: Any, who: str) -> None:
    browser = signed_in_as(getattr(marked.cast, who))
    shown = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        answer = browser.get(address_of(app, rule, marked))
        if answer.mimetype == "text/html":
            assert answer.status_code < 500, rule.rule
            assert "<x9" not in answer.text, rule.rule
            assert "49%" not in answer.text, rule.rule
            shown += "&lt;x9" in answer.text
        answer.close()
    assert shown > (3 if who == "rita" else 10)


def test_no_mail_runs_what_people_typed(app: Flask, marked: World) -> None:
    booking = db.session.get_one(BookingRequest, marked.ids["booking_id"])
    sent = [
        queue_mail("x@y.example", name, "en", NOW, name=MARKUP, inviter=MARKUP, organization=MARKUP,
                   reason=MARKUP, url="https://x.example/")
        for name in ("invitation", "role_given", "account_requested", "account_declined", "password_link")
    ]  # fmt: skip
    tell_of_booking(booking, "submitted", actor=marked.cast.cora, now=NOW)
    mails = db.session.execute(sa.select(db.metadata.tables["mail_message"])).all()
    assert len(mails) > len(sent)
    for mail in mails:
        assert "<x9" not in (mail.html or ""), mail.subject
        assert "\n" not in mail.subject


def test_the_phone_s_client_writes_no_markup() -> None:
    scripts = [*(config.ROOT / "static/js").rglob("*.js"), *(config.ROOT / "static/sw").rglob("*.js")]
    assert len(scripts) > 20
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        for way in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert way not in text, f"{script.name}: {way}"
