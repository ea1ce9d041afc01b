"""Skills have levels; assessments a name, a most of attempts, and which attempt counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0350"
down_revision = "0330"
branch_labels = None
depends_on = None

POLICY = ("assessment_title", "assessment_title_es", "max_attempts", "attempt_counts")


def upgrade() -> None:
    """Add the columns; what was recorded before counts as it did."""
    for name in ("course", "cohort"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("assessment_title", sa.String(length=120), nullable=True))
            table.add_column(sa.Column("assessment_title_es", sa.String(length=120), nullable=True))
            table.add_column(sa.Column("max_attempts", sa.Integer(), nullable=True))
            table.add_column(
                sa.Column("attempt_counts", sa.String(length=4), nullable=False, server_default="best")
            )
    with op.batch_alter_table("course") as table:
        table.add_column(sa.Column("skill_levels", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("skill") as table:
        table.add_column(sa.Column("needed_level", sa.Integer(), nullable=True))
    with op.batch_alter_table("completion") as table:
        table.alter_column("best_score", new_column_name="score")
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("skill_levels", sa.JSON(), nullable=False, server_default="{}"))
    _forget_defaults()
    completion = sa.table(
        "completion", sa.column("signed_skills", sa.JSON), sa.column("skill_levels", sa.JSON),
        sa.column("enrollment_id", sa.Uuid),
    )  # fmt: skip
    rows = op.get_bind().execute(sa.select(completion.c.enrollment_id, completion.c.signed_skills)).all()
    signed = [
        {"row": row.enrollment_id, "levels": dict.fromkeys(row.signed_skills, 0)}
        for row in rows
        if row.signed_skills
    ]
    if signed:
        op.get_bind().execute(
            sa.update(completion)
            .where(completion.c.enrollment_id == sa.bindparam("row"))
            .values(skill_levels=sa.bindparam("levels", type_=sa.JSON)),
            signed,
        )


def _forget_defaults() -> None:
    # PostgreSQL cannot compare JSON, so no default of it can be checked against the models.
    for name in ("course", "completion"):
        with op.batch_alter_table(name) as table:
            table.alter_column("skill_levels", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    """Take the columns away."""
    with op.batch_alter_table("completion") as table:
        table.drop_column("skill_levels")
        table.drop_column("attempts")
        table.alter_column("score", new_column_name="best_score")
    with op.batch_alter_table("skill") as table:
        table.drop_column("needed_level")
    with op.batch_alter_table("course") as table:
        table.drop_column("skill_levels")
    for name in ("course", "cohort"):
        with op.batch_alter_table(name) as table:
            for column in POLICY:
                table.drop_column(column)
