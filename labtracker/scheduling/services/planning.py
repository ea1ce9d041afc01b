"""Placing a lab: from a booking, or without one, to a deployment with cohorts, crew and sessions."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.kit.time import local_day
from labtracker.labs.models import Lab
from labtracker.scheduling.models import BookingRequest, CrewMember, Deployment
from labtracker.scheduling.queries.proposals import Proposal
from labtracker.scheduling.queries.visits import Visit, visit_of
from labtracker.scheduling.queries.ways_out import propose
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import BookingStatus, DeliveryMode, DeploymentStatus, Duty, Verb
from labtracker.scheduling.services.cohorts import add_session_to, new_cohort, require_coordinator
from labtracker.scheduling.services.locks import lock_calendar
from labtracker.scheduling.services.notices import tell_of_booking, tell_person
from labtracker.scheduling.services.readiness import unready
from labtracker.scheduling.services.refusals import refuse_conflicts
from labtracker.scheduling.services.steps import begin_step, take_step
from labtracker.scheduling.signals import sessions_changed


@dataclass(frozen=True)
class Placing:
    """How a visit is to be placed: with which lab and people, from which day, in which arrangement."""

    lab: Lab
    trainers: Sequence[Person]
    first_on: date
    drivers: Sequence[Person] = ()
    arrangement: Arrangement = Arrangement.ALTERNATING
    delivery_mode: DeliveryMode | None = None
    vehicle: TowVehicle | None = None
    vehicle_stays: bool = False
    ways_out: bool = True


def plan_deployment(
    *,
    booking: BookingRequest,
    lab: Lab,
    trainers: Sequence[Person],
    first_on: date,
    actor: Person,
    now: datetime,
    drivers: Sequence[Person] = (),
    arrangement: Arrangement = Arrangement.ALTERNATING,
    delivery_mode: DeliveryMode | None = None,
    vehicle: TowVehicle | None = None,
    vehicle_stays: bool = False,
    expected_version: int | None = None,
    ways_out: bool = True,
) -> Deployment:
    """Accept a booking into a tentative deployment with one or more cohorts and all their sessions.

    The employer confirms it afterwards (``confirm_booking``). Refuses with ``ConflictError`` when the lab
    or somebody of the crew is elsewhere; warnings (hours missing, other days than asked) do not refuse.
    Without ``ways_out`` none are looked for: that takes a while, and everybody else waits to write meanwhile.
    """
    require_coordinator(actor)
    begin_step(booking, Verb.PLAN, actor=actor, expected_version=expected_version)
    placing = Placing(
        lab, trainers, first_on, drivers, arrangement, delivery_mode, vehicle, vehicle_stays, ways_out
    )
    deployment = _place(visit_of(booking), placing, booking=booking, actor=actor, now=now)
    take_step(booking, BookingStatus.PLANNED, actor=actor, now=now)
    tell_of_booking(booking, "planned", actor=actor, now=now)
    return deployment


def place_lab(
    *,
    visit: Visit,
    lab: Lab,
    trainers: Sequence[Person],
    first_on: date,
    actor: Person,
    now: datetime,
    drivers: Sequence[Person] = (),
    arrangement: Arrangement = Arrangement.ALTERNATING,
    delivery_mode: DeliveryMode | None = None,
    vehicle: TowVehicle | None = None,
    vehicle_stays: bool = False,
    name: str | None = None,
) -> Deployment:
    """Place a lab without a booking, such as at a hub for workers of several employers.

    It is confirmed at once where the site is ready for the lab, and tentative until it is. Its crew hears of
    it: no booking's mail tells them.
    """
    require_coordinator(actor)
    placing = Placing(lab, trainers, first_on, drivers, arrangement, delivery_mode, vehicle, vehicle_stays)
    deployment = _place(visit, placing, booking=None, actor=actor, now=now, name=name)
    if not unready(deployment):
        deployment.status = DeploymentStatus.CONFIRMED
        db.session.flush()
    for person in {member.person_id: member.person for member in deployment.crew}.values():
        tell_person(person, "crew_added", deployment, actor=actor, now=now)
    return deployment


def _place(
    visit: Visit,
    placing: Placing,
    *,
    booking: BookingRequest | None,
    actor: Person,
    now: datetime,
    name: str | None = None,
) -> Deployment:
    check_trainers(placing.trainers)
    people = [person.id for person in (*placing.trainers, *placing.drivers)]
    vehicles = [placing.vehicle.id] if placing.vehicle else []
    lock_calendar(labs=[placing.lab.id], vehicles=vehicles, people=people)
    proposal = propose(
        visit,
        lab=placing.lab,
        trainers=placing.trainers,
        drivers=placing.drivers,
        first_on=placing.first_on,
        arrangement=placing.arrangement,
        not_before=local_day(now, visit.worksite.zone),
        ways_out=placing.ways_out,
        vehicle=placing.vehicle,
        vehicle_stays=placing.vehicle_stays,
    )
    refuse_conflicts(proposal.conflicts, visit.worksite.zone)
    deployment = _deployment_of(proposal, actor, now)
    db.session.add(deployment)
    add_cohorts(proposal, deployment, booking, name, now, delivery_mode=placing.delivery_mode)
    db.session.flush()
    times = [(one.starts_at, one.ends_at) for cohort in proposal.timetable.cohorts for one in cohort]
    # Its cohorts are new: nobody was judged in them yet.
    sessions_changed.send(None, spans=times, cohort_ids=(), now=now)
    record_audit(actor, "deployment_placed", "deployment", deployment.id, now, lab=placing.lab.id)
    return deployment


def check_trainers(trainers: Sequence[Person]) -> None:
    """Somebody trains, and all of them train for us."""
    if not trainers:
        raise DomainError("no_trainer", _("Choose at least one trainer."), field="trainers")
    for trainer in trainers:
        if not trainer.has(Role.TRAINER) or trainer.archived_at is not None:
            raise DomainError(
                "not_a_trainer", _("%(name)s does not train for us.", name=trainer.name), field="trainers"
            )


def _deployment_of(proposal: Proposal, actor: Person, now: datetime) -> Deployment:
    stay = proposal.stay
    assert stay is not None, "a proposal without sessions is refused before"
    crew = [CrewMember(person=trainer, duty=Duty.TRAINER) for trainer in proposal.trainers]
    crew += [CrewMember(person=driver, duty=Duty.DRIVER) for driver in proposal.drivers]
    return Deployment(
        lab=proposal.lab,
        worksite=proposal.visit.worksite,
        vehicle=proposal.vehicle,
        vehicle_stays=proposal.vehicle is not None and proposal.vehicle_stays,
        status=DeploymentStatus.TENTATIVE,
        blocks_from=stay.leaves_home_at,
        blocks_until=stay.home_at,
        travel_in_minutes=stay.travel_in_minutes,
        setup_minutes=stay.setup_minutes,
        teardown_minutes=stay.teardown_minutes,
        travel_out_minutes=stay.travel_out_minutes,
        created_by_id=actor.id,
        created_at=now,
        crew=crew,
    )


def add_cohorts(
    proposal: Proposal,
    deployment: Deployment,
    booking: BookingRequest | None,
    name: str | None,
    now: datetime,
    *,
    delivery_mode: DeliveryMode | None,
) -> None:
    """Make the cohorts of a proposal with their sessions, served by a deployment."""
    owner = booking.employer.name if booking else proposal.visit.worksite.city
    base = name or f"{owner} · {proposal.visit.course.code}"
    several = len(proposal.sizes) > 1
    for index, times in enumerate(proposal.timetable.cohorts):
        cohort = new_cohort(
            name=f"{base} · {_letter(index)}" if several else base,
            course=proposal.visit.course,
            worksite=proposal.visit.worksite,
            seats=proposal.lab.seats,
            delivery_mode=delivery_mode,
            booking=booking,
            lab_comes=True,
            now=now,
        )
        cohort.deployments.append(deployment)
        for one in times:
            add_session_to(cohort, one, trainers=proposal.trainers, deployment=deployment)


def _letter(index: int) -> str:
    """A, B ... Z, then AA, AB: names for the cohorts of one booking."""
    letters = string.ascii_uppercase
    head = letters[index // 26 - 1] if index >= 26 else ""
    return head + letters[index % 26]
