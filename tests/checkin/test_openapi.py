"""The API's description is valid, and the API does what it says, whatever it is sent."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from labtracker.extensions import db
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone
from tests.checkin.test_site_checks_api import fetched, sent, told
from tests.labs.checks import welding_needs


@pytest.fixture
def document(app: Flask) -> Any:
    answer = app.test_client().get("/openapi.json")
    assert answer.status_code == 200
    return answer.json


def test_every_reference_leads_somewhere_and_every_schema_is_one(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        assert jsonschema_rs.meta.is_valid(schema), name
    text = json.dumps(document)
    for part in text.split('"$ref": "')[1:]:
        reference = part.split('"')[0]
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_every_address_of_the_api_is_described(app: Flask, document: Any) -> None:
    served = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.rule == "/healthz"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert served == described


def test_real_answers_fit_their_schemas(phone: Phone, day: Day, document: Any) -> None:
    def check(answer: Any, name: str) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema_rs.validate(schema, answer)

    welding_needs(day.cast)
    db.session.commit()
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    check(phone.upload([*phone.items, {}, {"damaged": True}]), "Receipt")  # type: ignore[list-item]
    check(phone.pack(), "Pack")
    check(fetched(phone), "SiteChecks")
    check(sent(phone, told(day))[1], "KeptCheck")
    check(phone.client.get("/healthz").json, "Health")
    check(phone.client.get("/api/v1/pack").json, "Errors")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/devices", "POST"),
        ("/api/v1/pack", "GET"),
        ("/api/v1/events", "POST"),
        ("/api/v1/site-checks", "GET"),
        ("/api/v1/site-checks", "POST"),
        ("/healthz", "GET"),
    ],
)
def test_nothing_that_is_sent_surprises_the_api(app: Flask, phone: Phone, path: str, method: str) -> None:
    operation = schemathesis.openapi.from_wsgi("/openapi.json", app)[path][method]
    # No code that is made up pairs a phone, no trainer goes to made-up sites, and the token is a good one.
    left_out = [schemathesis.checks.CHECKS.get_one(name) for name in ("ignored_auth",)]
    if path.endswith(("devices", "site-checks")):
        left_out.append(schemathesis.checks.CHECKS.get_one("positive_data_acceptance"))

    @settings(
        max_examples=40,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def attempt(case: Any) -> None:
        # The checker reads answers as they come, so they are asked for unpacked.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {phone.token}", "Accept-Encoding": "identity"},
            excluded_checks=left_out,
        )

    attempt()
