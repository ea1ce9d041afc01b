"""A store on loopback, a folder that pretends to be another disk, and an application told of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from labtracker.backups.running import Outcome, make_backup
from labtracker.backups.targets import folder
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.backups.store import BUCKET, Store, running_store
from tests.checkin import conftest as checkin

# The day at the steel works, and Tom's phone.
day = checkin.day
phone = checkin.phone


@pytest.fixture(scope="session")
def running_store_of_run() -> Iterator[Store]:
    with running_store() as store:
        yield store


@pytest.fixture
def store(running_store_of_run: Store) -> Iterator[Store]:
    """A store whose bucket is empty."""
    yield running_store_of_run
    running_store_of_run.empty()


@contextmanager
def settings(app: Flask, **values: Any) -> Iterator[None]:
    before = {name: app.config[name] for name in values}
    app.config.update(values)
    try:
        yield
    finally:
        app.config.update(before)


@pytest.fixture
def remote(app: Flask, store: Store, tmp_path: Path) -> Iterator[Store]:
    """Backups go to the store, in the clear."""
    with settings(
        app, BACKUP_TARGETS=(f"s3://{BUCKET}/nightly",), INSTANCE_DIR=str(tmp_path / "work"), **store.settings
    ):
        yield store


@pytest.fixture
def other_disk(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Backups go to a folder whose disk is not the database's."""
    place = tmp_path / "other-disk"
    place.mkdir()
    true_device = folder._device_of
    monkeypatch.setattr(folder, "_device_of", lambda path: -1 if path == place else true_device(path))
    with settings(app, BACKUP_TARGETS=(str(place),), INSTANCE_DIR=str(tmp_path / "work")):
        yield place


@pytest.fixture
def back_up() -> Callable[[], Outcome]:
    """Make a backup, and insist that all went well."""

    def make() -> Outcome:
        db.session.commit()
        outcome = make_backup(utc_now)
        assert outcome.is_good, outcome
        return outcome

    return make
