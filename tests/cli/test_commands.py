"""The commands: first day, pairing codes, work, and what the demo refuses."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient

from labtracker.accounts.models import PairingCode, Person
from labtracker.accounts.rules import Role
from labtracker.checkin.models import SystemState
from labtracker.cli import main
from labtracker.cli.serving import prepare_demo
from labtracker.extensions import db
from labtracker.jobs import mail
from labtracker.kit.ids import fingerprint
from labtracker.kit.time import utc_now
from tests.cast import Cast


@pytest.fixture
def run(app: Flask):  # type: ignore[no-untyped-def]
    def run_command(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(
            main, list(arguments), obj=ScriptInfo(create_app=lambda: app), standalone_mode=True
        )

    return run_command


def test_pair_prints_a_code_last(cast: Cast, run) -> None:  # type: ignore[no-untyped-def]
    result = run("pair", "TOM@college.example")
    assert result.exit_code == 0, result.output
    code = result.stdout.splitlines()[-1]
    stored = db.session.execute(sa.select(PairingCode.fingerprint)).scalar_one()
    assert stored == fingerprint(code)


@pytest.mark.parametrize("email", ["nobody@else.example", "emil@steelworks.example"])
def test_pair_refuses_others(cast: Cast, run, email: str) -> None:  # type: ignore[no-untyped-def]
    result = run("pair", email)
    assert result.exit_code == 1
    assert db.session.execute(sa.select(PairingCode)).first() is None


def test_link_lets_somebody_in_who_is_locked_out(cast: Cast, run, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    result = run("link", "ADA@college.example")
    assert result.exit_code == 0, result.output
    path = "/" + result.stdout.strip().split("/", 3)[3]
    assert client.post(path, data={"password": "eight doors of copper"}).status_code == 303
    assert "Your password is set" in client.get("/settings").text
    assert run("link", "nobody@else.example").exit_code == 1
    cast.tom.archived_at = utc_now()
    db.session.commit()
    assert run("link", cast.tom.email).exit_code == 1


def test_first_day(run, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    result = run("init", "--provider", "Plains College")
    assert result.exit_code == 0, result.output
    path = "/" + result.stdout.splitlines()[-1].split("/", 3)[3]
    epoch = db.session.execute(sa.select(SystemState.epoch)).scalar_one()
    assert client.get(path).status_code == 200
    facts = {"name": "Ana Ruiz", "email": "ana@plains.example", "language": "es"}
    weak = client.post(path, data={**facts, "password": "password1234"})
    assert weak.status_code == 422
    assert "Ana Ruiz" in weak.text
    made = client.post(path, data={**facts, "password": "eight doors of copper"})
    assert made.location == "/start"
    ana = db.session.execute(sa.select(Person)).scalar_one()
    assert ana.has(Role.ADMINISTRATOR)
    assert ana.memberships[0].organization.name == "Plains College"
    assert client.get("/start").status_code == 200
    assert client.get(path).status_code == 410
    # A reader that stays would keep the command waiting for its place as the writer.
    db.session.rollback()
    again = run("init")
    assert again.exit_code == 1
    assert "administra" in again.output
    assert db.session.execute(sa.select(SystemState.epoch)).scalar_one() == epoch


def test_init_twice_before_anybody_came_gives_a_new_link(run, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    links = [run("init").stdout.splitlines()[-1] for _number in range(2)]
    old, new = ("/" + link.split("/", 3)[3] for link in links)
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200


def test_work_once_does_what_is_due(cast: Cast, run) -> None:  # type: ignore[no-untyped-def]
    mail.queue_mail(cast.emil.email, "sign_in_link", "en", utc_now(), name="Emil", url="http://x/")
    db.session.commit()
    result = run("work", "--once")
    assert result.exit_code == 0
    # The mail, the look for reminders, and that for links that ended long ago.
    assert "3 done" in result.output


def test_doctor_says_what_is_not_well(cast: Cast, run) -> None:  # type: ignore[no-untyped-def]
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "SMTP_HOST is empty" in result.output
    assert "backups: none" in result.output
    assert "ok    database" in result.output
    assert "@" not in result.output


def test_demo_does_not_listen_to_others_unasked(run) -> None:  # type: ignore[no-untyped-def]
    result = run("demo", "--host", "0.0.0.0", "--port", "1")
    assert result.exit_code == 1
    assert "--open" in result.output


@pytest.mark.slow
def test_demo_is_built_once_with_its_whole_cast(tmp_path: Path) -> None:
    file = tmp_path / "demo.sqlite"
    prepare_demo(file, seed=1, share=0.05)
    with closing(sqlite3.connect(file)) as database:
        ((cast,),) = database.execute("SELECT count(*) FROM person WHERE email LIKE 'cora@%'")
    assert cast == 1
    built = file.stat().st_mtime_ns
    assert not list(tmp_path.glob("*draft*"))
    prepare_demo(file, seed=1)
    assert file.exists()
    assert file.stat().st_mtime_ns >= built
