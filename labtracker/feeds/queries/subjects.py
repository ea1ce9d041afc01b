"""Whose calendars somebody may subscribe to."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.queries import people_with_role
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.extensions import db
from labtracker.feeds.models import CalendarFeed
from labtracker.feeds.rules import FeedKind, Grant, Subject
from labtracker.labs.models import Lab, Worksite
from labtracker.labs.queries import active_labs
from labtracker.scheduling.models import CrewMember, Deployment


def feeds_of(owner: Person) -> sa.Select[CalendarFeed]:
    """Somebody's feeds that were not stopped, the newest first."""
    return (
        sa.select(CalendarFeed)
        .where(CalendarFeed.owner_id == owner.id, CalendarFeed.stopped_at.is_(None))
        .order_by(CalendarFeed.created_at.desc(), CalendarFeed.id.desc())
    )


def grants_of(owner: Person) -> list[Grant]:
    """The roles that somebody holds now; none for the archived, none at archived organizations."""
    if owner.archived_at is not None:
        return []
    return [
        Grant(Role(held.role), held.organization_id, held.started_at)
        for held in owner.memberships
        if held.ended_at is None and held.organization.archived_at is None
    ]


def subjects_for(actor: Person) -> list[Subject]:
    """Everything that somebody is offered to subscribe to: what is nearest to them first."""
    found: list[Subject] = []
    if actor.has(Role.COORDINATOR):
        trainers = db.session.scalars(people_with_role(Role.TRAINER))
        found += [Subject(FeedKind.TRAINER, one.id, one.name) for one in trainers]
        found += [_lab(one) for one in db.session.scalars(active_labs())]
        return found + _employers(sa.true()) + _worksites(sa.true())
    if actor.has(Role.TRAINER):
        found.append(Subject(FeedKind.TRAINER, actor.id, actor.name))
        found += [_lab(one) for one in db.session.scalars(active_labs().where(Lab.id.in_(_labs_of(actor))))]
    own = actor.organization_ids(Role.EMPLOYER)
    if own:
        found += _employers(Organization.id.in_(own)) + _worksites(Worksite.organization_id.in_(own))
    return found


def subject_named(kind: FeedKind, subject_id: UUID) -> Subject | None:
    """The subject of a feed as it is now; None where there is none any more."""
    if kind is FeedKind.TRAINER:
        person = db.session.scalars(people_with_role(Role.TRAINER).where(Person.id == subject_id)).first()
        return Subject(kind, person.id, person.name) if person else None
    if kind is FeedKind.LAB:
        lab = db.session.get(Lab, subject_id)
        return _lab(lab) if lab else None
    if kind is FeedKind.EMPLOYER:
        return next(iter(_employers(Organization.id == subject_id)), None)
    return next(iter(_worksites(Worksite.id == subject_id)), None)


def _lab(lab: Lab) -> Subject:
    return Subject(FeedKind.LAB, lab.id, lab.name)


def _labs_of(trainer: Person) -> sa.Select[UUID]:
    return (
        sa.select(Deployment.lab_id)
        .join(Deployment.crew)
        .where(CrewMember.person_id == trainer.id)
        .distinct()
    )


def _employers(which: sa.ColumnElement[bool]) -> list[Subject]:
    query = (
        sa.select(Organization)
        .where(which, Organization.kind == OrganizationKind.EMPLOYER, Organization.archived_at.is_(None))
        .order_by(Organization.name)
    )
    return [Subject(FeedKind.EMPLOYER, one.id, one.name, one.id) for one in db.session.scalars(query)]


def _worksites(which: sa.ColumnElement[bool]) -> list[Subject]:
    query = sa.select(Worksite).where(which, Worksite.archived_at.is_(None)).order_by(Worksite.name)
    return [
        Subject(FeedKind.WORKSITE, one.id, f"{one.name}, {one.city}", one.organization_id)
        for one in db.session.scalars(query)
    ]
