"""Tables of background work and mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from labtracker.extensions import Model
from labtracker.kit.ids import uuid7


class Job(Model):
    """A piece of work asked for in a transaction and done after it, once, under a lease."""

    __tablename__ = "job"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str] = mapped_column(sa.String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[str | None] = mapped_column(sa.String(60))
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(300))

    __table_args__ = (sa.Index("ix_job_open", "done_at", "failed_at", "due_at"),)


class MailMessage(Model):
    """A mail as it goes out, or, in the demo, as its outbox page shows it."""

    __tablename__ = "mail_message"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str | None] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(5), default="en")
    # Where mails of its kind are stopped, for who may do without them.
    stop_url: Mapped[str | None] = mapped_column(sa.String(300))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
