"""Certificates, the keys that sign them, and awards to whole cohorts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0300"
down_revision = "0230"
branch_labels = None
depends_on = None

STANDING = sa.text("revoked_at IS NULL AND replaced_at IS NULL")


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "signing_key",
        sa.Column("key_id", sa.String(length=43), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=170), nullable=False),
        sa.Column("course_title", sa.String(length=120), nullable=False),
        sa.Column("course_title_es", sa.String(length=120), nullable=True),
        sa.Column("award", sa.String(length=120), nullable=True),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("contact_hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("credited_minutes", sa.Integer(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("attendance_only", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=43), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("replaced_at", UtcDateTime(), nullable=True),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_certificate_ended_by_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_certificate_enrollment_id")
        ),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_certificate_issued_by_id")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.key_id"], name=op.f("fk_certificate_key_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["certificate.id"], name=op.f("fk_certificate_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_certificate_credential_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_certificate_secret_hash")),
    )
    op.create_index(op.f("ix_certificate_enrollment_id"), "certificate", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_certificate_issued_at"), "certificate", ["issued_at"], unique=False)
    op.create_index(
        "uq_certificate_standing",
        "certificate",
        ["enrollment_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "certificate_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_certificate_run_asked_by_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_certificate_run_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_run")),
    )
    op.create_index(op.f("ix_certificate_run_cohort_id"), "certificate_run", ["cohort_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("certificate_run")
    op.drop_table("certificate")
    op.drop_table("signing_key")
