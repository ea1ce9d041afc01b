"""What a restore refuses, what it keeps, and what it makes of old and sealed backups."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo

from labtracker.app import create_app
from labtracker.backups.errors import BackupError
from labtracker.backups.models import Backup
from labtracker.backups.places import place_of
from labtracker.backups.snapshots import database_url
from labtracker.checkin.models import FRAMES, SystemState
from labtracker.checkin.services.system import mint_epoch
from labtracker.cli import main
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.backups.test_snapshots import insert_frame

pytestmark = pytest.mark.slow


@dataclass
class Office:
    """An application with a database of its own, which holds one record, and a folder for backups."""

    app: Flask
    folder: Path

    def run(self, *words: str) -> Result:
        result = self.app.test_cli_runner().invoke(
            main, [*words], obj=ScriptInfo(create_app=lambda: self.app)
        )
        db.session.remove()
        return result

    def back_up(self) -> str:
        result = self.run("backup")
        assert result.exit_code == 0, result.output
        return result.output.split(":", 1)[0]

    def records(self) -> int:
        with db.engine.connect().execution_options(writes=False) as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(FRAMES)) or 0)

    def add_record(self, seq: int) -> None:
        with db.engine.begin() as connection:
            insert_frame(connection, seq)


@pytest.fixture
def office(own_database_url: str, tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "backups"
    folder.mkdir()
    app = create_app(
        DATABASE_URL=own_database_url,
        INSTANCE_DIR=str(tmp_path / "work"),
        BACKUP_TARGETS=(str(folder),),
        SECRET_KEY="-",
        TESTING=True,
    )
    with app.app_context():
        mint_epoch(now=utc_now())
        db.session.commit()
        here = Office(app, folder)
        here.add_record(1)
        yield here
        db.session.remove()
        db.engine.dispose()


@pytest.mark.on_postgresql
def test_a_server_that_tidies_the_database_is_nobody_who_uses_it(office: Office) -> None:
    """After much was written PostgreSQL tidies by itself, for minutes if there are millions of records."""
    name = office.back_up()
    tidying = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = "
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        slowly = "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1"
        connection.exec_driver_sql(f"CREATE TABLE untidy (a text) WITH ({slowly})")
        connection.exec_driver_sql("INSERT INTO untidy SELECT repeat('x', 500) FROM generate_series(1, 9999)")
        connection.exec_driver_sql("DELETE FROM untidy")
        connection.exec_driver_sql("ALTER SYSTEM SET autovacuum_naptime = '1s'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        try:
            until = time.monotonic() + 60
            while not connection.exec_driver_sql(f"{tidying}'autovacuum worker'").scalar_one():
                assert time.monotonic() < until, "the server did not tidy"
                time.sleep(0.05)
        finally:
            connection.exec_driver_sql("ALTER SYSTEM RESET autovacuum_naptime")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
    db.engine.dispose()
    done = office.run("restore", name, "--replace")
    assert done.exit_code == 0, done.output


@pytest.mark.on_postgresql
def test_the_server_knows_how_much_a_restored_database_holds(office: Office) -> None:
    """Until it knows, it reads whole tables."""
    assert office.run("restore", office.back_up(), "--replace").exit_code == 0
    with db.engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'inbox_frame'")
        assert known.scalar_one() == 1


def test_nothing_is_overwritten_unasked_and_what_was_there_is_kept(office: Office) -> None:
    assert "no backup on any target" in office.run("restore").output
    name = office.back_up()
    assert name in office.run("restore").output
    office.add_record(2)

    refused = office.run("restore", name)
    assert refused.exit_code == 1
    assert "holds 2 records. With --replace" in refused.output
    assert office.records() == 2

    with db.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        with pytest.raises(BackupError, match="Stop it first"):
            place_of(database_url()).insist_unused()

    file = Path(str(database_url().database))
    if os.geteuid() == 0 and file.exists():
        # The service runs under an account of its own.
        os.chown(file, 4711, 4711)
    owner = file.stat().st_uid if file.exists() else None
    done = office.run("restore", name, "--replace")
    assert done.exit_code == 0, done.output
    assert office.records() == 1
    assert owner == (file.stat().st_uid if file.exists() else None)
    kept = done.output.split("kept as ", 1)[1].splitlines()[0]
    url = database_url().set(database=kept)
    assert place_of(url).records() == 2
    assert len(list(office.folder.glob("*.json"))) == 2, "a restore ends with a new backup"


def test_a_damaged_or_foreign_file_changes_nothing(office: Office, tmp_path: Path) -> None:
    name = office.back_up()
    whole = (office.folder / name).read_bytes()
    (office.folder / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "its hash is not the one" in office.run("restore", name, "--replace").output
    (office.folder / name).write_bytes(whole)
    other = tmp_path / "letter.txt"
    other.write_text("Dear all")
    assert "no backup of a database of the kind" in office.run("restore", str(other), "--replace").output
    assert "there is no such folder" in office.run("restore", name, "--from", "/not/here", "--replace").output
    manifest = office.folder / f"{name}.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**told, "migration": "9999", "version": "9.9"}))
    assert "made by labtracker 9.9, which is newer" in office.run("restore", name, "--replace").output
    manifest.write_text("{}")
    assert "cannot be understood" in office.run("restore", name, "--replace").output
    assert office.records() == 1


def test_a_sealed_backup_wants_its_key_and_an_older_one_is_migrated(office: Office, tmp_path: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    office.app.config["BACKUP_RECIPIENT"] = str(key.to_public())
    name = office.back_up()
    keys = tmp_path / "key.txt"
    keys.write_text(str(key))
    before = db.session.scalar(sa.select(SystemState.epoch))
    db.session.remove()
    assert "--identity KEYFILE" in office.run("restore", name, "--replace").output
    # A file alone, without its manifest: taken, said so, and worked out anew.
    alone = tmp_path / "alone.age"
    alone.write_bytes((office.folder / name).read_bytes())
    done = office.run("restore", str(alone), "--identity", str(keys), "--replace")
    assert done.exit_code == 0, done.output
    assert "its hash cannot be compared" in done.output
    epoch = db.session.scalar(sa.select(SystemState.epoch))
    assert epoch is not None
    assert before is not None
    assert epoch > before
    backups = {backup.name: backup for backup in db.session.scalars(sa.select(Backup))}
    assert backups[name].verified_at is None, "what it was restored from was not compared"
    assert len(backups) == 2
