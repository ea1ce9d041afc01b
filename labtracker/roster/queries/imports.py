"""Reads of imports: who may see which, what went in, and what has been made of it since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer, joinedload

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.roster.models import RosterApplication, RosterImport, Worker, WorkerMerge
from labtracker.roster.queries.rosters import rosters_open_to
from labtracker.roster.queries.workers import workers_of
from labtracker.roster.rules.importing import is_under_way
from labtracker.scheduling.models import Cohort, Session
from labtracker.statements import in_parts


def imports_open_to(actor: Person) -> sa.Select[RosterImport]:
    """Uploads that somebody may look at and apply: those into rosters open to them, of their employer."""
    query = sa.select(RosterImport).where(
        RosterImport.cohort_id.in_(rosters_open_to(actor).with_only_columns(Cohort.id))
    )
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(RosterImport.employer_id.in_(actor.organization_ids(Role.EMPLOYER)))


def applications_open_to(actor: Person) -> sa.Select[RosterApplication]:
    """Steps of imports that somebody may look at and undo."""
    return (
        sa.select(RosterApplication)
        .join(RosterApplication.roster_import)
        .where(RosterImport.id.in_(imports_open_to(actor).with_only_columns(RosterImport.id)))
        .options(contains_eager(RosterApplication.roster_import))
    )


def applications_into(actor: Person, cohort: Cohort) -> sa.Select[RosterApplication]:
    """What went into a cohort by imports that somebody may look at, the latest first.

    What nothing came of is left out, and so are the long lists of rows.
    """
    changed = sa.or_(
        RosterApplication.added > 0,
        RosterApplication.updated > 0,
        RosterApplication.enrolled > 0,
        RosterApplication.badges > 0,
        RosterApplication.done_at.is_(None),
    )
    return (
        applications_open_to(actor)
        .where(RosterImport.cohort_id == cohort.id, changed)
        .options(
            contains_eager(RosterApplication.roster_import).options(
                defer(RosterImport.rows), defer(RosterImport.columns), defer(RosterImport.notices)
            ),
            defer(RosterApplication.changes),
            joinedload(RosterApplication.by),
        )
        .order_by(RosterApplication.asked_at.desc(), RosterApplication.id.desc())
    )


def waiting_uploads(actor: Person, cohort: Cohort) -> sa.Select[RosterImport]:
    """Uploads into a cohort that somebody may look at, of which nothing went in yet; without their rows."""
    return (
        imports_open_to(actor)
        .where(
            RosterImport.cohort_id == cohort.id,
            RosterImport.applied_at.is_(None),
            RosterImport.replaced_by_id.is_(None),
            ~sa.exists().where(RosterApplication.import_id == RosterImport.id),
        )
        .options(defer(RosterImport.rows), defer(RosterImport.columns), defer(RosterImport.notices))
        .order_by(RosterImport.created_at, RosterImport.id)
    )


def applications_of(staged: RosterImport) -> list[RosterApplication]:
    """What went in of one import, the latest first."""
    return [
        *db.session.scalars(
            sa.select(RosterApplication)
            .where(RosterApplication.import_id == staged.id)
            .options(defer(RosterApplication.changes))
            .order_by(RosterApplication.asked_at.desc(), RosterApplication.id.desc())
        )
    ]


def running_application(cohort_id: UUID, employer_id: UUID, now: datetime) -> RosterApplication | None:
    """The step that is bringing an employer's rows into a cohort just now."""
    waiting = db.session.scalars(
        sa.select(RosterApplication)
        .join(RosterApplication.roster_import)
        .where(
            RosterImport.cohort_id == cohort_id,
            RosterImport.employer_id == employer_id,
            RosterApplication.done_at.is_(None),
        )
        .order_by(RosterApplication.asked_at.desc())
    )
    return next((one for one in waiting if is_under_way(one.asked_at, one.done_at, now)), None)


def state_of_workers(employer_id: UUID) -> tuple[int, int]:
    """Another answer means that an employer's workers are not those of before."""
    row = db.session.execute(
        workers_of(employer_id).with_only_columns(
            sa.func.count(), sa.func.coalesce(sa.func.max(Worker.stamp), 0)
        )
    ).one()
    return row[0], row[1]


def merged_since(worker_ids: Collection[UUID], since: datetime) -> set[UUID]:
    """Of these workers those who are somebody else by now, or with whom somebody was merged since."""
    found: set[UUID] = set()
    for part in in_parts(worker_ids):
        gone = sa.select(Worker.id).where(Worker.id.in_(part), Worker.merged_into_id.is_not(None))
        found |= {*db.session.scalars(gone)}
        for side in (WorkerMerge.merged_id, WorkerMerge.worker_id):
            named = sa.select(side).where(side.in_(part), WorkerMerge.at >= since)
            found |= {*db.session.scalars(named)}
    return found


def closed_among(cohort_ids: Collection[UUID]) -> set[UUID]:
    """Of these cohorts those that are closed out or cancelled."""
    ended = sa.or_(Cohort.closed_out_at.is_not(None), Cohort.cancelled_at.is_not(None))
    return {*db.session.scalars(sa.select(Cohort.id).where(Cohort.id.in_(cohort_ids), ended))}


def begun_since(cohort_ids: Collection[UUID], since: datetime, now: datetime) -> set[UUID]:
    """Of these cohorts those that had a session, or have one, since a moment: phones may tell of it yet."""
    return {
        *db.session.scalars(
            sa.select(Session.cohort_id)
            .where(
                Session.cohort_id.in_(cohort_ids),
                Session.cancelled_at.is_(None),
                Session.starts_at <= now,
                Session.ends_at >= since,
            )
            .distinct()
        )
    }


# What is worked out of other rows, and worked out again when they change: no use of anything.
_DERIVED = frozenset({"attendance", "completion"})


def told_of(model: type[Any], ids: Collection[UUID], besides: Collection[str] = ()) -> dict[UUID, set[str]]:
    """In which tables something names which of these rows, whatever slice the table belongs to."""
    target = cast(sa.Table, model.__table__)
    found: dict[UUID, set[str]] = defaultdict(set)
    for table in model.metadata.sorted_tables:
        if table.name in _DERIVED or table.name in besides:
            continue
        for key in table.foreign_keys:
            if key.column.table is target:
                for part in in_parts(ids):
                    named = sa.select(key.parent).where(key.parent.in_(part)).distinct()
                    for row_id in db.session.scalars(named):
                        found[row_id].add(table.name)
    return found
