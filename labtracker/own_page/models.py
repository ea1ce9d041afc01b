"""Tables of the worker's own page: links to it, visits, the address known as the worker's own, words left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Person
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7
from labtracker.roster.models import Worker
from labtracker.scheduling.models import Session


class OwnLink(Model):
    """A secret that opens one worker's page once. ``mailed_to`` is the address's fingerprint.

    ``given_by_id`` is who of the college handed it over; None for what was mailed.
    """

    __tablename__ = "own_link"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    channel: Mapped[str] = mapped_column(sa.String(12))
    mailed_to: Mapped[str | None] = mapped_column(sa.String(64))
    given_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OwnVisit(Model):
    """One browser in which a worker's page is open, until it ends by itself or by hand."""

    __tablename__ = "own_visit"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    mailed_to: Mapped[str | None] = mapped_column(sa.String(64))
    on_own_phone: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    worker: Mapped[Worker] = relationship(lazy="joined")


class OwnAddress(Model):
    """The address known as a worker's own: first used by them, or confirmed by the college (``by_id``)."""

    __tablename__ = "own_address"
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class OwnWord(Model):
    """What a worker wrote from their page, such as that a time is wrong, until somebody settled it."""

    __tablename__ = "own_word"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    worker_id: Mapped[UUID] = mapped_column(sa.ForeignKey("worker.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"))
    text: Mapped[str] = mapped_column(sa.String(1000))
    written_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    worker: Mapped[Worker] = relationship(lazy="joined")
    session: Mapped[Session | None] = relationship()
    settled_by: Mapped[Person | None] = relationship()
