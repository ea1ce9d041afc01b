"""The client's page and words: the same for everybody, and safe to keep."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from labtracker.web import bundle


def test_the_page_needs_no_signing_in_and_names_nobody(client: FlaskClient) -> None:
    answer = client.get("/checkin")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert 'id="client"' in answer.text


def test_the_client_comes_as_one_file_with_nothing_inline(client: FlaskClient) -> None:
    answer = client.get("/checkin")
    assert re.findall(r"<script[^>]*>", answer.text) == [
        '<script type="module" src="/static/vendor/checkin/client.js">'
    ]
    assert "sha256-" not in answer.headers["Content-Security-Policy"]
    assert "<style" not in answer.text


def test_only_the_import_map_of_single_modules_may_be_inline(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "is_fresh", lambda _static: False)
    answer = client.get("/checkin")
    assert 'src="/static/js/checkin/main.js"' in answer.text
    assert '<link rel="modulepreload" href="/static/js/checkin/desk.js">' in answer.text
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", answer.text)
    assert inline == ['<script type="importmap">']
    policy = answer.headers["Content-Security-Policy"]
    assert policy.count("'sha256-") == 1
    assert "unsafe-inline" not in policy
    assert "<style" not in answer.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_words_are_json(client: FlaskClient, language: str) -> None:
    answer = client.get(f"/checkin/messages/{language}.json")
    assert answer.status_code == 200
    assert isinstance(answer.get_json(), dict)


def test_words_of_unknown_languages_do_not_exist(client: FlaskClient) -> None:
    assert client.get("/checkin/messages/xx.json").status_code == 404


def test_pages_are_only_read(client: FlaskClient) -> None:
    assert client.post("/checkin").status_code == 405
