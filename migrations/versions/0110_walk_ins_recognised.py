"""A coordinator recognises a walk-in as a worker, or takes them over as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and add the column."""
    with op.batch_alter_table("worker") as table:
        table.add_column(sa.Column("settled_at", UtcDateTime(), nullable=True))
    op.create_table(
        "worker_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("walk_in_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("set_aside", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["walk_in_id"], ["worker.id"], name=op.f("fk_worker_merge_walk_in_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_worker_merge_worker_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_worker_merge_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_worker_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_merge")),
    )
    op.create_index(op.f("ix_worker_merge_walk_in_id"), "worker_merge", ["walk_in_id"], unique=False)
    op.create_index(op.f("ix_worker_merge_worker_id"), "worker_merge", ["worker_id"], unique=False)


def downgrade() -> None:
    """Drop them; walk-ins who were recognised stay so."""
    op.drop_index(op.f("ix_worker_merge_worker_id"), table_name="worker_merge")
    op.drop_index(op.f("ix_worker_merge_walk_in_id"), table_name="worker_merge")
    op.drop_table("worker_merge")
    with op.batch_alter_table("worker") as table:
        table.drop_column("settled_at")
