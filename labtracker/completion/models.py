"""Tables of what follows from attendance and learning: overrides and the derived completion.

Assessments and skill sign-offs have no table of their own: they are check-in events, and are read there.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.accounts.models import Person
from labtracker.extensions import Model
from labtracker.kit.ids import uuid7
from labtracker.roster.models import Enrollment


class CompletionOverride(Model):
    """A coordinator's decision against the rule, with a reason that stays visible; the latest counts.

    ``moved_from_id`` is the enrollment for which it was made, once that turned out to be one person's second.
    Where ``complete`` is None the rule decides again.
    """

    __tablename__ = "completion_override"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    moved_from_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("enrollment.id"))
    complete: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(sa.String(500))
    decided_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime]

    decided_by: Mapped[Person] = relationship(lazy="joined")


class Completion(Model):
    """The derived state of one enrollment, kept up in the transaction that changes its causes.

    ``is_starter`` and ``is_counted`` make the denominators of the completion and no-show rates;
    ``unmet`` names what the policy still misses. ``score`` is that of the attempt that counts among
    ``attempts``. ``skill_levels`` has the highest level of each skill that was signed off (0: no scale),
    ``signed_skills`` the required ones that reached theirs.
    """

    __tablename__ = "completion"
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    credited_minutes: Mapped[int] = mapped_column(default=0)
    scheduled_minutes: Mapped[int] = mapped_column(default=0)
    needed_minutes: Mapped[int] = mapped_column(default=0)
    is_starter: Mapped[bool] = mapped_column(default=False)
    is_counted: Mapped[bool] = mapped_column(default=True)
    score: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    skill_levels: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    signed_skills: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    unmet: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    completed_on: Mapped[date | None]
    overridden: Mapped[bool] = mapped_column(default=False)

    enrollment: Mapped[Enrollment] = relationship()


class LateChange(Model):
    """That an enrollment's figures changed although its cohort was closed out: what they were, what they are.

    ``before`` and ``after`` hold what ``services.late`` compares; an empty ``before`` was no figure at all.
    Until a coordinator acknowledges it there is one row for an enrollment, however often it changes; then the
    row stays as it is, and the next change begins another.
    """

    __tablename__ = "late_change"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    enrollment: Mapped[Enrollment] = relationship()
    acknowledged_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        sa.Index(
            "uq_late_change_open",
            "enrollment_id",
            unique=True,
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
        ),
    )
