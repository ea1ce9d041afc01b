"""Rows of a roster go in as one step that can be undone; uploads that were replaced say so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0310"
down_revision = "0360"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the steps; what went in before has none and cannot be undone as one."""
    op.create_table(
        "roster_application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("stopped", sa.String(length=40), nullable=True),
        sa.Column("fills_others", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("elsewhere", sa.Integer(), nullable=False),
        sa.Column("badges", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], name=op.f("fk_roster_application_import_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_roster_application_by_id")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_roster_application_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_application")),
    )
    op.create_index(
        op.f("ix_roster_application_import_id"), "roster_application", ["import_id"], unique=False
    )
    with op.batch_alter_table("roster_import") as table:
        table.alter_column("created_by_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("replaced_by_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_roster_import_replaced_by_id"), "roster_import", ["replaced_by_id"], ["id"]
        )


def downgrade() -> None:
    """Take the steps away, and imports that nobody who signs in brought."""
    op.drop_table("roster_application")
    op.execute("DELETE FROM roster_import WHERE created_by_id IS NULL")
    with op.batch_alter_table("roster_import") as table:
        table.drop_constraint(op.f("fk_roster_import_replaced_by_id"), type_="foreignkey")
        table.drop_column("replaced_by_id")
        table.alter_column("created_by_id", existing_type=sa.Uuid(), nullable=False)
