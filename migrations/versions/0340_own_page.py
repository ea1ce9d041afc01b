"""The worker's own page: links to it, visits, the address known as theirs, words left there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0340"
down_revision = "0311"
branch_labels = None
depends_on = None


def _of_worker(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["worker_id"], ["worker.id"], name=op.f(f"fk_{table}_worker_id"), ondelete="CASCADE"
    )


def _of_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Add the four tables."""
    op.create_table(
        "own_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("mailed_to", sa.String(length=64), nullable=True),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        _of_worker("own_link"),
        _of_person("own_link", "given_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_link")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_own_link_fingerprint")),
    )
    op.create_index(op.f("ix_own_link_worker_id"), "own_link", ["worker_id"], unique=False)
    op.create_table(
        "own_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("mailed_to", sa.String(length=64), nullable=True),
        sa.Column("on_own_phone", sa.Boolean(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        _of_worker("own_visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_visit")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_own_visit_fingerprint")),
    )
    op.create_index(op.f("ix_own_visit_worker_id"), "own_visit", ["worker_id"], unique=False)
    op.create_table(
        "own_address",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _of_worker("own_address"),
        _of_person("own_address", "by_id"),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_own_address")),
    )
    op.create_table(
        "own_word",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        _of_worker("own_word"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_own_word_session_id")),
        _of_person("own_word", "settled_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_word")),
    )
    op.create_index(op.f("ix_own_word_worker_id"), "own_word", ["worker_id"], unique=False)
    op.create_index(op.f("ix_own_word_written_at"), "own_word", ["written_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    for table in ("own_word", "own_address", "own_visit", "own_link"):
        op.drop_table(table)
