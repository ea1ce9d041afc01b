"""What an employer sees of its own workers: named as far as they released it, otherwise totals of enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.completion.models import Completion
from labtracker.completion.rules import Standing, is_at_risk, standing_of
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Release, Worker
from labtracker.roster.queries import enrollment_is_told, is_told_to_employer
from labtracker.scheduling.models import Cohort, Session

MINIMUM_UNNAMED = 10  # fewer unreleased workers than this are not even counted for their employer


@dataclass(frozen=True)
class OwnRow:
    """One worker of the employer in one cohort, by name, and where they stand."""

    completion: Completion
    standing: Standing

    @property
    def worker(self) -> Worker:
        """Who it is."""
        return self.completion.enrollment.worker

    @property
    def cohort(self) -> Cohort:
        """In which cohort."""
        return self.completion.enrollment.cohort


@dataclass(frozen=True)
class OwnPeople:
    """An employer's view: named rows of those who released them, totals of the others if there are enough.

    ``unnamed`` is None when fewer than ten workers have not released their attendance; otherwise credited
    minutes, starters, and starters who completed. Totals are always of all who did not release, never of a
    part: two totals of which one holds the other would tell of whoever makes the difference.
    """

    named: list[OwnRow]
    unnamed: tuple[int, int, int] | None
    unnamed_count: int


def own_people(actor: Person) -> OwnPeople:
    """Hours and completion of an employer's own workers, those first who want attention, then by name."""
    released = sa.select(Release.worker_id).where(Release.withdrawn_at.is_(None))
    mine = (
        sa.select(Completion)
        .join(Enrollment, Enrollment.id == Completion.enrollment_id)
        .join(Worker, Worker.id == Enrollment.worker_id)
        .where(Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER)), Worker.merged_into_id.is_(None))
        .options(
            joinedload(Completion.enrollment).options(
                joinedload(Enrollment.worker), joinedload(Enrollment.cohort).joinedload(Cohort.course)
            )
        )
        .order_by(Worker.family_name, Worker.given_name, Completion.enrollment_id)
    )
    named = list(db.session.scalars(mine.where(Worker.id.in_(released))))
    # Even a count would tell that a walk-in came.
    told = (is_told_to_employer(), enrollment_is_told())
    rest = list(db.session.scalars(mine.where(Worker.id.not_in(released), *told)))
    people = {row.enrollment.worker_id for row in rest}
    totals = (
        sum(row.credited_minutes for row in rest),
        sum(row.is_starter for row in rest),
        sum(row.is_starter and row.state == "complete" for row in rest),
    )
    return OwnPeople(_standing(named), totals if len(people) >= MINIMUM_UNNAMED else None, len(people))


def _standing(named: Iterable[Completion]) -> list[OwnRow]:
    named = list(named)
    held = _held_minutes({row.cohort_id for row in named})
    rows = [
        OwnRow(
            row,
            standing_of(
                row.state,
                at_risk=is_at_risk(
                    credited=row.credited_minutes,
                    held=held[row.cohort_id],
                    needed=row.needed_minutes,
                    contact=round(row.enrollment.cohort.contact_hours * 60),
                ),
            ),
        )
        for row in named
    ]
    order = list(Standing)
    return sorted(rows, key=lambda row: order.index(row.standing))


def _held_minutes(cohort_ids: set[UUID]) -> dict[UUID, int]:
    """The minutes of training in the closed sessions of these cohorts."""
    held: dict[UUID, int] = defaultdict(int)
    sessions = db.session.scalars(
        sa.select(Session).where(
            Session.cohort_id.in_(cohort_ids), Session.closed_at.is_not(None), Session.cancelled_at.is_(None)
        )
    )
    for session in sessions:
        held[session.cohort_id] += session.net_minutes
    return held
