"""Reminders: each is sent once for its occasion, to each person, by day on the clocks of its place.

Whatever slice knows of an occasion registers a function with ``@reminds``: it is asked every half hour and
gives what is near now. The same occasion may be given as often as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from labtracker.accounts.models import Person, SentReminder
from labtracker.accounts.rules import MailKind, is_quiet
from labtracker.accounts.services.mail import mail_person
from labtracker.extensions import db


@dataclass(frozen=True)
class Reminder:
    """Who is reminded of what: ``kind`` and ``occasion`` say which, ``zone`` whose night is kept.

    ``facts`` go to the mail's template, which words them by ``kind``; ``url`` is where to do something.
    """

    kind: str
    occasion: str
    people: list[Person]
    zone: str
    url: str
    facts: dict[str, Any] = field(default_factory=dict)


Source = Callable[[datetime], Iterable[Reminder]]
_SOURCES: list[Source] = []


def reminds(source: Source) -> Source:
    """Register a function that gives the reminders that are near at an instant."""
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def send_reminders(now: datetime) -> int:
    """Write every reminder that is near and was not sent, unless it is night there; answers how many."""
    return sum(_send(reminder, now) for source in _SOURCES for reminder in source(now))


def _send(reminder: Reminder, now: datetime) -> int:
    if is_quiet(now, reminder.zone):
        return 0
    told = set(
        db.session.scalars(
            sa.select(SentReminder.person_id).where(
                SentReminder.kind == reminder.kind, SentReminder.occasion == reminder.occasion
            )
        )
    )
    written = 0
    for person in {one.id: one for one in reminder.people if one.id not in told}.values():
        # Noted also for who wants none: a choice that changes later brings nothing stale.
        db.session.add(
            SentReminder(kind=reminder.kind, occasion=reminder.occasion, person_id=person.id, sent_at=now)
        )
        written += mail_person(
            person,
            "reminder",
            MailKind.REMINDERS,
            now,
            event=reminder.kind,
            zone=reminder.zone,
            url=reminder.url,
            **reminder.facts,
        )
    db.session.flush()
    return written
