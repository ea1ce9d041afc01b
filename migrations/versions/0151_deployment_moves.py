"""Moves of deployments: how each stood before and after, so that a move can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0151"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "deployment_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployment_move_deployment_id")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_deployment_move_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_move")),
    )
    with op.batch_alter_table("deployment_move") as batch:
        batch.create_index(batch.f("ix_deployment_move_deployment_id"), ["deployment_id"], unique=False)
        batch.create_index(batch.f("ix_deployment_move_actor_id"), ["actor_id"], unique=False)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("deployment_move")
