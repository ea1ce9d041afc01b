"""What became wrong with deployments that are placed: closures, leave, retirement, licences, equipment.

For any number of deployments in a fixed number of queries, so that the board can ask for a whole year.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.queries import fleet_facts
from labtracker.fleet.rules.facts import FleetFacts
from labtracker.kit.time import local_day
from labtracker.labs.models import Course
from labtracker.scheduling.models import Cohort, CohortDeployment, Deployment, Session, SessionTrainer
from labtracker.scheduling.queries.absences import away_holds
from labtracker.scheduling.queries.holds import drives
from labtracker.scheduling.queries.readiness import readiness_conflicts_of_all
from labtracker.scheduling.queries.vehicles import tow_holds
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Hold, Party, Span
from labtracker.scheduling.rules.outfit import Outfit, outfit_conflicts
from labtracker.scheduling.rules.states import Duty


@dataclass
class _Programme:
    """What a deployment does there: its courses, its sessions, and who teaches in each."""

    courses: dict[UUID, Party] = field(default_factory=dict)
    sessions: dict[UUID, Span] = field(default_factory=dict)
    teaching: list[tuple[Party, UUID]] = field(default_factory=list)


def standing_conflicts(deployments: Sequence[Deployment], now: datetime) -> dict[UUID, list[Conflict]]:
    """What stands against each of these deployments now, by its id; those with nothing are not in it."""
    if not deployments:
        return {}
    programmes = _programmes({one.id for one in deployments})
    labs = {one.lab_id for one in deployments}
    vehicles = {one.vehicle_id for one in deployments if one.vehicle_id}
    people = {member.person_id for one in deployments for member in one.crew}
    people |= {who.id for one in programmes.values() for who, _session in one.teaching if who.id}
    facts = fleet_facts(lab_ids=labs, vehicle_ids=vehicles, person_ids=people)
    reach = Span(min(one.blocks_from for one in deployments), max(one.blocks_until for one in deployments))
    away: dict[UUID | None, list[Hold]] = {}
    for hold in away_holds(reach, lab_ids=labs, vehicle_ids=vehicles, person_ids=people):
        away.setdefault(hold.who.id, []).append(hold)
    found: dict[UUID, list[Conflict]] = {}
    unready = readiness_conflicts_of_all(deployments, now)
    for one in deployments:
        conflicts = _against(one, programmes.get(one.id, _Programme()), facts, away, now)
        conflicts += unready.get(one.id, ())
        if conflicts:
            found[one.id] = conflicts
    return found


def _against(
    deployment: Deployment,
    programme: _Programme,
    facts: FleetFacts,
    away: dict[UUID | None, list[Hold]],
    now: datetime,
) -> list[Conflict]:
    wanted = _wanted(deployment, programme)
    taken = [hold for who in {one.who.id for one in wanted} for hold in away.get(who, ())]
    found = clashes(wanted, taken)
    if deployment.lab.retired_at is not None:
        found.append(Conflict(ConflictKind.LAB_RETIRED, wanted[0].who))
    if programme.courses and programme.sessions:
        today = local_day(now, deployment.worksite.zone)
        found += outfit_conflicts(_outfit(deployment, programme), facts, today)
    return found


def _wanted(deployment: Deployment, programme: _Programme) -> list[Hold]:
    because = Party("deployment", deployment.id, deployment.worksite.name)
    stay = Span(deployment.blocks_from, deployment.blocks_until)
    holds = [Hold(Party("lab", deployment.lab_id, deployment.lab.name), stay, because)]
    holds += tow_holds(deployment)
    holds += [Hold(who, programme.sessions[session], because) for who, session in programme.teaching]
    for driver in _crew(deployment, Duty.DRIVER):
        holds += drives(driver, deployment)
    return holds


def _crew(deployment: Deployment, duty: Duty) -> tuple[Party, ...]:
    members = [one for one in deployment.crew if one.duty == duty]
    return tuple(Party("person", one.person_id, one.person.name) for one in members)


def _outfit(deployment: Deployment, programme: _Programme) -> Outfit:
    zone = deployment.worksite.zone
    vehicle = deployment.vehicle
    return Outfit(
        lab=Party("lab", deployment.lab_id, deployment.lab.name),
        courses=tuple(programme.courses.values()),
        trainers=_crew(deployment, Duty.TRAINER),
        drivers=_crew(deployment, Duty.DRIVER),
        vehicle=Party("vehicle", vehicle.id, vehicle.name) if vehicle else None,
        leaves_on=local_day(deployment.blocks_from, zone),
        first_on=local_day(min(one.starts_at for one in programme.sessions.values()), zone),
        last_on=local_day(max(one.ends_at for one in programme.sessions.values()), zone),
        home_on=local_day(deployment.blocks_until, zone),
    )


def _programmes(deployment_ids: Collection[UUID]) -> dict[UUID, _Programme]:
    found: dict[UUID, _Programme] = {}
    courses = (
        sa.select(CohortDeployment.deployment_id, Course.id, Course.title)
        .join(Cohort, Cohort.id == CohortDeployment.cohort_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(CohortDeployment.deployment_id.in_(deployment_ids), Cohort.cancelled_at.is_(None))
        .order_by(Course.title)
    )
    for deployment_id, course_id, title in db.session.execute(courses):
        programme = found.setdefault(deployment_id, _Programme())
        programme.courses[course_id] = Party("course", course_id, title)
    sessions = (
        sa.select(
            Session.deployment_id, Session.id, Session.starts_at, Session.ends_at, Person.id, Person.name
        )
        .outerjoin(SessionTrainer, SessionTrainer.session_id == Session.id)
        .outerjoin(Person, Person.id == SessionTrainer.person_id)
        .where(Session.deployment_id.in_(deployment_ids), Session.cancelled_at.is_(None))
    )
    for of, session_id, starts_at, ends_at, person_id, name in db.session.execute(sessions):
        assert of is not None, "the query asks for these deployments alone"
        programme = found.setdefault(of, _Programme())
        programme.sessions[session_id] = Span(starts_at, ends_at)
        if person_id is not None:
            programme.teaching.append((Party("person", person_id, name), session_id))
    return found
