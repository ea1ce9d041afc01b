"""The signed credential: as Open Badges 3.0 wants it, and good to a library that is none of ours."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from labtracker import config
from labtracker.certificates import services
from labtracker.certificates.models import Certificate
from labtracker.roster.models import Enrollment
from tests.cast import Cast
from tests.certificates.builders import completed_cohort, issued
from tests.completion.builders import LATER

SOON = LATER + timedelta(days=3)
HERE = "http://127.0.0.1:8000"


@pytest.fixture
def ana(cast: Cast) -> Enrollment:
    return completed_cohort(cast)[1][0]


@pytest.fixture
def checked(app: Flask, tmp_path: Path) -> Callable[[str], Any]:
    """Let jose, in Node, check a token with the keys as they are published; gives what it read, or None."""

    def check(token: str) -> Any:
        keys = tmp_path / "jwks.json"
        keys.write_bytes(app.test_client().get("/.well-known/jwks.json").data)
        (tmp_path / "credential.jwt").write_text(token)
        node = shutil.which("node") or str(config.ROOT / "tools" / "node")
        program = Path(__file__).with_name("verify.mjs")
        done = subprocess.run(
            [node, str(program), str(tmp_path / "credential.jwt"), str(keys)],
            capture_output=True,
            text=True,
            check=False,
            cwd=config.ROOT,
        )
        assert done.returncode == 0 or "JWSSignatureVerificationFailed" in done.stderr, done.stderr
        return json.loads(done.stdout) if done.returncode == 0 else None

    return check


def changed(token: str) -> str:
    head, payload, signature = token.split(".")
    return ".".join((head, payload[:60] + ("A" if payload[60] != "A" else "B") + payload[61:], signature))


@pytest.mark.one_database
def test_another_library_in_another_language_finds_it_good_and_a_changed_one_bad(
    cast: Cast, ana: Enrollment, checked: Callable[[str], Any]
) -> None:
    one = issued(cast, ana)
    services.rotate_key(now=SOON)
    read = checked(one.credential)
    assert read is not None
    assert read["header"] == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": f"{HERE}/issuer/keys/{one.key_id}",
    }
    assert_as_open_badges_wants(read["payload"], one)
    assert checked(changed(one.credential)) is None


def assert_as_open_badges_wants(claims: dict[str, Any], one: Certificate) -> None:
    """What section 8.2 of Open Badges 3.0 asks of claims, and this house: of the worker the name alone."""
    assert claims["iss"] == claims["issuer"]["id"] == f"{HERE}/issuer"
    assert claims["jti"] == claims["id"] == one.credential_id.urn
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert claims["nbf"] == int(datetime.fromisoformat(claims["validFrom"]).timestamp())
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(claims["type"])
    assert claims["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    subject = claims["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Ana Archuleta"
    assert subject["narrative"] == "24 of 24 contact hours"
    achievement = subject["achievement"]
    assert achievement["name"] == "Welding basics"
    assert achievement["criteria"]["narrative"].startswith("at least 80% of 24 contact hours; an assessment")
    assert claims["credentialStatus"]["id"] == f"{HERE}/issuer/revocations"
    text = json.dumps(claims)
    assert str(one.id) not in text
    assert str(one.enrollment_id) not in text
    assert str(one.enrollment.worker_id) not in text
    assert "Steel Works" not in text


def test_what_is_published_names_keys_the_issuer_and_what_is_good_no_longer(
    app: Flask, cast: Cast, ana: Enrollment
) -> None:
    client = app.test_client()
    one = issued(cast, ana)
    (key,) = client.get("/.well-known/jwks.json").json["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
    alone = client.get(f"/issuer/keys/{one.key_id}")
    assert alone.json == key
    assert alone.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/issuer/keys/unknown").status_code == 404
    assert client.get("/issuer").json["name"] == "Sangre Community College"
    assert client.get("/issuer/revocations").json["revokedCredential"] == []
    services.replace_certificate(one, reason="Name", actor=cast.cora, now=SOON)
    listed = client.get("/issuer/revocations").json
    assert listed["revokedCredential"] == [{"id": one.credential_id.urn, "revoked": True}]
    assert listed["issuer"] == client.get("/issuer").json["id"]
    for path in ("/.well-known/jwks.json", "/issuer", "/issuer/revocations", f"/issuer/keys/{one.key_id}"):
        assert client.post(path).status_code == 405
