"""Cohorts: made with a copy of the course's policy, which their first session freezes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import Course, Skill, Worksite
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session, SessionTrainer
from labtracker.scheduling.queries.holds import person_holds, place_of
from labtracker.scheduling.queries.proposals import closed_days_at
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Hold, Party, Span
from labtracker.scheduling.rules.fitness import closed_day_conflicts
from labtracker.scheduling.rules.sessions import SessionTimes, encode_breaks
from labtracker.scheduling.rules.states import DeliveryMode, default_delivery_mode
from labtracker.scheduling.services.locks import lock_calendar, lock_row, require_version
from labtracker.scheduling.services.refusals import refuse_conflicts
from labtracker.scheduling.signals import sessions_changed


def create_cohort(
    *,
    name: str,
    course: Course,
    worksite: Worksite,
    seats: int,
    actor: Person,
    now: datetime,
    sessions: Sequence[SessionTimes] = (),
    trainers: Sequence[Person] = (),
    delivery_mode: DeliveryMode | None = None,
    booking: BookingRequest | None = None,
) -> Cohort:
    """A cohort without a lab's deployment, such as one on campus, with its sessions and their trainers.

    Refuses when a trainer is elsewhere at the time of a session, travel included, and on holidays.
    """
    require_coordinator(actor)
    lock_calendar(people=[trainer.id for trainer in trainers])
    _refuse_closed_days(sessions, worksite, name)
    _refuse_busy(trainers, sessions, worksite, name)
    cohort = new_cohort(
        name=name,
        course=course,
        worksite=worksite,
        seats=seats,
        delivery_mode=delivery_mode,
        booking=booking,
        lab_comes=False,
        now=now,
    )
    db.session.add(cohort)
    for times in sessions:
        add_session_to(cohort, times, trainers=trainers)
    db.session.flush()
    spans = [(times.starts_at, times.ends_at) for times in sessions]
    sessions_changed.send(None, spans=spans, cohort_ids={cohort.id}, now=now)
    record_audit(actor, "cohort_created", "cohort", cohort.id, now, sessions=len(sessions))
    return cohort


def new_cohort(
    *,
    name: str,
    course: Course,
    worksite: Worksite,
    seats: int,
    delivery_mode: DeliveryMode | None,
    booking: BookingRequest | None,
    lab_comes: bool,
    now: datetime,
) -> Cohort:
    """A cohort with its own copy of the course's policy, not yet added to the database session."""
    text = " ".join(name.split())
    if not text:
        raise DomainError("name_missing", _("Give the cohort a name."), field="name")
    if seats < 1:
        raise DomainError("seats_missing", _("A cohort needs at least one seat."), field="seats")
    mode = delivery_mode or default_delivery_mode(worksite.organization.kind, lab_comes=lab_comes)
    if worksite.organization.is_employer and mode is not DeliveryMode.EMPLOYER_SITE:
        raise DomainError(
            "mode_impossible",
            _("On an employer's ground a cohort counts as trained at the employer's site."),
            field="delivery_mode",
        )
    return Cohort(
        name=text[:120],
        course=course,
        booking=booking,
        worksite=worksite,
        delivery_mode=mode,
        seats=seats,
        created_at=now,
        **_policy_of(course),
    )


def _policy_of(course: Course) -> dict[str, Any]:
    return {
        "contact_hours": course.contact_hours,
        "minimum_share": course.minimum_share,
        "assessment_required": course.assessment_required,
        "pass_mark": course.pass_mark,
        "grace_minutes": course.grace_minutes,
        "assessment_title": course.assessment_title,
        "assessment_title_es": course.assessment_title_es,
        "max_attempts": course.max_attempts,
        "attempt_counts": course.attempt_counts,
        "skills": [_skill_of(course, skill) for skill in course.skills],
    }


def _skill_of(course: Course, skill: Skill) -> dict[str, Any]:
    copy = {
        "id": str(skill.id),
        "code": skill.code,
        "title": skill.title,
        "title_es": skill.title_es,
        "required": skill.required,
    }
    if skill.needed_level is None:
        return copy
    return copy | {"needed_level": skill.needed_level, "levels": course.skill_levels}


def refresh_policy(*, cohort: Cohort) -> None:
    """Copy the course's policy again into a cohort whose policy is not frozen yet."""
    if cohort.policy_frozen_at is None:
        for column, value in _policy_of(cohort.course).items():
            setattr(cohort, column, value)


def ask_for_initials(
    cohort: Cohort, *, asks: bool, actor: Person, now: datetime, expected_version: int | None = None
) -> None:
    """Have phones ask for initials whoever comes in by a badge of this cohort, or no more."""
    require_coordinator(actor)
    lock_row(cohort)
    require_version(cohort, expected_version, "cohort")
    if cohort.asks_initials == asks:
        return
    cohort.asks_initials = asks
    record_audit(actor, "initials_asked" if asks else "initials_dropped", "cohort", cohort.id, now)
    db.session.flush()


def freeze_policy(cohort: Cohort, now: datetime) -> None:
    """Fix the policy at the first session held; called again, it changes nothing."""
    if cohort.policy_frozen_at is None:
        refresh_policy(cohort=cohort)
        cohort.policy_frozen_at = now
        db.session.flush()


def add_session_to(
    cohort: Cohort,
    times: SessionTimes,
    *,
    trainers: Iterable[Person],
    deployment: Deployment | None = None,
) -> Session:
    """One dated meeting of a cohort with its trainers, added to the database session."""
    session = Session(
        cohort=cohort,
        deployment=deployment,
        worksite=deployment.worksite if deployment else cohort.worksite,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        breaks=encode_breaks(times.breaks),
        trainers=[SessionTrainer(person=trainer) for trainer in trainers],
    )
    db.session.add(session)
    return session


def require_coordinator(actor: Person) -> None:
    """Only those who run the calendar write to it."""
    if not actor.has(Role.COORDINATOR):
        raise DomainError("not_allowed", _("Only coordinators can do this."), status=403)


def _refuse_closed_days(sessions: Sequence[SessionTimes], worksite: Worksite, name: str) -> None:
    if not sessions:
        return
    closed = closed_days_at(worksite, sessions[0].day)
    found = [
        conflict
        for times in sessions
        for conflict in closed_day_conflicts(
            Span(times.starts_at, times.ends_at), Party("cohort", None, name), closed, worksite.zone
        )
    ]
    refuse_conflicts(found, worksite.zone)


def _refuse_busy(
    trainers: Sequence[Person], sessions: Sequence[SessionTimes], worksite: Worksite, name: str
) -> None:
    if not trainers or not sessions:
        return
    because, here = Party("cohort", None, name), place_of(worksite)
    spans = [Span(times.starts_at, times.ends_at) for times in sessions]
    wanted = [
        Hold(Party("person", trainer.id, trainer.name), span, because, here)
        for trainer in trainers
        for span in spans
    ]
    reach = Span(min(span.starts_at for span in spans), max(span.ends_at for span in spans))
    taken = person_holds({trainer.id for trainer in trainers}, reach)
    refuse_conflicts(clashes(wanted, taken), worksite.zone)
