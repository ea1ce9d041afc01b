"""Messages about bookings, and who has read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0171"
down_revision = "0170"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "booking_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking_request.id"], name=op.f("fk_booking_message_booking_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_booking_message_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_message")),
    )
    op.create_index("ix_booking_message_booking", "booking_message", ["booking_id", "at"], unique=False)
    op.create_table(
        "booking_reading",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking_request.id"], name=op.f("fk_booking_reading_booking_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_booking_reading_person_id")),
        sa.PrimaryKeyConstraint("booking_id", "person_id", name=op.f("pk_booking_reading")),
    )


def downgrade() -> None:
    """Drop them, messages and all."""
    op.drop_table("booking_reading")
    op.drop_index("ix_booking_message_booking", table_name="booking_message")
    op.drop_table("booking_message")
