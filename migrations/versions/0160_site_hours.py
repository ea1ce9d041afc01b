"""Worksites have gate hours, and days on which they take nobody in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0160"
down_revision = "0151"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    with op.batch_alter_table("worksite") as table:
        table.add_column(sa.Column("gate_opens", sa.Time(), nullable=True))
        table.add_column(sa.Column("gate_closes", sa.Time(), nullable=True))
    op.create_table(
        "blackout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worksite_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_blackout_days_forward")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_blackout_created_by_id")),
        sa.ForeignKeyConstraint(["worksite_id"], ["worksite.id"], name=op.f("fk_blackout_worksite_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout")),
    )
    op.create_index(op.f("ix_blackout_worksite_id"), "blackout", ["worksite_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_blackout_worksite_id"), table_name="blackout")
    op.drop_table("blackout")
    with op.batch_alter_table("worksite") as table:
        table.drop_column("gate_closes")
        table.drop_column("gate_opens")
