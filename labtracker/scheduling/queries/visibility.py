"""Who sees which rows of the calendar. Every page and every service loads through one of these.

Coordinators see everything but other people's drafts; trainers what they are on the crew of, or named for;
employers what follows from their own bookings or stands on their own ground; reviewers,
on the calendar alone, what takes place in the areas that they answer for.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.labs.models import Worksite
from labtracker.labs.queries import is_in_reviewed_area
from labtracker.scheduling.models import (
    BookingRequest,
    Cohort,
    CohortDeployment,
    CrewMember,
    Deployment,
    Session,
    SessionTrainer,
)
from labtracker.scheduling.rules.states import BookingStatus


def bookings_visible_to(actor: Person) -> sa.Select[BookingRequest]:
    """Bookings that somebody may see; drafts only by their own side."""
    query = sa.select(BookingRequest)
    if actor.has(Role.COORDINATOR):
        return query.where(
            (BookingRequest.status != BookingStatus.DRAFT) | (BookingRequest.created_by_id == actor.id)
        )
    return query.where(BookingRequest.employer_id.in_(actor.organization_ids(Role.EMPLOYER)))


def deployments_visible_to(actor: Person) -> sa.Select[Deployment]:
    """Deployments that somebody may see."""
    query = sa.select(Deployment)
    if actor.has(Role.COORDINATOR):
        return query
    allowed = []
    if actor.has(Role.TRAINER):
        allowed.append(Deployment.id.in_(_crewed_by(actor)))
    employers = actor.organization_ids(Role.EMPLOYER)
    if employers:
        allowed.append(Deployment.id.in_(_deployments_booked_by(employers)))
    return query.where(sa.or_(sa.false(), *allowed))


def cohorts_visible_to(actor: Person) -> sa.Select[Cohort]:
    """Cohorts that somebody may see."""
    query = sa.select(Cohort)
    if actor.has(Role.COORDINATOR):
        return query
    allowed = []
    if actor.has(Role.TRAINER):
        allowed.append(_trained_by(actor))
    employers = actor.organization_ids(Role.EMPLOYER)
    if employers:
        allowed.append(Cohort.id.in_(_cohorts_booked_by(employers)))
    return query.where(sa.or_(sa.false(), *allowed))


def cohorts_judged_by(actor: Person) -> sa.Select[Cohort]:
    """Cohorts whose results somebody may enter: coordinators all, trainers their own.

    Being an employer's contact besides gives nothing here.
    """
    if actor.has(Role.COORDINATOR):
        return sa.select(Cohort)
    return sa.select(Cohort).where(_trained_by(actor) if actor.has(Role.TRAINER) else sa.false())


def sessions_visible_to(actor: Person) -> sa.Select[Session]:
    """Sessions that somebody may see, cancelled ones included."""
    query = sa.select(Session)
    if actor.has(Role.COORDINATOR):
        return query
    allowed = []
    if actor.has(Role.TRAINER):
        allowed.append(_taught_by(actor))
    employers = actor.organization_ids(Role.EMPLOYER)
    if employers:
        allowed.append(Session.cohort_id.in_(_cohorts_booked_by(employers)))
    return query.where(sa.or_(sa.false(), *allowed))


def sessions_on_calendar_of(actor: Person) -> sa.Select[Session]:
    """What the calendar shows somebody: sessions that they may see, and to reviewers those of their areas.

    Of the latter a reviewer learns when, where and which course. Attendance and the pages of sessions load by
    ``sessions_visible_to``, which being a reviewer does not widen.
    """
    seen = sessions_visible_to(actor)
    if not actor.has(Role.REVIEWER):
        return seen
    sites = sa.select(Worksite.id).where(is_in_reviewed_area(actor))
    reviewed = Session.cohort_id.in_(sa.select(Cohort.id).where(Cohort.worksite_id.in_(sites)))
    return sa.select(Session).where(Session.id.in_(seen.with_only_columns(Session.id)) | reviewed)


def sessions_for_trainer(actor: Person) -> sa.Select[Session]:
    """Sessions a person may check workers in to: of deployments on whose crew they are, or named for.

    Being a coordinator gives nothing here: a phone carries only its own trainer's sessions.
    """
    return sa.select(Session).where(_taught_by(actor))


def _trained_by(actor: Person) -> sa.ColumnElement[bool]:
    served = sa.select(CohortDeployment.cohort_id).where(
        CohortDeployment.deployment_id.in_(_crewed_by(actor))
    )
    named = sa.select(Session.cohort_id).join(SessionTrainer).where(SessionTrainer.person_id == actor.id)
    return Cohort.id.in_(served) | Cohort.id.in_(named)


def _taught_by(actor: Person) -> sa.ColumnElement[bool]:
    named = sa.select(SessionTrainer.session_id).where(SessionTrainer.person_id == actor.id)
    return Session.deployment_id.in_(_crewed_by(actor)) | Session.id.in_(named)


def _crewed_by(actor: Person) -> sa.Select[UUID]:
    return sa.select(CrewMember.deployment_id).where(CrewMember.person_id == actor.id)


def _cohorts_booked_by(employers: set[UUID]) -> sa.Select[UUID]:
    """Cohorts of their bookings, and cohorts without a booking on their own ground."""
    booked = sa.select(BookingRequest.id).where(BookingRequest.employer_id.in_(employers))
    own_ground = sa.select(Worksite.id).where(Worksite.organization_id.in_(employers))
    return sa.select(Cohort.id).where(
        Cohort.booking_id.in_(booked) | (Cohort.booking_id.is_(None) & Cohort.worksite_id.in_(own_ground))
    )


def _deployments_booked_by(employers: set[UUID]) -> sa.Select[UUID]:
    return sa.select(CohortDeployment.deployment_id).where(
        CohortDeployment.cohort_id.in_(_cohorts_booked_by(employers))
    )
