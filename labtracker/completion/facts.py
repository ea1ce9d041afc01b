"""Gathers, set-based, the facts that the completion rule asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import Attendance, Event
from labtracker.checkin.queries import standing_events
from labtracker.completion.models import CompletionOverride
from labtracker.completion.rules import Attended, Facts, Policy, Scored, Signed
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Worksite
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort, Session

LEARNING = ("assessment", "sign_off")


@dataclass
class Gathered:
    """The facts of one enrollment on their way, with the policy they are judged by."""

    enrollment: Enrollment
    cohort: Cohort
    zone: str
    attended: list[Attended] = field(default_factory=list)
    scores: list[Scored] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    override: CompletionOverride | None = None
    first_session_on: date | None = None
    scheduled_minutes: int = 0

    def policy(self) -> Policy:
        """The cohort's frozen policy in the rule's own terms."""
        return policy_of(self.cohort)

    def facts(self) -> Facts:
        """What was gathered, in the rule's own terms."""
        decided = self.override
        return Facts(
            attended=self.attended,
            scores=self.scores,
            signed=self.signed,
            withdrawn_on=self.enrollment.withdrawn_on if self.enrollment.status == "withdrawn" else None,
            first_session_on=self.first_session_on,
            closed_out=self.cohort.closed_out_at is not None,
            override=decided.complete if decided else None,
            override_on=local_day(decided.decided_at, self.zone) if decided else None,
        )


def policy_of(cohort: Cohort) -> Policy:
    """A cohort's policy in the rule's own terms."""
    return Policy(
        contact_minutes=round(cohort.contact_hours * 60),
        minimum_share=cohort.minimum_share,
        assessment_required=cohort.assessment_required,
        pass_mark=cohort.pass_mark,
        required_skills=frozenset(str(skill["id"]) for skill in cohort.skills if skill.get("required", True)),
    )


def gather(enrollment_ids: Collection[UUID]) -> list[Gathered]:
    """All facts of these enrollments, in a number of statements that does not grow with them."""
    rows = db.session.execute(
        sa.select(Enrollment, Cohort, Worksite.zone)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Worksite, Worksite.id == Cohort.worksite_id)
        .where(Enrollment.id.in_(enrollment_ids))
    ).all()
    gathered = {row.Enrollment.id: Gathered(row.Enrollment, row.Cohort, row.zone) for row in rows}
    _add_attendance(gathered)
    _add_sessions(gathered.values())
    _add_learning(gathered)
    for decided in db.session.scalars(
        sa.select(CompletionOverride)
        .where(CompletionOverride.enrollment_id.in_(gathered))
        .order_by(CompletionOverride.decided_at)
    ):
        gathered[decided.enrollment_id].override = decided
    return list(gathered.values())


def _add_attendance(gathered: dict[UUID, Gathered]) -> None:
    rows = db.session.execute(
        sa.select(Attendance.enrollment_id, Attendance.credited_minutes, Session.starts_at)
        .join(Session, Session.id == Attendance.session_id)
        .where(Attendance.enrollment_id.in_(gathered), Attendance.credited_minutes > 0)
    )
    for enrollment_id, minutes, starts_at in rows:
        one = gathered[enrollment_id]
        one.attended.append(Attended(local_day(starts_at, one.zone), minutes))


def _add_sessions(gathered: Iterable[Gathered]) -> None:
    by_cohort: dict[UUID, list[Gathered]] = defaultdict(list)
    for one in gathered:
        by_cohort[one.cohort.id].append(one)
    sessions = db.session.scalars(
        sa.select(Session)
        .where(Session.cohort_id.in_(by_cohort), Session.cancelled_at.is_(None))
        .order_by(Session.starts_at)
    )
    for session in sessions:
        held = session.opened_at is not None or session.closed_at is not None
        minutes = session.net_minutes if held else 0
        for one in by_cohort[session.cohort_id]:
            one.first_session_on = one.first_session_on or local_day(session.starts_at, one.zone)
            one.scheduled_minutes += minutes


def _add_learning(gathered: dict[UUID, Gathered]) -> None:
    events: Iterable[Event] = standing_events(enrollment_ids=list(gathered), types=LEARNING)
    for event in events:
        if event.enrollment_id is None:
            continue
        one = gathered[event.enrollment_id]
        day = local_day(event.at, one.zone)
        if event.type == "assessment":
            one.scores.append(Scored(day, Decimal(str(event.payload["score"]))))
        else:
            one.signed.append(Signed(day, str(event.payload["skill"])))
