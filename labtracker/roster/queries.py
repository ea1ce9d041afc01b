"""Reads of workers, enrollments and badges; who may see which stands here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.extensions import db
from labtracker.kit.text import folded
from labtracker.roster.models import Badge, Enrollment, Release, RosterImport, Worker
from labtracker.roster.rules import badges
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.rules.matching import Facts
from labtracker.scheduling.models import (
    BookingRequest,
    Cohort,
    CrewMember,
    Deployment,
    Session,
    SessionTrainer,
)

# --- workers ----------------------------------------------------------------------------------------


def workers_visible_to(actor: Person) -> sa.Select[Worker]:
    """Every worker for coordinators, its own for an employer, nobody for others; merged ones are gone."""
    query = sa.select(Worker).where(Worker.merged_into_id.is_(None)).options(joinedload(Worker.employer))
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER)))


def workers_of(employer_id: UUID) -> sa.Select[Worker]:
    """The workers of one employer, archived ones included, merged ones not."""
    return sa.select(Worker).where(Worker.employer_id == employer_id, Worker.merged_into_id.is_(None))


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


# --- rosters ----------------------------------------------------------------------------------------


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
    return Cohort.id.in_(enrolled.where(Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER))))


def _trained_by(actor: Person) -> sa.ColumnElement[bool]:
    on_crew = Deployment.crew.any(CrewMember.person_id == actor.id)
    named = Session.trainers.any(SessionTrainer.person_id == actor.id)
    return sa.or_(
        Cohort.deployments.any(on_crew), Cohort.sessions.any(sa.or_(named, Session.deployment.has(on_crew)))
    )


def enrollments_of(cohort: Cohort) -> sa.Select[Enrollment]:
    """Everybody ever enrolled in a cohort, by family name."""
    return (
        sa.select(Enrollment)
        .where(Enrollment.cohort_id == cohort.id)
        .join(Enrollment.worker)
        .options(
            joinedload(Enrollment.worker).options(selectinload(Worker.badges), joinedload(Worker.employer))
        )
        .order_by(Worker.family_name, Worker.given_name, Enrollment.id)
    )


def enrollments_visible_to(actor: Person, cohort: Cohort) -> sa.Select[Enrollment]:
    """Of a cohort's roster what somebody may see: an employer only its own people."""
    query = enrollments_of(cohort)
    if actor.has(Role.COORDINATOR, Role.TRAINER):
        return query
    return query.where(Worker.employer_id.in_(actor.organization_ids(Role.EMPLOYER)))


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


# --- badges -----------------------------------------------------------------------------------------


def active_badge(worker: Worker) -> Badge | None:
    """The one badge of a worker that is not revoked."""
    return db.session.execute(
        sa.select(Badge).where(Badge.worker_id == worker.id, Badge.revoked_at.is_(None))
    ).scalar_one_or_none()


def resolve_badge(badge_hash: str) -> Badge | None:
    """The badge with that hash, revoked or not, with its worker."""
    return db.session.execute(
        sa.select(Badge).where(Badge.badge_hash == badge_hash).options(joinedload(Badge.worker))
    ).scalar_one_or_none()


def resolve_badge_code(code: str) -> Badge | None:
    """The badge behind a typed short code, one in use before a revoked one; none if two fit equally."""
    reading = badges.read_code(code)
    if reading.value is None:
        return None
    prefix = badges.hash_prefix(reading.value)
    found = db.session.execute(
        sa.select(Badge).where(Badge.badge_hash.startswith(prefix)).options(joinedload(Badge.worker))
    ).scalars()
    fits = list(found)
    in_use = [badge for badge in fits if badge.revoked_at is None]
    choice = in_use or fits
    return choice[0] if len(choice) == 1 else None


def resolve_badges(hashes: Collection[str]) -> dict[str, Badge]:
    """Many badges by their hashes in one read."""
    rows = db.session.execute(
        sa.select(Badge).where(Badge.badge_hash.in_(hashes)).options(joinedload(Badge.worker))
    ).scalars()
    return {badge.badge_hash: badge for badge in rows}


# --- releases and imports ---------------------------------------------------------------------------


def released_worker_ids(worker_ids: Collection[UUID]) -> set[UUID]:
    """Of these workers those whose release of named attendance to their employer stands."""
    return set(
        db.session.execute(
            sa.select(Release.worker_id).where(
                Release.worker_id.in_(worker_ids), Release.withdrawn_at.is_(None)
            )
        ).scalars()
    )


def imports_open_to(actor: Person) -> sa.Select[RosterImport]:
    """Uploads that somebody may look at and apply: those into rosters open to them, of their employer."""
    query = sa.select(RosterImport).where(
        RosterImport.cohort_id.in_(rosters_open_to(actor).with_only_columns(Cohort.id))
    )
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(RosterImport.employer_id.in_(actor.organization_ids(Role.EMPLOYER)))


def known_facts(employer_id: UUID) -> list[Facts]:
    """Everybody an employer has, ready for comparing with a sheet."""
    return [
        Facts(
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
        )
        for worker in db.session.execute(workers_of(employer_id).order_by(Worker.created_at)).scalars()
    ]


def workers_with_badge(worker_ids: Iterable[UUID]) -> set[UUID]:
    """Of these workers those who hold a badge that is not revoked."""
    found: set[UUID] = set()
    wanted = list(worker_ids)
    # Databases limit how many values one statement takes.
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found.update(
            db.session.execute(
                sa.select(Badge.worker_id).where(Badge.worker_id.in_(part), Badge.revoked_at.is_(None))
            ).scalars()
        )
    return found


def employer_of(cohort: Cohort) -> Organization | None:
    """The employer whose people fill a cohort: who booked, or whose worksite it is; none on campus."""
    if cohort.booking is not None:
        return cohort.booking.employer
    owner = cohort.worksite.organization
    return owner if owner.is_employer else None
