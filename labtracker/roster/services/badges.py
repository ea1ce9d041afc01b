"""Giving workers badges: one in use at a time."""

from __future__ import annotations

import secrets
from datetime import datetime

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Badge, Worker
from labtracker.roster.rules.badges import SECRET_BYTES, badge_hash


def issue_badge(worker: Worker, *, now: datetime) -> Badge:
    """The worker's badge in use; a new one only when there is none."""
    held = queries.active_badge(worker)
    return held if held is not None else _new_badge(worker, now)


def reissue_badge(worker: Worker, *, now: datetime, actor: Person | None = None) -> Badge:
    """A new badge for the worker; what they carried until now is revoked and shows up as such on phones.

    That is also a badge printed for them as a walk-in, before the office knew who that was.
    """
    for held in queries.badges_in_use(worker):
        held.revoked_at = now
    db.session.flush()
    record_audit(actor, "badge_reissued", "worker", worker.id, now)
    return _new_badge(worker, now)


def _new_badge(worker: Worker, now: datetime) -> Badge:
    secret = secrets.token_bytes(SECRET_BYTES)
    badge = Badge(worker_id=worker.id, secret=secret, badge_hash=badge_hash(secret), issued_at=now)
    db.session.add(badge)
    db.session.flush()
    return badge
