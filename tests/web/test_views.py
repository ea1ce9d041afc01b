"""Public pages, language, light and dark, health."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.web.landing import PublicDate
from tests.cast import Cast

Signer = Callable[[Person], FlaskClient]
PUBLIC = ("/", "/privacy", "/accessibility")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_need_no_account_and_say_what_the_law_asks(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "Auxiliary aids and services are available upon request" in page.text
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", PUBLIC)
def test_pages_carry_a_strict_policy_and_nothing_inline(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.text)


def test_health_is_told_to_monitors(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["status"] == "ok"
    assert body["migration"] == body["expected_migration"]
    assert body["database"] in {"sqlite", "postgresql"}
    assert body["version"]


def test_the_browser_s_language_is_spoken_until_another_is_chosen(client: FlaskClient) -> None:
    assert '<html lang="es"' in client.get("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).text
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "de"}).text
    answer = client.post("/language", data={"language": "es", "next": "/privacy?x=1"})
    assert answer.status_code == 303
    assert answer.location == "/privacy?x=1"
    assert '<html lang="es"' in client.get("/", headers={"Accept-Language": "en"}).text


def test_a_person_s_own_language_comes_first_and_changes_with_the_switch(
    cast: Cast, signed_in_as: Signer
) -> None:
    browser = signed_in_as(cast.emil)
    assert '<html lang="en"' in browser.get("/", headers={"Accept-Language": "es"}).text
    browser.post("/language", data={"language": "es"})
    db.session.expire_all()
    assert db.session.get_one(Person, cast.emil.id).language == "es"
    assert '<html lang="es"' in browser.get("/", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "//[", "x", ""]
)
def test_switches_never_lead_away_from_this_site(client: FlaskClient, elsewhere: str) -> None:
    for path, data in (("/language", {"language": "es"}), ("/appearance", {"appearance": "dark"})):
        assert client.post(path, data={**data, "next": elsewhere}).location == "/"


def test_unknown_choices_are_refused(client: FlaskClient) -> None:
    assert client.post("/language", data={"language": "xx"}).status_code == 400
    assert client.post("/appearance", data={"appearance": "pink"}).status_code == 400
    assert client.get("/language").status_code == 405
    assert client.get("/appearance").status_code == 405


def test_light_or_dark_is_remembered_and_forgotten(client: FlaskClient) -> None:
    assert "data-theme" not in client.get("/").text
    client.post("/appearance", data={"appearance": "dark"})
    assert 'data-theme="dark"' in client.get("/").text
    client.post("/appearance", data={"appearance": "auto"})
    assert "data-theme" not in client.get("/").text


def test_demo_is_said_on_every_page(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "DEMO" not in client.get("/").text
    monkeypatch.setitem(app.config, "DEMO", True)
    assert "DEMO" in client.get("/").text
    assert "DEMO" in client.get("/nothing-here").text


def test_the_one_style_sheet_can_be_kept_for_ever_by_its_version(client: FlaskClient) -> None:
    address = re.search(r'href="(/style\.css\?v=\w+)"', client.get("/").text)
    assert address
    sheet = client.get(address.group(1))
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert sheet.text.startswith("@layer tokens,base,layout,components,pages,print;")
    again = client.get("/style.css")
    assert again.headers["Cache-Control"] == "no-cache"
    assert client.get("/style.css", headers={"If-None-Match": again.headers["ETag"]}).status_code == 304


def test_the_first_page_names_places_open_to_all_and_where_a_lab_is_now(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = local_day(utc_now(), "America/Denver")
    visits = [
        PublicDate(
            town=f"Town{number}", county="Prowers", county_fips="08099", course="Welding basics",
            course_es="Soldadura básica", course_code="WLD-101",
            first_on=today + timedelta(days=7 * number - 1),
            last_on=today + timedelta(days=7 * number + 3), seats=6, place="Town lot" if number else None,
        )
        for number in range(9)
    ]  # fmt: skip
    monkeypatch.setitem(app.extensions, "labtracker_public_dates", lambda _now: visits)
    page = client.get("/").text
    assert page.count("there now") == 1
    assert page.count("Town lot") == 7
    assert "Town7" in page
    assert "Town8" not in page
    assert "All open dates" in page
    assert 'font-size="13">9</text>' in page  # the map counts them all
    monkeypatch.setitem(app.extensions, "labtracker_public_dates", lambda _now: [])
    assert "No visits are planned right now" in client.get("/").text
