"""A booking says how often a week its people can come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0172"
down_revision = "0171"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("booking_request", sa.Column("sessions_per_week", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("booking_request", "sessions_per_week")
