"""With which vehicle a deployment is towed, and how far it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no deployment has a vehicle yet."""
    with op.batch_alter_table("deployment") as table:
        table.add_column(sa.Column("vehicle_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("vehicle_stays", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("odometer_miles", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_deployment_vehicle_id"), "tow_vehicle", ["vehicle_id"], ["id"])
    with op.batch_alter_table("deployment") as table:
        table.alter_column("vehicle_stays", server_default=None)
    op.create_index(op.f("ix_deployment_vehicle_id"), "deployment", ["vehicle_id"], unique=False)


def downgrade() -> None:
    """Drop the columns."""
    op.drop_index(op.f("ix_deployment_vehicle_id"), table_name="deployment")
    with op.batch_alter_table("deployment") as table:
        table.drop_constraint(op.f("fk_deployment_vehicle_id"), type_="foreignkey")
        table.drop_column("odometer_miles")
        table.drop_column("vehicle_stays")
        table.drop_column("vehicle_id")
