"""Adding a booking to a deployment that stands at its site already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.scheduling.models import BookingRequest, CrewMember, Deployment
from labtracker.scheduling.queries.joining import propose_joining
from labtracker.scheduling.queries.visits import visit_of
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import BookingStatus, DeliveryMode, Duty, Verb
from labtracker.scheduling.services import stays
from labtracker.scheduling.services.cohorts import require_coordinator
from labtracker.scheduling.services.deployments import refuse_cancelled, show_again, welcome
from labtracker.scheduling.services.locks import require_version, touch
from labtracker.scheduling.services.notices import tell_of_booking
from labtracker.scheduling.services.planning import add_cohorts, check_trainers
from labtracker.scheduling.services.refusals import refuse_conflicts
from labtracker.scheduling.services.sessions import lock_around
from labtracker.scheduling.services.steps import begin_step, take_step
from labtracker.scheduling.signals import sessions_changed


def join_deployment(
    *,
    booking: BookingRequest,
    deployment: Deployment,
    trainers: Sequence[Person],
    first_on: date,
    actor: Person,
    now: datetime,
    arrangement: Arrangement = Arrangement.ALTERNATING,
    delivery_mode: DeliveryMode | None = None,
    expected_version: int | None = None,
    deployment_version: int | None = None,
) -> Deployment:
    """Accept a booking into a deployment at the same worksite: its cohorts share the lab with the others.

    The stay grows around all sessions. Refuses with ``ConflictError`` when two would be in the one room,
    or the lab, its crew or its vehicle would not be free for the longer stay.
    """
    require_coordinator(actor)
    begin_step(booking, Verb.PLAN, actor=actor, expected_version=expected_version)
    check_trainers(trainers)
    lock_around(deployment, [trainer.id for trainer in trainers])
    require_version(deployment, deployment_version, "deployment")
    refuse_cancelled(deployment)
    if deployment.worksite_id != booking.worksite_id:
        raise DomainError("other_worksite", _("That lab stands at another worksite."), status=409)
    visit = visit_of(booking)
    proposal = propose_joining(
        visit,
        deployment,
        trainers=trainers,
        first_on=first_on,
        arrangement=arrangement,
        not_before=local_day(now, visit.worksite.zone),
    )
    refuse_conflicts(proposal.conflicts, visit.worksite.zone)
    come = _onto_the_crew(deployment, trainers)
    add_cohorts(proposal, deployment, booking, None, now, delivery_mode=delivery_mode)
    db.session.flush()
    stays.grow_stay(deployment)
    touch(deployment)
    show_again(deployment)
    db.session.flush()
    times = [(one.starts_at, one.ends_at) for one in proposal.timetable.sessions]
    sessions_changed.send(None, spans=times, cohort_ids=(), now=now)
    welcome(deployment, come, actor=actor, now=now)
    record_audit(actor, "booking_joined", "deployment", deployment.id, now, booking=booking.id)
    take_step(booking, BookingStatus.PLANNED, actor=actor, now=now)
    tell_of_booking(booking, "planned", actor=actor, now=now)
    return deployment


def _onto_the_crew(deployment: Deployment, trainers: Sequence[Person]) -> list[Person]:
    known = {member.person_id for member in deployment.crew if member.duty == Duty.TRAINER}
    come = [trainer for trainer in trainers if trainer.id not in known]
    deployment.crew.extend(CrewMember(person=trainer, duty=Duty.TRAINER) for trainer in come)
    return come
