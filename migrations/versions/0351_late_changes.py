"""What changed of a cohort's figures after its close-out; a decision against the rule can be given back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0351"
down_revision = "0350"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; a decision may be none."""
    with op.batch_alter_table("completion_override") as table:
        table.alter_column("complete", existing_type=sa.Boolean(), nullable=True)
    op.create_table(
        "late_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_late_change_cohort_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_late_change_enrollment_id")
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["person.id"], name=op.f("fk_late_change_acknowledged_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_change")),
    )
    op.create_index(op.f("ix_late_change_cohort_id"), "late_change", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_late_change_enrollment_id"), "late_change", ["enrollment_id"], unique=False)
    op.create_index(
        "uq_late_change_open",
        "late_change",
        ["enrollment_id"],
        unique=True,
        sqlite_where=sa.text("acknowledged_at IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )


def downgrade() -> None:
    """Take the table away, and decisions that are none."""
    op.drop_table("late_change")
    op.execute(sa.text("DELETE FROM completion_override WHERE complete IS NULL"))
    with op.batch_alter_table("completion_override") as table:
        table.alter_column("complete", existing_type=sa.Boolean(), nullable=False)
