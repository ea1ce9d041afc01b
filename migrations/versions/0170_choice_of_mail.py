"""Which mails people want, the language they used last, and the address that stops a kind of mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labtracker.extensions import UtcDateTime

revision = "0170"
down_revision = "0161"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and add the columns."""
    op.create_table(
        "mail_refusal",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_refusal_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_mail_refusal")),
    )
    op.add_column("person", sa.Column("spoken_language", sa.String(length=5), nullable=True))
    op.add_column("mail_message", sa.Column("stop_url", sa.String(length=300), nullable=True))


def downgrade() -> None:
    """Drop them; everybody gets every mail again."""
    op.drop_column("mail_message", "stop_url")
    op.drop_column("person", "spoken_language")
    op.drop_table("mail_refusal")
