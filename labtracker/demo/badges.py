"""Badges of the demo's year: printed when rosters came; one lost, one found again, one stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from labtracker.demo.people import People
from labtracker.extensions import db
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.queries import active_badge
from labtracker.roster.rules.revoking import BadgeReason
from labtracker.roster.services import record_printing, reissue_badge, restore_badge, revoke_badges
from labtracker.scheduling.models import Session

A_DAY = timedelta(days=1)


def hand_out(people: People, now: datetime) -> None:
    """Print all badges that are older than a week, and let something happen to three of those to come."""
    issued = sa.select(Badge.issued_at).where(Badge.issued_at < now - 7 * A_DAY).distinct()
    for issued_at in db.session.scalars(issued):
        ids = db.session.scalars(sa.select(Badge.id).where(Badge.issued_at == issued_at))
        record_printing(list(ids), now=issued_at + A_DAY)
    coming = list(db.session.scalars(_who_comes(now)))
    if len(coming) == 3:
        _lose(people, coming, now)


def _who_comes(now: datetime) -> sa.Select[Worker]:
    """Three workers of the cohort whose next session is the first."""
    following = (
        sa.select(Session.cohort_id)
        .join(Enrollment, Enrollment.cohort_id == Session.cohort_id)
        .where(Session.starts_at > now, Session.cancelled_at.is_(None))
        .order_by(Session.starts_at, Session.id)
        .limit(1)
    )
    enrolled = Enrollment.cohort_id == following.scalar_subquery()
    return sa.select(Worker).join(Enrollment, Enrollment.worker_id == Worker.id).where(enrolled).limit(3)


def _lose(people: People, coming: Sequence[Worker], now: datetime) -> None:
    (lost, found, stopped), cora = coming, people.coordinator
    reissue_badge(
        lost, reason=BadgeReason.LOST, note="Left on the bus", actor=cora, now=now - timedelta(hours=20)
    )
    badge = active_badge(found)
    assert badge is not None
    revoke_badges(found, reason=BadgeReason.LOST, actor=cora, now=now - timedelta(hours=19))
    restore_badge(badge, actor=cora, now=now - timedelta(hours=3))
    revoke_badges(
        stopped,
        reason=BadgeReason.LEFT,
        note="Changed to the night shift",
        actor=cora,
        now=now - timedelta(hours=2),
    )
