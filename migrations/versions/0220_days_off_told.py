"""Closures and leave say when they were last changed: calendars ask for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0220"
down_revision = "0210"
branch_labels = None
depends_on = None

TABLES = ("closure", "person_leave")


def upgrade() -> None:
    """Add the columns."""
    for name in TABLES:
        op.add_column(name, sa.Column("changed_at", UtcDateTime(), nullable=True))
        op.add_column(name, sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
        with op.batch_alter_table(name) as table:
            # The default was for the rows that were there; the application always says the number itself.
            table.alter_column("stamp", server_default=None)
            table.create_index(op.f(f"ix_{name}_stamp"), ["stamp"], unique=False)


def downgrade() -> None:
    """Drop them; the days themselves stay."""
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_index(op.f(f"ix_{name}_stamp"))
            table.drop_column("stamp")
            table.drop_column("changed_at")
