"""A session may make up for one that was called off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0180"
down_revision = "0172"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("makes_up_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_session_makes_up_id"), "session", ["makes_up_id"], ["id"])
        table.create_index(op.f("ix_session_makes_up_id"), ["makes_up_id"], unique=False)


def downgrade() -> None:
    """Drop it; the sessions stay."""
    with op.batch_alter_table("session") as table:
        table.drop_index(op.f("ix_session_makes_up_id"))
        table.drop_constraint(op.f("fk_session_makes_up_id"), type_="foreignkey")
        table.drop_column("makes_up_id")
