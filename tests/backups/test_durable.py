"""What phones may forget: only what is inside each of the last two verified backups elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.backups.models import Backup, BackupCopy
from labtracker.backups.running import Outcome, make_backup
from labtracker.checkin.models import FRAMES
from labtracker.checkin.rules.frames import NO_HASH
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.backups.conftest import settings
from tests.backups.store import Store
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone

NOTHING = {"seq": 0, "hash": NO_HASH}
BackUp = Callable[[], Outcome]


def arrivals(phone: Phone, day: Day, count: int) -> None:
    for number in range(count):
        badge = day.badges[number % len(day.badges)].badge_hash
        phone.record("check_in", day.at(number), badge_hash=badge, session=str(day.session.id))


def place(phone: Phone, seq: int) -> dict[str, object]:
    return {"seq": seq, "hash": phone.items[seq - 1]["hash"]}


def test_durable_is_what_both_of_two_backups_hold(
    phone: Phone, day: Day, remote: Store, back_up: BackUp
) -> None:
    arrivals(phone, day, 3)
    phone.upload()
    assert phone.upload([])["durable"] == NOTHING
    first = back_up()
    assert first.counted == [first.name]
    assert phone.upload([])["durable"] == NOTHING, "one backup alone moves nothing"

    arrivals(phone, day, 2)
    phone.upload()
    second = back_up()
    assert second.counted == [second.name, first.name]
    answer = phone.upload([])
    assert answer["durable"] == place(phone, 3)
    assert answer["have"] == place(phone, 5)

    back_up()
    assert phone.upload([])["durable"] == place(phone, 5)


def test_a_result_says_durable_only_of_what_both_hold(
    phone: Phone, day: Day, remote: Store, back_up: BackUp
) -> None:
    arrivals(phone, day, 2)
    fork = phone.frame(phone.body("note", day.at(1), text="another branch"), seq=1, prev=NO_HASH)
    phone.upload([*phone.items, fork])
    back_up()
    late = phone.frame(phone.body("note", day.at(2), text="a third branch"), seq=2, prev=fork["hash"])
    phone.upload([late])
    back_up()

    answer = phone.upload([*phone.items, fork, late])
    assert [result["durable"] for result in answer["results"]] == [True, True, True, False]
    assert [result["verdict"] for result in answer["results"]] == ["duplicate"] * 4
    back_up()
    assert phone.upload([late])["results"][0]["durable"] is True


def test_a_carrier_is_free_of_what_cannot_be_proved_once_both_backups_hold_it(
    phone: Phone, day: Day, app: Flask, remote: Store, back_up: BackUp
) -> None:
    arrivals(phone, day, 1)
    stranger = Phone(app.test_client(), device="0190a000-0000-7000-8000-000000000001", token=phone.token)
    stranger.by = day.cast.tom.id
    stranger.record("note", day.at(1), text="carried without a seal")
    relayed = stranger.upload()
    assert relayed["results"][0]["code"] == "unproved_relay"
    for is_safe in (False, True):
        back_up()
        again = stranger.upload()
        assert again["results"][0]["verdict"] == "duplicate"
        assert again["results"][0]["durable"] is is_safe
        # The chain is not proved by that, and its watermark stays where it was.
        assert (again["have"], again["durable"]) == (NOTHING, NOTHING)


def test_an_older_incarnation_has_a_durable_of_its_own(
    phone: Phone, day: Day, remote: Store, back_up: BackUp
) -> None:
    arrivals(phone, day, 2)
    phone.upload()
    old_items, old_incarnation = phone.items, phone.incarnation
    for _number in range(2):
        back_up()
    phone.items, phone.last_hash, phone.incarnation = [], NO_HASH, "00000000000000ff"
    arrivals(phone, day, 1)
    assert phone.upload()["durable"] == NOTHING
    phone.incarnation = old_incarnation
    answer = phone.upload(old_items)
    assert answer["durable"] == {"seq": 2, "hash": old_items[1]["hash"]}
    assert all(result["durable"] for result in answer["results"])


def test_a_backup_on_the_same_disk_moves_nothing(
    phone: Phone, day: Day, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labtracker.backups.targets.folder._device_of", lambda _path: 7)
    monkeypatch.setattr("labtracker.backups.running.database_places", lambda: [tmp_path])
    arrivals(phone, day, 2)
    phone.upload()
    with settings(app, BACKUP_TARGETS=(str(tmp_path),), INSTANCE_DIR=str(tmp_path / "work")):
        for _number in range(3):
            outcome = make_backup(utc_now)
            assert outcome.is_good
            assert not outcome.copies[0].elsewhere
            assert outcome.counted == []
    assert phone.upload([])["durable"] == NOTHING


def test_a_corrupted_copy_is_noticed_and_no_longer_counts(
    phone: Phone, day: Day, remote: Store, back_up: BackUp
) -> None:
    arrivals(phone, day, 2)
    phone.upload()
    first, second = back_up(), back_up()
    assert phone.upload([])["durable"] == place(phone, 2)
    arrivals(phone, day, 1)
    phone.upload()
    good = remote.files()[f"nightly/{second.name}"]
    remote.overwrite(f"nightly/{second.name}", good[:-1] + bytes([good[-1] ^ 1]))

    third = back_up()
    assert third.complaints == [
        f"s3://provider-backups/nightly: {second.name} is not what was written there."
    ]
    assert third.counted == [third.name, first.name]
    assert phone.upload([])["durable"] == place(phone, 2), "the third and the first hold two of three"

    remote.overwrite(f"nightly/{second.name}", good)
    remote.overwrite(f"nightly/{third.name}", b"")
    fourth = back_up()
    assert fourth.counted == [fourth.name, second.name], "a copy that is whole again counts again"


def test_a_copy_that_does_not_read_back_is_no_backup(
    phone: Phone, day: Day, other_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals(phone, day, 1)
    phone.upload()
    monkeypatch.setattr("labtracker.backups.targets.folder.FolderTarget.read", lambda *_: iter([b"rot"]))
    outcome = make_backup(utc_now)
    assert not outcome.is_good
    assert "is not what was written" in str(outcome.copies[0].error)
    assert outcome.counted == []
    assert not list(other_disk.glob("*.json")), "nothing there may be taken for a backup"
    copy = db.session.scalars(sa.select(BackupCopy)).one()
    assert copy.verified_at is None


def test_a_missing_bucket_or_folder_fails_and_is_recorded(app: Flask, store: Store, tmp_path: Path) -> None:
    targets = ("s3://nobody-made-this", str(tmp_path / "not-mounted"))
    with settings(app, BACKUP_TARGETS=targets, INSTANCE_DIR=str(tmp_path), **store.settings):
        outcome = make_backup(utc_now)
    assert not outcome.is_good
    assert [copy.error for copy in outcome.copies] == [
        "s3://nobody-made-this: there is no such bucket.",
        f"{tmp_path / 'not-mounted'}: there is no such folder. Is its disk connected?",
    ]
    backup = db.session.scalars(sa.select(Backup)).one()
    assert backup.verified_at is not None, "the snapshot itself was good"
    assert outcome.counted == []


def test_the_answer_takes_no_more_statements(phone: Phone, day: Day, remote: Store, back_up: BackUp) -> None:
    arrivals(phone, day, 2)
    phone.upload()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    counts = []
    for _number in range(3):
        sa.event.listen(db.engine, "before_cursor_execute", note)
        phone.upload()
        sa.event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(seen))
        seen.clear()
        back_up()
    assert len(set(counts)) == 1
    assert phone.upload([])["durable"]["seq"] == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FRAMES)) == 2
