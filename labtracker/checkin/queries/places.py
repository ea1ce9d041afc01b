"""Sessions as the intake needs them: few columns, many at once; and who may speak for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Membership
from labtracker.accounts.rules import Role
from labtracker.checkin.rules.candidates import AROUND_MS, CandidateSession
from labtracker.checkin.rules.presence import Window, held_minutes
from labtracker.extensions import db
from labtracker.kit.time import local_day, to_ms
from labtracker.labs.models import Worksite
from labtracker.scheduling.models import (
    Cohort,
    CrewMember,
    FormerCrewMember,
    FormerTrainer,
    Session,
    SessionTrainer,
)
from labtracker.statements import run, some

AROUND = timedelta(milliseconds=AROUND_MS)


@dataclass(slots=True)
class SessionFacts:
    """What intake and attendance need to know of a session; ``on`` is its day at the worksite.

    ``trainers`` are all who are or ever were on its crew or named for it: leaving takes nothing back.
    """

    id: UUID
    cohort_id: UUID
    course_id: UUID
    worksite_id: UUID
    on: date
    window: Window
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    ended_early_ms: int | None = None
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

    def held_minutes(self) -> int:
        """The minutes that this session adds to everybody's scheduled time, as it is stored now."""
        begun = self.opened_at is not None or self.closed_at is not None
        return held_minutes(self.window, self.ended_early_ms, begun=begun)


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
            Session.closed_at,
            Session.ended_early_at,
            Worksite.zone,
            Cohort.grace_minutes,
            Cohort.policy_frozen_at,
            CrewMember.person_id.label("crew"),
            SessionTrainer.person_id.label("named"),
            FormerCrewMember.person_id.label("former_crew"),
            FormerTrainer.person_id.label("formerly_named"),
        )
        .join(Cohort, Cohort.id == Session.cohort_id)
        .join(Worksite, Worksite.id == Session.worksite_id)
        .outerjoin(CrewMember, CrewMember.deployment_id == Session.deployment_id)
        .outerjoin(SessionTrainer, SessionTrainer.session_id == Session.id)
        .outerjoin(FormerCrewMember, FormerCrewMember.deployment_id == Session.deployment_id)
        .outerjoin(FormerTrainer, FormerTrainer.session_id == Session.id)
    )


def session_facts(ids: Collection[UUID], *, locked: bool = False) -> dict[UUID, SessionFacts]:
    """These sessions, those that exist, with everybody who may teach them.

    ``locked`` keeps others from locking them too until the transaction ends, where the database can.
    """
    if not ids:
        return {}
    return _collected(run(_facts_query(locked), ids=ids))


@cache
def _facts_query(locked: bool) -> sa.Select[*tuple[Any, ...]]:
    query = _session_columns().where(Session.id.in_(some("ids")))
    if not locked:
        return query
    # In one order, so that nobody waits for each other.
    return query.order_by(Session.id).with_for_update(of=Session, key_share=True)


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


def window_of(session: Any) -> Window:
    """A session's scheduled time in the terms of the presence rule, from a row with its columns.

    ``grace_minutes`` is the cohort's.
    """
    return Window(
        to_ms(session.starts_at),
        to_ms(session.ends_at),
        tuple(
            (to_ms(datetime.fromisoformat(start)), to_ms(datetime.fromisoformat(end)))
            for start, end in session.breaks
        ),
        session.grace_minutes,
        session.cancelled_at is not None,
    )


def _collected(rows: Iterable[Any]) -> dict[UUID, SessionFacts]:
    found: dict[UUID, SessionFacts] = {}
    for row in rows:
        facts = found.get(row.id)
        if facts is None:
            facts = found[row.id] = SessionFacts(
                row.id,
                row.cohort_id,
                row.course_id,
                row.worksite_id,
                local_day(row.starts_at, row.zone),
                window_of(row),
                row.opened_at,
                row.closed_at,
                to_ms(row.ended_early_at) if row.ended_early_at is not None else None,
                row.policy_frozen_at is not None,
            )
        everybody = (row.crew, row.named, row.former_crew, row.formerly_named)
        facts.trainers.update(person for person in everybody if person is not None)
    return found


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


def trainers_of_cohorts(cohort_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Who is or ever was on the crews of these cohorts' sessions, or named for them."""
    return _trainers_by(Session.cohort_id, cohort_ids)


def trainers_of(session_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Who is or ever was on these sessions' crews, or named for them."""
    return _trainers_by(Session.id, session_ids)


def _trainers_by(
    column: sa.orm.InstrumentedAttribute[UUID], wanted: Collection[UUID]
) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    if not wanted:
        return found
    crews = [
        sa.select(column, crew.person_id)
        .join(crew, crew.deployment_id == Session.deployment_id)
        .where(column.in_(wanted))
        for crew in (CrewMember, FormerCrewMember)
    ]
    named = [
        sa.select(column, trainer.person_id)
        .join(trainer, trainer.session_id == Session.id)
        .where(column.in_(wanted))
        for trainer in (SessionTrainer, FormerTrainer)
    ]
    for key, person_id in db.session.execute(sa.union(*crews, *named)):
        found[key].add(person_id)
    return found
