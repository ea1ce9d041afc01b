"""Reads of badges: by hash, by code, by worker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from labtracker.extensions import db
from labtracker.roster.models import Badge, BadgeStep, Worker
from labtracker.roster.rules import badges
from labtracker.statements import in_parts


def active_badge(worker: Worker) -> Badge | None:
    """The badge of a worker that is not revoked, the newest if a separation left them two."""
    return db.session.scalars(
        sa.select(Badge)
        .where(Badge.worker_id == worker.id, Badge.revoked_at.is_(None))
        .order_by(Badge.issued_at.desc(), Badge.id.desc())
        .limit(1)
    ).first()


def holder_of(badge: Badge) -> Worker:
    """Whom a badge finds: its worker, or as whom a walk-in was recognised."""
    return badge.worker.merged_into or badge.worker


def badges_finding(worker: Worker) -> sa.Select[Badge]:
    """Every badge that finds a worker or did: their own, and any printed for who turned out to be them."""
    theirs = sa.or_(Worker.id == worker.id, Worker.merged_into_id == worker.id)
    return sa.select(Badge).join(Worker, Worker.id == Badge.worker_id).where(theirs)


def badges_ever_of(worker: Worker) -> Sequence[Badge]:
    """Every badge that finds or found a worker, the newest first, with what was done about each."""
    return db.session.scalars(
        badges_finding(worker)
        .order_by(Badge.issued_at.desc(), Badge.id.desc())
        .options(selectinload(Badge.steps).joinedload(BadgeStep.by))
    ).all()


def badges_in_use(worker: Worker) -> Sequence[Badge]:
    """The badges that find a worker and are not revoked."""
    return db.session.scalars(badges_finding(worker).where(Badge.revoked_at.is_(None))).all()


def resolve_badge(badge_hash: str) -> Badge | None:
    """The badge with that hash, revoked or not, with its worker."""
    return db.session.execute(
        sa.select(Badge).where(Badge.badge_hash == badge_hash).options(joinedload(Badge.worker))
    ).scalar_one_or_none()


def resolve_badge_code(code: str) -> Badge | None:
    """The badge behind a typed short code, one in use before a revoked one; none if two fit equally."""
    reading = badges.read_code(code)
    if reading.value is None:
        return None
    prefix = badges.hash_prefix(reading.value)
    found = db.session.execute(
        sa.select(Badge).where(Badge.badge_hash.startswith(prefix)).options(joinedload(Badge.worker))
    ).scalars()
    fits = list(found)
    in_use = [badge for badge in fits if badge.revoked_at is None]
    choice = in_use or fits
    return choice[0] if len(choice) == 1 else None


def resolve_badges(hashes: Collection[str]) -> dict[str, Badge]:
    """Many badges by their hashes in one read."""
    rows = db.session.execute(
        sa.select(Badge).where(Badge.badge_hash.in_(hashes)).options(joinedload(Badge.worker))
    ).scalars()
    return {badge.badge_hash: badge for badge in rows}


def workers_with_badge(worker_ids: Iterable[UUID]) -> set[UUID]:
    """Of these workers those who hold a badge that is not revoked."""
    holders = sa.select(Badge.worker_id).where(Badge.revoked_at.is_(None))
    return {
        holder
        for part in in_parts(worker_ids)
        for holder in db.session.scalars(holders.where(Badge.worker_id.in_(part)))
    }
