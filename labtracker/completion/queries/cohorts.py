"""Reads of a cohort's completion: its rows, decisions against the rule, what keeps it open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import Event
from labtracker.checkin.queries.events import PRESENCE_TYPES
from labtracker.completion.models import Completion, CompletionOverride
from labtracker.completion.rules import Need
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, Session


@dataclass(frozen=True)
class OpenPoints:
    """What still keeps a cohort from being closed out, or will count against its workers if it is.

    Sessions that lie ahead, that were opened and never closed, and that passed without anybody; sessions with
    records that belong to nobody on the roster. Workers who started and lack the assessment, did not pass it,
    lack skills, or lack hours although no session lies ahead.
    """

    ahead: list[Session]
    unclosed: list[Session]
    unheld: list[Session]
    unknown: list[Session]
    unscored: list[Completion]
    failed: list[Completion]
    unsigned: list[Completion]
    short: list[Completion]

    @property
    def keeps_open(self) -> bool:
        """Whether the cohort cannot be closed out yet."""
        return bool(self.ahead or self.unclosed)

    @property
    def are_any(self) -> bool:
        """Whether there is anything to tell."""
        return any(getattr(self, field.name) for field in fields(self))


def open_points(cohort: Cohort, *, now: datetime) -> OpenPoints:
    """What is open about a cohort that is not closed out, by session and by worker."""
    sessions = db.session.scalars(
        sa.select(Session)
        .where(Session.cohort_id == cohort.id, Session.cancelled_at.is_(None))
        .order_by(Session.starts_at)
    ).all()
    ahead = [one for one in sessions if one.ends_at > now and one.closed_at is None]
    started = [row for row in completions_of(cohort.id) if row.is_starter and row.state == "in_progress"]
    untested = [row for row in started if Need.ASSESSMENT in row.unmet]
    return OpenPoints(
        ahead=ahead,
        unclosed=[one for one in sessions if one.opened_at is not None and one.closed_at is None],
        unheld=[one for one in sessions if one.ends_at <= now and not (one.opened_at or one.closed_at)],
        unknown=_with_strangers(sessions),
        unscored=[row for row in untested if row.score is None],
        failed=[row for row in untested if row.score is not None],
        unsigned=[row for row in started if Need.SKILLS in row.unmet],
        short=[] if ahead else [row for row in started if Need.HOURS in row.unmet],
    )


def _with_strangers(sessions: Sequence[Session]) -> list[Session]:
    """Those of the sessions in which somebody came whom the roster does not know."""
    rows = sa.select(Event.session_id).where(
        Event.session_id.in_([one.id for one in sessions]),
        Event.enrollment_id.is_(None),
        Event.type.in_(PRESENCE_TYPES),
    )
    unknown = set(db.session.scalars(rows.distinct()))
    return [one for one in sessions if one.id in unknown]


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
