"""Phones are no forms: the API asks for no token against forgery, since it looks at no cookie."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.mark.parametrize("path", ["/api/v1/devices", "/api/v1/events", "/api/v1/site-checks"])
def test_posting_without_a_forms_token_reaches_the_api(app: Flask, path: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post(path, json={})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    codes = [error["code"] for error in answer.get_json()["errors"]]
    assert codes in (["bad_envelope"], ["no_token"])
