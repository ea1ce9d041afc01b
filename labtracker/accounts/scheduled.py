"""Reminders are looked for by the worker, every half hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from labtracker.accounts.services import send_reminders
from labtracker.extensions import db
from labtracker.jobs.queries import last_asked
from labtracker.jobs.services import handles, recurs

REMIND = "remind"
EVERY = timedelta(minutes=30)


@recurs(REMIND)
def reminders_due(now: datetime) -> datetime:
    """Half an hour after they were last looked for; now, if they never were."""
    asked_at = db.session.scalar(last_asked(REMIND))
    return now if asked_at is None else max(now, asked_at + EVERY)


@handles(REMIND)
def remind(_arguments: dict[str, Any], now: datetime) -> None:
    """Send what is near and was not sent yet."""
    send_reminders(now)
