"""Calling a day off, such as for weather, and making up for it."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.scheduling.models import Deployment, Session
from labtracker.scheduling.queries.session_fit import live_sessions, missed_sessions, times_of
from labtracker.scheduling.rules.sessions import on_day
from labtracker.scheduling.rules.states import Duty
from labtracker.scheduling.services import sessions as single
from labtracker.scheduling.services.cohorts import require_coordinator
from labtracker.scheduling.services.locks import require_version, touch
from labtracker.scheduling.services.steps import required_reason


def call_off_day(
    *,
    deployment: Deployment,
    day: date,
    reason: str,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> list[Session]:
    """Cancel every session that begins on a day and was not held; a trainer of the crew may do it, too."""
    _require_crew(deployment, actor)
    why = required_reason(reason)
    single.lock_around(deployment)
    require_version(deployment, expected_version, "deployment")
    coming = [one for one in live_sessions(deployment) if times_of(one).day == day and one.opened_at is None]
    if not coming:
        raise DomainError(
            "nothing_that_day", _("There is no session on that day that could be called off."), field="day"
        )
    for session in coming:
        single.call_off(session, why, actor=actor, now=now)
    touch(deployment)
    db.session.flush()
    record_audit(actor, "day_called_off", "deployment", deployment.id, now, day=str(day))
    return coming


def make_up_day(
    *, deployment: Deployment, day: date, make_up_on: date, actor: Person, now: datetime
) -> list[Session]:
    """Give what was called off on a day another one, at the same clock times and with the same trainers.

    Checked anew: refuses with ``ConflictError`` what came in between, and what was made up for already.
    """
    require_coordinator(actor)
    trainers = {one.person_id for session in missed_sessions(deployment, day) for one in session.trainers}
    single.lock_around(deployment, trainers)
    missed = missed_sessions(deployment, day)
    if not missed:
        raise DomainError("nothing_missed", _("That day was made up for already."), status=409)
    added = []
    for session in missed:
        times = on_day(times_of(session), make_up_on, session.worksite.zone)
        if times.starts_at <= now:
            raise DomainError("in_the_past", _("Choose a day that is still to come."), field="make_up_on")
        one = single.add_session(
            cohort=session.cohort,
            deployment=deployment,
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            break_minutes=single.break_minutes_of(session),
            trainers=[trainer.person for trainer in session.trainers],
            actor=actor,
            now=now,
        )
        one.makes_up_id = session.id
        added.append(one)
    touch(deployment)
    db.session.flush()
    return added


def _require_crew(deployment: Deployment, actor: Person) -> None:
    on_crew = any(one.person_id == actor.id and one.duty == Duty.TRAINER for one in deployment.crew)
    if not (actor.has(Role.COORDINATOR) or (actor.has(Role.TRAINER) and on_crew)):
        raise DomainError(
            "not_allowed", _("Only coordinators and trainers of this crew can do this."), status=403
        )
