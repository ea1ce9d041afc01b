"""Reads of a cohort's completion: its rows, decisions against the rule, what keeps it open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.completion.models import Completion, CompletionOverride
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, Session


@dataclass(frozen=True)
class OpenPoints:
    """What still keeps a cohort from being closed out, or will count against its workers if it is."""

    ahead: int
    unclosed: int
    unscored: int
    unsigned: int


def open_points(cohort: Cohort, *, now: datetime) -> OpenPoints:
    """Sessions ahead or never closed, workers without assessment or with skills not signed off."""
    sessions = db.session.scalars(
        sa.select(Session).where(Session.cohort_id == cohort.id, Session.cancelled_at.is_(None))
    ).all()
    started = [row for row in completions_of(cohort.id) if row.is_starter and row.state == "in_progress"]
    return OpenPoints(
        ahead=sum(session.ends_at > now and session.closed_at is None for session in sessions),
        unclosed=sum(session.opened_at is not None and session.closed_at is None for session in sessions),
        unscored=sum(row.best_score is None for row in started) if cohort.assessment_required else 0,
        unsigned=sum("skills" in row.unmet for row in started),
    )


def completions_of(cohort_id: UUID) -> list[Completion]:
    """A cohort's completions by family name."""
    return list(
        db.session.scalars(
            sa.select(Completion)
            .join(Enrollment, Enrollment.id == Completion.enrollment_id)
            .join(Worker, Worker.id == Enrollment.worker_id)
            .where(Completion.cohort_id == cohort_id, Worker.merged_into_id.is_(None))
            .order_by(Worker.family_name, Worker.given_name)
        )
    )


def overrides_of(enrollment_ids: list[UUID]) -> dict[UUID, CompletionOverride]:
    """The latest override of each of these enrollments that has one."""
    rows = db.session.scalars(
        sa.select(CompletionOverride)
        .where(CompletionOverride.enrollment_id.in_(enrollment_ids))
        .order_by(CompletionOverride.decided_at)
    )
    return {row.enrollment_id: row for row in rows}
