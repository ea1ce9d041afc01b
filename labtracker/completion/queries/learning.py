"""What one worker learned in a cohort: attempts and sign-offs, who recorded them, what was taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.checkin.models import Attendance, Event
from labtracker.checkin.queries import standing_events
from labtracker.checkin.queries.pages import Logged, log_of, sessions_recorded_by
from labtracker.completion.facts import LEARNING, policy_of, scored_by
from labtracker.completion.models import CompletionOverride
from labtracker.completion.rules import deciding_attempt, weighed_attempts
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session


@dataclass(frozen=True)
class Learned:
    """A record of learning and what took it back, if anything did.

    ``counts`` says whether it stands, from somebody whose word counts. Of attempts ``is_weighed`` says
    whether the policy allows that many, and ``decides`` whether this is the one that counts. ``skill`` is the
    cohort's skill that was signed off, None where it is none of the cohort's.
    """

    logged: Logged
    taken_back: Logged | None
    counts: bool
    is_weighed: bool = False
    decides: bool = False
    skill: dict[str, Any] | None = None


def learned_by(enrollment: Enrollment) -> tuple[list[Learned], list[Learned]]:
    """Attempts at the assessment and sign-offs, each in their order, what was taken back among them."""
    log = _log(enrollment)
    voids = {one.event.target_event_id: one for one in log if one.event.type == "void" and one.stands}
    counting = standing_events(enrollment_ids=[enrollment.id], types=LEARNING)
    told = {one.frame_id for one in counting}
    weighed, decisive = _weighed(enrollment, counting)
    skills = {str(skill["id"]): skill for skill in enrollment.cohort.skills}
    rows = [
        Learned(
            one,
            None if one.stands else voids.get(one.event.id),
            one.event.frame_id in told,
            str(one.event.id) in weighed,
            str(one.event.id) == decisive,
            skills.get(str(one.event.payload.get("skill"))),
        )
        for one in log
        if one.event.type != "void"
    ]
    attempts = [row for row in rows if row.logged.event.type == "assessment"]
    return attempts, [row for row in rows if row.logged.event.type == "sign_off"]


def _log(enrollment: Enrollment) -> list[Logged]:
    own = sa.and_(Event.enrollment_id == enrollment.id, Event.type.in_(LEARNING))
    return log_of(sa.or_(own, Event.target_event_id.in_(sa.select(Event.id).where(own))))


def _weighed(enrollment: Enrollment, counting: Sequence[Event]) -> tuple[set[str], str | None]:
    """The ids of the attempts that the policy weighs, and of the one that counts."""
    zone, policy = enrollment.cohort.worksite.zone, policy_of(enrollment.cohort)
    scores = [scored_by(one, local_day(one.at, zone)) for one in counting if one.type == "assessment"]
    weighed = weighed_attempts(policy, scores)
    decisive = deciding_attempt(policy, weighed)
    return {one.id for one in weighed}, decisive.id if decisive else None


def learned_event(enrollment: Enrollment, event_id: UUID) -> sa.Select[Event]:
    """One record of what a worker learned, by its id."""
    return (
        sa.select(Event)
        .where(Event.enrollment_id == enrollment.id, Event.id == event_id, Event.type.in_(LEARNING))
        .order_by(Event.frame_id)
        .limit(1)
    )


def takes_back(actor: Person, event: Event) -> bool:
    """Whether somebody may take a record back: coordinators any, trainers their own and their sessions'."""
    if actor.has(Role.COORDINATOR):
        return True
    if event.session_id is None:
        return event.by_id == actor.id
    mine = sessions_recorded_by(actor).where(Session.id == event.session_id)
    return db.session.execute(mine).first() is not None


def meetings_of(enrollment: Enrollment) -> list[tuple[Session, Attendance | None]]:
    """The sessions of the worker's cohort that were not called off, and those elsewhere that were made up."""
    attended = sa.and_(Attendance.session_id == Session.id, Attendance.enrollment_id == enrollment.id)
    rows = db.session.execute(
        sa.select(Session, Attendance)
        .outerjoin(Attendance, attended)
        .where(
            sa.or_(Session.cohort_id == enrollment.cohort_id, Attendance.enrollment_id == enrollment.id),
            Session.cancelled_at.is_(None),
        )
        .order_by(Session.starts_at)
    )
    return [(session, attendance) for session, attendance in rows]


def sessions_opened_by(actor: Person, session_ids: Collection[UUID]) -> set[UUID]:
    """Those of these sessions whose attendance somebody may see and correct."""
    mine = sessions_recorded_by(actor).with_only_columns(Session.id).order_by(None)
    return {*db.session.scalars(mine.where(Session.id.in_(session_ids)))}


def decisions_about(enrollment_id: UUID) -> list[CompletionOverride]:
    """Every decision against the rule about an enrollment, the latest first."""
    return list(
        db.session.scalars(
            sa.select(CompletionOverride)
            .where(CompletionOverride.enrollment_id == enrollment_id)
            .order_by(CompletionOverride.decided_at.desc())
        )
    )
