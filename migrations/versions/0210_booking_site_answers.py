"""A booking keeps what its employer answered of the site's checklist, until it is sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0210"
down_revision = "0201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("booking_request") as table:
        table.add_column(sa.Column("site_answers", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it; checks that were made of the answers stay."""
    with op.batch_alter_table("booking_request") as table:
        table.drop_column("site_answers")
