"""Which reminders were sent to whom, so that each comes once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0173"
down_revision = "0180"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "sent_reminder",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("occasion", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sent_reminder_person_id")),
        sa.PrimaryKeyConstraint("kind", "occasion", "person_id", name=op.f("pk_sent_reminder")),
    )


def downgrade() -> None:
    """Drop it; what is near is told again."""
    op.drop_table("sent_reminder")
