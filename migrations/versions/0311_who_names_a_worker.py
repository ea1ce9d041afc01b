"""What names a worker is found by index: without it each worker deleted looks through all check-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0311"
down_revision = "0320"
branch_labels = None
depends_on = None

MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    """Add the two indexes."""
    op.create_index(op.f("ix_event_worker_id"), "event", ["worker_id"], unique=False)
    op.create_index(
        "ix_worker_merged_into_id",
        "worker",
        ["merged_into_id"],
        unique=False,
        sqlite_where=MERGED,
        postgresql_where=MERGED,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_worker_merged_into_id", table_name="worker")
    op.drop_index(op.f("ix_event_worker_id"), table_name="event")
