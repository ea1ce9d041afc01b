"""Sessions and people as the intake needs them: few columns, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Membership
from labtracker.accounts.rules import Role
from labtracker.checkin.rules.candidates import AROUND_MS, CandidateSession
from labtracker.checkin.rules.presence import Window
from labtracker.extensions import db
from labtracker.kit.time import to_ms
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.rules.badges import hash_prefix
from labtracker.scheduling.models import (
    Cohort,
    CrewMember,
    FormerCrewMember,
    FormerTrainer,
    Session,
    SessionTrainer,
)

AROUND = timedelta(milliseconds=AROUND_MS)


@dataclass(slots=True)
class SessionFacts:
    """What intake and attendance need to know of a session.

    ``trainers`` are all who are or ever were on its crew or named for it: leaving takes nothing back.
    """

    id: UUID
    cohort_id: UUID
    course_id: UUID
    worksite_id: UUID
    starts_at: datetime
    window: Window
    opened_at: datetime | None = None
    policy_frozen: bool = False
    trainers: set[UUID] = field(default_factory=set)

    def as_candidate(self) -> CandidateSession:
        """The session in the terms of the rule that chooses among several."""
        return CandidateSession(
            str(self.id),
            str(self.cohort_id),
            str(self.course_id),
            str(self.worksite_id),
            self.window.starts_ms,
            self.window.ends_ms,
            self.window.cancelled,
        )


@dataclass(slots=True)
class PersonFacts:
    """A worker with the cohorts they are enrolled in, as ids: enrollment to (cohort, course, status)."""

    worker_id: UUID
    enrollments: dict[UUID, tuple[UUID, UUID, str]] = field(default_factory=dict)

    def enrollment_in(self, cohort_id: UUID) -> UUID | None:
        """The worker's enrollment in a cohort."""
        for enrollment_id, (cohort, _course, _status) in self.enrollments.items():
            if cohort == cohort_id:
                return enrollment_id
        return None

    def courses(self) -> dict[str, str]:
        """Cohorts the worker is in now, each with its course, as the choice of a session wants them."""
        return {
            str(cohort): str(course)
            for cohort, course, status in self.enrollments.values()
            if status != "withdrawn"
        }


@dataclass(slots=True)
class People:
    """Everybody a batch of bodies may speak of, found by badge, enrollment or walk-in id."""

    by_badge: dict[str, PersonFacts] = field(default_factory=dict)
    by_enrollment: dict[UUID, PersonFacts] = field(default_factory=dict)
    by_worker: dict[UUID, PersonFacts] = field(default_factory=dict)
    revoked: dict[str, datetime] = field(default_factory=dict)

    def with_code(self, code: str) -> list[PersonFacts]:
        """The people whose badge has this short code: more than one in a very unlucky case."""
        prefix = hash_prefix(code)
        found = {
            person.worker_id: person
            for badge_hash, person in self.by_badge.items()
            if badge_hash.startswith(prefix)
        }
        return list(found.values())


def _session_columns() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Session.id,
            Session.cohort_id,
            Cohort.course_id,
            Session.worksite_id,
            Session.starts_at,
            Session.ends_at,
            Session.breaks,
            Session.cancelled_at,
            Session.opened_at,
            Cohort.grace_minutes,
            Cohort.policy_frozen_at,
            CrewMember.person_id.label("crew"),
            SessionTrainer.person_id.label("named"),
            FormerCrewMember.person_id.label("former_crew"),
            FormerTrainer.person_id.label("formerly_named"),
        )
        .join(Cohort, Cohort.id == Session.cohort_id)
        .outerjoin(CrewMember, CrewMember.deployment_id == Session.deployment_id)
        .outerjoin(SessionTrainer, SessionTrainer.session_id == Session.id)
        .outerjoin(FormerCrewMember, FormerCrewMember.deployment_id == Session.deployment_id)
        .outerjoin(FormerTrainer, FormerTrainer.session_id == Session.id)
    )


def session_facts(ids: Collection[UUID]) -> dict[UUID, SessionFacts]:
    """These sessions, those that exist, with everybody who may teach them."""
    if not ids:
        return {}
    return _collected(db.session.execute(_session_columns().where(Session.id.in_(ids))))


def sessions_around(moments: Iterable[datetime]) -> dict[UUID, SessionFacts]:
    """The sessions that may be scanned for at any of these moments."""
    days = {moment.replace(hour=0, minute=0, second=0, microsecond=0) for moment in moments}
    if not days:
        return {}
    near = [
        sa.and_(Session.starts_at <= day + timedelta(days=1) + AROUND, Session.ends_at >= day - AROUND)
        for day in sorted(days)
    ]
    return _collected(db.session.execute(_session_columns().where(sa.or_(*near))))


def _collected(rows: Iterable[Any]) -> dict[UUID, SessionFacts]:
    found: dict[UUID, SessionFacts] = {}
    for row in rows:
        facts = found.get(row.id)
        if facts is None:
            window = Window(
                to_ms(row.starts_at),
                to_ms(row.ends_at),
                tuple(
                    (to_ms(datetime.fromisoformat(start)), to_ms(datetime.fromisoformat(end)))
                    for start, end in row.breaks
                ),
                row.grace_minutes,
                row.cancelled_at is not None,
            )
            facts = found[row.id] = SessionFacts(
                row.id,
                row.cohort_id,
                row.course_id,
                row.worksite_id,
                row.starts_at,
                window,
                row.opened_at,
                row.policy_frozen_at is not None,
            )
        everybody = (row.crew, row.named, row.former_crew, row.formerly_named)
        facts.trainers.update(person for person in everybody if person is not None)
    return found


def people_named(
    badges: Collection[str], codes: Collection[str], enrollments: Collection[UUID], walk_ins: Collection[UUID]
) -> People:
    """Everybody behind these badges, codes, enrollments and walk-in ids, in one statement."""
    named: list[sa.Select[UUID]] = []
    if badges:
        named.append(sa.select(Badge.worker_id).where(Badge.badge_hash.in_(badges)))
    if codes:
        starts = [hash_prefix(code) for code in sorted(codes)]
        # "g" follows every hex digit, so this is the range of hashes that begin with the prefix.
        ranges = [sa.and_(Badge.badge_hash >= start, Badge.badge_hash < start + "g") for start in starts]
        named.append(sa.select(Badge.worker_id).where(sa.or_(*ranges)))
    if enrollments:
        named.append(sa.select(Enrollment.worker_id).where(Enrollment.id.in_(enrollments)))
    if walk_ins:
        named.append(sa.select(Worker.id).where(Worker.id.in_(walk_ins)))
    people = People()
    if not named:
        return people
    who = sa.union(*named).subquery() if len(named) > 1 else named[0].distinct().subquery()
    column = next(iter(who.c))
    # A walk-in who was found to be somebody already known leads on to that worker.
    true_id = sa.func.coalesce(Worker.merged_into_id, Worker.id)
    rows = db.session.execute(
        sa.select(
            Worker.id,
            true_id.label("true_id"),
            Badge.badge_hash,
            Badge.revoked_at,
            Enrollment.id.label("enrollment_id"),
            Enrollment.cohort_id,
            Cohort.course_id,
            Enrollment.status,
        )
        .select_from(who)
        .join(Worker, Worker.id == column)
        .outerjoin(Badge, Badge.worker_id == Worker.id)
        .outerjoin(Enrollment, Enrollment.worker_id == true_id)
        .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
    )
    for row in rows:
        person = people.by_worker.get(row.true_id) or PersonFacts(row.true_id)
        people.by_worker[row.id] = people.by_worker[row.true_id] = person
        if row.badge_hash is not None:
            people.by_badge[row.badge_hash] = person
            if row.revoked_at is not None:
                people.revoked[row.badge_hash] = row.revoked_at
        if row.enrollment_id is not None:
            people.by_enrollment[row.enrollment_id] = person
            person.enrollments[row.enrollment_id] = (row.cohort_id, row.course_id, row.status)
    return people


def terms_as_coordinator(person_ids: Collection[UUID]) -> dict[UUID, list[tuple[int, int | None]]]:
    """When these people coordinated, in milliseconds: from, and until (None: to this day)."""
    if not person_ids:
        return {}
    rows = db.session.execute(
        sa.select(Membership.person_id, Membership.started_at, Membership.ended_at).where(
            Membership.person_id.in_(person_ids),
            Membership.role.in_([Role.COORDINATOR, Role.ADMINISTRATOR]),
        )
    )
    terms: dict[UUID, list[tuple[int, int | None]]] = defaultdict(list)
    for row in rows:
        terms[row.person_id].append((to_ms(row.started_at), to_ms(row.ended_at) if row.ended_at else None))
    return terms


def trainers_of(session_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Who is or ever was on these sessions' crews, or named for them."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    if not session_ids:
        return found
    crews = [
        sa.select(Session.id, crew.person_id)
        .join(crew, crew.deployment_id == Session.deployment_id)
        .where(Session.id.in_(session_ids))
        for crew in (CrewMember, FormerCrewMember)
    ]
    named = [
        sa.select(trainer.session_id, trainer.person_id).where(trainer.session_id.in_(session_ids))
        for trainer in (SessionTrainer, FormerTrainer)
    ]
    for session_id, person_id in db.session.execute(sa.union_all(*crews, *named)):
        found[session_id].add(person_id)
    return found
