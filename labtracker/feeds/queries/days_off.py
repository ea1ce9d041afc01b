"""Days on which a lab is out of service or a trainer is away, as events of a feed, in one statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.feeds import wording
from labtracker.feeds.rules import DAYS_AHEAD, DAYS_BACK, FeedEvent, FeedKind, Status, Subject
from labtracker.fleet.models import Closure, Leave
from labtracker.fleet.queries import closures_visible_to, leave_visible_to


def days_off(subject: Subject, owner: Person, now: datetime, page_of: Callable[..., str]) -> list[FeedEvent]:
    """A lab's closures, a trainer's leave, as the owner may see them; what was taken back as cancelled."""
    if subject.kind is FeedKind.LAB:
        closures = closures_visible_to(owner).where(Closure.lab_id == subject.id, *_near(Closure, now))
        return [_closure_event(one, page_of) for one in db.session.scalars(closures)]
    if subject.kind is FeedKind.TRAINER:
        leave = leave_visible_to(owner, withdrawn=True)
        leave = leave.where(Leave.person_id == subject.id, *_near(Leave, now))
        url = page_of("fleet.person", person_id=subject.id)
        return [_leave_event(one, subject.name, url) for one in db.session.scalars(leave)]
    return []


def _near(table: type[Closure] | type[Leave], now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """The days that were expected: what was taken back stays for as long as it would have been there."""
    return table.ends_on >= (now - DAYS_BACK).date(), table.starts_on < (now + DAYS_AHEAD).date()


def _closure_event(one: Closure, page_of: Callable[..., str]) -> FeedEvent:
    status = Status.CANCELLED if one.never_was else Status.CONFIRMED
    url = page_of("scheduling.closure", closure_id=one.id)
    return _event(
        one,
        (one.starts_on, one.last_on),
        zone=one.of.zone,
        title=wording.closure_title(one.of.name, one.kind, status),
        status=status,
        lines=wording.day_lines(status, one.note, url),
        url=url,
    )


def _leave_event(one: Leave, name: str, url: str) -> FeedEvent:
    status = Status.CONFIRMED if one.withdrawn_at is None else Status.CANCELLED
    return _event(
        one,
        (one.starts_on, one.ends_on),
        # The days are the same on every clock; no zone is told of them.
        zone="UTC",
        title=wording.leave_title(name, status),
        status=status,
        lines=wording.day_lines(status, None, url),
        url=url,
    )


def _event(one: Closure | Leave, days: tuple[date, date], **told: Any) -> FeedEvent:
    return FeedEvent(
        uid=f"{one.id}@labtracker",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        sequence=one.stamp,
        changed_at=one.changed_at or one.created_at,
        place="",
        days=days,
        **told,
    )
