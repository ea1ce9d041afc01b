"""Tables of attached files: what is known of each, and, apart from it, its bytes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Person
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7


class Attachment(Model):
    """A file somebody attached to something: ``subject_kind`` and ``subject_id`` name it.

    ``kind`` is a word of the slice that the subject belongs to (``site_photo``, ``insurance``). Removed ones
    stay, with who and when, and are shown to nobody.
    """

    __tablename__ = "attachment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(sa.String(30))
    name: Mapped[str] = mapped_column(sa.String(120))
    media_type: Mapped[str] = mapped_column(sa.String(40))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    # Of the file as it came: the same one sent twice is kept once.
    source_sha256: Mapped[str] = mapped_column(sa.String(64))
    added_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]

    added_by: Mapped[Person] = relationship(foreign_keys=[added_by_id], lazy="joined")
    removed_by: Mapped[Person | None] = relationship(foreign_keys=[removed_by_id])

    __table_args__ = (
        sa.Index("ix_attachment_subject", "subject_kind", "subject_id"),
        sa.Index("ix_attachment_added", "added_by_id", "added_at"),
    )


class AttachmentBytes(Model):
    """The bytes of an attached file, in a table of their own: lists of files never fetch them."""

    __tablename__ = "attachment_bytes"
    attachment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("attachment.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary)
