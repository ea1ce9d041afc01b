"""A session knows when its crew ended it early."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; `labtracker rebuild` fills it from what phones recorded before."""
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("ended_early_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Drop the column; the events that it came from stay."""
    with op.batch_alter_table("session") as table:
        table.drop_column("ended_early_at")
