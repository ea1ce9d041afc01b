"""Answers come packed to whoever can read that, and mean the same as unpacked ones."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

# Nothing of a database shows here.
pytestmark = pytest.mark.one_database

MODULE = "/static/js/checkin/main.js"
GZIP = {"Accept-Encoding": "gzip"}


def length(client: FlaskClient, url: str, encoding: str) -> int:
    with client.get(url, headers={"Accept-Encoding": encoding}) as answer:
        assert answer.status_code == 200
        return len(answer.data)


@pytest.mark.parametrize(
    "url", [MODULE, "/style.css", "/checkin/style.css", "/", "/sw.js", "/checkin/messages/es.json"]
)
def test_what_is_packed_is_the_same_and_smaller(client: FlaskClient, url: str) -> None:
    with client.get(url) as plain, client.get(url, headers=GZIP) as packed:
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.content_length == len(packed.data) < len(plain.data)
        unpacked = gzip.decompress(packed.data)
        assert unpacked == plain.data or (url == "/" and b"</html>" in unpacked)
        assert "Accept-Encoding" in plain.vary
        assert "Accept-Encoding" in packed.vary


def test_whoever_holds_a_packed_file_is_not_sent_it_again(client: FlaskClient) -> None:
    names = []
    for headers in ({}, GZIP):
        with client.get(MODULE, headers=headers) as answer:
            name = answer.headers["ETag"]
        names.append(name)
        with client.get(MODULE, headers={**headers, "If-None-Match": name}) as again:
            assert (again.status_code, again.data) == (304, b"")
    assert names[0] != names[1]


def test_a_changed_file_is_packed_anew(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    file = tmp_path / "long.css"
    for letter in "ab":
        file.write_text(letter * 5000)
        with app.test_client().get("/static/long.css", headers=GZIP) as answer:
            assert gzip.decompress(answer.data) == letter.encode() * 5000


def test_what_set_up_has_packed_is_handed_out_as_it_is(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    (tmp_path / "reader.wasm").write_bytes(b"0" * 5000)
    (tmp_path / "reader.wasm.br").write_bytes(b"packed at set-up")
    headers = {"Accept-Encoding": "gzip, br"}
    with app.test_client().get("/static/reader.wasm", headers=headers) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.mimetype == "application/wasm"
        assert answer.data == b"packed at set-up"
    with app.test_client().get("/static/reader.wasm", headers=GZIP) as answer:
        assert gzip.decompress(answer.data) == b"0" * 5000


def test_pictures_small_answers_errors_and_parts_stay_as_they_are(client: FlaskClient) -> None:
    for url, headers in (
        ("/static/img/icon-192.png", {}),
        ("/static/img/chevron.svg", {}),
        ("/static/nothing.js", {}),
        (MODULE, {"Range": "bytes=0-99"}),
        (MODULE, {"Accept-Encoding": "gzip;q=0"}),
    ):
        with client.get(url, headers={**GZIP, **headers}) as answer:
            assert "Content-Encoding" not in answer.headers, url


def test_the_size_of_a_page_tells_nothing_of_what_is_in_it(client: FlaskClient) -> None:
    sizes = {length(client, "/sign-in", "gzip") for _try in range(12)}
    assert len(sizes) > 1


def test_the_api_packs_for_itself_and_once(client: FlaskClient) -> None:
    with client.get("/openapi.json", headers=GZIP) as answer:
        text = gzip.decompress(answer.data)
    assert json.loads(text)["openapi"].startswith("3.")
