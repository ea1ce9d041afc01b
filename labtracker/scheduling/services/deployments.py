"""Deployments once they are placed: confirm, cancel, change the crew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.scheduling.models import (
    BookingRequest,
    CrewMember,
    Deployment,
    FormerCrewMember,
    FormerTrainer,
    Session,
    SessionTrainer,
)
from labtracker.scheduling.queries.holds import drives, person_holds, place_of
from labtracker.scheduling.queries.session_fit import live_sessions
from labtracker.scheduling.queries.standing import standing_conflicts
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Hold, Party, Span
from labtracker.scheduling.rules.states import BookingStatus, DeploymentStatus, Duty
from labtracker.scheduling.services.cohorts import require_coordinator
from labtracker.scheduling.services.locks import lock_calendar, lock_row, require_version, touch
from labtracker.scheduling.services.notices import tell_of_deployment, tell_person
from labtracker.scheduling.services.readiness import require_readiness
from labtracker.scheduling.services.refusals import refuse_conflicts
from labtracker.scheduling.services.release import release_cohort, release_deployment
from labtracker.scheduling.services.steps import required_reason, take_step
from labtracker.scheduling.signals import crew_changed


def cancel_deployment(
    *,
    deployment: Deployment,
    reason: str,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> Deployment:
    """Cancel a deployment with a reason. What it served and is not held is cancelled with it.

    A booking that was only planned goes back under review, to be planned anew; a confirmed one is cancelled.
    """
    require_coordinator(actor)
    bookings = {cohort.booking for cohort in deployment.cohorts if cohort.booking is not None}
    for booking in sorted(bookings, key=lambda one: one.id):
        lock_row(booking)
    lock_row(deployment)
    require_version(deployment, expected_version, "deployment")
    refuse_cancelled(deployment)
    why = required_reason(reason)
    for cohort in deployment.cohorts:
        release_cohort(cohort, now=now, reason=why)
    release_deployment(deployment, actor=actor, now=now, reason=why)
    for booking in bookings:
        _put_back(booking, why, actor, now)
    db.session.flush()
    tell_of_deployment(deployment, "deployment_cancelled", actor=actor, now=now, reason=why)
    return deployment


def _put_back(booking: BookingRequest, reason: str, actor: Person, now: datetime) -> None:
    if booking.status == BookingStatus.PLANNED:
        take_step(booking, BookingStatus.UNDER_REVIEW, actor=actor, now=now, reason=reason)
    elif booking.status == BookingStatus.CONFIRMED:
        take_step(booking, BookingStatus.CANCELLED, actor=actor, now=now, reason=reason)


def confirm_deployment(
    *, deployment: Deployment, actor: Person, now: datetime, expected_version: int | None = None
) -> Deployment:
    """Make a tentative deployment without a booking firm."""
    require_coordinator(actor)
    lock_row(deployment)
    require_version(deployment, expected_version, "deployment")
    refuse_cancelled(deployment)
    require_readiness(deployment)
    deployment.status = DeploymentStatus.CONFIRMED
    record_audit(actor, "deployment_confirmed", "deployment", deployment.id, now)
    return deployment


def add_to_crew(
    *,
    deployment: Deployment,
    person: Person,
    actor: Person,
    now: datetime,
    duty: Duty = Duty.TRAINER,
    expected_version: int | None = None,
) -> CrewMember:
    """Put somebody on the crew; a trainer is then named for every session still to come."""
    require_coordinator(actor)
    refuse_cancelled(deployment)
    if duty is Duty.TRAINER and not person.has(Role.TRAINER):
        raise DomainError(
            "not_a_trainer", _("%(name)s does not train for us.", name=person.name), field="person"
        )
    lock_calendar(labs=[deployment.lab_id], people=[person.id])
    lock_row(deployment)
    require_version(deployment, expected_version, "deployment")
    if any(member.person_id == person.id and member.duty == duty for member in deployment.crew):
        raise DomainError(
            "already_crew", _("%(name)s is on this crew already.", name=person.name), field="person"
        )
    coming = [one for one in live_sessions(deployment) if one.ends_at > now]
    who, here = Party("person", person.id, person.name), place_of(deployment.worksite)
    because = Party("deployment", deployment.id, deployment.worksite.name)
    if duty is Duty.TRAINER:
        wanted = [Hold(who, Span(one.starts_at, one.ends_at), because, here) for one in coming]
    else:
        wanted = drives(who, deployment)
    reach = Span(deployment.blocks_from, deployment.blocks_until)
    taken = person_holds({person.id}, reach, ignoring=deployment.id)
    refuse_conflicts(clashes(wanted, taken), deployment.worksite.zone)
    member = CrewMember(person=person, duty=duty)
    deployment.crew.append(member)
    touch(deployment)
    db.session.flush()
    refuse_conflicts(_unfit(deployment, person, now), deployment.worksite.zone)
    for session in coming if duty is Duty.TRAINER else []:
        if all(trainer.person_id != person.id for trainer in session.trainers):
            session.trainers.append(SessionTrainer(person=person))
    show_again(deployment)
    db.session.flush()
    record_audit(actor, "crew_added", "deployment", deployment.id, now, person=person.id, duty=duty.value)
    welcome(deployment, [person], actor=actor, now=now)
    return member


def welcome(deployment: Deployment, come: Collection[Person], *, actor: Person, now: datetime) -> None:
    """Tell people that they are on the crew; what they recorded there counts as if they always had been."""
    if not come:
        return
    sessions = sa.select(Session.id).where(Session.deployment_id == deployment.id)
    people = {person.id for person in come}
    crew_changed.send(person_ids=people, session_ids={*db.session.scalars(sessions)}, now=now)
    for person in come:
        tell_person(person, "crew_added", deployment, actor=actor, now=now)


def _unfit(deployment: Deployment, person: Person, now: datetime) -> list[Conflict]:
    """What keeps this person from doing their part: a course they do not teach, a licence they lack."""
    standing = standing_conflicts([deployment], now)
    kinds = (ConflictKind.COURSE_NOT_TAUGHT, ConflictKind.NO_CDL)
    own = [one for one in standing.get(deployment.id, ()) if one.party.id == person.id]
    return [one for one in own if one.kind in kinds]


def remove_from_crew(
    *,
    deployment: Deployment,
    person: Person,
    duty: Duty,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Take somebody off the crew and off the sessions still to come; the last trainer stays."""
    require_coordinator(actor)
    lock_row(deployment)
    require_version(deployment, expected_version, "deployment")
    member = next((one for one in deployment.crew if one.person_id == person.id and one.duty == duty), None)
    if member is None:
        raise DomainError("not_crew", _("%(name)s is not on this crew.", name=person.name), status=404)
    trainers = [one for one in deployment.crew if one.duty == Duty.TRAINER]
    if duty is Duty.TRAINER and len(trainers) == 1 and deployment.status != DeploymentStatus.CANCELLED:
        raise DomainError(
            "last_trainer", _("A deployment keeps at least one trainer. Add another first."), status=409
        )
    deployment.crew.remove(member)
    touch(deployment)
    db.session.add(FormerCrewMember(deployment_id=deployment.id, person_id=person.id, duty=duty, left_at=now))
    if duty is Duty.TRAINER:
        for session in live_sessions(deployment):
            if session.ends_at > now:
                take_off(session, person, now)
    show_again(deployment)
    db.session.flush()
    record_audit(actor, "crew_removed", "deployment", deployment.id, now, person=person.id, duty=duty.value)
    tell_person(person, "crew_removed", deployment, actor=actor, now=now)


def take_off(session: Session, person: Person, now: datetime) -> None:
    """Have somebody no longer train a session, and remember that they were to."""
    left = [one for one in session.trainers if one.person_id != person.id]
    if len(left) < len(session.trainers):
        session.trainers = left
        db.session.add(FormerTrainer(session_id=session.id, person_id=person.id, left_at=now))


def show_again(deployment: Deployment) -> None:
    """Give the deployment's cohorts and sessions a new stamp: who sees them on a phone has changed."""
    for cohort in deployment.cohorts:
        cohort.stamp = 0
        for session in cohort.sessions:
            session.stamp = 0


def refuse_cancelled(deployment: Deployment) -> None:
    """Refuse what nobody may do to a cancelled deployment."""
    if deployment.status == DeploymentStatus.CANCELLED:
        raise DomainError("already_cancelled", _("This deployment is cancelled already."), status=409)
