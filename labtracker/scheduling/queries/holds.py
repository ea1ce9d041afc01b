"""What labs and people are busy with, as the rules of conflicts want it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.geography import Point
from labtracker.labs.models import Lab, LabCourse, Worksite
from labtracker.scheduling.models import Cohort, CrewMember, Deployment, Session, SessionTrainer
from labtracker.scheduling.rules.conflicts import Hold, LabFacts, Party, Span
from labtracker.scheduling.rules.states import DeploymentStatus, Duty
from labtracker.scheduling.rules.travel import Place

# A person may have to drive from one place to another, so what lies just outside a span matters too.
MARGIN = timedelta(hours=12)


def lab_holds(lab_ids: Collection[UUID], span: Span, *, ignoring: UUID | None = None) -> list[Hold]:
    """When these labs are taken within a span, travel, set-up and tear-down included."""
    query = (
        sa.select(
            Deployment.id,
            Deployment.lab_id,
            Lab.name,
            Deployment.blocks_from,
            Deployment.blocks_until,
            Worksite.name,
            Worksite.city,
        )
        .join(Lab, Lab.id == Deployment.lab_id)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .where(
            Deployment.lab_id.in_(lab_ids),
            Deployment.status != DeploymentStatus.CANCELLED,
            Deployment.blocks_from < span.ends_at,
            Deployment.blocks_until > span.starts_at,
            Deployment.id != ignoring if ignoring else sa.true(),
        )
    )
    return [
        Hold(
            who=Party("lab", lab_id, lab_name),
            span=Span(starts_at, ends_at),
            because=Party("deployment", deployment_id, f"{site}, {city}"),
        )
        for deployment_id, lab_id, lab_name, starts_at, ends_at, site, city in db.session.execute(query)
    ]


def person_holds(
    person_ids: Collection[UUID],
    span: Span,
    *,
    ignoring: UUID | None = None,
    ignoring_session: UUID | None = None,
) -> list[Hold]:
    """When these people teach or drive within a span. ``ignoring`` leaves out one deployment."""
    wide = Span(span.starts_at - MARGIN, span.ends_at + MARGIN)
    return [
        *_teaching(person_ids, wide, ignoring, ignoring_session),
        *_driving(person_ids, wide, ignoring),
    ]


def _teaching(
    person_ids: Collection[UUID], span: Span, ignoring: UUID | None, ignoring_session: UUID | None
) -> list[Hold]:
    query = (
        sa.select(
            SessionTrainer.person_id,
            Person.name.label("person"),
            Session.cohort_id,
            Session.deployment_id,
            Session.starts_at,
            Session.ends_at,
            Cohort.name.label("cohort"),
            Worksite.name.label("site"),
            Worksite.city,
            Worksite.latitude,
            Worksite.longitude,
        )
        .join(Session, Session.id == SessionTrainer.session_id)
        .join(Person, Person.id == SessionTrainer.person_id)
        .join(Cohort, Cohort.id == Session.cohort_id)
        .join(Worksite, Worksite.id == Session.worksite_id)
        .where(
            SessionTrainer.person_id.in_(person_ids),
            Session.cancelled_at.is_(None),
            Session.starts_at < span.ends_at,
            Session.ends_at > span.starts_at,
            Session.deployment_id.is_distinct_from(ignoring) if ignoring else sa.true(),
            Session.id != ignoring_session if ignoring_session else sa.true(),
        )
    )
    return [
        Hold(
            who=Party("person", row.person_id, row.person),
            span=Span(row.starts_at, row.ends_at),
            because=Party("deployment", row.deployment_id, f"{row.site}, {row.city}")
            if row.deployment_id
            else Party("cohort", row.cohort_id, row.cohort),
            place=_place(row.site, row.latitude, row.longitude),
        )
        for row in db.session.execute(query)
    ]


def _driving(person_ids: Collection[UUID], span: Span, ignoring: UUID | None) -> list[Hold]:
    query = (
        sa.select(CrewMember.person_id, Person.name, Deployment, Worksite)
        .join(Deployment, Deployment.id == CrewMember.deployment_id)
        .join(Person, Person.id == CrewMember.person_id)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .where(
            CrewMember.person_id.in_(person_ids),
            CrewMember.duty == Duty.DRIVER,
            Deployment.status != DeploymentStatus.CANCELLED,
            Deployment.blocks_from < span.ends_at,
            Deployment.blocks_until > span.starts_at,
            Deployment.id != ignoring if ignoring else sa.true(),
        )
        .execution_options(populate_existing=True)
    )
    found: list[Hold] = []
    for person_id, name, deployment, site in db.session.execute(query):
        found += drives(Party("person", person_id, name), deployment, site.name)
    return found


def drives(who: Party, deployment: Deployment, site: str) -> Sequence[Hold]:
    """The two drives of a deployment's driver: there with the set-up, and back after the tear-down."""
    because = Party("deployment", deployment.id, site)
    ready_at = deployment.blocks_from + timedelta(
        minutes=deployment.travel_in_minutes + deployment.setup_minutes
    )
    packs_at = deployment.blocks_until - timedelta(
        minutes=deployment.travel_out_minutes + deployment.teardown_minutes
    )
    spans = [(deployment.blocks_from, ready_at), (packs_at, deployment.blocks_until)]
    return [Hold(who, Span(start, end), because) for start, end in spans if start < end]


def lab_facts(lab: Lab) -> LabFacts:
    """What the rules need to know of a lab."""
    courses = db.session.scalars(sa.select(LabCourse.course_id).where(LabCourse.lab_id == lab.id))
    return LabFacts(
        party=Party("lab", lab.id, lab.name),
        seats=lab.seats,
        courses=frozenset(courses),
        retired=lab.retired_at is not None,
        length_ft=lab.length_ft,
        power_kw=lab.power_kw,
        has_generator=lab.has_generator,
    )


def place_of(row: Worksite | Lab) -> Place:
    """Where a worksite or a lab's home base is."""
    return _place(row.name, row.latitude, row.longitude)


def _place(name: str, latitude: float | None, longitude: float | None) -> Place:
    known = latitude is not None and longitude is not None
    return Place(name, Point(latitude or 0.0, longitude or 0.0) if known else None)
