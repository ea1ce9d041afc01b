"""What a closure or somebody's leave breaks, and what became of it since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import Closure, TowVehicle
from labtracker.labs.models import Lab
from labtracker.scheduling.models import Cohort, CrewMember, Deployment, Session, SessionTrainer
from labtracker.scheduling.queries.coming import coming_deployments
from labtracker.scheduling.queries.holds import drives
from labtracker.scheduling.queries.vehicles import tow_holds
from labtracker.scheduling.queries.visibility import deployments_visible_to
from labtracker.scheduling.rules.conflicts import Party, Span
from labtracker.scheduling.rules.states import DeploymentStatus, Duty


class Outcome(StrEnum):
    """What became of a deployment that a closure broke."""

    OPEN = "open"
    OTHER_LAB = "other_lab"
    OTHER_VEHICLE = "other_vehicle"
    OTHER_DAYS = "other_days"
    CANCELLED = "cancelled"
    OVER = "over"


def broken_by_closure(of: Lab | TowVehicle, span: Span, now: datetime) -> list[Deployment]:
    """The deployments, not over yet, that need a lab or a vehicle within a span; the soonest first."""
    column = Deployment.lab_id if isinstance(of, Lab) else Deployment.vehicle_id
    found = _touching(span, now).where(column == of.id)
    return [one for one in db.session.scalars(found).unique() if _needs(one, of, span)]


def _needs(deployment: Deployment, of: Lab | TowVehicle, span: Span) -> bool:
    if isinstance(of, Lab):
        return True
    return any(hold.span.meets(span) for hold in tow_holds(deployment))


def booked_with(lab: Lab, now: datetime) -> list[Deployment]:
    """The deployments of a lab that are neither cancelled nor over, the soonest first."""
    query = coming_deployments(now).where(Deployment.lab_id == lab.id)
    return list(db.session.scalars(with_what_is_shown(query)).unique())


def broken_by_leave(person: Person, span: Span, now: datetime) -> list[Deployment]:
    """The deployments, not over yet, in which somebody teaches or drives within a span."""
    teaches = (
        sa.select(Session.deployment_id)
        .join(SessionTrainer, SessionTrainer.session_id == Session.id)
        .where(
            SessionTrainer.person_id == person.id,
            Session.cancelled_at.is_(None),
            Session.starts_at < span.ends_at,
            Session.ends_at > span.starts_at,
        )
    )
    driven = sa.select(CrewMember.deployment_id).where(
        CrewMember.person_id == person.id, CrewMember.duty == Duty.DRIVER
    )
    taught = set(db.session.scalars(teaches))
    found = _touching(span, now).where(Deployment.id.in_(teaches) | Deployment.id.in_(driven))
    who = Party("person", person.id, person.name)
    return [
        one
        for one in db.session.scalars(found).unique()
        if one.id in taught or any(hold.span.meets(span) for hold in drives(who, one))
    ]


def _touching(span: Span, now: datetime) -> sa.Select[Deployment]:
    return with_what_is_shown(
        sa.select(Deployment).where(
            Deployment.status != DeploymentStatus.CANCELLED,
            Deployment.blocks_from < span.ends_at,
            Deployment.blocks_until > max(span.starts_at, now),
        )
    ).order_by(Deployment.blocks_from)


def with_what_is_shown(query: sa.Select[Deployment]) -> sa.Select[Deployment]:
    """The same deployments with lab, place, vehicle and courses, in a few queries for all."""
    return query.options(
        selectinload(Deployment.lab),
        selectinload(Deployment.vehicle),
        selectinload(Deployment.worksite),
        selectinload(Deployment.cohorts).selectinload(Cohort.course),
    )


@dataclass(frozen=True)
class Broken:
    """A deployment that a closure broke, and what became of it."""

    deployment: Deployment
    outcome: Outcome

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.outcome is Outcome.OPEN


def broken_visible_to(actor: Person, closures: Sequence[Closure], now: datetime) -> dict[UUID, list[Broken]]:
    """For each closure what it broke when it was saved or breaks now, in a fixed number of queries.

    Trainers are told of their own deployments alone.
    """
    if not closures:
        return {}
    labs = {one.lab_id for one in closures if one.lab_id}
    vehicles = {one.vehicle_id for one in closures if one.vehicle_id}
    named = {UUID(key) for one in closures for key in one.broke}
    reach = Span(min(one.starts_at for one in closures), max(one.ends_at for one in closures))
    around = sa.and_(
        Deployment.lab_id.in_(labs) | Deployment.vehicle_id.in_(vehicles),
        Deployment.blocks_from < reach.ends_at,
        Deployment.blocks_until > max(reach.starts_at, now),
        Deployment.status != DeploymentStatus.CANCELLED,
    )
    query = deployments_visible_to(actor).where(around | Deployment.id.in_(named))
    query = with_what_is_shown(query).order_by(Deployment.blocks_from)
    known = list(db.session.scalars(query).unique())
    return {one.id: _of(one, known, now) for one in closures}


def _of(closure: Closure, known: Iterable[Deployment], now: datetime) -> list[Broken]:
    span = Span(closure.starts_at, closure.ends_at)
    named = {UUID(key) for key in closure.broke}
    found = [Broken(one, _outcome(one, closure, span, now)) for one in known]
    return [one for one in found if one.deployment.id in named or one.is_open]


def _outcome(deployment: Deployment, closure: Closure, span: Span, now: datetime) -> Outcome:
    if deployment.status == DeploymentStatus.CANCELLED:
        return Outcome.CANCELLED
    if closure.lab_id and deployment.lab_id != closure.lab_id:
        return Outcome.OTHER_LAB
    if closure.vehicle_id and deployment.vehicle_id != closure.vehicle_id:
        return Outcome.OTHER_VEHICLE
    stay = Span(deployment.blocks_from, deployment.blocks_until)
    is_empty = span.starts_at >= span.ends_at
    if is_empty or not stay.meets(span) or not _needs(deployment, closure.of, span):
        return Outcome.OTHER_DAYS
    if deployment.blocks_until <= now:
        return Outcome.OVER
    return Outcome.OPEN
