"""Reads of rosters: cohorts, enrollments, imports, and who may see or change which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.queries.workers import releasing
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.scheduling.models import (
    BookingRequest,
    Cohort,
    CrewMember,
    Deployment,
    Session,
    SessionTrainer,
)
from labtracker.statements import in_parts


def rosters_visible_to(actor: Person) -> sa.Select[Cohort]:
    """Cohorts whose roster somebody may look at: coordinators all, trainers where they are on the crew,
    employers where they booked or have people."""
    query = sa.select(Cohort).options(joinedload(Cohort.course), joinedload(Cohort.worksite))
    if actor.has(Role.COORDINATOR):
        return query
    allowed = [_booked_by(actor), _has_people_of(actor)]
    if actor.has(Role.TRAINER):
        allowed.append(_trained_by(actor))
    return query.where(sa.or_(*allowed))


def rosters_open_to(actor: Person) -> sa.Select[Cohort]:
    """Cohorts whose roster somebody may change: coordinators all, employers those they booked."""
    query = sa.select(Cohort).options(joinedload(Cohort.course), joinedload(Cohort.worksite))
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(_booked_by(actor))


def _booked_by(actor: Person) -> sa.ColumnElement[bool]:
    return Cohort.booking.has(BookingRequest.employer_id.in_(actor.organization_ids(Role.EMPLOYER)))


def _has_people_of(actor: Person) -> sa.ColumnElement[bool]:
    enrolled = sa.select(Enrollment.cohort_id).join(Worker)
    own = Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER))
    return Cohort.id.in_(enrolled.where(own, enrollment_is_told()))


def _trained_by(actor: Person) -> sa.ColumnElement[bool]:
    on_crew = Deployment.crew.any(CrewMember.person_id == actor.id)
    named = Session.trainers.any(SessionTrainer.person_id == actor.id)
    return sa.or_(
        Cohort.deployments.any(on_crew), Cohort.sessions.any(sa.or_(named, Session.deployment.has(on_crew)))
    )


def enrollments_of(cohort: Cohort) -> sa.Select[Enrollment]:
    """Everybody ever enrolled in a cohort, by family name; who was recognised as somebody else is not."""
    return (
        sa.select(Enrollment)
        .join(Enrollment.worker)
        .where(Enrollment.cohort_id == cohort.id, Worker.merged_into_id.is_(None))
        .options(
            joinedload(Enrollment.worker).options(selectinload(Worker.badges), joinedload(Worker.employer))
        )
        .order_by(Worker.family_name, Worker.given_name, Enrollment.id)
    )


def enrollments_visible_to(actor: Person, cohort: Cohort) -> sa.Select[Enrollment]:
    """Of a roster what somebody may see: coordinators and its trainers all, an employer its own people."""
    query = enrollments_of(cohort)
    if actor.has(Role.COORDINATOR):
        return query
    own = sa.and_(Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER)), enrollment_is_told())
    if actor.has(Role.TRAINER):
        trained = sa.select(Cohort.id).where(Cohort.id == cohort.id, _trained_by(actor))
        own = sa.or_(own, trained.exists())
    return query.where(own)


def enrollment_is_told() -> sa.ColumnElement[bool]:
    """Enrollments of which the worker's employer may know: a walk-in's tells attendance, others do not."""
    return sa.or_(Enrollment.is_walk_in.is_(False), Enrollment.worker_id.in_(releasing()))


def enrolled_count(cohort: Cohort) -> int:
    """How many seats of a cohort are taken."""
    return db.session.execute(
        sa.select(sa.func.count()).where(
            Enrollment.cohort_id == cohort.id, Enrollment.status == EnrollmentStatus.ENROLLED
        )
    ).scalar_one()


def enrollment_of(worker: Worker, cohort: Cohort) -> Enrollment | None:
    """A worker's enrollment in a cohort, withdrawn or not."""
    return db.session.execute(
        sa.select(Enrollment).where(Enrollment.worker_id == worker.id, Enrollment.cohort_id == cohort.id)
    ).scalar_one_or_none()


def first_session(cohort: Cohort) -> Session | None:
    """The cohort's first session that was not cancelled."""
    return db.session.execute(
        sa.select(Session)
        .where(Session.cohort_id == cohort.id, Session.cancelled_at.is_(None))
        .order_by(Session.starts_at)
        .limit(1)
    ).scalar_one_or_none()


def sessions_held_or_planned(cohort: Cohort) -> sa.Select[Session]:
    """A cohort's sessions that were not cancelled, in their order."""
    return (
        sa.select(Session)
        .where(Session.cohort_id == cohort.id, Session.cancelled_at.is_(None))
        .options(joinedload(Session.worksite))
        .order_by(Session.starts_at, Session.id)
    )


def sessions_to_come(cohort: Cohort, now: datetime) -> sa.Select[Session]:
    """A cohort's sessions that are underway or ahead."""
    return sessions_held_or_planned(cohort).where(Session.ends_at > now)


def employer_of(cohort: Cohort) -> Organization | None:
    """The employer whose people fill a cohort: who booked, or whose worksite it is; none on campus."""
    if cohort.booking is not None:
        return cohort.booking.employer
    owner = cohort.worksite.organization
    return owner if owner.is_employer else None


def enrollments_open_to(actor: Person) -> sa.Select[Enrollment]:
    """Enrollments that somebody may end or renew: in rosters open to them, an employer only its people's."""
    query = (
        sa.select(Enrollment)
        .join(Enrollment.worker)
        .where(Enrollment.cohort_id.in_(rosters_open_to(actor).with_only_columns(Cohort.id)))
        .options(contains_eager(Enrollment.worker), joinedload(Enrollment.cohort))
    )
    if actor.has(Role.COORDINATOR):
        return query
    own = Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER))
    return query.where(own, enrollment_is_told())


def enrolled_of_employer(cohort: Cohort, employer_id: UUID) -> list[Enrollment]:
    """Who of one employer is enrolled in a cohort now."""
    return list(
        db.session.execute(
            enrollments_of(cohort).where(
                Worker.employer_id == employer_id, Enrollment.status == EnrollmentStatus.ENROLLED
            )
        ).scalars()
    )


def enrolled_worker_ids(cohort: Cohort) -> set[UUID]:
    """The workers who have ever been enrolled in a cohort."""
    return set(
        db.session.execute(sa.select(Enrollment.worker_id).where(Enrollment.cohort_id == cohort.id)).scalars()
    )


def enrollments_of_worker(actor: Person, worker: Worker) -> sa.Select[Enrollment]:
    """A worker's enrollments with their cohorts, the latest first: for an employer those it may know of."""
    told = sa.true() if actor.has(Role.COORDINATOR) else enrollment_is_told()
    return (
        sa.select(Enrollment)
        .where(told)
        .where(Enrollment.worker_id == worker.id)
        .options(
            joinedload(Enrollment.cohort).options(joinedload(Cohort.course), joinedload(Cohort.worksite))
        )
        .order_by(Enrollment.created_at.desc())
    )


def next_session_of(worker: Worker, now: datetime) -> Session | None:
    """The worker's session that is underway or comes next; a merged one's is that of whom they count as."""
    return db.session.execute(
        sa.select(Session)
        .join(Enrollment, Enrollment.cohort_id == Session.cohort_id)
        .where(
            Enrollment.worker_id == (worker.merged_into_id or worker.id),
            Enrollment.status == EnrollmentStatus.ENROLLED,
            Session.ends_at > now,
            Session.cancelled_at.is_(None),
        )
        .options(joinedload(Session.worksite), joinedload(Session.cohort).joinedload(Cohort.course))
        .order_by(Session.starts_at)
        .limit(1)
    ).scalar_one_or_none()


def _sisters(cohort: Cohort) -> sa.Select[Cohort]:
    return (
        sa.select(Cohort)
        .where(
            Cohort.booking_id == cohort.booking_id if cohort.booking_id else sa.false(),
            Cohort.course_id == cohort.course_id,
            Cohort.id != cohort.id,
            Cohort.cancelled_at.is_(None),
        )
        .order_by(Cohort.name)
    )


def open_sisters(cohort: Cohort) -> list[Cohort]:
    """The other cohorts of the same booking and course whose rosters are still open."""
    return list(db.session.execute(_sisters(cohort).where(Cohort.closed_out_at.is_(None))).scalars())


def enrolled_in_sisters(cohort: Cohort) -> dict[UUID, Cohort]:
    """Which workers are enrolled in which other cohort of the same booking and course."""
    return {
        worker_id: sister
        for sister in db.session.execute(_sisters(cohort)).scalars()
        for worker_id in db.session.execute(
            sa.select(Enrollment.worker_id).where(
                Enrollment.cohort_id == sister.id, Enrollment.status == EnrollmentStatus.ENROLLED
            )
        ).scalars()
    }


def settled_among(cohort: Cohort, worker_ids: Iterable[UUID]) -> set[UUID]:
    """Of these workers those whom a roster brings to no seat: ever enrolled here, or now in a sister."""
    sisters = _sisters(cohort).with_only_columns(Cohort.id).order_by(None)
    here = Enrollment.cohort_id == cohort.id
    there = sa.and_(Enrollment.cohort_id.in_(sisters), Enrollment.status == EnrollmentStatus.ENROLLED)
    return {
        worker_id
        for part in in_parts(set(worker_ids))
        for worker_id in db.session.scalars(
            sa.select(Enrollment.worker_id).where(Enrollment.worker_id.in_(part), sa.or_(here, there))
        )
    }
