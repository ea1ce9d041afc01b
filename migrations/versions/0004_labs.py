"""Labs, courses, worksites, counties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "county",
        sa.Column("fips", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("rucc", sa.Integer(), nullable=False),
        sa.Column("local_area", sa.String(length=80), nullable=True),
        sa.Column("sub_area", sa.String(length=80), nullable=True),
        sa.Column("certainty", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("fips", name=op.f("pk_county")),
    )
    op.create_index(op.f("ix_county_local_area"), "county", ["local_area"], unique=False)
    op.create_table(
        "course",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("title_es", sa.String(length=120), nullable=True),
        sa.Column("contact_hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("credential", sa.String(length=120), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("minimum_share", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("assessment_required", sa.Boolean(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
    )
    op.create_index(op.f("ix_course_stamp"), "course", ["stamp"], unique=False)
    op.create_table(
        "lab",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("home_city", sa.String(length=80), nullable=False),
        sa.Column("home_zip", sa.String(length=5), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("length_ft", sa.Integer(), nullable=True),
        sa.Column("height_ft", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("weight_lb", sa.Integer(), nullable=True),
        sa.Column("power_kw", sa.Integer(), nullable=True),
        sa.Column("has_generator", sa.Boolean(), nullable=False),
        sa.Column("needs_water", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.String(length=200), nullable=True),
        sa.Column("setup_hours", sa.Numeric(precision=4, scale=1), nullable=False),
        sa.Column("teardown_hours", sa.Numeric(precision=4, scale=1), nullable=False),
        sa.Column("mph", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["organization.id"], name=op.f("fk_lab_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab")),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("title_es", sa.String(length=120), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_skill_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("course_id", "code", name=op.f("uq_skill_course_id_code")),
    )
    op.create_index(op.f("ix_skill_course_id"), "skill", ["course_id"], unique=False)
    op.create_table(
        "worksite",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("zip", sa.String(length=5), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("is_rural", sa.Boolean(), nullable=False),
        sa.Column("rural_source", sa.String(length=10), nullable=False),
        sa.Column("rural_reason", sa.String(length=300), nullable=True),
        sa.Column("rural_set_by_id", sa.Uuid(), nullable=True),
        sa.Column("rural_set_at", UtcDateTime(), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=True),
        sa.Column("contact_phone", sa.String(length=20), nullable=True),
        sa.Column("pad_length_ft", sa.Integer(), nullable=True),
        sa.Column("power_kw", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["county_fips"], ["county.fips"], name=op.f("fk_worksite_county_fips")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_worksite_organization_id")
        ),
        sa.ForeignKeyConstraint(["rural_set_by_id"], ["person.id"], name=op.f("fk_worksite_rural_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksite")),
    )
    op.create_index(op.f("ix_worksite_county_fips"), "worksite", ["county_fips"], unique=False)
    op.create_index(op.f("ix_worksite_organization_id"), "worksite", ["organization_id"], unique=False)
    op.create_index(op.f("ix_worksite_stamp"), "worksite", ["stamp"], unique=False)
    op.create_table(
        "lab_course",
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_lab_course_course_id")),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_lab_course_lab_id")),
        sa.PrimaryKeyConstraint("lab_id", "course_id", name=op.f("pk_lab_course")),
    )
    op.create_index(op.f("ix_lab_course_course_id"), "lab_course", ["course_id"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_lab_course_course_id"), table_name="lab_course")
    op.drop_table("lab_course")
    op.drop_index(op.f("ix_worksite_stamp"), table_name="worksite")
    op.drop_index(op.f("ix_worksite_organization_id"), table_name="worksite")
    op.drop_index(op.f("ix_worksite_county_fips"), table_name="worksite")
    op.drop_table("worksite")
    op.drop_index(op.f("ix_skill_course_id"), table_name="skill")
    op.drop_table("skill")
    op.drop_table("lab")
    op.drop_index(op.f("ix_course_stamp"), table_name="course")
    op.drop_table("course")
    op.drop_index(op.f("ix_county_local_area"), table_name="county")
    op.drop_table("county")
