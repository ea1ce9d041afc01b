"""Files are counted by who added them.

Revision ID: 0201
Revises: 0200
"""

from __future__ import annotations

from alembic import op

revision = "0201"
down_revision = "0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find what somebody added."""
    op.create_index("ix_attachment_added", "attachment", ["added_by_id", "added_at"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_attachment_added", "attachment")
