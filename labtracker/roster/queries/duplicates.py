"""Known workers who may be one person, and what a coordinator compares of two."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker, WorkerDistinction, WorkerMerge
from labtracker.roster.queries.merging import is_known, known_workers
from labtracker.roster.queries.workers import mentions
from labtracker.roster.rules.duplicates import Known, Likely, MergeKind, likely_pairs
from labtracker.roster.rules.matching import Facts
from labtracker.roster.rules.recognising import likeness

MOST_OFFERED = 12


def likely_duplicates() -> list[Likely]:
    """Every pair of known workers who may be one person and about whom nobody decided, the surest first."""
    rows = db.session.execute(
        sa.select(
            Worker.id,
            Worker.employer_id,
            Worker.given_name,
            Worker.family_name,
            Worker.email,
            Worker.phone,
            Worker.employee_number,
            Worker.hired_on,
        ).where(is_known())
    )
    people = [
        Known(
            Facts(
                id=row.id,
                given_name=row.given_name,
                family_name=row.family_name,
                email=row.email,
                phone=row.phone,
                employee_number=row.employee_number,
                hired_on=row.hired_on,
            ),
            row.employer_id,
        )
        for row in rows
    ]
    return likely_pairs(people, _decided())


def _decided() -> frozenset[frozenset[UUID]]:
    """Pairs that were told apart, or are linked."""
    apart = sa.select(WorkerDistinction.one_id, WorkerDistinction.other_id)
    linked = sa.select(WorkerMerge.merged_id, WorkerMerge.worker_id).where(
        WorkerMerge.kind == MergeKind.LINK, WorkerMerge.undone_at.is_(None)
    )
    return frozenset(frozenset(row) for query in (apart, linked) for row in db.session.execute(query))


def likely_of(worker: Worker, sought: str = "") -> list[Worker]:
    """Who may be the same person as a worker, the likest name first: of the same employer, or as sought."""
    query = known_workers().where(Worker.id != worker.id)
    for word in sought.split():
        query = query.where(mentions(word))
    if not sought:
        query = query.where(Worker.employer_id == worker.employer_id)
    found = db.session.scalars(query.order_by(Worker.family_name, Worker.given_name, Worker.id).limit(2000))
    return sorted(found, key=lambda one: likeness(one.name, worker.name), reverse=True)[:MOST_OFFERED]


@dataclass(frozen=True)
class Standing:
    """One cohort as two workers stand in it; None where one of them is not in it."""

    one: Enrollment | None
    other: Enrollment | None

    @property
    def enrollment(self) -> Enrollment:
        """Either enrollment, for the cohort."""
        found = self.one or self.other
        assert found is not None
        return found

    @property
    def differs(self) -> bool:
        """Whether both are in it and stand differently."""
        return (
            self.one is not None
            and self.other is not None
            and (self.one.status, self.one.withdrawn_on) != (self.other.status, self.other.withdrawn_on)
        )


def standings(one: Worker, other: Worker) -> list[Standing]:
    """Every cohort of two workers, the latest first."""
    rows = db.session.scalars(
        sa.select(Enrollment)
        .where(Enrollment.worker_id.in_([one.id, other.id]))
        .options(joinedload(Enrollment.cohort))
        .order_by(Enrollment.created_at.desc(), Enrollment.id)
    ).all()
    by_cohort: dict[UUID, dict[UUID, Enrollment]] = {}
    for row in rows:
        by_cohort.setdefault(row.cohort_id, {})[row.worker_id] = row
    return [Standing(both.get(one.id), both.get(other.id)) for both in by_cohort.values()]
