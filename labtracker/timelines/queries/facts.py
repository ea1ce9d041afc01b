"""The facts themselves: gathered from every slice, each with when, what, who and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from labtracker.accounts.models import AuditEntry, Person
from labtracker.certificates.models import Certificate
from labtracker.certificates.queries import number_of
from labtracker.checkin.models import Event
from labtracker.checkin.queries.pages import log_of
from labtracker.completion.models import CompletionOverride
from labtracker.extensions import db
from labtracker.roster.models import (
    Badge,
    BadgeStep,
    Enrollment,
    Release,
    WorkerMerge,
)
from labtracker.roster.rules.badges import short_code, shown_code
from labtracker.roster.wording import badge_reason
from labtracker.scheduling.models import Session
from labtracker.timelines.queries.rosters import enrolled, imported, left
from labtracker.timelines.queries.shapes import Fact, Group
from labtracker.timelines.queries.sight import Sight
from labtracker.timelines.rules import OF_AUDIT, OF_EVENT, Kind


def timeline_of(sight: Sight, kinds: Collection[Kind] = ()) -> tuple[list[Fact], Group]:
    """Every fact in sight, the latest first, of these kinds or of all; and what they share."""
    wanted = sight.kinds & frozenset(kinds) if kinds else sight.kinds
    rows = db.session.scalars(
        sa.select(Enrollment)
        .where(Enrollment.id.in_(sight.enrollments))
        .options(joinedload(Enrollment.cohort))
    )
    group = Group({row.id: row for row in rows.unique()})
    facts = list(_events(sight, group, wanted))
    for gather, kind in GATHERED:
        if kind in wanted:
            facts += gather(sight, group)
    if sight.is_office:
        facts += [fact for fact in _audited(sight, group) if fact.kind in wanted]
    return sorted(facts, key=lambda fact: fact.at, reverse=True), group


def _events(sight: Sight, group: Group, wanted: frozenset[Kind]) -> Iterator[Fact]:
    types = [name for name, kind in OF_EVENT.items() if kind in wanted]
    if not types:
        return
    log = log_of(sa.and_(sight.events(), Event.type.in_(types)))
    voids = log_of(Event.target_event_id.in_({one.event.id for one in log}))
    taken = {one.event.target_event_id: one for one in voids if one.stands}
    ids = {one.event.session_id for one in log if one.event.session_id}
    sessions = db.session.scalars(
        sa.select(Session)
        .where(Session.id.in_(ids))
        .options(joinedload(Session.cohort), joinedload(Session.worksite))
    )
    group.sessions = {row.id: row for row in sessions.unique()}
    for one in log:
        session = group.sessions.get(one.event.session_id) if one.event.session_id else None
        yield Fact(
            at=one.event.at,
            kind=OF_EVENT[one.event.type],
            code=one.event.type,
            by=one.by,
            why=one.event.payload.get("reason"),
            cohort=session.cohort if session else group.cohort_of(one.event.enrollment_id),
            session=session,
            logged=one,
            taken=None if one.stands else taken.get(one.event.id),
        )


def _decided(_sight: Sight, group: Group) -> Iterator[Fact]:
    rows = db.session.scalars(
        sa.select(CompletionOverride).where(CompletionOverride.enrollment_id.in_(group.enrollments))
    )
    for row in rows:
        code = {None: "decided_by_rule", True: "decided_complete", False: "decided_incomplete"}[row.complete]
        yield Fact(
            row.decided_at,
            Kind.DECISION,
            code,
            by=row.decided_by.name,
            why=row.reason,
            cohort=group.cohort_of(row.enrollment_id),
        )


def _released(sight: Sight, _group: Group) -> Iterator[Fact]:
    """Releases that no record tells of: given on the worker's own page, or typed in."""
    rows = db.session.scalars(
        sa.select(Release).where(Release.worker_id.in_(sight.workers), Release.event_id.is_(None))
    ).all()
    names = _names(row.witnessed_by_id for row in rows)
    for row in rows:
        by = names.get(row.witnessed_by_id) if row.witnessed_by_id else None
        yield Fact(row.given_at, Kind.RELEASE, "released", by=by)
        if row.withdrawn_at:
            yield Fact(row.withdrawn_at, Kind.RELEASE, "release_ended")


def _badges(sight: Sight, _group: Group) -> Iterator[Fact]:
    rows = db.session.scalars(
        sa.select(Badge)
        .where(Badge.worker_id.in_(sight.workers))
        .options(selectinload(Badge.steps).joinedload(BadgeStep.by))
    )
    for row in rows:
        code = shown_code(short_code(row.badge_hash))
        yield Fact(row.issued_at, Kind.BADGE, "badge_issued", about=code)
        for step in row.steps:
            by, why = step.by.name if step.by else None, badge_reason(step)
            yield Fact(step.at, Kind.BADGE, f"badge_{step.kind}", by=by, why=why, about=code)
        # Badges that were revoked before anybody had to say why.
        if row.revoked_at and not row.steps:
            yield Fact(row.revoked_at, Kind.BADGE, "badge_revoked", about=code)


def _merged(sight: Sight, _group: Group) -> Iterator[Fact]:
    rows = db.session.scalars(
        sa.select(WorkerMerge)
        .where(sa.or_(WorkerMerge.worker_id.in_(sight.workers), WorkerMerge.merged_id.in_(sight.workers)))
        .options(joinedload(WorkerMerge.merged), joinedload(WorkerMerge.worker))
    ).all()
    names = _names(one for row in rows for one in (row.by_id, row.undone_by_id))
    for row in rows:
        about = f"{row.merged.name} → {row.worker.name}"
        yield Fact(row.at, Kind.IDENTITY, f"merged_{row.kind}", by=names.get(row.by_id), about=about)
        if row.undone_at and row.undone_by_id:
            by = names.get(row.undone_by_id)
            yield Fact(row.undone_at, Kind.IDENTITY, "separated", by=by, about=about)


def _certified(_sight: Sight, group: Group) -> Iterator[Fact]:
    rows = db.session.scalars(
        sa.select(Certificate)
        .where(Certificate.enrollment_id.in_(group.enrollments))
        .options(joinedload(Certificate.issued_by), joinedload(Certificate.ended_by))
    )
    for row in rows:
        number, cohort = number_of(row), group.cohort_of(row.enrollment_id)
        by = row.issued_by.name if row.issued_by else None
        yield Fact(row.issued_at, Kind.CERTIFICATE, "certified", by=by, about=number, cohort=cohort)
        ended = row.revoked_at or row.replaced_at
        if ended:
            code = "certificate_revoked" if row.revoked_at else "certificate_replaced"
            by = row.ended_by.name if row.ended_by else None
            yield Fact(
                ended, Kind.CERTIFICATE, code, by=by, why=row.ended_reason, about=number, cohort=cohort
            )


def _audited(sight: Sight, group: Group) -> Iterator[Fact]:
    """What people did to the record itself, and to its enrollments."""
    subjects = {*sight.workers, *group.enrollments}
    rows = db.session.scalars(
        sa.select(AuditEntry)
        .where(
            AuditEntry.subject_kind.in_(["worker", "enrollment"]),
            AuditEntry.subject_id.in_(subjects),
            AuditEntry.action.in_(OF_AUDIT),
        )
        .options(joinedload(AuditEntry.actor))
    )
    for row in rows:
        enrollment = group.enrollments.get(row.subject_id) if row.subject_id else None
        left = row.action == "worker_withdrawn" and enrollment is not None
        yield Fact(
            row.at,
            OF_AUDIT[row.action],
            row.action,
            by=row.actor.name if row.actor else None,
            why=enrollment.withdrawn_reason if left and enrollment else None,
            about=", ".join(row.detail.get("fields", ())) or str(row.detail.get("on", "")),
            cohort=enrollment.cohort if enrollment else None,
        )


def _names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {one for one in ids if one is not None}
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


GATHERED = (
    (enrolled, Kind.ROSTER),
    (imported, Kind.ROSTER),
    (left, Kind.ROSTER),
    (_decided, Kind.DECISION),
    (_released, Kind.RELEASE),
    (_badges, Kind.BADGE),
    (_merged, Kind.IDENTITY),
    (_certified, Kind.CERTIFICATE),
)
