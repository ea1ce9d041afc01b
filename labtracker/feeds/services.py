"""Feeds: made with an address that is shown once, opened by it, stopped."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.feeds.models import CalendarFeed
from labtracker.feeds.queries import feeds_of, grants_of, subject_named
from labtracker.feeds.rules import FeedKind, Subject, may_have
from labtracker.kit.ids import fingerprint, new_secret

MOST_FEEDS = 60
NOTED_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenFeed:
    """A feed that works, with whose it is and what it tells of."""

    feed: CalendarFeed
    owner: Person
    subject: Subject


def make_feed(*, kind: FeedKind, subject_id: UUID, actor: Person, now: datetime) -> tuple[CalendarFeed, str]:
    """A new feed and its secret, which is told this once and stored as its fingerprint alone."""
    subject = subject_named(kind, subject_id)
    if subject is None or not may_have(actor.id, grants_of(actor), subject, made_at=now):
        raise DomainError("not_yours", _("Choose one of these calendars."), field="subject", status=404)
    held = db.session.scalar(sa.select(sa.func.count()).select_from(feeds_of(actor).subquery())) or 0
    if held >= MOST_FEEDS:
        raise DomainError(
            "too_many_feeds",
            _("You have %(count)s addresses. Stop one that nobody reads first.", count=held),
            field="subject",
        )
    secret = new_secret()
    feed = CalendarFeed(
        owner_id=actor.id,
        kind=str(kind),
        subject_id=subject_id,
        fingerprint=fingerprint(secret),
        created_at=now,
    )
    db.session.add(feed)
    db.session.flush()
    record_audit(actor, "feed_made", "person", actor.id, now, kind=str(kind), subject=subject_id)
    return feed, secret


def renew_feed(feed: CalendarFeed, *, actor: Person, now: datetime) -> tuple[CalendarFeed, str]:
    """A new address for the same calendar; the old one works no more."""
    stop_feed(feed, actor=actor, now=now)
    return make_feed(kind=FeedKind(feed.kind), subject_id=feed.subject_id, actor=actor, now=now)


def stop_feed(feed: CalendarFeed, *, actor: Person, now: datetime) -> None:
    """Let an address work no more, for good."""
    if feed.stopped_at is None:
        feed.stopped_at = now
        record_audit(actor, "feed_stopped", "person", feed.owner_id, now, kind=feed.kind)
        db.session.flush()


def stop_feeds_of_archived(_sender: Any, *, person_id: UUID, now: datetime, **_more: Any) -> None:
    """Stop whatever somebody subscribed to, for good, when they are archived."""
    archived = sa.select(Person.id).where(Person.id == person_id, Person.archived_at.is_not(None))
    db.session.execute(
        sa.update(CalendarFeed)
        .where(CalendarFeed.owner_id.in_(archived), CalendarFeed.stopped_at.is_(None))
        .values(stopped_at=now)
    )


def open_feed(secret: str) -> OpenFeed | None:
    """The feed behind a secret; None where it was stopped, never was, or its owner lost the role for it."""
    feed = db.session.scalars(
        sa.select(CalendarFeed).where(
            CalendarFeed.fingerprint == fingerprint(secret), CalendarFeed.stopped_at.is_(None)
        )
    ).one_or_none()
    if feed is None:
        return None
    subject = subject_named(FeedKind(feed.kind), feed.subject_id)
    owner = feed.owner
    if subject is None or not may_have(owner.id, grants_of(owner), subject, made_at=feed.created_at):
        return None
    return OpenFeed(feed, owner, subject)


def note_reading(feed: CalendarFeed, digest: str, *, now: datetime) -> datetime:
    """Keep that a feed was read and what it told; gives since when it has told just this.

    In a transaction of its own, since who asks only reads; at most once an hour while nothing is new.
    """
    is_new = digest != feed.digest or feed.changed_at is None
    since = now.replace(microsecond=0) if is_new or feed.changed_at is None else feed.changed_at
    if is_new or feed.last_read_at is None or now - feed.last_read_at > NOTED_EVERY:
        change = sa.update(CalendarFeed).where(CalendarFeed.id == feed.id)
        try:
            with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
                connection.execute(change.values(digest=digest, changed_at=since, last_read_at=now))
        except OperationalError:
            log.warning("the reading of a feed could not be noted; the next one will try again")
    return since
