"""A cohort may ask whoever comes in by badge for their initials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0230"
down_revision = "0220"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody is asked yet."""
    with op.batch_alter_table("cohort") as table:
        table.add_column(sa.Column("asks_initials", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop it; initials that were given stay."""
    with op.batch_alter_table("cohort") as table:
        table.drop_column("asks_initials")
