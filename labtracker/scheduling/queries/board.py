"""What the board draws: every lab with its stays in a span, in as few queries for a year as for a week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Organization, Person
from labtracker.extensions import db
from labtracker.fleet.queries import Absence, absences
from labtracker.kit.time import local_day
from labtracker.labs.models import County, Lab, Worksite
from labtracker.labs.queries import active_labs
from labtracker.scheduling.models import BookingRequest, Cohort, CohortDeployment, Deployment, Session
from labtracker.scheduling.queries.bookings import waiting_requests
from labtracker.scheduling.queries.standing import standing_conflicts
from labtracker.scheduling.queries.visibility import bookings_visible_to, deployments_visible_to
from labtracker.scheduling.rules.conflicts import Conflict
from labtracker.scheduling.rules.states import DeploymentStatus


@dataclass(frozen=True)
class Wanted:
    """What a board is narrowed to; nothing wanted shows everything."""

    lab: UUID | None = None
    course: UUID | None = None
    status: str | None = None
    county: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class BoardStay:
    """One stay with its moments. ``wanted`` is false for one that is only there because its lab is taken."""

    id: UUID
    status: str
    site: str
    city: str
    zone: str
    first_on: date
    leaves_home_at: datetime
    arrives_at: datetime
    ready_at: datetime
    packs_at: datetime
    packed_at: datetime
    home_at: datetime
    wanted: bool


@dataclass(frozen=True)
class Lane:
    """One lab on the board with its stays and the days on which it is out of service, the earliest first."""

    id: UUID
    name: str
    seats: int
    retired: bool
    stays: list[BoardStay] = field(default_factory=list)
    closures: list[Absence] = field(default_factory=list)


def board_of(
    actor: Person,
    starts_at: datetime,
    ends_at: datetime,
    wanted: Wanted,
    only: Iterable[UUID] | None = None,
) -> list[Lane]:
    """Every lab in service, and retired ones that still have a stay in the span; ``only`` some of them."""
    here = None if only is None else {*only}
    labs = sa.select(Lab.id, Lab.name, Lab.seats, Lab.retired_at).order_by(Lab.name, Lab.id)
    if here is not None:
        labs = labs.where(Lab.id.in_(here))
    elif wanted.lab:
        labs = labs.where(Lab.id == wanted.lab)
    lanes = {
        row.id: Lane(row.id, row.name, row.seats, row.retired_at is not None)
        for row in db.session.execute(labs)
    }
    for lab_id, stay in _stays(actor, starts_at, ends_at, wanted, here):
        if lab_id in lanes:
            lanes[lab_id].stays.append(stay)
    for one in absences(starts_at, ends_at, lab_ids=list(lanes)):
        lanes[one.of_id].closures.append(one)
    return [lane for lane in lanes.values() if lane.stays or not lane.retired]


def _stays(
    actor: Person, starts_at: datetime, ends_at: datetime, wanted: Wanted, only: set[UUID] | None
) -> Iterable[tuple[UUID, BoardStay]]:
    there = [
        Deployment.status != DeploymentStatus.CANCELLED,
        Deployment.blocks_from < ends_at,
        Deployment.blocks_until > starts_at,
    ]
    if only is not None:
        there.append(Deployment.lab_id.in_(only))
    first = (
        sa.select(Session.deployment_id, sa.func.min(Session.starts_at).label("first_at"))
        .join(Deployment, Deployment.id == Session.deployment_id)
        .where(Session.cancelled_at.is_(None), *there)
        .group_by(Session.deployment_id)
        .subquery()
    )
    query = (
        deployments_visible_to(actor)
        .where(*there)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .outerjoin(first, first.c.deployment_id == Deployment.id)
        .order_by(Deployment.blocks_from, Deployment.id)
        .with_only_columns(
            Deployment.id,
            Deployment.lab_id,
            Deployment.status,
            Deployment.blocks_from,
            Deployment.blocks_until,
            Deployment.travel_in_minutes,
            Deployment.setup_minutes,
            Deployment.teardown_minutes,
            Deployment.travel_out_minutes,
            Worksite.name.label("site"),
            Worksite.city,
            Worksite.zone,
            first.c.first_at,
            sa.type_coerce(_is_wanted(wanted), sa.Boolean).label("wanted"),
        )
    )
    for row in db.session.execute(query):
        yield row.lab_id, _stay_of(row)


def _stay_of(row: Any) -> BoardStay:
    arrives_at = row.blocks_from + timedelta(minutes=row.travel_in_minutes)
    packed_at = row.blocks_until - timedelta(minutes=row.travel_out_minutes)
    ready_at = arrives_at + timedelta(minutes=row.setup_minutes)
    return BoardStay(
        id=row.id,
        status=row.status,
        site=row.site,
        city=row.city,
        zone=row.zone,
        first_on=local_day(row.first_at or ready_at, row.zone),
        leaves_home_at=row.blocks_from,
        arrives_at=arrives_at,
        ready_at=ready_at,
        packs_at=packed_at - timedelta(minutes=row.teardown_minutes),
        packed_at=packed_at,
        home_at=row.blocks_until,
        wanted=bool(row.wanted),
    )


def _is_wanted(wanted: Wanted) -> sa.ColumnElement[bool]:
    rules: list[sa.ColumnElement[bool]] = [sa.true()]
    if wanted.status:
        rules.append(Deployment.status == wanted.status)
    if wanted.county:
        rules.append(Worksite.county_fips == wanted.county)
    if wanted.course:
        rules.append(Deployment.id.in_(_served().where(Cohort.course_id == wanted.course)))
    if wanted.text:
        booked = (
            _served()
            .outerjoin(BookingRequest, BookingRequest.id == Cohort.booking_id)
            .outerjoin(Organization, Organization.id == BookingRequest.employer_id)
            .where(_has(Cohort.name, wanted.text) | _has(Organization.name, wanted.text))
        )
        rules.append(
            _has(Worksite.name, wanted.text) | _has(Worksite.city, wanted.text) | Deployment.id.in_(booked)
        )
    return sa.and_(*rules)


def _served() -> sa.Select[UUID]:
    return sa.select(CohortDeployment.deployment_id).join(Cohort, Cohort.id == CohortDeployment.cohort_id)


def _has(column: Any, text: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).contains(text.lower(), autoescape=True)


def troubles_of(
    actor: Person, starts_at: datetime, ends_at: datetime, now: datetime
) -> list[tuple[Deployment, list[Conflict]]]:
    """Deployments of a span that are not over and cannot be as they stand, the earliest first, and why."""
    query = (
        deployments_visible_to(actor)
        .where(
            Deployment.status != DeploymentStatus.CANCELLED,
            Deployment.blocks_from < ends_at,
            Deployment.blocks_until > max(starts_at, now),
        )
        .options(joinedload(Deployment.lab), joinedload(Deployment.worksite), joinedload(Deployment.vehicle))
        .order_by(Deployment.blocks_from, Deployment.id)
    )
    deployments = db.session.scalars(query).unique().all()
    found = standing_conflicts(deployments, now)
    troubles = [(one, [why for why in found.get(one.id, ()) if why.blocks]) for one in deployments]
    return [(one, why) for one, why in troubles if why]


def tray_of(actor: Person, wanted: Wanted) -> sa.Select[BookingRequest]:
    """The requests that wait beside the board, the oldest first, narrowed in the same way."""
    query = waiting_requests(bookings_visible_to(actor))
    if wanted.course:
        query = query.where(BookingRequest.course_id == wanted.course)
    if not (wanted.county or wanted.text):
        return query
    query = query.join(Worksite, Worksite.id == BookingRequest.worksite_id)
    if wanted.county:
        query = query.where(Worksite.county_fips == wanted.county)
    if wanted.text:
        query = query.join(Organization, Organization.id == BookingRequest.employer_id).where(
            _has(Worksite.name, wanted.text)
            | _has(Worksite.city, wanted.text)
            | _has(Organization.name, wanted.text)
        )
    return query


def counties_with_worksites() -> Sequence[tuple[str, str]]:
    """Code and name of each county in which a worksite lies, by name."""
    query = (
        sa.select(County.fips, County.name)
        .where(County.fips.in_(sa.select(Worksite.county_fips)))
        .order_by(County.name)
    )
    return [(fips, name) for fips, name in db.session.execute(query)]


def labs_by_name() -> Sequence[tuple[UUID, str]]:
    """Labs in service, for a choice of one."""
    query = active_labs().with_only_columns(Lab.id, Lab.name)
    return [(lab_id, name) for lab_id, name in db.session.execute(query)]
