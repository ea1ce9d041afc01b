"""What labs and people are busy with, as the rules of conflicts want it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.geography import Point
from labtracker.labs.models import Lab, LabCourse, Worksite
from labtracker.scheduling.models import Cohort, CrewMember, Deployment, Session, SessionTrainer
from labtracker.scheduling.queries.absences import away_holds
from labtracker.scheduling.rules.conflicts import Hold, Party, Span
from labtracker.scheduling.rules.fitness import LabFacts
from labtracker.scheduling.rules.placing import both_drives
from labtracker.scheduling.rules.states import DeploymentStatus, Duty
from labtracker.scheduling.rules.travel import Place

# A person may have to drive from one place to another, so what lies just outside a span matters too.
MARGIN = timedelta(days=2)


def lab_holds(lab_ids: Collection[UUID], span: Span, *, ignoring: UUID | None = None) -> list[Hold]:
    """When these labs are taken or closed within a span, travel, set-up and tear-down included."""
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
    taken = [
        Hold(
            who=Party("lab", lab_id, lab_name),
            span=Span(starts_at, ends_at),
            because=Party("deployment", deployment_id, f"{site}, {city}"),
        )
        for deployment_id, lab_id, lab_name, starts_at, ends_at, site, city in db.session.execute(query)
    ]
    return taken + away_holds(span, lab_ids=lab_ids)


def person_holds(
    person_ids: Collection[UUID],
    span: Span,
    *,
    ignoring: UUID | None = None,
    ignoring_session: UUID | None = None,
) -> list[Hold]:
    """When these people teach, drive or are away within a span. ``ignoring`` leaves out one deployment."""
    wide = Span(span.starts_at - MARGIN, span.ends_at + MARGIN)
    return [
        *_teaching(person_ids, wide, ignoring, ignoring_session),
        *_driving(person_ids, wide, ignoring),
        *away_holds(wide, person_ids=person_ids),
    ]


def _teaching(
    person_ids: Collection[UUID], span: Span, ignoring: UUID | None, ignoring_session: UUID | None
) -> list[Hold]:
    query = (
        sa.select(
            SessionTrainer.person_id,
            Session.deployment_id,
            Session.cohort_id,
            Session.worksite_id,
            Session.starts_at,
            Session.ends_at,
        )
        .join(Session, Session.id == SessionTrainer.session_id)
        .where(
            SessionTrainer.person_id.in_(person_ids),
            Session.cancelled_at.is_(None),
            Session.starts_at < span.ends_at,
            Session.ends_at > span.starts_at,
            Session.deployment_id.is_distinct_from(ignoring) if ignoring else sa.true(),
            Session.id != ignoring_session if ignoring_session else sa.true(),
        )
    )
    # A season has thousands of sessions at few places: what repeats is read and made once.
    rows = db.session.execute(query).all()
    people = _people(person_ids)
    sites = _sites({row.worksite_id for row in rows})
    cohorts = _cohorts({row.cohort_id for row in rows if row.deployment_id is None})
    stays: dict[UUID, Party] = {}
    found = []
    for person_id, deployment_id, cohort_id, worksite_id, starts_at, ends_at in rows:
        town, place = sites[worksite_id]
        if deployment_id is None:
            because = cohorts[cohort_id]
        elif deployment_id in stays:
            because = stays[deployment_id]
        else:
            because = stays[deployment_id] = Party("deployment", deployment_id, town)
        found.append(Hold(people[person_id], Span(starts_at, ends_at), because, place))
    return found


def _people(ids: Collection[UUID]) -> dict[UUID, Party]:
    query = sa.select(Person.id, Person.name).where(Person.id.in_(ids))
    return {id_: Party("person", id_, name) for id_, name in db.session.execute(query)}


def _cohorts(ids: Collection[UUID]) -> dict[UUID, Party]:
    if not ids:
        return {}
    query = sa.select(Cohort.id, Cohort.name).where(Cohort.id.in_(ids))
    return {id_: Party("cohort", id_, name) for id_, name in db.session.execute(query)}


def _sites(ids: Collection[UUID]) -> dict[UUID, tuple[str, Place]]:
    if not ids:
        return {}
    query = sa.select(Worksite.id, Worksite.name, Worksite.city, Worksite.latitude, Worksite.longitude).where(
        Worksite.id.in_(ids)
    )
    return {
        row.id: (f"{row.name}, {row.city}", _place(row.name, row.latitude, row.longitude))
        for row in db.session.execute(query)
    }


def _driving(person_ids: Collection[UUID], span: Span, ignoring: UUID | None) -> list[Hold]:
    query = (
        sa.select(
            CrewMember.person_id,
            Person.name.label("person"),
            Deployment.id,
            Deployment.blocks_from,
            Deployment.blocks_until,
            (Deployment.travel_in_minutes + Deployment.setup_minutes).label("before"),
            (Deployment.travel_out_minutes + Deployment.teardown_minutes).label("after"),
            Lab.name.label("lab"),
            Lab.latitude.label("base_latitude"),
            Lab.longitude.label("base_longitude"),
            Worksite.name.label("site"),
            Worksite.latitude,
            Worksite.longitude,
        )
        .join(Deployment, Deployment.id == CrewMember.deployment_id)
        .join(Lab, Lab.id == Deployment.lab_id)
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
    )
    found: list[Hold] = []
    for row in db.session.execute(query):
        found += both_drives(
            Party("person", row.person_id, row.person),
            Party("deployment", row.id, row.site),
            Span(row.blocks_from, row.blocks_until),
            _standing(row.blocks_from, row.blocks_until, row.before, row.after),
            base=_place(row.lab, row.base_latitude, row.base_longitude),
            site=_place(row.site, row.latitude, row.longitude),
        )
    return found


def drives(who: Party, deployment: Deployment) -> list[Hold]:
    """The two drives of a deployment's driver: there with the set-up, and back after the tear-down."""
    return both_drives(
        who,
        Party("deployment", deployment.id, deployment.worksite.name),
        Span(deployment.blocks_from, deployment.blocks_until),
        _standing(
            deployment.blocks_from,
            deployment.blocks_until,
            deployment.travel_in_minutes + deployment.setup_minutes,
            deployment.travel_out_minutes + deployment.teardown_minutes,
        ),
        base=place_of(deployment.lab),
        site=place_of(deployment.worksite),
    )


def _standing(blocks_from: datetime, blocks_until: datetime, before: int, after: int) -> Span:
    return Span(blocks_from + timedelta(minutes=before), blocks_until - timedelta(minutes=after))


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
