"""Named reads of background work and mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.jobs.models import Job, MailMessage


def claimable(now: datetime) -> sa.Select[UUID]:
    """Ids of jobs that are due and that no worker holds, the longest waiting first."""
    return (
        sa.select(Job.id)
        .where(
            Job.done_at.is_(None),
            Job.failed_at.is_(None),
            Job.due_at <= now,
            sa.or_(Job.leased_until.is_(None), Job.leased_until <= now),
        )
        .order_by(Job.due_at, Job.id)
    )


def unfinished_kinds(kinds: Iterable[str]) -> sa.Select[str]:
    """Those of these kinds of which a job waits or is being done."""
    return (
        sa.select(Job.kind)
        .where(Job.kind.in_([*kinds]), Job.done_at.is_(None), Job.failed_at.is_(None))
        .distinct()
    )


def last_asked(kind: str) -> sa.Select[datetime]:
    """When a job of this kind was last asked for."""
    return sa.select(Job.created_at).where(Job.kind == kind).order_by(Job.created_at.desc()).limit(1)


def outbox() -> sa.Select[MailMessage]:
    """Every mail, the newest first."""
    return sa.select(MailMessage).order_by(MailMessage.created_at.desc(), MailMessage.id.desc())


def mail_with_id(mail_id: UUID) -> sa.Select[MailMessage]:
    """One mail."""
    return sa.select(MailMessage).where(MailMessage.id == mail_id)


def unfinished_counts(now: datetime) -> sa.Select[int, int]:
    """How many jobs wait past their time and how many were given up, as one row."""
    waiting = sa.and_(Job.done_at.is_(None), Job.failed_at.is_(None), Job.due_at <= now)
    return sa.select(
        sa.func.count().filter(waiting).label("overdue"),
        sa.func.count().filter(Job.failed_at.is_not(None)).label("given_up"),
    ).select_from(Job)


def unsent_mails(since: datetime) -> sa.Select[MailMessage]:
    """Mails written since a moment that no mail server has taken."""
    return sa.select(MailMessage).where(MailMessage.sent_at.is_(None), MailMessage.created_at >= since)


def jobs_of_kind(kind: str, since: datetime) -> sa.Select[Job]:
    """Jobs of a kind asked for since a moment, done or not."""
    return sa.select(Job).where(Job.kind == kind, Job.created_at >= since)
