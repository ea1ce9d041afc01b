"""Backups, their copies and marks; what phones may forget; daily hashes of the inbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0103"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the columns for what phones are told."""
    op.create_table(
        "backup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("proof", sa.String(length=10), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("superseded_at", UtcDateTime(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("migration", sa.String(length=32), nullable=True),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("last_frame_id", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
        sa.UniqueConstraint("name", name=op.f("uq_backup_name")),
    )
    op.create_index(op.f("ix_backup_taken_at"), "backup", ["taken_at"], unique=False)
    op.create_table(
        "backup_copy",
        sa.Column("backup_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["backup_id"], ["backup.id"], name=op.f("fk_backup_copy_backup_id")),
        sa.PrimaryKeyConstraint("backup_id", "target", name=op.f("pk_backup_copy")),
    )
    op.create_table(
        "backup_mark",
        sa.Column("backup_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("incarnation", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["backup_id"], ["backup.id"], name=op.f("fk_backup_mark_backup_id")),
        sa.PrimaryKeyConstraint("backup_id", "device_id", "incarnation", name=op.f("pk_backup_mark")),
    )
    op.create_table(
        "inbox_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_frame_id", sa.BigInteger(), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_inbox_day")),
    )
    op.add_column("watermark", sa.Column("durable_seq", sa.BigInteger(), nullable=True))
    op.add_column("watermark", sa.Column("durable_hash", sa.LargeBinary(length=32), nullable=True))
    op.add_column("system_state", sa.Column("backed_up_to", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop them; phones are told again that nothing is safe yet."""
    op.drop_column("system_state", "backed_up_to")
    op.drop_column("watermark", "durable_hash")
    op.drop_column("watermark", "durable_seq")
    op.drop_table("inbox_day")
    op.drop_table("backup_mark")
    op.drop_table("backup_copy")
    op.drop_index(op.f("ix_backup_taken_at"), table_name="backup")
    op.drop_table("backup")
