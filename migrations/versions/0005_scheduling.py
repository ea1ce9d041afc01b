"""Bookings, cohorts, deployments, sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "booking_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("worksite_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("shift_starts", sa.Time(), nullable=True),
        sa.Column("shift_ends", sa.Time(), nullable=True),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("site_contact", sa.String(length=120), nullable=True),
        sa.Column("site_phone", sa.String(length=20), nullable=True),
        sa.Column("pad_length_ft", sa.Integer(), nullable=True),
        sa.Column("power_kw", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("payer", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_booking_request_course_id")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_booking_request_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["organization.id"], name=op.f("fk_booking_request_employer_id")
        ),
        sa.ForeignKeyConstraint(
            ["worksite_id"], ["worksite.id"], name=op.f("fk_booking_request_worksite_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_request")),
    )
    op.create_index(op.f("ix_booking_request_employer_id"), "booking_request", ["employer_id"], unique=False)
    op.create_index(op.f("ix_booking_request_status"), "booking_request", ["status"], unique=False)
    op.create_table(
        "deployment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("worksite_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("blocks_from", UtcDateTime(), nullable=False),
        sa.Column("blocks_until", UtcDateTime(), nullable=False),
        sa.Column("travel_in_minutes", sa.Integer(), nullable=False),
        sa.Column("setup_minutes", sa.Integer(), nullable=False),
        sa.Column("teardown_minutes", sa.Integer(), nullable=False),
        sa.Column("travel_out_minutes", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("blocks_from < blocks_until", name=op.f("ck_deployment_blocks_forward")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_deployment_created_by_id")),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_deployment_lab_id")),
        sa.ForeignKeyConstraint(["worksite_id"], ["worksite.id"], name=op.f("fk_deployment_worksite_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_index(op.f("ix_deployment_blocks_from"), "deployment", ["blocks_from"], unique=False)
    op.create_index(op.f("ix_deployment_blocks_until"), "deployment", ["blocks_until"], unique=False)
    op.create_index(op.f("ix_deployment_lab_id"), "deployment", ["lab_id"], unique=False)
    op.create_index(op.f("ix_deployment_worksite_id"), "deployment", ["worksite_id"], unique=False)
    op.create_table(
        "booking_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("from_status", sa.String(length=16), nullable=True),
        sa.Column("to_status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_booking_step_actor_id")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking_request.id"], name=op.f("fk_booking_step_booking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_step")),
    )
    op.create_index(op.f("ix_booking_step_booking_id"), "booking_step", ["booking_id"], unique=False)
    op.create_table(
        "booking_window",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking_request.id"], name=op.f("fk_booking_window_booking_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_window")),
    )
    op.create_index(op.f("ix_booking_window_booking_id"), "booking_window", ["booking_id"], unique=False)
    op.create_table(
        "cohort",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("worksite_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_mode", sa.String(length=16), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("contact_hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("minimum_share", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("assessment_required", sa.Boolean(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("policy_frozen_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_out_at", UtcDateTime(), nullable=True),
        sa.Column("closed_out_by_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking_request.id"], name=op.f("fk_cohort_booking_id")),
        sa.ForeignKeyConstraint(["closed_out_by_id"], ["person.id"], name=op.f("fk_cohort_closed_out_by_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_cohort_course_id")),
        sa.ForeignKeyConstraint(["worksite_id"], ["worksite.id"], name=op.f("fk_cohort_worksite_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
    )
    op.create_index(op.f("ix_cohort_booking_id"), "cohort", ["booking_id"], unique=False)
    op.create_index(op.f("ix_cohort_course_id"), "cohort", ["course_id"], unique=False)
    op.create_index(op.f("ix_cohort_stamp"), "cohort", ["stamp"], unique=False)
    op.create_index(op.f("ix_cohort_worksite_id"), "cohort", ["worksite_id"], unique=False)
    op.create_table(
        "crew_member",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.String(length=10), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_crew_member_deployment_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_crew_member_person_id")),
        sa.PrimaryKeyConstraint("deployment_id", "person_id", "duty", name=op.f("pk_crew_member")),
    )
    op.create_index(op.f("ix_crew_member_person_id"), "crew_member", ["person_id"], unique=False)
    op.create_index(op.f("ix_crew_member_stamp"), "crew_member", ["stamp"], unique=False)
    op.create_table(
        "cohort_deployment",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_deployment_cohort_id")),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_cohort_deployment_deployment_id")
        ),
        sa.PrimaryKeyConstraint("cohort_id", "deployment_id", name=op.f("pk_cohort_deployment")),
    )
    op.create_index(
        op.f("ix_cohort_deployment_deployment_id"), "cohort_deployment", ["deployment_id"], unique=False
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=True),
        sa.Column("worksite_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=300), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_session_time_forward")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_session_cohort_id")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_session_deployment_id")),
        sa.ForeignKeyConstraint(["worksite_id"], ["worksite.id"], name=op.f("fk_session_worksite_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_cohort_id"), "session", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_session_deployment_id"), "session", ["deployment_id"], unique=False)
    op.create_index(op.f("ix_session_stamp"), "session", ["stamp"], unique=False)
    op.create_index(op.f("ix_session_starts_at"), "session", ["starts_at"], unique=False)
    op.create_table(
        "session_trainer",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_trainer_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_trainer_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_trainer")),
    )
    op.create_index(op.f("ix_session_trainer_person_id"), "session_trainer", ["person_id"], unique=False)
    op.create_index(op.f("ix_session_trainer_stamp"), "session_trainer", ["stamp"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f("ix_session_trainer_stamp"), table_name="session_trainer")
    op.drop_index(op.f("ix_session_trainer_person_id"), table_name="session_trainer")
    op.drop_table("session_trainer")
    op.drop_index(op.f("ix_session_starts_at"), table_name="session")
    op.drop_index(op.f("ix_session_stamp"), table_name="session")
    op.drop_index(op.f("ix_session_deployment_id"), table_name="session")
    op.drop_index(op.f("ix_session_cohort_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_cohort_deployment_deployment_id"), table_name="cohort_deployment")
    op.drop_table("cohort_deployment")
    op.drop_index(op.f("ix_crew_member_stamp"), table_name="crew_member")
    op.drop_index(op.f("ix_crew_member_person_id"), table_name="crew_member")
    op.drop_table("crew_member")
    op.drop_index(op.f("ix_cohort_worksite_id"), table_name="cohort")
    op.drop_index(op.f("ix_cohort_stamp"), table_name="cohort")
    op.drop_index(op.f("ix_cohort_course_id"), table_name="cohort")
    op.drop_index(op.f("ix_cohort_booking_id"), table_name="cohort")
    op.drop_table("cohort")
    op.drop_index(op.f("ix_booking_window_booking_id"), table_name="booking_window")
    op.drop_table("booking_window")
    op.drop_index(op.f("ix_booking_step_booking_id"), table_name="booking_step")
    op.drop_table("booking_step")
    op.drop_index(op.f("ix_deployment_worksite_id"), table_name="deployment")
    op.drop_index(op.f("ix_deployment_lab_id"), table_name="deployment")
    op.drop_index(op.f("ix_deployment_blocks_until"), table_name="deployment")
    op.drop_index(op.f("ix_deployment_blocks_from"), table_name="deployment")
    op.drop_table("deployment")
    op.drop_index(op.f("ix_booking_request_status"), table_name="booking_request")
    op.drop_index(op.f("ix_booking_request_employer_id"), table_name="booking_request")
    op.drop_table("booking_request")
