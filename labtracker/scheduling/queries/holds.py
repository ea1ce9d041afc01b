"""What labs and people are busy with, as the rules of conflicts want it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
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
            _as_kept(Deployment.lab_id),
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
    labs: dict[object, Party] = {}
    taken = []
    for deployment_id, kept, name, starts_at, ends_at, site, city in db.session.execute(query):
        lab = labs.get(kept) or labs.setdefault(kept, Party("lab", _id(kept), name))
        because = Party("deployment", deployment_id, f"{site}, {city}")
        taken.append(Hold(lab, Span(starts_at, ends_at), because))
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
            _as_kept(SessionTrainer.person_id),
            _as_kept(Session.deployment_id),
            _as_kept(Session.cohort_id),
            _as_kept(Session.worksite_id),
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
    people = {key: party for party in _people(person_ids) for key in _keys(party.id)}
    sites = _sites({_id(kept) for kept in {row[3] for row in rows}})
    cohorts = _cohorts({_id(kept) for kept in {row[2] for row in rows if row[1] is None}})
    stays: dict[object, Party] = {}
    found = []
    for person, stay, cohort, site, starts_at, ends_at in rows:
        town, place = sites[site]
        if stay is None:
            because = cohorts[cohort]
        elif stay in stays:
            because = stays[stay]
        else:
            because = stays[stay] = Party("deployment", _id(stay), town)
        found.append(Hold(people[person], Span(starts_at, ends_at), because, place))
    return found


def _as_kept(column: sa.SQLColumnExpression[Any]) -> sa.SQLColumnExpression[Any]:
    """An id as the database keeps it (a text on SQLite): to make thousands of UUIDs takes longest of all."""
    return sa.type_coerce(column, sa.String)


def _id(kept: str | UUID) -> UUID:
    return kept if isinstance(kept, UUID) else UUID(kept)


def _keys(id_: UUID | None) -> tuple[object, object]:
    """An id as each database keeps it."""
    assert id_ is not None
    return id_, id_.hex


def _people(ids: Collection[UUID]) -> list[Party]:
    query = sa.select(Person.id, Person.name).where(Person.id.in_(ids))
    return [Party("person", id_, name) for id_, name in db.session.execute(query)]


def _cohorts(ids: Collection[UUID]) -> dict[object, Party]:
    if not ids:
        return {}
    query = sa.select(Cohort.id, Cohort.name).where(Cohort.id.in_(ids))
    return {key: Party("cohort", id_, name) for id_, name in db.session.execute(query) for key in _keys(id_)}


def _sites(ids: Collection[UUID]) -> dict[object, tuple[str, Place]]:
    if not ids:
        return {}
    query = sa.select(Worksite.id, Worksite.name, Worksite.city, Worksite.latitude, Worksite.longitude)
    return {
        key: (f"{row.name}, {row.city}", place_at(row.name, row.latitude, row.longitude))
        for row in db.session.execute(query.where(Worksite.id.in_(ids)))
        for key in _keys(row.id)
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
            base=place_at(row.lab, row.base_latitude, row.base_longitude),
            site=place_at(row.site, row.latitude, row.longitude),
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
    return place_at(row.name, row.latitude, row.longitude)


def place_at(name: str, latitude: float | None, longitude: float | None) -> Place:
    """A place by its name and its coordinates, as far as they are known."""
    known = latitude is not None and longitude is not None
    return Place(name, Point(latitude or 0.0, longitude or 0.0) if known else None)
