"""Tables of backups and of the inbox's daily hashes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.extensions import Model
from labtracker.kit.ids import uuid7


class Backup(Model):
    """One snapshot of the database. ``verified_at`` is set when its contents were opened and counted."""

    __tablename__ = "backup"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    taken_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    # How its contents were looked at: opened, restored into a scratch database, or read as a list.
    proof: Mapped[str | None] = mapped_column(sa.String(10))
    error: Mapped[str | None] = mapped_column(sa.String(300))
    # A restore went back to before this backup was made: it is of another history now.
    superseded_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    migration: Mapped[str | None] = mapped_column(sa.String(32))
    frames: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    last_frame_id: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    sha256: Mapped[str | None] = mapped_column(sa.String(64))

    copies: Mapped[list[BackupCopy]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class BackupCopy(Model):
    """A backup in one target, and whether what lies there was read back and found to be the same."""

    __tablename__ = "backup_copy"
    backup_id: Mapped[UUID] = mapped_column(sa.ForeignKey("backup.id"), primary_key=True)
    target: Mapped[str] = mapped_column(sa.String(300), primary_key=True)
    # Whether it would outlive the disk that the database lies on.
    elsewhere: Mapped[bool]
    verified_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(300))
    removed_at: Mapped[datetime | None]


class BackupMark(Model):
    """How far one phone's chain is inside a backup, as the backup itself says."""

    __tablename__ = "backup_mark"
    backup_id: Mapped[UUID] = mapped_column(sa.ForeignKey("backup.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    incarnation: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class InboxDay(Model):
    """The hash of a past day's frames, chained to the day before.

    A day is the frames above the last one of the day before, up to ``last_frame_id``; so a frame belongs
    to the day on which it arrived, however late it was.
    """

    __tablename__ = "inbox_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    last_frame_id: Mapped[int] = mapped_column(sa.BigInteger)
    frames: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    closed_at: Mapped[datetime]
