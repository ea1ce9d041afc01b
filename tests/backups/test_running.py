"""A run from beginning to end: what lies on the targets, what is said, what a broken run leaves."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo

from labtracker import config
from labtracker.backups.encryption import decrypt, encrypt
from labtracker.backups.errors import BackupError
from labtracker.backups.models import Backup, BackupCopy, BackupMark
from labtracker.backups.queries import counted_backups
from labtracker.backups.running import Outcome, make_backup
from labtracker.backups.targets import targets_from
from labtracker.backups.targets.folder import STALE_SECONDS, FolderTarget
from labtracker.cli import main
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.backups.conftest import settings
from tests.backups.inside import frames_here, frames_inside
from tests.backups.store import Store
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone

BackUp = Callable[[], Outcome]


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    def command(*words: str) -> Result:
        return app.test_cli_runner().invoke(main, [*words], obj=ScriptInfo(create_app=lambda: app))

    return command


def test_a_folder_holds_the_backup_and_what_it_is(day: Day, phone: Phone, other_disk: Path, run) -> None:  # type: ignore[no-untyped-def]
    phone.record("note", day.at(1), text="kept")
    phone.upload()
    db.session.commit()
    result = run("backup")
    assert result.exit_code == 0, result.output
    assert "1 records" in result.output
    assert "read back, whole" in result.output
    assert "Phones keep everything: 1 of 2" in result.output
    backup = db.session.scalars(sa.select(Backup)).one()
    assert sorted(path.name for path in other_disk.iterdir()) == [backup.name, f"{backup.name}.json"]
    told = json.loads((other_disk / f"{backup.name}.json").read_text())
    data = (other_disk / backup.name).read_bytes()
    assert told["sha256"] == hashlib.sha256(data).hexdigest() == backup.sha256
    assert (told["frames"], told["size"]) == (1, len(data))
    assert frames_inside(other_disk / backup.name) == frames_here()
    assert run("backup").output.count("Phones may forget what is in both") == 1


def test_doctor_and_exit_code_say_what_is_wrong(day: Day, app: Flask, other_disk: Path, run) -> None:  # type: ignore[no-untyped-def]
    assert "backups: none has succeeded yet" in run("doctor").output
    run("backup")
    assert (
        "look  backups: the last good one is 0 hours old, 0 records; 1 of 2 elsewhere" in run("doctor").output
    )
    run("backup")
    assert "ok    backups: the last good one is 0 hours old, 0 records" in run("doctor").output
    db.session.execute(sa.update(Backup).values(taken_at=utc_now() - timedelta(days=2)))
    db.session.commit()
    assert "48 hours old, 0 records; one is overdue" in run("doctor").output
    other_disk.rename(other_disk.with_name("unplugged"))
    failed = run("backup")
    assert failed.exit_code == 1
    assert "Is its disk connected?" in failed.output
    with settings(app, BACKUP_TARGETS=()):
        assert run("backup").exit_code == 1
        assert "BACKUP_TARGETS is empty" in run("doctor").output


def test_an_encrypted_backup_opens_with_its_key_only(
    day: Day, phone: Phone, app: Flask, other_disk: Path, tmp_path: Path, back_up: BackUp
) -> None:
    phone.record("note", day.at(1), text="Ana Ruiz was here")
    phone.upload()
    key, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    with settings(app, BACKUP_RECIPIENT=str(key.to_public())):
        name = back_up().name
    assert name.endswith(".age")
    sealed = other_disk / name
    assert b"Ana Ruiz" not in sealed.read_bytes()
    keys = tmp_path / "key.txt"
    keys.write_text(f"# public key: {key.to_public()}\n{key}\n")
    opened = tmp_path / name.removesuffix(".age")
    decrypt(sealed, opened, keys)
    assert frames_inside(opened) == frames_here()
    keys.write_text(str(stranger))
    with pytest.raises(BackupError, match="does not open"):
        decrypt(sealed, opened, keys)
    keys.write_text("not a key")
    with pytest.raises(BackupError, match="no file with an age identity"):
        decrypt(sealed, opened, keys)
    with pytest.raises(BackupError, match="no age public key"):
        encrypt(opened, sealed, "age1nonsense")
    assert not list((tmp_path / "work" / "backup-work").iterdir()), "nothing readable is left lying about"


def test_rotation_takes_files_and_marks_of_what_is_no_longer_kept(
    day: Day, phone: Phone, app: Flask, remote: Store, back_up: BackUp
) -> None:
    phone.record("note", day.at(1), text="kept")
    phone.upload()
    with settings(app, BACKUP_KEEP=1, BACKUP_KEEP_DAYS=0):
        names = [back_up().name for _number in range(4)]
    assert sorted(remote.files()) == sorted(
        f"nightly/{name}{end}" for name in names[2:] for end in ("", ".json")
    )
    kept = [backup.name for backup in db.session.scalars(counted_backups())]
    assert kept == [names[3], names[2]]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BackupMark)) == 2
    assert phone.upload([])["durable"]["seq"] == 1


def test_targets_are_full_paths_or_buckets(app: Flask) -> None:
    for name in ("backups", "sftp://host/path", "./here"):
        with settings(app, BACKUP_TARGETS=(name,)), pytest.raises(BackupError, match="is no target"):
            targets_from(app.config)


def test_an_unfinished_copy_is_no_file_and_goes_in_time(tmp_path: Path) -> None:
    target = FolderTarget(str(tmp_path))
    begun = tmp_path / "labtracker-20260414T120000Z-00000000.sqlite.unfinished"
    begun.write_bytes(b"half")
    target.sweep()
    assert begun.exists()
    assert target.names() == []
    long_ago = time.time() - STALE_SECONDS - 60

    os.utime(begun, (long_ago, long_ago))
    target.sweep()
    assert not begun.exists()


@pytest.mark.slow
def test_killed_in_the_middle_it_leaves_nothing_that_counts(tmp_path: Path) -> None:
    """The store takes the connection and never answers; the run is killed while it waits."""
    database = f"sqlite:///{tmp_path / 'site.sqlite'}"
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        environment = {
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": database,
            "INSTANCE_DIR": str(tmp_path),
            "BACKUP_TARGETS": "s3://somewhere/nightly",
            "BACKUP_S3_ENDPOINT": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "BACKUP_S3_KEY": "test",
            "BACKUP_S3_SECRET": "test",
        }
        command = [sys.executable, "-m", "labtracker"]
        subprocess.run([*command, "init"], cwd=config.ROOT, env=environment, check=True, capture_output=True)
        begun = subprocess.Popen([*command, "backup"], cwd=config.ROOT, env=environment)
        connection, _address = silent.accept()
        begun.send_signal(signal.SIGKILL)
        begun.wait()
        connection.close()
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    with engine.connect() as connection:
        backup = connection.execute(sa.select(Backup.__table__)).one()
        copy = connection.execute(sa.select(BackupCopy.__table__)).one()
    assert (backup.finished_at, backup.verified_at, copy.verified_at) == (None, None, None)


def test_a_run_that_broke_off_is_named_by_the_doctor(
    day: Day, other_disk: Path, back_up: BackUp, run
) -> None:  # type: ignore[no-untyped-def]
    back_up()
    db.session.add(Backup(name="labtracker-20990101T000000Z-00000000.sqlite", taken_at=utc_now()))
    db.session.commit()
    assert "the newest try: still being made, or interrupted" in run("doctor").output
    assert make_backup(utc_now).is_good
    assert "newest try" not in run("doctor").output


def test_a_copy_is_its_owners_alone_while_it_is_written(tmp_path: Path) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "folder"
    os.mkfifo(whole)
    folder.mkdir()
    target = FolderTarget(str(folder))
    copying = threading.Thread(target=target.put, args=(whole, "copy"), daemon=True)
    copying.start()
    with whole.open("wb") as source:
        source.write(b"half")
        while copying.is_alive() and not [*folder.iterdir()]:
            time.sleep(0.01)
        found = [*folder.iterdir()]
        assert [stat.S_IMODE(file.stat().st_mode) for file in found] == [0o600]
    copying.join()
    assert stat.S_IMODE((folder / "copy").stat().st_mode) == 0o600
