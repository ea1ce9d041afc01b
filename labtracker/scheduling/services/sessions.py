"""Single sessions: add one, move one, cancel one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day, minutes_between
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.queries.session_fit import WantedSession, conflicts_with_ways_out
from labtracker.scheduling.rules.sessions import (
    LONGEST_SHIFT,
    SHORTEST_SESSION,
    encode_breaks,
    with_break,
)
from labtracker.scheduling.rules.states import DeploymentStatus, Duty
from labtracker.scheduling.services import stays
from labtracker.scheduling.services.cohorts import add_session_to, require_coordinator
from labtracker.scheduling.services.locks import lock_calendar, lock_row, require_version
from labtracker.scheduling.services.notices import tell_of_session
from labtracker.scheduling.services.refusals import refuse_conflicts
from labtracker.scheduling.services.steps import required_reason
from labtracker.scheduling.signals import sessions_changed


def move_session(
    *,
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    break_minutes: int,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> Session:
    """Give one session another time; the lab's stay grows with it where the lab is free."""
    require_coordinator(actor)
    lock_around(session.deployment, [trainer.person_id for trainer in session.trainers])
    lock_row(session)
    require_version(session, expected_version, "session")
    _refuse_held(session, now)
    _check_times(starts_at, ends_at, break_minutes)
    people = tuple(trainer.person for trainer in session.trainers)
    times = with_break(local_day(starts_at, session.worksite.zone), starts_at, ends_at, break_minutes)
    _refuse_clashes(WantedSession(session.cohort, session.deployment, people, times, session), now)
    was = session.starts_at, session.ends_at
    session.starts_at, session.ends_at = starts_at, ends_at
    session.breaks = encode_breaks(times.breaks)
    db.session.flush()
    if session.deployment is not None:
        stays.grow_stay(session.deployment)
    sessions_changed.send(None, spans=[was, (starts_at, ends_at)], cohort_ids={session.cohort_id}, now=now)
    record_audit(actor, "session_moved", "session", session.id, now, was=was[0], to=starts_at)
    tell_of_session(session, "session_moved", actor=actor, now=now, was=was[0])
    return session


def add_session(
    *,
    cohort: Cohort,
    starts_at: datetime,
    ends_at: datetime,
    break_minutes: int,
    trainers: Sequence[Person],
    actor: Person,
    now: datetime,
    deployment: Deployment | None = None,
) -> Session:
    """One more session for a cohort, with the lab of one of its deployments or without any."""
    require_coordinator(actor)
    if deployment is not None and deployment not in cohort.deployments:
        raise DomainError("wrong_deployment", _("That lab does not serve this cohort."), field="deployment")
    if deployment is not None and deployment.status == DeploymentStatus.CANCELLED:
        raise DomainError("deployment_cancelled", _("That deployment was cancelled."), status=409)
    if cohort.cancelled_at is not None or cohort.closed_out_at is not None:
        raise DomainError("cohort_over", _("This cohort is over."), status=409)
    lock_around(deployment, [trainer.id for trainer in trainers])
    _check_times(starts_at, ends_at, break_minutes)
    worksite = deployment.worksite if deployment else cohort.worksite
    times = with_break(local_day(starts_at, worksite.zone), starts_at, ends_at, break_minutes)
    _refuse_clashes(WantedSession(cohort, deployment, tuple(trainers), times), now)
    session = add_session_to(cohort, times, trainers=trainers, deployment=deployment)
    db.session.flush()
    if deployment is not None:
        stays.grow_stay(deployment)
    sessions_changed.send(None, spans=[(starts_at, ends_at)], cohort_ids={cohort.id}, now=now)
    record_audit(actor, "session_added", "session", session.id, now)
    tell_of_session(session, "session_added", actor=actor, now=now)
    return session


def cancel_session(
    *,
    session: Session,
    reason: str,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> Session:
    """Cancel one session with a reason, such as weather; it stays visible and leaves every rate."""
    require_coordinator(actor)
    lock_around(session.deployment)
    lock_row(session)
    require_version(session, expected_version, "session")
    if session.cancelled_at is not None:
        raise DomainError("already_cancelled", _("This session is cancelled already."), status=409)
    if session.opened_at is not None:
        raise DomainError(
            "session_held", _("This session was held; what was recorded in it stays."), status=409
        )
    return call_off(session, required_reason(reason), actor=actor, now=now)


def call_off(session: Session, why: str, *, actor: Person, now: datetime) -> Session:
    """Write into a session that is held by a lock that it is cancelled, give time back, and tell everyone."""
    session.cancelled_at, session.cancel_reason = now, why[:300]
    db.session.flush()
    if session.deployment is not None:
        stays.shrink_stay(session.deployment)
    record_audit(actor, "session_cancelled", "session", session.id, now)
    tell_of_session(session, "session_cancelled", actor=actor, now=now, reason=why)
    return session


def lock_around(deployment: Deployment | None, person_ids: Iterable[UUID] = ()) -> None:
    """Hold the calendars of these people, and of all that a deployment's stay takes, then the deployment."""
    named = set(person_ids)
    if deployment is None:
        lock_calendar(people=named)
        return
    named |= {member.person_id for member in deployment.crew if member.duty == Duty.DRIVER}
    vehicles = [deployment.vehicle_id] if deployment.vehicle_id else []
    lock_calendar(labs=[deployment.lab_id], vehicles=vehicles, people=named)
    lock_row(deployment)


def _refuse_held(session: Session, now: datetime) -> None:
    if session.cancelled_at is not None:
        raise DomainError("already_cancelled", _("This session is cancelled already."), status=409)
    if session.opened_at is not None or session.ends_at <= now:
        raise DomainError(
            "session_held", _("This session was held; what was recorded in it stays."), status=409
        )


def _check_times(starts_at: datetime, ends_at: datetime, break_minutes: int) -> None:
    length = minutes_between(starts_at, ends_at)
    if length <= 0:
        raise DomainError("ends_before_start", _("The session ends before it starts."), field="ends")
    if length > LONGEST_SHIFT:
        raise DomainError("session_too_long", _("A session lasts at most 14 hours."), field="ends")
    if break_minutes < 0 or length - break_minutes < SHORTEST_SESSION:
        raise DomainError(
            "break_impossible", _("With this break too little training is left."), field="break_minutes"
        )


def _refuse_clashes(wanted: WantedSession, now: datetime) -> None:
    zone = wanted.worksite.zone
    refuse_conflicts(conflicts_with_ways_out(wanted, local_day(now, zone)), zone)


def break_minutes_of(session: Session) -> int:
    """The break of a session as one number, as forms ask for it."""
    total = timedelta()
    for start, end in session.breaks:
        total += datetime.fromisoformat(end) - datetime.fromisoformat(start)
    return int(total.total_seconds() // 60)
