"""Tables of what was learned and what follows: assessments, sign-offs, overrides, completion."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from labtracker.extensions import Model
from labtracker.kit.ids import uuid7
from labtracker.roster.models import Enrollment


class Assessment(Model):
    """One attempt at a course's assessment, 0 to 100 points; from a phone's event or a page."""

    __tablename__ = "assessment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    score: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    taken_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    event_id: Mapped[UUID | None] = mapped_column(unique=True)
    voided_at: Mapped[datetime | None]


class SignOff(Model):
    """A trainer's word that a worker shows one skill."""

    __tablename__ = "sign_off"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    skill_id: Mapped[UUID]
    signed_at: Mapped[datetime]
    signed_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    event_id: Mapped[UUID | None] = mapped_column(unique=True)
    voided_at: Mapped[datetime | None]


class CompletionOverride(Model):
    """A coordinator's decision against the rule, with a reason that stays visible."""

    __tablename__ = "completion_override"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), index=True)
    complete: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(500))
    decided_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime]


class Completion(Model):
    """The derived state of one enrollment, kept up to date in the transaction that changes its causes.

    ``state`` is one of in_progress, complete, incomplete, withdrawn, no_show. ``is_starter`` and
    ``in_rate`` make the two sides of the completion rate: completers over starters of closed cohorts.
    """

    __tablename__ = "completion"
    enrollment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("enrollment.id"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(sa.ForeignKey("cohort.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    credited_minutes: Mapped[int] = mapped_column(default=0)
    scheduled_minutes: Mapped[int] = mapped_column(default=0)
    is_starter: Mapped[bool] = mapped_column(default=False)
    best_score: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    missing: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    completed_on: Mapped[date | None]
    overridden: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]

    enrollment: Mapped[Enrollment] = relationship()
