"""Counting tries in our own table, so that every process and both databases see the same count."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from labtracker.accounts.models import SignInAttempt
from labtracker.accounts.rules import LIMITS
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.network import network_of

KEPT = timedelta(days=2)


def count_try(what: str, by: str, whom: str, now: datetime) -> bool:
    """Count one try of ``what`` (``password``, ``link`` ...) by ``email`` or ``address``.

    Answers whether it was still within the limit. Only a keyed hash is stored; an address on the network
    counts for all that its owner may change it to.
    """
    limit = LIMITS[f"{what}:{by}"]
    key = _key(what, by, whom)
    tries = db.session.execute(
        sa.select(sa.func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.key == key, SignInAttempt.at > now - limit.within)
    ).scalar_one()
    if tries >= limit.tries:
        return False
    db.session.add(SignInAttempt(key=key, at=now))
    db.session.flush()
    return True


def refuse_too_many() -> DomainError:
    """The refusal when an address on the network has tried too often."""
    return DomainError(
        "too_many_tries", _("Too many tries. Wait a quarter of an hour, then try again."), status=429
    )


def forget_tries(what: str, by: str, whom: str) -> None:
    """Start counting afresh, after a success."""
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.key == _key(what, by, whom)))


def purge_tries(now: datetime) -> None:
    """Drop what no limit looks at any more."""
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < now - KEPT))


def _key(what: str, by: str, whom: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    whom = network_of(whom) if by == "address" else whom
    return hmac.new(secret, f"{what}|{by}|{whom}".encode(), hashlib.sha256).hexdigest()
