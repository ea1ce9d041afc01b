"""Backups made by the worker, and the mail to administrators when there has been no good one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from labtracker.accounts.queries import people_with_role
from labtracker.accounts.rules import Role
from labtracker.backups.queries import standing
from labtracker.backups.rules import DAY, is_overdue, next_due
from labtracker.backups.running import make_backup
from labtracker.extensions import db
from labtracker.jobs.mail import queue_mail
from labtracker.jobs.queries import last_asked
from labtracker.jobs.services import handles, recurs
from labtracker.kit.time import utc_now

# A backup of a large database over a slow line takes its time; after that another worker may try.
LEASE = timedelta(hours=2)
WARNING = "warn_of_backups"


@recurs("back_up")
def backup_due(now: datetime) -> datetime | None:
    """When the schedule wants the next backup; None when cron makes them, or there is no target."""
    config = current_app.config
    if not config["BACKUP_TARGETS"] or config["BACKUP_EVERY"] <= 0:
        return None
    state = standing()
    last = state.last
    failed = last is not None and (state.good is None or state.good.id != last.id)
    taken_at = last.taken_at if last else None
    return next_due(taken_at, every_hours=config["BACKUP_EVERY"], failed=failed, now=now)


@handles("back_up", lease=LEASE)
def back_up(_arguments: dict[str, Any], now: datetime) -> None:
    """Make the backup that is due, unless somebody was faster. What goes wrong is in the backup's own row."""
    due = backup_due(now)
    if due is not None and due <= now:
        make_backup(utc_now)


@recurs(WARNING)
def warning_due(now: datetime) -> datetime | None:
    """Now, when administrators should hear that there is no good backup; once a day at most."""
    warned_at = db.session.scalar(last_asked(WARNING))
    recently = warned_at is not None and now - warned_at < DAY
    return now if _is_overdue(now) and not recently else None


@handles(WARNING)
def warn(_arguments: dict[str, Any], now: datetime) -> None:
    """Write to every administrator how long there has been no good backup, and why the last try failed."""
    if not _is_overdue(now):
        return
    state = standing()
    reason = state.last.error if state.last and not (state.good and state.good.id == state.last.id) else None
    hours = int((now - state.good.taken_at) / timedelta(hours=1)) if state.good else None
    for person in db.session.scalars(people_with_role(Role.ADMINISTRATOR)):
        queue_mail(
            person.email,
            "backup_overdue",
            person.mail_language,
            now,
            name=person.name,
            hours=hours,
            reason=reason,
        )


def _is_overdue(now: datetime) -> bool:
    config = current_app.config
    if not config["BACKUP_TARGETS"]:
        return False
    state = standing()
    return is_overdue(
        state.good.taken_at if state.good else None,
        state.begun_at,
        every_hours=config["BACKUP_EVERY"],
        now=now,
    )
