"""Gathers, set-based, the facts that the completion rule asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import ATTENDANCE, Event
from labtracker.checkin.queries import standing_events
from labtracker.checkin.queries.places import window_of
from labtracker.checkin.rules.presence import held_minutes, scheduled_minutes
from labtracker.completion.models import Completion, CompletionOverride
from labtracker.completion.rules import Attended, Facts, Policy, Scored, Signed
from labtracker.extensions import db
from labtracker.kit.time import local_day, to_ms
from labtracker.labs.models import Worksite
from labtracker.roster.models import Enrollment
from labtracker.roster.rules.enrollment import is_expected
from labtracker.scheduling.models import Cohort, Session
from labtracker.statements import run, some

LEARNING = ("assessment", "sign_off")
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session of a cohort: its day, and the minutes it offered; none if it was not held."""

    id: UUID
    on: date
    minutes: int


@dataclass(slots=True)
class Group:
    """What everybody in a cohort shares: the frozen policy and the sessions that were not called off."""

    id: UUID
    zone: str
    policy: Policy
    closed_out: bool
    sessions: list[Meeting] = field(default_factory=list)

    def first_session_on(self) -> date | None:
        """The day of the first session held; before there is one, of the first that is planned."""
        days = [one.on for one in self.sessions if one.minutes] or [one.on for one in self.sessions]
        return min(days, default=None)


@dataclass(slots=True)
class Gathered:
    """The facts of one enrollment on their way, with the cohort whose policy they are judged by."""

    enrollment_id: UUID
    cohort: Group
    withdrawn_on: date | None
    credited: dict[UUID, Attended] = field(default_factory=dict)
    scores: list[Scored] = field(default_factory=list)
    signed: list[Signed] = field(default_factory=list)
    override: bool | None = None
    override_on: date | None = None

    def facts(self) -> Facts:
        """What was gathered, in the rule's own terms."""
        return Facts(
            attended=list(self.credited.values()),
            scores=self.scores,
            signed=self.signed,
            withdrawn_on=self.withdrawn_on,
            first_session_on=self.cohort.first_session_on(),
            closed_out=self.cohort.closed_out,
            override=self.override,
            override_on=self.override_on,
        )

    def scheduled_minutes(self) -> int:
        """Minutes of the sessions held while this worker was on the roster, or attended all the same."""
        return sum(
            session.minutes
            for session in self.cohort.sessions
            if is_expected(self.withdrawn_on, session.on) or session.id in self.credited
        )


def gather(enrollment_ids: Collection[UUID]) -> list[Gathered]:
    """All facts of these enrollments, in a number of statements that does not grow with them."""
    _wait_for_others(enrollment_ids)
    groups: dict[UUID, Group] = {}
    gathered: dict[UUID, Gathered] = {}
    for row in run(_enrollments(), enrollments=enrollment_ids):
        group = groups.get(row.cohort_id)
        if group is None:
            closed_out = row.closed_out_at is not None
            group = groups[row.cohort_id] = Group(row.cohort_id, row.zone, policy_of(row), closed_out)
        gathered[row.enrollment_id] = Gathered(row.enrollment_id, group, row.withdrawn_on)
    _add_sessions(groups)
    _add_attendance(gathered)
    _add_learning(gathered)
    _add_overrides(gathered)
    return list(gathered.values())


def _wait_for_others(enrollment_ids: Collection[UUID]) -> None:
    """Judge nobody whom another transaction judges just now: what it wrote must be among the facts.

    SQLite has one writer anyway.
    """
    if db.engine.dialect.name == "postgresql":
        rows = sa.select(Completion.enrollment_id).where(Completion.enrollment_id.in_(enrollment_ids))
        db.session.execute(rows.order_by(Completion.enrollment_id).with_for_update(key_share=True))


@cache
def _enrollments() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Enrollment.id.label("enrollment_id"),
            Enrollment.cohort_id,
            Enrollment.withdrawn_on,
            Cohort.contact_hours,
            Cohort.minimum_share,
            Cohort.assessment_required,
            Cohort.pass_mark,
            Cohort.max_attempts,
            Cohort.attempt_counts,
            Cohort.skills,
            Cohort.closed_out_at,
            Worksite.zone,
        )
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .join(Worksite, Worksite.id == Cohort.worksite_id)
        .where(Enrollment.id.in_(some("enrollments")))
    )


def policy_of(cohort: Any) -> Policy:
    """The policy of a cohort, or of a row with its columns."""
    return Policy(
        contact_minutes=round(cohort.contact_hours * 60),
        minimum_share=cohort.minimum_share,
        assessment_required=cohort.assessment_required,
        pass_mark=cohort.pass_mark,
        required_skills=frozenset(str(skill["id"]) for skill in cohort.skills if skill.get("required", True)),
        needed_levels={
            str(skill["id"]): skill["needed_level"] for skill in cohort.skills if skill.get("needed_level")
        },
        max_attempts=cohort.max_attempts,
        last_counts=cohort.attempt_counts == "last",
    )


def _add_sessions(groups: dict[UUID, Group]) -> None:
    rows = run(_sessions(), cohorts=groups.keys())
    for row in rows:
        window = window_of(row)
        ended_ms = None if row.ended_early_at is None else to_ms(row.ended_early_at)
        if not scheduled_minutes(window, ended_ms):
            continue  # called off on the spot
        begun = row.opened_at is not None or row.closed_at is not None
        group = groups[row.cohort_id]
        on = local_day(row.starts_at, group.zone)
        group.sessions.append(Meeting(row.id, on, held_minutes(window, ended_ms, begun=begun)))


@cache
def _sessions() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Session.id,
            Session.cohort_id,
            Session.starts_at,
            Session.ends_at,
            Session.breaks,
            Session.cancelled_at,
            Session.opened_at,
            Session.closed_at,
            Session.ended_early_at,
            Cohort.grace_minutes,
        )
        .join(Cohort, Cohort.id == Session.cohort_id)
        .where(Session.cohort_id.in_(some("cohorts")), Session.cancelled_at.is_(None))
        .order_by(Session.starts_at, Session.id)
    )


def _add_attendance(gathered: dict[UUID, Gathered]) -> None:
    days = {session.id: session.on for one in gathered.values() for session in one.cohort.sessions}
    rows = run(_credited(), enrollments=gathered.keys()).all()
    elsewhere = {session_id for _enrollment_id, session_id, _minutes in rows} - days.keys()
    if elsewhere:
        days |= _days_of(elsewhere)
    for enrollment_id, session_id, minutes in rows:
        gathered[enrollment_id].credited[session_id] = Attended(days[session_id], minutes)


@cache
def _credited() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        ATTENDANCE.c.enrollment_id, ATTENDANCE.c.session_id, ATTENDANCE.c.credited_minutes
    ).where(ATTENDANCE.c.enrollment_id.in_(some("enrollments")), ATTENDANCE.c.credited_minutes > 0)


def _days_of(session_ids: Collection[UUID]) -> dict[UUID, date]:
    """The days of other cohorts' sessions, where somebody made up what they had missed."""
    rows = db.session.execute(
        sa.select(Session.id, Session.starts_at, Worksite.zone)
        .join(Worksite, Worksite.id == Session.worksite_id)
        .where(Session.id.in_(session_ids))
    )
    return {row.id: local_day(row.starts_at, row.zone) for row in rows}


def _add_learning(gathered: dict[UUID, Gathered]) -> None:
    for event in standing_events(enrollment_ids=list(gathered), types=LEARNING):
        if event.enrollment_id is None:
            continue
        one = gathered[event.enrollment_id]
        day = local_day(event.at, one.cohort.zone)
        if event.type == "assessment":
            one.scores.append(scored_by(event, day))
        else:
            one.signed.append(Signed(day, str(event.payload["skill"]), event.payload.get("level")))


def scored_by(event: Event, day: date) -> Scored:
    """An assessment event in the rule's own terms."""
    # The number that decides is the one that is stored and shown: 69.999 must not be shown as 70.
    score = Decimal(str(event.payload["score"])).quantize(HUNDREDTH, ROUND_DOWN)
    return Scored(day, score, to_ms(event.at), str(event.id))


def _add_overrides(gathered: dict[UUID, Gathered]) -> None:
    """The latest decision of each enrollment that has one."""
    rows = run(_overrides(), enrollments=gathered.keys())
    for enrollment_id, complete, decided_at in rows:
        one = gathered[enrollment_id]
        one.override, one.override_on = complete, local_day(decided_at, one.cohort.zone)


@cache
def _overrides() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            CompletionOverride.enrollment_id, CompletionOverride.complete, CompletionOverride.decided_at
        )
        .where(CompletionOverride.enrollment_id.in_(some("enrollments")))
        .order_by(CompletionOverride.decided_at)
    )
