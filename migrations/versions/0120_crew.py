"""Licences, taught courses and leave of the crew; the provider's own closed days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0120"
down_revision = "0160"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "closed_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_closed_day_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_day")),
        sa.UniqueConstraint("state", "closed_on", name=op.f("uq_closed_day_state_closed_on")),
    )
    op.create_index(op.f("ix_closed_day_closed_on"), "closed_day", ["closed_on"], unique=False)
    op.create_table(
        "driver_licence",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("licence_class", sa.String(length=10), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["noted_by_id"], ["person.id"], name=op.f("fk_driver_licence_noted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_driver_licence_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_driver_licence")),
    )
    op.create_table(
        "person_leave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_person_leave_days_forward")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_person_leave_entered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_leave_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_leave")),
    )
    op.create_index(op.f("ix_person_leave_ends_at"), "person_leave", ["ends_at"], unique=False)
    op.create_index(op.f("ix_person_leave_person_id"), "person_leave", ["person_id"], unique=False)
    op.create_table(
        "taught_course",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_taught_course_course_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_taught_course_person_id")),
        sa.PrimaryKeyConstraint("person_id", "course_id", name=op.f("pk_taught_course")),
    )
    op.create_index(op.f("ix_taught_course_course_id"), "taught_course", ["course_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_taught_course_course_id"), table_name="taught_course")
    op.drop_table("taught_course")
    op.drop_index(op.f("ix_person_leave_person_id"), table_name="person_leave")
    op.drop_index(op.f("ix_person_leave_ends_at"), table_name="person_leave")
    op.drop_table("person_leave")
    op.drop_table("driver_licence")
    op.drop_index(op.f("ix_closed_day_closed_on"), table_name="closed_day")
    op.drop_table("closed_day")
