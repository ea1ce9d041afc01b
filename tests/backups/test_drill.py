"""The drill: a server, a phone, two backups; the disk dies, and the older backup is what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from labtracker.backups.models import Backup
from labtracker.backups.snapshots import postgresql
from labtracker.extensions import db
from tests.backups.store import BUCKET, Store
from tests.browser.nursery import Nursery
from tests.browser.server import QuickServer
from tests.checkin.conftest import Day, a_day_in
from tests.checkin.phone import Phone
from tests.checkin.real_server import Line, derived

pytestmark = pytest.mark.slow


@dataclass
class Site(QuickServer):
    """A server on the database of the test, which backs up to a store."""

    database: str = ""
    backups: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        target = {"BACKUP_TARGETS": f"s3://{BUCKET}/nightly", "BACKUP_EVERY": "0", **self.backups}
        return {**super().settings, "DATABASE_URL": self.database, **target}

    def destroy(self) -> None:
        """What a dying disk leaves of the database."""
        url = make_url(self.database)
        if url.get_backend_name() == "sqlite":
            for file in Path(str(url.database)).parent.glob(f"{Path(str(url.database)).name}*"):
                file.unlink()
        else:
            with postgresql.maintenance(url) as connection:
                connection.exec_driver_sql(f'DROP DATABASE "{url.database}" WITH (FORCE)')


@pytest.fixture
def site(own_database_url: str, store: Store, nursery: Nursery, tmp_path: Path) -> Iterator[tuple[Site, Day]]:
    server = Site(tmp_path, database=own_database_url, backups=store.settings, nursery=nursery)
    day = a_day_in(server.application())
    server.start()
    yield server, day
    server.kill()


def newest(site: Site) -> str:
    """Make a backup; gives its name."""
    printed = site.command("backup")
    assert "read back, whole" in printed
    return printed.split(":", 1)[0]


def test_the_older_backup_and_the_phone_make_it_whole(site: tuple[Site, Day]) -> None:
    server, day = site
    phone = Phone(Line(server.address))  # type: ignore[arg-type]
    phone.pair(server.pairing_code("tom@college.example"))

    def record(count: int) -> None:
        for _number in range(count):
            badge = day.badges[len(phone.items) % len(day.badges)]
            at = day.at(len(phone.items))
            phone.record("check_in", at, badge_hash=badge.badge_hash, session=str(day.session.id))

    record(3)
    phone.upload()
    older = newest(server)
    record(2)
    phone.upload()
    younger = newest(server)
    answer = phone.upload([])
    assert answer["durable"] == {"seq": 3, "hash": phone.items[2]["hash"]}
    # The phone forgets what both backups hold, and no more.
    held = phone.items[3:]
    record(1)
    held.append(phone.items[5])
    phone.upload(held)
    before, events, attendance = derived(server)
    assert len(events) == 6

    server.kill()
    server.destroy()
    said = server.command("restore", older)
    assert "phones send what it lacks" in said
    server.start()

    gap = phone.upload([])
    assert UUID(gap["epoch"]) > before
    assert gap["have"]["seq"] == 3
    assert gap["durable"]["seq"] == 3, "the restored backup and the one made after it hold three"
    answer = phone.upload(held)
    assert [result["verdict"] for result in answer["results"]] == ["stored"] * 3
    assert answer["have"] == {"seq": 6, "hash": phone.items[5]["hash"]}
    assert answer["durable"]["seq"] == 3
    restored = derived(server)
    assert restored[1:] == (events, attendance)
    assert "6 records read, 6 events" in server.command("rebuild")
    assert derived(server)[1:] == restored[1:]

    app = server.application()
    with app.app_context():
        superseded = db.session.scalars(sa.select(Backup.name).where(Backup.superseded_at.is_not(None))).all()
        assert superseded == [younger]
        db.session.remove()
        db.engine.dispose()
    for _number in range(2):
        newest(server)
    assert phone.upload([])["durable"]["seq"] == 6
    assert "0 deviations" in server.command("audit")
