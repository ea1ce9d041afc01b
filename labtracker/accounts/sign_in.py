"""Which browser is signed in as whom: sign-in rows behind an opaque token in the session cookie."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, request
from flask_login import UserMixin
from sqlalchemy.exc import OperationalError

from labtracker.accounts.models import Person, SignIn
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint, new_secret
from labtracker.kit.time import utc_now
from labtracker.web.language import chosen_language

log = logging.getLogger(__name__)
DESK_IDLE = timedelta(hours=8)
PHONE_IDLE = timedelta(days=30)
TOUCH_EVERY = timedelta(minutes=5)


class SignedIn(UserMixin):
    """What Flask-Login carries through a request: the person and the sign-in row behind the cookie."""

    def __init__(self, sign_in: SignIn, token: str) -> None:
        self.sign_in = sign_in
        self.person: Person = sign_in.person
        self.token = token

    def get_id(self) -> str:
        """The opaque token that the session cookie carries."""
        return self.token


def begin(person: Person, *, now: datetime, on_phone: bool = False, agent: str | None = None) -> SignedIn:
    """Record a new sign-in of a person and give what Flask-Login needs to remember it."""
    token = new_secret()
    row = SignIn(
        person=person,
        fingerprint=fingerprint(token),
        on_phone=on_phone,
        agent=(agent or "")[:120] or None,
        created_at=now,
        last_seen_at=now,
    )
    db.session.add(row)
    if has_request_context():
        person.spoken_language = chosen_language()
    db.session.flush()
    return SignedIn(row, token)


def load_signed_in(token: str) -> Any:
    """The sign-in behind a token, unless it ended, idled too long, or its person was archived."""
    now = utc_now()
    row = db.session.execute(
        sa.select(SignIn).where(SignIn.fingerprint == fingerprint(token), SignIn.ended_at.is_(None))
    ).scalar_one_or_none()
    if row is None or row.person.archived_at is not None:
        return None
    idle = PHONE_IDLE if row.on_phone else DESK_IDLE
    if now - row.last_seen_at > idle:
        return None
    if now - row.last_seen_at > TOUCH_EVERY:
        _touch(row, now)
    return SignedIn(row, token)


def _touch(row: SignIn, now: datetime) -> None:
    if request.method not in ("GET", "HEAD"):
        # This request holds the writer's place already; the note goes along with what it writes.
        row.last_seen_at = now
        return
    # In a transaction of its own: a page that only reads must not turn into a writer half-way.
    try:
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            connection.execute(sa.update(SignIn).where(SignIn.id == row.id).values(last_seen_at=now))
    except OperationalError:
        log.warning("a sign-in could not be marked as used; the next page will try again")
