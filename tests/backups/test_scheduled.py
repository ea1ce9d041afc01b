"""Backups by the worker, and the mail to administrators when there has been no good one for a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Person
from labtracker.backups.models import Backup
from labtracker.extensions import db
from labtracker.jobs.models import Job, MailMessage
from labtracker.jobs.services import ask_for_recurring, claim_next, run_due
from labtracker.kit.time import utc_now
from tests.backups.conftest import settings
from tests.cast import Cast

HOUR = timedelta(hours=1)
BACK_UP = "back_up"


def work(now: datetime) -> int:
    """Do what is due; gives how many backups were tried."""
    ask_for_recurring(now)
    before = tried()
    run_due(now, "test-worker")
    return tried() - before


def tried() -> int:
    count = db.session.scalar(sa.select(sa.func.sum(Job.attempts)).where(Job.kind == BACK_UP)) or 0
    db.session.commit()
    return count


def waiting() -> list[Job]:
    found = db.session.scalars(sa.select(Job).where(Job.kind == BACK_UP, Job.done_at.is_(None))).all()
    db.session.commit()
    return [*found]


def only_backups_wait() -> None:
    db.session.execute(sa.delete(Job).where(Job.kind != BACK_UP))
    db.session.commit()


def made() -> int:
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Backup)) or 0
    db.session.commit()
    return count


def test_the_worker_makes_one_when_it_is_due_and_only_then(cast: Cast, app: Flask, other_disk: Path) -> None:
    now = utc_now()
    assert work(now) == 1
    assert made() == 1
    assert work(now + HOUR) == 0
    assert [round((job.due_at - now) / HOUR) for job in waiting()] == [24]
    ask_for_recurring(now + 2 * HOUR)
    assert len(waiting()) == 1, "it is asked for once"
    # Somebody made one by hand meanwhile: the worker leaves it at that.
    db.session.execute(sa.update(Job).where(Job.done_at.is_(None)).values(due_at=now + HOUR))
    db.session.commit()
    assert work(now + 2 * HOUR) == 1
    assert made() == 1


def test_one_that_failed_is_tried_again_within_the_hour(cast: Cast, app: Flask, other_disk: Path) -> None:
    other_disk.rmdir()
    now = utc_now()
    work(now)
    ask_for_recurring(now)
    assert [(job.due_at - now) <= HOUR + timedelta(minutes=5) for job in waiting()] == [True]


def test_a_backup_may_take_longer_than_a_mail(cast: Cast, app: Flask, other_disk: Path) -> None:
    now = utc_now()
    ask_for_recurring(now)
    only_backups_wait()
    assert claim_next(now, "slow") is not None
    assert claim_next(now + HOUR, "impatient") is None
    assert claim_next(now + 3 * HOUR, "heir") is not None


def test_without_targets_or_schedule_nothing_is_asked_for(cast: Cast, app: Flask, other_disk: Path) -> None:
    for values in ({"BACKUP_TARGETS": ()}, {"BACKUP_EVERY": 0.0}):
        with settings(app, **values):
            ask_for_recurring(utc_now())
    assert waiting() == []


def test_administrators_hear_of_it_once_a_day_in_their_language(
    cast: Cast, app: Flask, other_disk: Path
) -> None:
    now = utc_now()
    work(now)
    other_disk.rename(other_disk.with_name("unplugged"))
    db.session.execute(sa.update(Person).values(language="es"))
    db.session.commit()
    with settings(app, BACKUP_EVERY=0.0):
        work(now + 25 * HOUR)
        assert db.session.scalars(sa.select(MailMessage)).all() == []
        work(now + 27.5 * HOUR)
        mails = db.session.scalars(sa.select(MailMessage)).all()
        db.session.commit()
        assert {mail.recipient for mail in mails} == {cast.ada.email}
        assert mails[0].subject == "No hay un respaldo reciente"
        assert "27 horas" in mails[0].text
        work(now + 40 * HOUR)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MailMessage)) == len(mails)
        db.session.commit()
        work(now + 52 * HOUR)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(MailMessage)) == 2 * len(mails)
