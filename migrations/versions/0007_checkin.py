"""Inbox of frames, events, attendance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "inbox_frame",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.LargeBinary(length=32), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("in_chain", sa.Boolean(), nullable=False),
        sa.Column("damaged", sa.Boolean(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_frame")),
        sa.UniqueConstraint("hash", "in_chain", "damaged", name=op.f("uq_inbox_frame_hash_in_chain_damaged")),
    )
    op.create_index("ix_inbox_frame_chain", "inbox_frame", ["device_id", "incarnation", "seq"], unique=False)
    op.create_index(op.f("ix_inbox_frame_event_id"), "inbox_frame", ["event_id"], unique=False)
    op.create_table(
        "tombstone",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
    )
    op.create_index(op.f("ix_tombstone_stamp"), "tombstone", ["stamp"], unique=False)
    op.create_table(
        "system_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_state")),
    )
    op.create_table(
        "watermark",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.String(length=16), nullable=False),
        sa.Column("have_seq", sa.BigInteger(), nullable=False),
        sa.Column("have_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("highest_seq", sa.BigInteger(), nullable=False),
        sa.Column("uploads", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "incarnation", name=op.f("pk_watermark")),
    )
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("credited_minutes", sa.Integer(), nullable=False),
        sa.Column("scheduled_minutes", sa.Integer(), nullable=False),
        sa.Column("first_in_at", UtcDateTime(), nullable=True),
        sa.Column("last_out_at", UtcDateTime(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_make_up", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_attendance_enrollment_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_attendance_session_id")),
        sa.PrimaryKeyConstraint("session_id", "enrollment_id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_enrollment_id"), "attendance", ["enrollment_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("frame_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("enrollment_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("target_event_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("time_label", sa.String(length=10), nullable=False),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_event_enrollment_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["inbox_frame.id"], name=op.f("fk_event_frame_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_event_session_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_event_worker_id")),
        sa.PrimaryKeyConstraint("frame_id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_enrollment_id"), "event", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_event_id"), "event", ["id"], unique=False)
    op.create_index(op.f("ix_event_session_id"), "event", ["session_id"], unique=False)
    op.create_index(op.f("ix_event_target_event_id"), "event", ["target_event_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_event_target_event_id"), table_name="event")
    op.drop_index(op.f("ix_event_session_id"), table_name="event")
    op.drop_index(op.f("ix_event_id"), table_name="event")
    op.drop_index(op.f("ix_event_enrollment_id"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_attendance_enrollment_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_table("watermark")
    op.drop_table("system_state")
    op.drop_index(op.f("ix_tombstone_stamp"), table_name="tombstone")
    op.drop_table("tombstone")
    op.drop_index(op.f("ix_inbox_frame_event_id"), table_name="inbox_frame")
    op.drop_index("ix_inbox_frame_chain", table_name="inbox_frame")
    op.drop_table("inbox_frame")
