"""Two known workers may be one person; what was decided about an enrollment remembers where it came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0360"
down_revision = "0300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a merge be of either kind and say what it changed; keep who is not the same person."""
    _rename("walk_in_id", "merged_id")
    with op.batch_alter_table("worker_merge") as table:
        table.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="walk_in"))
        table.add_column(sa.Column("before", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("worker_merge") as table:
        table.alter_column("kind", existing_type=sa.String(length=10), server_default=None)
        table.alter_column("before", existing_type=sa.JSON(), server_default=None)
    with op.batch_alter_table("completion_override") as table:
        table.add_column(sa.Column("moved_from_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_completion_override_moved_from_id"), "enrollment", ["moved_from_id"], ["id"]
        )
    op.create_table(
        "worker_distinction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["worker.id"], name=op.f("fk_worker_distinction_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["worker.id"], name=op.f("fk_worker_distinction_other_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_worker_distinction_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_distinction")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_worker_distinction_one_id_other_id")),
    )


def downgrade() -> None:
    """Take it back; duplicates that were merged stay so, decisions that moved stay where they are."""
    op.drop_table("worker_distinction")
    with op.batch_alter_table("completion_override") as table:
        table.drop_constraint(op.f("fk_completion_override_moved_from_id"), type_="foreignkey")
        table.drop_column("moved_from_id")
    with op.batch_alter_table("worker_merge") as table:
        table.drop_column("before")
        table.drop_column("kind")
    _rename("merged_id", "walk_in_id")


def _rename(old: str, new: str) -> None:
    with op.batch_alter_table("worker_merge") as table:
        table.drop_index(op.f(f"ix_worker_merge_{old}"))
        table.drop_constraint(op.f(f"fk_worker_merge_{old}"), type_="foreignkey")
        table.alter_column(old, existing_type=sa.Uuid(), new_column_name=new)
    with op.batch_alter_table("worker_merge") as table:
        table.create_foreign_key(op.f(f"fk_worker_merge_{new}"), "worker", [new], ["id"])
        table.create_index(op.f(f"ix_worker_merge_{new}"), [new], unique=False)
