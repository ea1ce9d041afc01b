"""Calendar feeds, and when sessions and deployments were last changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0161"
down_revision = "0122"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; add the columns."""
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.Column("last_read_at", UtcDateTime(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_calendar_feed_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_calendar_feed_fingerprint")),
    )
    op.create_index(op.f("ix_calendar_feed_owner_id"), "calendar_feed", ["owner_id"], unique=False)
    op.add_column("session", sa.Column("changed_at", UtcDateTime(), nullable=True))
    op.add_column("deployment", sa.Column("changed_at", UtcDateTime(), nullable=True))
    op.add_column("deployment", sa.Column("stamp", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_deployment_stamp"), "deployment", ["stamp"], unique=False)


def downgrade() -> None:
    """Drop them: every address stops working."""
    op.drop_index(op.f("ix_deployment_stamp"), table_name="deployment")
    with op.batch_alter_table("deployment") as table:
        table.drop_column("stamp")
        table.drop_column("changed_at")
    with op.batch_alter_table("session") as table:
        table.drop_column("changed_at")
    op.drop_index(op.f("ix_calendar_feed_owner_id"), table_name="calendar_feed")
    op.drop_table("calendar_feed")
