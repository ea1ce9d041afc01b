"""Tables of what phones sent and what follows from it.

``inbox_frame`` is append-only and holds every frame as it came. ``event`` and ``attendance`` are
projections: both can be thrown away and computed again from the inbox.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from labtracker.extensions import Model

# SQLite counts up by itself only in an INTEGER PRIMARY KEY.
BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class SystemState(Model):
    """The one row about this database's own history; ``epoch`` is new at init and at every restore."""

    __tablename__ = "system_state"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    epoch: Mapped[UUID]
    created_at: Mapped[datetime]
    # Every frame up to this row number is inside each of the last two verified backups elsewhere.
    backed_up_to: Mapped[int | None] = mapped_column(sa.BigInteger)


class InboxFrame(Model):
    """A frame's raw bytes with who brought it, when, and what was decided about it."""

    __tablename__ = "inbox_frame"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    device_id: Mapped[UUID]
    incarnation: Mapped[str] = mapped_column(sa.String(16))
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    prev: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    raw: Mapped[bytes] = mapped_column(sa.LargeBinary)
    event_id: Mapped[UUID | None] = mapped_column(index=True)
    arrived_at: Mapped[datetime]
    uploaded_by_id: Mapped[UUID | None]
    verdict: Mapped[str] = mapped_column(sa.String(12))
    code: Mapped[str | None] = mapped_column(sa.String(40))
    in_chain: Mapped[bool] = mapped_column(default=True)
    damaged: Mapped[bool] = mapped_column(default=False)
    resolved_at: Mapped[datetime | None]

    # What cannot be proved or does not match its hash never stands in the way of the true bytes.
    __table_args__ = (
        sa.UniqueConstraint("hash", "in_chain", "damaged"),
        sa.Index("ix_inbox_frame_chain", "device_id", "incarnation", "seq"),
        # What waits for a person is a handful among hundreds of thousands.
        sa.Index(
            "ix_inbox_frame_waiting",
            "arrived_at",
            sqlite_where=sa.text("verdict = 'quarantined' AND resolved_at IS NULL"),
            postgresql_where=sa.text("verdict = 'quarantined' AND resolved_at IS NULL"),
        ),
        # So are those that contradict others.
        sa.Index(
            "ix_inbox_frame_contradicting",
            "device_id",
            sqlite_where=sa.text("verdict IN ('conflict', 'fork')"),
            postgresql_where=sa.text("verdict IN ('conflict', 'fork')"),
        ),
    )


class FrameDecision(Model):
    """What a coordinator decided about a frame, and why. Rows are only ever added; the last one holds.

    It is about the bytes, so it holds for every copy of them: a relay's and the phone's own. A copy that
    came damaged is something else than the true one.
    """

    __tablename__ = "frame_decision"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    damaged: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(sa.String(10))
    session_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"))
    enrollment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("enrollment.id"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class FlagReview(Model):
    """What a coordinator said about a flag, and why. Rows are only ever added; the last one holds.

    ``flag_key`` names the flag by the records behind it, so it is found again after every rebuild, and
    what another record made of it is another flag.
    """

    __tablename__ = "flag_review"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    flag_key: Mapped[str] = mapped_column(sa.String(64), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"))
    is_settled: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(500))
    by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class Watermark(Model):
    """How far one phone's chain is held here without a gap, per incarnation."""

    __tablename__ = "watermark"
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    incarnation: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    have_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    have_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    highest_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    uploads: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    updated_at: Mapped[datetime]
    # Sequence numbers the phone says it no longer has: [[first, last], ...]
    lost: Mapped[list[list[int]]] = mapped_column(sa.JSON, default=list)
    # How far each of the last two verified backups elsewhere holds this chain; none: nothing is claimed.
    durable_seq: Mapped[int | None] = mapped_column(sa.BigInteger)
    durable_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))


class Tombstone(Model):
    """The id of a row that left somebody's pack: deleted, moved, or its crew changed."""

    __tablename__ = "tombstone"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=True)
    stamp: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    row_id: Mapped[UUID]


class Event(Model):
    """A decoded frame, with its corrected time and the session and enrollment it was resolved to."""

    __tablename__ = "event"
    frame_id: Mapped[int] = mapped_column(BigKey, sa.ForeignKey("inbox_frame.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(index=True)
    type: Mapped[str] = mapped_column(sa.String(16))
    session_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    enrollment_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    worker_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("worker.id"), index=True)
    target_event_id: Mapped[UUID | None] = mapped_column(index=True)
    at: Mapped[datetime]
    time_label: Mapped[str] = mapped_column(sa.String(10), default="synced")
    suspect: Mapped[bool] = mapped_column(default=False)
    method: Mapped[str | None] = mapped_column(sa.String(10))
    by_id: Mapped[UUID | None]
    flags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    __table_args__ = (
        sa.Index(
            "ix_event_nobodys",
            "type",
            sqlite_where=sa.text("enrollment_id IS NULL"),
            postgresql_where=sa.text("enrollment_id IS NULL"),
        ),
    )


class Attendance(Model):
    """The resolved minutes of one enrollment in one session: what the presence rule made of the events."""

    __tablename__ = "attendance"
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("session.id"), primary_key=True)
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), primary_key=True, index=True)
    status: Mapped[str] = mapped_column(sa.String(10))
    flags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    credited_minutes: Mapped[int] = mapped_column(default=0)
    scheduled_minutes: Mapped[int] = mapped_column(default=0)
    first_in_at: Mapped[datetime | None]
    last_out_at: Mapped[datetime | None]
    is_open: Mapped[bool] = mapped_column(default=False)
    is_make_up: Mapped[bool] = mapped_column(default=False)


# The same tables without the ORM, for statements about many rows at once.
FRAMES = cast(sa.Table, InboxFrame.__table__)
DECISIONS = cast(sa.Table, FrameDecision.__table__)
EVENTS = cast(sa.Table, Event.__table__)
ATTENDANCE = cast(sa.Table, Attendance.__table__)
WATERMARKS = cast(sa.Table, Watermark.__table__)
SYSTEM = cast(sa.Table, SystemState.__table__)
