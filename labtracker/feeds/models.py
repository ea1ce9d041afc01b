"""The table of calendar feeds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Person
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7


class CalendarFeed(Model):
    """A secret address under which a calendar program reads what its owner may see of one subject.

    ``digest`` marks what was last told, and ``changed_at`` says since when that is so: the answer to a
    program that asks whether anything is new.
    """

    __tablename__ = "calendar_feed"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    owner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    # A person, lab, organization or worksite, as the kind says.
    subject_id: Mapped[UUID]
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    changed_at: Mapped[datetime | None]

    owner: Mapped[Person] = relationship()
