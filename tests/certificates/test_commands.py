"""``labtracker certificates``: issue, keys, new-key, verify."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from labtracker.certificates import queries, services
from labtracker.cli import main
from labtracker.extensions import db
from labtracker.jobs.services import run_due
from labtracker.kit.time import utc_now
from tests.cast import Cast
from tests.certificates.builders import completed_cohort
from tests.certificates.test_credential import changed
from tests.completion.builders import LATER

pytestmark = pytest.mark.one_database


def test_issue_sign_verify_and_exchange_the_key(app: Flask, cast: Cast, tmp_path: Path) -> None:
    cohort, (ana, *_others) = completed_cohort(cast)
    run = app.test_cli_runner().invoke
    asked = run(main, ["certificates", "issue", str(cohort.id)])
    assert (asked.exit_code, asked.output) == (0, "2 certificates are being issued.\n")
    assert run(main, ["certificates", "issue", str(cohort.id)]).exit_code == 1
    assert "no cohort" in run(main, ["certificates", "issue", str(ana.id)]).output
    run_due(utc_now(), "test")
    one = queries.standing_certificate(ana.id)
    assert one is not None
    file = tmp_path / "credential.jwt"
    file.write_text(one.credential)
    good = run(main, ["certificates", "verify", str(file)])
    assert good.exit_code == 0, good.output
    assert json.loads(good.output)["credential"]["jti"] == one.credential_id.urn
    newer = run(main, ["certificates", "new-key"])
    listed = run(main, ["certificates", "keys"]).output.splitlines()
    assert [line.rpartition("  ")[2].split()[0] for line in listed] == ["signs", "retired"]
    assert listed[0].startswith(newer.output.strip())
    assert run(main, ["certificates", "verify", str(file)]).exit_code == 0
    file.write_text(changed(one.credential))
    assert "None of our keys signed this" in run(main, ["certificates", "verify", str(file)]).output
    for text in ("", "not a token", "a.b.c", "é" * 200_000):
        file.write_text(text)
        assert run(main, ["certificates", "verify", str(file)]).exit_code == 1
    one = db.session.merge(one)
    services.revoke_certificate(one, reason="x", actor=cast.cora, now=LATER)
    db.session.commit()
    file.write_text(one.credential)
    ended = run(main, ["certificates", "verify", str(file)])
    assert (ended.exit_code, "revoked or replaced since" in ended.output) == (1, True)
