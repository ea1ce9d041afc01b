"""Giving workers badges, one in use at a time; revoking them, with the way back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Badge, BadgeStep, Worker
from labtracker.roster.rules.badges import SECRET_BYTES, badge_hash
from labtracker.roster.rules.revoking import BadgeChange, BadgeReason, Obstacle, why_not_restored
from labtracker.statements import in_parts


def issue_badge(worker: Worker, *, now: datetime) -> Badge:
    """The worker's badge in use; a new one only when there is none."""
    held = queries.active_badge(worker)
    return held if held is not None else _new_badge(worker, now)


def reissue_badge(
    worker: Worker,
    *,
    now: datetime,
    actor: Person | None = None,
    reason: BadgeReason | None = None,
    note: str | None = None,
) -> Badge:
    """A new badge for the worker; what they carried until now is revoked and shows up as such on phones.

    That is also a badge printed for them as a walk-in, before the office knew who that was.
    """
    _stop(queries.badges_in_use(worker), BadgeChange.REPLACED, reason, note, actor, now)
    record_audit(actor, "badge_reissued", "worker", worker.id, now)
    return _new_badge(worker, now)


def revoke_badges(
    worker: Worker, *, reason: BadgeReason, note: str | None = None, actor: Person, now: datetime
) -> None:
    """Stop every badge that finds the worker, and make no new one, such as when somebody left.

    Being put on a roster makes a new one. Raises DomainError ``no_badge``.
    """
    held = queries.badges_in_use(worker)
    if not held:
        raise DomainError("no_badge", _("No badge of this worker is in use."), status=409)
    _stop(held, BadgeChange.REVOKED, reason, note, actor, now)
    record_audit(actor, "badge_revoked", "worker", worker.id, now, reason=reason)


def restore_badge(badge: Badge, *, actor: Person, now: datetime) -> None:
    """Make a revoked badge good again from now on: it was found, or revoked by mistake.

    What was scanned in between stays flagged. Raises DomainError ``not_revoked``, ``badge_was_copied`` or
    ``has_another_badge``.
    """
    why = why_not_back(badge)
    if why is not None or badge.revoked_at is None:
        messages = {
            Obstacle.NOT_REVOKED: _("This badge is in use."),
            Obstacle.COPIED: _("This badge was copied, so it stays revoked. Make a new one."),
            Obstacle.HAS_ANOTHER: _("This worker has another badge in use. Nobody carries two."),
        }
        why = why or Obstacle.NOT_REVOKED
        raise DomainError(why, messages[why], status=409)
    badge.lapses = [*(badge.lapses or ()), [badge.revoked_at.isoformat(), now.isoformat()]]
    badge.revoked_at = None
    db.session.add(BadgeStep(badge_id=badge.id, kind=BadgeChange.RESTORED, at=now, by_id=actor.id))
    db.session.flush()
    record_audit(actor, "badge_restored", "worker", badge.worker_id, now)


def why_not_back(badge: Badge) -> Obstacle | None:
    """Why a badge cannot be brought back; None where it can."""
    last = badge.steps[0].reason if badge.steps else None
    return why_not_restored(
        is_revoked=badge.revoked_at is not None,
        last_reason=BadgeReason(last) if last else None,
        holds_another=bool(queries.badges_in_use(queries.holder_of(badge))),
    )


def record_printing(badge_ids: Iterable[UUID], *, now: datetime) -> None:
    """Say that these badges went to a printer."""
    for part in in_parts(badge_ids):
        # Past the unit of work: it would give the rows new stamps, and phones would fetch them all again.
        db.session.execute(sa.update(Badge).where(Badge.id.in_(part)).values(printed_at=now))


def _stop(
    held: Iterable[Badge],
    kind: BadgeChange,
    reason: BadgeReason | None,
    note: str | None,
    actor: Person | None,
    now: datetime,
) -> None:
    for badge in held:
        badge.revoked_at = now
        badge.steps.insert(
            0,
            BadgeStep(
                badge_id=badge.id,
                kind=kind,
                at=now,
                by_id=actor.id if actor else None,
                reason=reason,
                note=note or None,
            ),
        )
    db.session.flush()


def _new_badge(worker: Worker, now: datetime) -> Badge:
    secret = secrets.token_bytes(SECRET_BYTES)
    badge = Badge(worker_id=worker.id, secret=secret, badge_hash=badge_hash(secret), issued_at=now)
    db.session.add(badge)
    db.session.flush()
    return badge
