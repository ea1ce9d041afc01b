"""When badges were printed, what was done about them, and when one was revoked for a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0330"
down_revision = "0310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; of badges made before, nothing is known."""
    with op.batch_alter_table("badge") as table:
        table.add_column(sa.Column("printed_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("lapses", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "badge_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("badge_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=10), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_badge_step_badge_id_badge")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_badge_step_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_step")),
    )
    op.create_index(op.f("ix_badge_step_badge_id"), "badge_step", ["badge_id"])


def downgrade() -> None:
    """Drop them; what is revoked stays so."""
    op.drop_index(op.f("ix_badge_step_badge_id"), table_name="badge_step")
    op.drop_table("badge_step")
    with op.batch_alter_table("badge") as table:
        table.drop_column("lapses")
        table.drop_column("printed_at")
