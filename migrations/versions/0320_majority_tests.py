"""The six-month majority test as it stood at a cohort's first session held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0320"
down_revision = "0351"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "majority_test",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=False),
        sa.Column("meeting", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("fixed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_majority_test_cohort_id")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organization.id"], name=op.f("fk_majority_test_employer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_majority_test")),
        sa.UniqueConstraint("cohort_id", "employer_id", name=op.f("uq_majority_test_cohort_id_employer_id")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("majority_test")
