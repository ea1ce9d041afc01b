"""The calendar narrowed to a lab, a course, a worksite or a state, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.queries.visibility import sessions_on_calendar_of
from labtracker.scheduling.rules.states import DeploymentStatus


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see of the calendar; nothing named is everything."""

    lab_id: UUID | None = None
    course_id: UUID | None = None
    worksite_id: UUID | None = None
    status: DeploymentStatus | None = None


EVERYTHING = Wanted()


@dataclass(frozen=True)
class Offered:
    """The labs, courses and worksites of the sessions that somebody may see, each by name."""

    labs: Sequence[Lab]
    courses: Sequence[Course]
    worksites: Sequence[Worksite]


def narrowed(query: sa.Select[Session], wanted: Wanted) -> sa.Select[Session]:
    """The same sessions, only those that are wanted."""
    if wanted.lab_id:
        query = query.where(Session.deployment_id.in_(_deployments(Deployment.lab_id == wanted.lab_id)))
    if wanted.course_id:
        cohorts = sa.select(Cohort.id).where(Cohort.course_id == wanted.course_id)
        query = query.where(Session.cohort_id.in_(cohorts))
    if wanted.worksite_id:
        query = query.where(Session.worksite_id == wanted.worksite_id)
    if wanted.status is DeploymentStatus.CANCELLED:
        return query.where(Session.cancelled_at.is_not(None))
    if wanted.status:
        tentative = Session.deployment_id.in_(_deployments(Deployment.status == DeploymentStatus.TENTATIVE))
        # What takes place without a lab waits for nobody's yes.
        sure = sa.or_(Session.deployment_id.is_(None), sa.not_(tentative))
        is_tentative = wanted.status is DeploymentStatus.TENTATIVE
        query = query.where(Session.cancelled_at.is_(None), tentative if is_tentative else sure)
    return query


def _deployments(which: sa.ColumnElement[bool]) -> sa.Select[UUID]:
    return sa.select(Deployment.id).where(which)


def offered_to(actor: Person) -> Offered:
    """What the sessions that somebody may see can be narrowed by."""
    seen = sessions_on_calendar_of(actor).with_only_columns(
        Session.worksite_id, Session.cohort_id, Session.deployment_id
    )
    seen_rows = seen.distinct().subquery()
    cohorts = sa.select(Cohort.course_id).where(Cohort.id.in_(sa.select(seen_rows.c.cohort_id)))
    deployments = sa.select(Deployment.lab_id).where(Deployment.id.in_(sa.select(seen_rows.c.deployment_id)))
    sites = sa.select(seen_rows.c.worksite_id)
    return Offered(
        labs=db.session.scalars(sa.select(Lab).where(Lab.id.in_(deployments)).order_by(Lab.name)).all(),
        courses=db.session.scalars(
            sa.select(Course).where(Course.id.in_(cohorts)).order_by(Course.title)
        ).all(),
        worksites=db.session.scalars(
            sa.select(Worksite).where(Worksite.id.in_(sites)).order_by(Worksite.name)
        )
        .unique()
        .all(),
    )
