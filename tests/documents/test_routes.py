"""docs/routes.md names every route, and each says what it is for."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from labtracker.accounts.rules import Role
from tools import routes

# Nothing of a database shows here.
pytestmark = pytest.mark.one_database


def test_the_page_of_routes_is_as_the_code_is() -> None:
    assert routes.PAGE.read_text(encoding="utf-8") == routes.page(), "run: make routes"


def test_every_route_says_what_it_is_for(migrated_app: Flask) -> None:
    listed = [route for part in routes.routes_of(migrated_app).values() for route in part]
    assert len(listed) == len(list(migrated_app.url_map.iter_rules()))
    assert [path for path, _methods, _who, what in listed if len(what.split()) < 3] == []


def test_who_may_call_a_route_is_what_the_route_asks(migrated_app: Flask) -> None:
    who = {
        (path, methods): who
        for part in routes.routes_of(migrated_app).values()
        for path, methods, who, _what in part
    }
    assert who["/audit", "GET"] == Role.COORDINATOR
    assert who["/my-people", "GET"] == Role.EMPLOYER
    assert who["/settings", "GET"] == "signed in"
    assert who["/sign-in", "GET POST"] == routes.EVERYBODY
    assert who["/b/<badge_id>", "GET"] == "whoever has the link"
    assert who["/api/v1/devices", "POST"] == "a paired phone"
    assert who["/outbox", "GET"] == "the demo"
    assert who["/my-training", "GET"] == "the worker, by their own link"


def test_what_asks_for_no_account_is_this_and_no_more(migrated_app: Flask) -> None:
    """A new page that forgets its decorator would be open to everybody: it has to be named here first."""
    open_to_all = [
        re.sub(r"<[^>]*>", "*", path)
        for part in routes.routes_of(migrated_app).values()
        for path, _methods, who, _what in part
        if who == routes.EVERYBODY
    ]
    assert sorted(open_to_all) == [
        "/",
        "/.well-known/jwks.json",
        "/accessibility",
        "/account-requests/new",
        "/account-requests/thanks",
        "/appearance",
        "/checkin",
        "/checkin/messages/*.json",
        "/checkin/style.css",
        "/dates",
        "/healthz",
        "/issuer",
        "/issuer/keys/*",
        "/issuer/revocations",
        "/language",
        "/my-training/link",
        "/openapi.json",
        "/password/link",
        "/privacy",
        "/sign-in",
        "/sign-in/link",
        "/sign-out",
        "/static/*",
        "/style.css",
        "/sw.js",
    ]
