"""Who was on a crew or named for a session and left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0106"
down_revision = "0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "former_crew_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=10), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_former_crew_member_deployment_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_crew_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_crew_member")),
    )
    op.create_index(
        op.f("ix_former_crew_member_deployment_id"), "former_crew_member", ["deployment_id"], unique=False
    )
    op.create_table(
        "former_trainer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_former_trainer_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_former_trainer_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_trainer")),
    )
    op.create_index(op.f("ix_former_trainer_session_id"), "former_trainer", ["session_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_former_trainer_session_id"), table_name="former_trainer")
    op.drop_table("former_trainer")
    op.drop_index(op.f("ix_former_crew_member_deployment_id"), table_name="former_crew_member")
    op.drop_table("former_crew_member")
