"""Everything that a worker's own page shows of their training, in a number of reads that does not grow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.certificates.transcript import Line, transcript_of
from labtracker.checkin.models import Attendance
from labtracker.completion.models import Completion
from labtracker.completion.rules import CompletionState
from labtracker.completion.words import explanation, missing, policy_words
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.rules.enrollment import is_expected
from labtracker.scheduling.models import Cohort, Session


@dataclass(frozen=True)
class Day:
    """One session that is over or has begun, as the worker was in it."""

    session: Session
    attended: Attendance | None

    @property
    def is_over(self) -> bool:
        """Whether nobody can check in to it any more."""
        return self.session.closed_at is not None


@dataclass(frozen=True)
class Group:
    """One cohort of the worker: its days behind and ahead, and what stands on the transcript."""

    line: Line
    past: list[Day]
    ahead: list[Session]

    @property
    def enrollment(self) -> Enrollment:
        """The worker's place in the cohort."""
        return self.line.earned.enrollment

    @property
    def cohort(self) -> Cohort:
        """The cohort."""
        return self.line.earned.cohort

    @property
    def completion(self) -> Completion | None:
        """Where the worker stands; None before anything was recorded."""
        return self.line.earned.completion

    @property
    def is_running(self) -> bool:
        """Whether something can still be done to complete."""
        return self.line.state is CompletionState.IN_PROGRESS

    def explained(self, language: str) -> list[tuple[str, bool]]:
        """The judgement in sentences, one for each thing the policy asks for, and whether it is met."""
        if self.completion is None:
            return [(sentence, False) for sentence in policy_words(self.cohort, language)]
        unmet = missing(self.completion, self.cohort, language, with_hours=True)
        return [
            (sentence, sentence not in unmet)
            for sentence in explanation(self.completion, self.cohort, language)
        ]


@dataclass(frozen=True)
class Training:
    """All of a worker's cohorts, the latest first, and the session that is underway or comes next."""

    groups: list[Group]
    next: Session | None = None
    further: list[Session] = field(default_factory=list)

    def session(self, session_id: UUID) -> Session | None:
        """One of the sessions shown."""
        shown = [day.session for group in self.groups for day in group.past]
        return next((one for one in shown if one.id == session_id), None)


def training_of(worker: Worker, *, now: datetime) -> Training:
    """What there is to show of a worker at this moment."""
    lines = transcript_of(worker)
    sessions, attended = _days_of([line.earned.enrollment for line in lines])
    groups = [_group(line, sessions, attended, now) for line in lines]
    coming = sorted(
        (session for group in groups for session in group.ahead), key=lambda one: (one.starts_at, one.id)
    )
    return Training(groups, coming[0] if coming else None, coming[1:])


def _group(
    line: Line,
    sessions: dict[UUID, list[Session]],
    attended: dict[UUID, dict[UUID, Attendance]],
    now: datetime,
) -> Group:
    enrollment = line.earned.enrollment
    own = attended[enrollment.id]
    past, ahead = [], []
    for session in sessions[enrollment.id]:
        found = own.get(session.id)
        expected = is_expected(enrollment.withdrawn_on, local_day(session.starts_at, session.worksite.zone))
        is_coming = session.ends_at > now and session.closed_at is None
        if is_coming and expected and session.cohort_id == enrollment.cohort_id:
            ahead.append(session)
        if found is not None or (expected and session.starts_at <= now and not is_coming):
            past.append(Day(session, found))
    return Group(line, past[::-1], ahead)


def _days_of(
    enrollments: list[Enrollment],
) -> tuple[dict[UUID, list[Session]], dict[UUID, dict[UUID, Attendance]]]:
    """By enrollment: the cohort's sessions and those in which it was made up for; and what was attended."""
    ids = [one.id for one in enrollments]
    attended: dict[UUID, dict[UUID, Attendance]] = defaultdict(dict)
    for row in db.session.scalars(sa.select(Attendance).where(Attendance.enrollment_id.in_(ids))):
        attended[row.enrollment_id][row.session_id] = row
    came = {session_id for rows in attended.values() for session_id in rows}
    found = db.session.scalars(
        sa.select(Session)
        .where(
            sa.or_(Session.cohort_id.in_([one.cohort_id for one in enrollments]), Session.id.in_(came)),
            Session.cancelled_at.is_(None),
        )
        .options(joinedload(Session.worksite), joinedload(Session.cohort).joinedload(Cohort.course))
        .order_by(Session.starts_at, Session.id)
    ).unique()
    sessions: dict[UUID, list[Session]] = defaultdict(list)
    for session in found:
        for enrollment in enrollments:
            if session.cohort_id == enrollment.cohort_id or session.id in attended[enrollment.id]:
                sessions[enrollment.id].append(session)
    return sessions, attended
