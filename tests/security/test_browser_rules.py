"""What browsers are told and what they must bring: headers, cookies, forms' tokens; what caches may keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from labtracker.app import create_app
from tests.security.test_own_objects import CASES, address_of, writes
from tests.security.world import World

# What an address answers is the same on either database.
pytestmark = pytest.mark.one_database

# What is the same for everybody, and says itself how long it may be kept.
FOR_EVERYBODY = {
    "static",
    "style",
    "client_style",
    "service_worker.script",
    "checkin.client",
    "checkin.messages",
}


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application as it is served: forms need their token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_nothing_is_posted_without_a_forms_token(guarded: Flask, world: World, signed_in_as: Any) -> None:
    browser = signed_in_as(world.cast.ada)
    posts = [rule for rule in guarded.url_map.iter_rules() if "POST" in (rule.methods or ())]
    for rule in posts:
        # Phones show their token; a mail's link is signed, and mail programs press it for their readers.
        if rule.endpoint.startswith("api.") or rule.endpoint == "accounts.mail_choice":
            continue
        for more in ({}, {"csrf_token": "guessed"}):
            with writes() as written:
                answer = browser.post(address_of(guarded, rule, world), data=more)
            assert answer.status_code == 400, rule.rule
            assert not written, rule.rule
    assert len(posts) > 60


def test_a_header_or_a_field_makes_no_other_method_of_a_request(
    app: Flask, world: World, signed_in_as: Any
) -> None:
    browser = signed_in_as(world.cast.cora)
    address = f"/workers/{world.ids['worker_id']}/archiving"
    tricks: tuple[dict[str, Any], ...] = (
        {"headers": {"X-HTTP-Method-Override": "POST"}},
        {"headers": {"X-Method-Override": "POST"}},
        {"query_string": {"_method": "POST"}},
    )
    for trick in tricks:
        assert browser.get(address, **trick).status_code == 405


def test_every_answer_carries_the_rules_and_none_that_is_somebodys_is_kept(
    app: Flask, world: World, signed_in_as: Any
) -> None:
    browser = signed_in_as(world.cast.cora)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        answer = browser.get(address_of(app, rule, world))
        headers = answer.headers
        answer.close()
        assert headers["Content-Security-Policy"].startswith("default-src 'none'"), rule.rule
        assert "unsafe-inline" not in headers["Content-Security-Policy"], rule.rule
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], rule.rule
        assert headers["X-Frame-Options"] == "DENY", rule.rule
        assert headers["X-Content-Type-Options"] == "nosniff", rule.rule
        assert headers["Referrer-Policy"] == "no-referrer", rule.rule
        if rule.endpoint not in FOR_EVERYBODY:
            assert headers["Cache-Control"] == "no-store", rule.rule
    assert set(FOR_EVERYBODY) <= set(CASES)


def test_no_page_has_a_script_or_a_style_of_its_own(app: Flask, world: World, signed_in_as: Any) -> None:
    inline = re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"importmap\"))|<style|\sstyle=|\son[a-z]+=|javascript:"
    )
    browser = signed_in_as(world.cast.cora)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            answer = browser.get(address_of(app, rule, world))
            if answer.mimetype == "text/html":
                assert not inline.search(answer.text), rule.rule
            answer.close()


@pytest.mark.parametrize(("address", "is_secure"), [("https://x.example", True), ("http://x.example", False)])
def test_the_session_s_cookie_is_for_this_site_and_no_script(
    tmp_path: Any, address: str, is_secure: bool
) -> None:
    served = create_app(PUBLIC_URL=address, INSTANCE_DIR=str(tmp_path), SECRET_KEY="only-for-tests")
    page = served.test_client().get("/account-requests/new")
    cookie = next(one for one in page.headers.getlist("Set-Cookie") if one.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is is_secure


def test_a_new_database_file_is_its_owners_alone(tmp_path: Any) -> None:
    served = create_app(INSTANCE_DIR=str(tmp_path), SECRET_KEY="only-for-tests")
    assert served.test_client().get("/healthz").status_code == 503
    file = tmp_path / "labtracker.sqlite"
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1"])
def test_whatever_host_is_asked_for_no_redirect_leads_to_it(app: Flask, host: str) -> None:
    for path in ("/settings", "/home", "/cohorts"):
        answer = app.test_client().get(path, headers={"Host": host, "X-Forwarded-Host": "evil.example"})
        assert answer.location.startswith("/sign-in")
