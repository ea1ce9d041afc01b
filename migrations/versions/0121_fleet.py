"""Tow vehicles, closures, inspections, equipment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tow_vehicle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("weight_lb", sa.Integer(), nullable=False),
        sa.Column("mph", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organization.id"], name=op.f("fk_tow_vehicle_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tow_vehicle")),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("broke", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(lab_id IS NULL) <> (vehicle_id IS NULL)", name=op.f("ck_closure_one_subject")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_closure_days_forward")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_closure_created_by_id")),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_closure_lab_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["tow_vehicle.id"], name=op.f("fk_closure_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_ends_at"), "closure", ["ends_at"], unique=False)
    op.create_index(op.f("ix_closure_lab_id"), "closure", ["lab_id"], unique=False)
    op.create_index(op.f("ix_closure_vehicle_id"), "closure", ["vehicle_id"], unique=False)
    op.create_table(
        "equipment_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("out_since", sa.Date(), nullable=True),
        sa.Column("out_until", sa.Date(), nullable=True),
        sa.Column("out_note", sa.String(length=300), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_equipment_item_lab_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_item")),
    )
    op.create_index(op.f("ix_equipment_item_lab_id"), "equipment_item", ["lab_id"], unique=False)
    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.Column("last_done_on", sa.Date(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(lab_id IS NULL) <> (vehicle_id IS NULL)", name=op.f("ck_inspection_one_subject")
        ),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_inspection_lab_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["tow_vehicle.id"], name=op.f("fk_inspection_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index(op.f("ix_inspection_lab_id"), "inspection", ["lab_id"], unique=False)
    op.create_index(op.f("ix_inspection_next_due_on"), "inspection", ["next_due_on"], unique=False)
    op.create_index(op.f("ix_inspection_vehicle_id"), "inspection", ["vehicle_id"], unique=False)
    op.create_table(
        "tow_vehicle_lab",
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_tow_vehicle_lab_lab_id")),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["tow_vehicle.id"], name=op.f("fk_tow_vehicle_lab_vehicle_id")
        ),
        sa.PrimaryKeyConstraint("vehicle_id", "lab_id", name=op.f("pk_tow_vehicle_lab")),
    )
    op.create_index(op.f("ix_tow_vehicle_lab_lab_id"), "tow_vehicle_lab", ["lab_id"], unique=False)
    op.create_table(
        "equipment_course",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_equipment_course_course_id")),
        sa.ForeignKeyConstraint(["item_id"], ["equipment_item.id"], name=op.f("fk_equipment_course_item_id")),
        sa.PrimaryKeyConstraint("item_id", "course_id", name=op.f("pk_equipment_course")),
    )
    op.create_index(op.f("ix_equipment_course_course_id"), "equipment_course", ["course_id"], unique=False)
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_equipment_course_course_id"), table_name="equipment_course")
    op.drop_table("equipment_course")
    op.drop_index(op.f("ix_tow_vehicle_lab_lab_id"), table_name="tow_vehicle_lab")
    op.drop_table("tow_vehicle_lab")
    op.drop_index(op.f("ix_inspection_vehicle_id"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_next_due_on"), table_name="inspection")
    op.drop_index(op.f("ix_inspection_lab_id"), table_name="inspection")
    op.drop_table("inspection")
    op.drop_index(op.f("ix_equipment_item_lab_id"), table_name="equipment_item")
    op.drop_table("equipment_item")
    op.drop_index(op.f("ix_closure_vehicle_id"), table_name="closure")
    op.drop_index(op.f("ix_closure_lab_id"), table_name="closure")
    op.drop_index(op.f("ix_closure_ends_at"), table_name="closure")
    op.drop_table("closure")
    op.drop_table("tow_vehicle")
