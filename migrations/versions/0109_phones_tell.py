"""Phones tell their version and whether their storage is kept; what contradicts is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the index."""
    with op.batch_alter_table("device") as table:
        table.add_column(
            sa.Column("is_version_told", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("is_persisted", sa.Boolean(), nullable=True))
    contradicts = sa.text("verdict IN ('conflict', 'fork')")
    op.create_index(
        "ix_inbox_frame_contradicting",
        "inbox_frame",
        ["device_id"],
        unique=False,
        sqlite_where=contradicts,
        postgresql_where=contradicts,
    )


def downgrade() -> None:
    """Drop them; phones tell again at their next upload."""
    op.drop_index("ix_inbox_frame_contradicting", table_name="inbox_frame")
    with op.batch_alter_table("device") as table:
        table.drop_column("is_persisted")
        table.drop_column("is_version_told")
