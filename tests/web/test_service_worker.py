"""The service worker's list: every file of the client, each at an address that gives exactly those bytes."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from labtracker.web import bundle, service_worker


@pytest.fixture(params=["one file", "single modules"], autouse=True)
def either_form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The client as set-up has bundled it, and as it is where the bundle is missing or old."""
    monkeypatch.setattr(bundle, "is_fresh", lambda _static: request.param == "one file")
    return str(request.param)


def text_of(client: FlaskClient, url: str) -> str:
    with client.get(url) as answer:
        assert answer.status_code == 200, url
        return answer.data.decode("utf-8", errors="replace")


def release_in(client: FlaskClient) -> dict[str, Any]:
    first = client.get("/sw.js").text.splitlines()[0]
    return dict(json.loads(first.removeprefix("self.RELEASE = ").removesuffix(";")))


def test_the_script_is_asked_for_anew_each_time(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    assert "addEventListener('install'" in answer.text
    assert client.post("/sw.js").status_code == 405


def test_each_file_is_there_with_the_hash_that_is_listed(client: FlaskClient) -> None:
    release = release_in(client)
    urls = {file["url"] for file in release["files"]}
    assert ("/static/vendor/checkin/client.js" in urls) != ("/static/js/checkin/main.js" in urls)
    assert ("/static/vendor/checkin/worker.js" in urls) != ("/static/js/checkin/scanner/worker.js" in urls)
    assert {"/checkin", "/checkin/style.css"} < urls
    for file in release["files"]:
        with client.get(file["url"]) as answer:
            assert answer.status_code == 200, file["url"]
            if file["hash"] is None:
                assert release["version"] in answer.text
            else:
                assert hashlib.sha256(answer.data).hexdigest() == file["hash"], file["url"]


def test_what_is_seldom_wanted_is_listed_for_later(client: FlaskClient, either_form: str) -> None:
    files = release_in(client)["files"]
    later = [file["url"] for file in files if file["later"]]
    assert bool(later) == (either_form == "one file")
    page = text_of(client, "/checkin")
    assert not [url for url in later if url in page]
    assert "/static/vendor/checkin/client.js" not in later


def test_nothing_of_the_api_is_ever_listed(client: FlaskClient) -> None:
    assert not [file for file in release_in(client)["files"] if file["url"].startswith("/api/")]


def test_all_that_the_page_and_its_modules_ask_for_is_listed(app: Flask, client: FlaskClient) -> None:
    listed = {file["url"] for file in release_in(client)["files"]}
    page = text_of(client, "/checkin")
    wanted = set(re.findall(r'(?:href|src)="(/[^"#]+)"', page)) - {"/devices/pair"}
    for url in [url for url in listed if url.startswith("/static/js/") or url.endswith(".css")]:
        text = text_of(client, url)
        folder = url.rsplit("/", 1)[0]
        for name in re.findall(r"from '(\.[^']+)'", text):
            parts = f"{folder}/{name}".split("/")
            while ".." in parts:
                place = parts.index("..")
                del parts[place - 1 : place + 1]
            wanted.add("/".join(part for part in parts if part != "."))
        wanted |= set(re.findall(r"url\(\"?(/static/[^\")]+)", text))
    assert wanted <= listed


def test_a_changed_file_is_a_new_version(app: Flask, monkeypatch: Any) -> None:
    with app.test_request_context():
        before = service_worker.release()
        again = service_worker.release()
        monkeypatch.setattr(service_worker, "_worker_source", lambda: "// another")
        after = service_worker.release()
    assert before == again
    assert before.version != after.version
