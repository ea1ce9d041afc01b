"""Keeps the derived completion equal to what the rule says of the facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from labtracker.completion.facts import Gathered, gather
from labtracker.completion.models import Completion, CompletionOverride
from labtracker.completion.rules import judge
from labtracker.completion.services.late import note_late_changes
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from labtracker.statements import Upsert, in_parts

# SQLite binds at most 32,766 variables in one statement.
CHUNK = 1500
_write_completions = Upsert(cast(sa.Table, Completion.__table__), "enrollment_id")


def refresh_completions(enrollment_ids: Collection[UUID], *, late_at: datetime | None = None) -> None:
    """Judge these enrollments again and store the result; the number of statements does not grow.

    ``late_at`` is given where nobody decided that a cohort's figures change: what does so although it was
    closed out is noted with that time.
    """
    for part in in_parts(sorted(enrollment_ids), CHUNK):
        gathered = gather(part)
        rows = {one.enrollment_id: _row(one) for one in gathered}
        closed = [rows[one.enrollment_id] for one in gathered if one.cohort.closed_out]
        if late_at is not None and closed:
            note_late_changes(closed, now=late_at)
        if rows:
            _store([*rows.values()])


def refresh_cohort(cohort_id: UUID) -> None:
    """Judge everybody in a cohort again: after a close-out, or when a session was opened or closed."""
    refresh_completions(
        db.session.scalars(sa.select(Enrollment.id).where(Enrollment.cohort_id == cohort_id)).all()
    )


def refresh_after_events(
    _sender: Any, *, enrollment_ids: Collection[UUID], now: datetime, **_more: Any
) -> None:
    """The intake stored events that changed these enrollments' minutes or tell of their learning."""
    refresh_completions(enrollment_ids, late_at=now)


def refresh_after_roster(
    _sender: Any, *, enrollment_ids: Collection[UUID], now: datetime, **_more: Any
) -> None:
    """A roster changed: these enrollments are new, withdrawn, or back."""
    refresh_completions(enrollment_ids, late_at=now)


def refresh_after_merge(
    _sender: Any, *, joined: Mapping[UUID, UUID], parted: Collection[UUID], **_more: Any
) -> None:
    """Decisions go with the person: to the enrollment that holds by now, and back when two were not one.

    The enrollments are judged again by ``refresh_after_roster``, which follows.
    """
    for given_up, kept in joined.items():
        db.session.execute(
            sa.update(CompletionOverride)
            .where(CompletionOverride.enrollment_id == given_up)
            .values(
                enrollment_id=kept, moved_from_id=sa.func.coalesce(CompletionOverride.moved_from_id, given_up)
            )
        )
    db.session.execute(
        sa.update(CompletionOverride)
        .where(CompletionOverride.moved_from_id.in_(parted))
        .values(enrollment_id=CompletionOverride.moved_from_id, moved_from_id=None)
    )


def forget_after_roster(_sender: Any, *, enrollment_ids: Collection[UUID], **_more: Any) -> None:
    """An import is undone: these enrollments go, and their completion before them."""
    for part in in_parts(enrollment_ids):
        db.session.execute(sa.delete(Completion).where(Completion.enrollment_id.in_(part)))


def _row(one: Gathered) -> dict[str, Any]:
    verdict = judge(one.cohort.policy, one.facts())
    return {
        "enrollment_id": one.enrollment_id,
        "cohort_id": one.cohort.id,
        "state": verdict.state.value,
        "credited_minutes": verdict.credited_minutes,
        "scheduled_minutes": one.scheduled_minutes(),
        "needed_minutes": verdict.needed_minutes,
        "is_starter": verdict.is_starter,
        "is_counted": verdict.is_counted,
        "score": verdict.score,
        "attempts": verdict.attempts,
        "skill_levels": verdict.skill_levels,
        "signed_skills": sorted(verdict.signed_skills),
        "unmet": [need.value for need in verdict.unmet],
        "completed_on": verdict.completed_on,
        "overridden": verdict.overridden,
    }


def _store(rows: list[dict[str, Any]]) -> None:
    _write_completions(rows)
    # The statement went past the identity map: what is loaded already must be read anew.
    for loaded in [row for row in db.session().identity_map.values() if isinstance(row, Completion)]:
        db.session.expire(loaded)
