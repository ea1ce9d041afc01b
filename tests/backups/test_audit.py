"""The inbox's daily hashes: closed once a day is over, checked later, and remembered by backups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from labtracker.backups.models import InboxDay
from labtracker.backups.running import Outcome
from labtracker.backups.services import audit_days, close_next_day
from labtracker.checkin.models import FRAMES
from labtracker.extensions import db
from tests.backups.test_running import run
from tests.backups.test_snapshots import insert_frame

__all__ = ["run"]
NOON = datetime(2026, 4, 13, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 4, 14, tzinfo=UTC)
DAY = timedelta(days=1)


def arrived(seq: int, at: datetime) -> int:
    number = insert_frame(db.session.connection(), seq)
    db.session.execute(sa.update(FRAMES).where(FRAMES.c.id == number).values(arrived_at=at))
    return number


def close_all(now: datetime) -> list[date]:
    closed = []
    while day := close_next_day(now=now):
        closed.append(day)
    return closed


def test_a_day_is_closed_when_it_is_over_and_every_frame_belongs_to_one(app: Flask) -> None:
    arrived(1, NOON)
    arrived(2, MIDNIGHT - timedelta(seconds=1))
    assert close_all(MIDNIGHT + timedelta(minutes=59)) == []
    assert close_all(MIDNIGHT + timedelta(hours=1)) == [date(2026, 4, 13)]
    # Made on the 13th, but it reached us later: it belongs to the day it arrived.
    arrived(3, MIDNIGHT + timedelta(hours=2))
    # The server's clock went back: it still counts after what came before it.
    arrived(4, NOON)
    arrived(5, MIDNIGHT + 3 * DAY)
    assert close_all(MIDNIGHT + 5 * DAY) == [date(2026, 4, 14), date(2026, 4, 17)]
    days = db.session.scalars(sa.select(InboxDay).order_by(InboxDay.day)).all()
    assert [day.frames for day in days] == [2, 2, 1]
    assert audit_days() == (3, [])
    assert close_all(MIDNIGHT + 5 * DAY) == []


def test_the_audit_names_the_day_that_differs(app: Flask) -> None:
    numbers = [arrived(seq, NOON + seq * DAY) for seq in (1, 2, 3)]
    close_all(NOON + 9 * DAY)
    for values in ({"raw": b"forged"}, {"seq": 9}, {"arrived_at": NOON}, {"damaged": True}):
        with db.session.begin_nested() as attempt:
            db.session.execute(sa.update(FRAMES).where(FRAMES.c.id == numbers[1]).values(**values))
            _days, deviations = audit_days()
            attempt.rollback()
        assert [one.day for one in deviations] == [date(2026, 4, 15)]
    db.session.execute(sa.delete(FRAMES).where(FRAMES.c.id == numbers[2]))
    assert [(one.day, one.why) for one in audit_days()[1]] == [
        (date(2026, 4, 16), "1 records were there, now 0")
    ]


def test_backups_remember_what_somebody_worked_out_anew(
    app: Flask,
    other_disk: Path,
    back_up: Callable[[], Outcome],
    run: Callable[..., Result],
) -> None:
    number = arrived(1, NOON)
    back_up()
    clean = run("audit")
    assert clean.exit_code == 0, clean.output
    assert "1 days, 1 backups compared, 0 deviations" in clean.output
    # Forged with care: the day's hash was made anew, so the chain agrees with itself.
    db.session.execute(sa.update(FRAMES).where(FRAMES.c.id == number).values(raw=b"forged"))
    db.session.execute(sa.delete(InboxDay))
    close_all(NOON + 9 * DAY)
    db.session.commit()
    assert audit_days() == (1, [])
    db.session.rollback()
    forged = run("audit")
    assert forged.exit_code == 1
    assert "2026-04-13: labtracker-" in forged.output
    assert "remembers another hash of this day" in forged.output
