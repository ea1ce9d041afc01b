"""Tables of what employer and coordinators write to each other about a booking."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Person
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7
from labtracker.scheduling.models import BookingRequest


class BookingMessage(Model):
    """What somebody wrote about a booking, and on whose side they stood then. Nobody edits it."""

    __tablename__ = "booking_message"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    booking_id: Mapped[UUID] = mapped_column(sa.ForeignKey("booking_request.id"))
    side: Mapped[str] = mapped_column(sa.String(10))
    author_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(sa.Text)

    booking: Mapped[BookingRequest] = relationship()
    author: Mapped[Person] = relationship(lazy="joined")

    __table_args__ = (sa.Index("ix_booking_message_booking", "booking_id", "at"),)


class BookingReading(Model):
    """Up to when somebody has read what was written about a booking."""

    __tablename__ = "booking_reading"
    booking_id: Mapped[UUID] = mapped_column(sa.ForeignKey("booking_request.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[datetime]
