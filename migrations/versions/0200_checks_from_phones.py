"""A check that a phone writes knows which of the phone's versions of it is here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0200"
down_revision = "0190"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("site_readiness") as table:
        table.add_column(sa.Column("phone_revision", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop it; the checks stay."""
    with op.batch_alter_table("site_readiness") as table:
        table.drop_column("phone_revision")
