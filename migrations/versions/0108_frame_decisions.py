"""What coordinators decide about frames that were set aside or are nobody's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and indexes for the little that waits among all frames and events."""
    op.create_table(
        "frame_decision",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("damaged", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("enrollment_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_frame_decision_by_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_frame_decision_enrollment_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_frame_decision_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_decision")),
    )
    op.create_index(op.f("ix_frame_decision_hash"), "frame_decision", ["hash"], unique=False)
    waits = sa.text("verdict = 'quarantined' AND resolved_at IS NULL")
    op.create_index(
        "ix_inbox_frame_waiting",
        "inbox_frame",
        ["arrived_at"],
        unique=False,
        sqlite_where=waits,
        postgresql_where=waits,
    )
    nobodys = sa.text("enrollment_id IS NULL")
    op.create_index(
        "ix_event_nobodys", "event", ["type"], unique=False, sqlite_where=nobodys, postgresql_where=nobodys
    )


def downgrade() -> None:
    """Drop them; records that were accepted wait again after the next rebuild."""
    op.drop_index("ix_event_nobodys", table_name="event")
    op.drop_index("ix_inbox_frame_waiting", table_name="inbox_frame")
    op.drop_index(op.f("ix_frame_decision_hash"), table_name="frame_decision")
    op.drop_table("frame_decision")
