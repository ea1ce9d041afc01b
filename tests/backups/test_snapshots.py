"""Snapshots under load: what is claimed of them is inside them, also while phones upload."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from labtracker.accounts.services import create_pairing_code
from labtracker.backups.errors import BackupError
from labtracker.backups.models import Backup
from labtracker.backups.queries import counted_backups
from labtracker.backups.running import Outcome
from labtracker.backups.snapshots import database_url, postgresql, sqlite, take_snapshot
from labtracker.checkin.models import FRAMES, SystemState, Watermark
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.backups.inside import frames_here, frames_inside
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone

pytestmark = pytest.mark.slow
PHONES = 4


def paired_phones(app: Flask, day: Day) -> list[Phone]:
    phones = []
    for _number in range(PHONES):
        phone = Phone(app.test_client())
        code = create_pairing_code(actor=day.cast.tom, now=utc_now())
        db.session.commit()
        phone.pair(code)
        # A client without the fixture's context, safe in a thread.
        phone.client = FlaskClient(app, app.response_class, use_cookies=False)
        phones.append(phone)
    return phones


def test_nothing_is_claimed_that_is_not_inside(
    app: Flask, day: Day, other_disk: Path, back_up: Callable[[], Outcome]
) -> None:
    phones = paired_phones(app, day)
    stop = threading.Event()
    answers: list[tuple[Phone, dict[str, Any]]] = []

    def upload(phone: Phone) -> None:
        while not stop.is_set():
            minute = len(phone.items)
            phone.record("check_in", day.at(minute), badge_hash=day.badges[0].badge_hash)
            answers.append((phone, phone.upload(phone.items[-3:])))

    threads = [threading.Thread(target=upload, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    try:
        for _number in range(3):
            back_up()
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    names = [backup.name for backup in db.session.scalars(counted_backups().limit(2))]
    inside = [frames_inside(other_disk / name) for name in names]
    in_both = inside[0] & inside[1]
    up_to = db.session.scalar(sa.select(SystemState.backed_up_to))
    assert up_to
    assert {frame for frame in frames_here() if frame[0] <= up_to} <= in_both
    places = {frame[1:] for frame in in_both}
    for mark in db.session.scalars(sa.select(Watermark).where(Watermark.durable_seq.is_not(None))):
        assert (mark.device_id, mark.incarnation, mark.durable_seq, mark.durable_hash) in places
    for phone, answer in answers:
        claimed = [one for one in answer["results"] if one["durable"]]
        claimed += [answer["durable"]] if answer["durable"]["seq"] else []
        for one in claimed:
            frame = (UUID(phone.device), phone.incarnation, one["seq"], bytes.fromhex(one["hash"]))
            assert frame in places
    db.session.rollback()
    # Twice: the last backup of before may have come ahead of a phone's first upload.
    back_up()
    back_up()
    for phone in phones:
        answer = phone.upload(phone.items[-3:])
        assert answer["durable"]["seq"] > 0
        assert len(phone.items) == answer["have"]["seq"]


def insert_frame(connection: sa.Connection, seq: int) -> int:
    row = {
        "hash": bytes([seq]) * 32,
        "device_id": UUID(int=seq),
        "incarnation": "00000000000000ff",
        "seq": seq,
        "raw": b"x",
        "arrived_at": utc_now(),
        "verdict": "quarantined",
        "in_chain": True,
        "damaged": False,
    }
    return int(connection.execute(sa.insert(FRAMES).values(row).returning(FRAMES.c.id)).scalar_one())


@pytest.mark.parametrize("ending", ["commit", "rollback"])
def test_a_snapshot_waits_for_a_lower_number_that_is_on_its_way(
    app: Flask, tmp_path: Path, ending: str
) -> None:
    if db.engine.dialect.name == "sqlite":
        # One writer at a time: a lower number can never come later.
        with db.engine.begin() as connection:
            numbers = [insert_frame(connection, seq) for seq in (1, 2)]
        contents, _proof = take_snapshot(tmp_path / "a.sqlite")
        assert (contents.frames, contents.last_frame_id) == (2, max(numbers))
        return
    taken: list[Any] = []
    url = database_url()
    with db.engine.connect() as slow:
        transaction = slow.begin()
        lower = insert_frame(slow, 1)
        with db.engine.begin() as quick:
            higher = insert_frame(quick, 2)
        assert lower < higher
        taking = threading.Thread(target=lambda: taken.append(postgresql.take(url, tmp_path / "a.pgdump")))
        taking.start()
        waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with db.engine.connect() as looking:
            while not looking.scalar(waiting):
                looking.rollback()
                time.sleep(0.01)
        assert taken == []
        getattr(transaction, ending)()
    taking.join()
    contents, proof = taken[0]
    assert proof == "restored"
    assert contents.last_frame_id == higher
    assert contents.frames == (2 if ending == "commit" else 1)
    assert {frame[0] for frame in frames_inside(tmp_path / "a.pgdump")} == {
        frame[0] for frame in frames_here()
    }


def test_a_damaged_snapshot_is_not_taken_for_whole(app: Flask, day: Day, tmp_path: Path) -> None:
    path = tmp_path / "snapshot"
    contents, _proof = take_snapshot(path)
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[: middle - middle % 4096])
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(BackupError):
            sqlite.look_into(path)
    else:
        with pytest.raises(BackupError):
            postgresql.prove(database_url(), path, contents)


def test_missing_tools_are_named(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(BackupError, match=r"pg_dump is not installed here.*postgresql-client"):
            take_snapshot(tmp_path / "a.pgdump")
    else:
        assert take_snapshot(tmp_path / "a.sqlite")[1] == "opened"


def test_without_the_right_to_make_databases_the_dump_is_read_to_its_end(
    app: Flask, day: Day, phone: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.record("note", day.at(1), text="one line\nand another \\. and a third")
    phone.upload()
    if db.engine.dialect.name == "postgresql":
        url = database_url()
        with postgresql.maintenance(url) as connection:
            connection.exec_driver_sql("CREATE ROLE plain LOGIN NOCREATEDB IN ROLE pg_read_all_data")
            connection.exec_driver_sql(f"GRANT ALL ON DATABASE {url.database} TO plain")
        with db.engine.begin() as connection:
            connection.exec_driver_sql("GRANT UPDATE ON inbox_frame TO plain")
        try:
            contents, proof = postgresql.take(url.set(username="plain"), tmp_path / "a.pgdump")
            assert postgresql.places_of(url.set(username="plain")), "what cannot be known counts as near"
        finally:
            with db.engine.begin() as connection:
                connection.exec_driver_sql("DROP OWNED BY plain")
            with postgresql.maintenance(url) as connection:
                connection.exec_driver_sql("DROP OWNED BY plain")
                connection.exec_driver_sql("DROP ROLE plain")
        assert proof == "listed"
    else:
        contents, _proof = take_snapshot(tmp_path / "a.sqlite")
    assert contents.frames == 1
    assert db.session.scalars(sa.select(Backup)).all() == []


def test_a_password_in_the_address_never_stands_on_a_command_line() -> None:
    url = make_url("postgresql+psycopg://ana@db.example/lab?password=s3cret&sslmode=require")
    assert "s3cret" not in postgresql._conninfo(url)
    assert "sslmode=require" in postgresql._conninfo(url)
