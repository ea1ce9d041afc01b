"""Labs have a profile of needs, sites are checked against it, and visits may go without a check."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0190"
down_revision = "0173"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the tables. No lab has a profile yet, so nothing that is placed lacks a check."""
    with op.batch_alter_table("lab") as table:
        table.add_column(sa.Column("needs", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "site_readiness",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worksite_id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=False),
        sa.Column("from_phone", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("finalised_at", UtcDateTime(), nullable=True),
        sa.Column("finalised_by_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.String(length=12), nullable=True),
        sa.Column("judged", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("checked_on <= expires_on", name=op.f("ck_site_readiness_days_forward")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_site_readiness_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["finalised_by_id"], ["person.id"], name=op.f("fk_site_readiness_finalised_by_id")
        ),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_site_readiness_lab_id")),
        sa.ForeignKeyConstraint(["worksite_id"], ["worksite.id"], name=op.f("fk_site_readiness_worksite_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_readiness")),
    )
    for column in ("expires_on", "lab_id", "worksite_id"):
        op.create_index(op.f(f"ix_site_readiness_{column}"), "site_readiness", [column], unique=False)
    op.create_table(
        "readiness_acceptance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("readiness_id", sa.Uuid(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_readiness_acceptance_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["readiness_id"], ["site_readiness.id"], name=op.f("fk_readiness_acceptance_readiness_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_acceptance")),
    )
    op.create_index(
        op.f("ix_readiness_acceptance_readiness_id"), "readiness_acceptance", ["readiness_id"], unique=False
    )
    op.create_table(
        "readiness_waiver",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_readiness_waiver_deployment_id")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_readiness_waiver_given_by_id")),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_readiness_waiver_lab_id")),
        sa.PrimaryKeyConstraint("deployment_id", "lab_id", name=op.f("pk_readiness_waiver")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("readiness_waiver")
    op.drop_table("readiness_acceptance")
    op.drop_table("site_readiness")
    with op.batch_alter_table("lab") as table:
        table.drop_column("needs")
