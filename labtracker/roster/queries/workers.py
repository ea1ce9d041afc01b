"""Reads of workers: who may see which, and what is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.extensions import db
from labtracker.kit.text import folded
from labtracker.roster.models import Release, Worker
from labtracker.roster.rules.matching import Facts
from labtracker.statements import in_parts


def workers_visible_to(actor: Person) -> sa.Select[Worker]:
    """Every worker for coordinators, those that it may know of for an employer, nobody for others.

    Walk-ins who were recognised as somebody else are gone.
    """
    query = sa.select(Worker).where(Worker.merged_into_id.is_(None)).options(joinedload(Worker.employer))
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER)), is_told_to_employer())


def is_told_to_employer() -> sa.ColumnElement[bool]:
    """Workers of whom their employer may know.

    Whoever a trainer wrote down at the door was there: the name alone tells attendance, so it waits for the
    worker's release, or for the office to take the walk-in over.
    """
    return sa.or_(Worker.is_walk_in.is_(False), Worker.settled_at.is_not(None), Worker.id.in_(releasing()))


def releasing() -> sa.Select[UUID]:
    """The workers whose release of named attendance stands."""
    return sa.select(Release.worker_id).where(Release.withdrawn_at.is_(None))


def workers_of(employer_id: UUID) -> sa.Select[Worker]:
    """The workers of one employer, archived ones included, merged ones not."""
    return sa.select(Worker).where(Worker.employer_id == employer_id, Worker.merged_into_id.is_(None))


def workers_among(employer_id: UUID, worker_ids: Iterable[UUID]) -> dict[UUID, Worker]:
    """Of these workers those of an employer, by id."""
    return {
        worker.id: worker
        for part in in_parts(set(worker_ids))
        for worker in db.session.scalars(workers_of(employer_id).where(Worker.id.in_(part)))
    }


def employers_open_to(actor: Person) -> sa.Select[Organization]:
    """The employers for which somebody may keep workers: a coordinator for all, an employer for itself."""
    query = (
        sa.select(Organization)
        .where(
            Organization.kind == OrganizationKind.EMPLOYER,
            Organization.archived_at.is_(None),
            Organization.merged_into_id.is_(None),
        )
        .order_by(Organization.name)
    )
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(Organization.id.in_(actor.organization_ids(Role.EMPLOYER)))


def employer_named(name: str) -> Organization | None:
    """The employer of that name, letter case, accents and spacing aside; the oldest if there are several."""
    wanted = folded(name)
    rows = db.session.execute(
        sa.select(Organization)
        .where(Organization.kind == OrganizationKind.EMPLOYER, Organization.merged_into_id.is_(None))
        .order_by(Organization.created_at, Organization.id)
    ).scalars()
    return next((row for row in rows if folded(row.name) == wanted), None)


def known_facts(employer_id: UUID) -> list[Facts]:
    """Everybody an employer may know that it has, ready for comparing with a sheet.

    What it said of them under records that were merged since leads to the same person.
    """
    merged: dict[UUID, list[Facts]] = defaultdict(list)
    others = sa.select(Worker).where(Worker.employer_id == employer_id, Worker.merged_into_id.is_not(None))
    for other in db.session.scalars(others.where(is_told_to_employer()).order_by(Worker.created_at)):
        if other.merged_into_id is not None:
            merged[other.merged_into_id].append(_facts_of(other))
    known = workers_of(employer_id).where(is_told_to_employer()).order_by(Worker.created_at)
    return [_facts_of(worker, tuple(merged[worker.id])) for worker in db.session.scalars(known)]


def _facts_of(worker: Worker, also: tuple[Facts, ...] = ()) -> Facts:
    return Facts(
        id=worker.id,
        given_name=worker.given_name,
        family_name=worker.family_name,
        email=worker.email,
        phone=worker.phone,
        employee_number=worker.employee_number,
        hired_on=worker.hired_on,
        job_title=worker.job_title,
        language=worker.language,
        archived=worker.archived_at is not None,
        also=also,
    )


def released_worker_ids(worker_ids: Collection[UUID]) -> set[UUID]:
    """Of these workers those whose release of named attendance to their employer stands."""
    return set(
        db.session.execute(
            sa.select(Release.worker_id).where(
                Release.worker_id.in_(worker_ids), Release.withdrawn_at.is_(None)
            )
        ).scalars()
    )


def standing_release(worker: Worker) -> Release | None:
    """The worker's release that stands, the oldest if there are several."""
    return db.session.execute(
        sa.select(Release)
        .where(Release.worker_id == worker.id, Release.withdrawn_at.is_(None))
        .order_by(Release.given_at)
        .limit(1)
    ).scalar_one_or_none()


def mentions(word: str) -> sa.ColumnElement[bool]:
    """Workers in whose name, e-mail address or employee number a word occurs."""
    columns = (Worker.given_name, Worker.family_name, Worker.email, Worker.employee_number)
    return sa.or_(*(column.icontains(word, autoescape=True) for column in columns))
