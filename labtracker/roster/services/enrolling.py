"""Bringing workers into a cohort and out of it again."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import OrganizationKind
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.text import letters_in, tidy
from labtracker.roster import queries
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.reading.names import split_name
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.services.badges import issue_badge
from labtracker.roster.signals import enrollments_changed
from labtracker.scheduling.models import Cohort


def refuse_if_closed(cohort: Cohort) -> None:
    """Raise when a cohort's roster can no longer be changed by people."""
    if cohort.cancelled_at is not None:
        raise DomainError(
            "cohort_cancelled",
            _("This cohort was cancelled. Its roster stays as it was; nothing was changed."),
            status=409,
        )
    if cohort.closed_out_at is not None:
        raise DomainError(
            "cohort_closed",
            _("This cohort was closed out. Its roster stays as it was; nothing was changed."),
            status=409,
        )


def enroll(worker: Worker, cohort: Cohort, *, now: datetime, actor: Person | None = None) -> Enrollment:
    """Put a worker on a cohort's roster, with a badge; who is on it already stays, who left comes back."""
    known = queries.enrollment_of(worker, cohort)
    if known is not None:
        # Whom a roster names is no longer only somebody who stood at the door.
        known.is_walk_in = False
        if known.status == EnrollmentStatus.WITHDRAWN:
            return re_enroll(known, now=now, actor=actor)
        db.session.flush()
        return known
    refuse_if_closed(cohort)
    enrollment = _enroll(worker, cohort, now, False)
    record_audit(actor, "worker_enrolled", "enrollment", enrollment.id, now)
    return enrollment


def _enroll(worker: Worker, cohort: Cohort, now: datetime, is_walk_in: bool) -> Enrollment:
    enrollment = Enrollment(
        cohort_id=cohort.id,
        worker=worker,
        status=EnrollmentStatus.ENROLLED,
        is_walk_in=is_walk_in,
        created_at=now,
    )
    db.session.add(enrollment)
    issue_badge(worker, now=now)
    db.session.flush()
    enrollments_changed.send(enrollment_ids=[enrollment.id], now=now)
    return enrollment


def withdraw(
    enrollment: Enrollment, *, on: date, reason: str, now: datetime, today: date, actor: Person | None = None
) -> None:
    """Take somebody off the roster from a day on; the enrollment and its reason stay in the records."""
    refuse_if_closed(enrollment.cohort)
    if enrollment.status == EnrollmentStatus.WITHDRAWN:
        raise DomainError("already_withdrawn", _("This person has already left the cohort."), status=409)
    reason = tidy(reason)
    if not reason:
        raise DomainError("reason_missing", _("Say why this person leaves the cohort."), field="reason")
    if on > today:
        raise DomainError("date_in_future", _("Choose today or an earlier day."), field="withdrawn_on")
    enrollment.status = EnrollmentStatus.WITHDRAWN
    enrollment.withdrawn_on = on
    enrollment.withdrawn_reason = reason[:300]
    db.session.flush()
    enrollments_changed.send(enrollment_ids=[enrollment.id], now=now)
    record_audit(actor, "worker_withdrawn", "enrollment", enrollment.id, now, on=on.isoformat())


def re_enroll(enrollment: Enrollment, *, now: datetime, actor: Person | None = None) -> Enrollment:
    """Bring somebody who left back onto the roster."""
    refuse_if_closed(enrollment.cohort)
    enrollment.status = EnrollmentStatus.ENROLLED
    enrollment.withdrawn_on = None
    enrollment.withdrawn_reason = None
    issue_badge(enrollment.worker, now=now)
    db.session.flush()
    enrollments_changed.send(enrollment_ids=[enrollment.id], now=now)
    record_audit(actor, "worker_reenrolled", "enrollment", enrollment.id, now)
    return enrollment


def enroll_who_came(worker: Worker, cohort: Cohort, *, now: datetime) -> Enrollment:
    """The worker's enrollment in a cohort whose session they came to, made if there is none."""
    return queries.enrollment_of(worker, cohort) or _enroll(worker, cohort, now, True)


def enroll_walk_in(
    *, walk_in_id: UUID | None, name: str, employer: str, cohort: Cohort, now: datetime
) -> Enrollment:
    """Record somebody who stood at the door without being on the roster.

    The phone's id of the walk-in becomes the worker's, so the same walk-in told twice is one worker. Seats
    and a closed cohort do not matter here: the person was there. An employer that is not known by name is
    added; no name at all means the employer that booked. A coordinator merges duplicates later.
    """
    if walk_in_id is not None:
        known = db.session.get(Worker, walk_in_id)
        if known is not None:
            if known.merged_into_id is not None:
                known = db.session.get_one(Worker, known.merged_into_id)
            elif not known.is_walk_in:
                raise DomainError("not_a_walk_in", _("This id belongs to a worker who is no walk-in."))
            return enroll_who_came(known, cohort, now=now)
    name = tidy(name)
    if letters_in(name) == 0:
        raise DomainError("name_missing", _("A walk-in needs a name."), field="name")
    given, family = split_name(name)
    worker = Worker(
        id=walk_in_id or uuid7(),
        employer=_employer_of_walk_in(employer, cohort, now),
        given_name=given[:80],
        family_name=family[:80],
        is_walk_in=True,
        created_at=now,
    )
    db.session.add(worker)
    db.session.flush()
    return _enroll(worker, cohort, now, True)


def _employer_of_walk_in(name: str, cohort: Cohort, now: datetime) -> Organization:
    name = tidy(name)[:160]
    if not name:
        return cohort.booking.employer if cohort.booking else cohort.worksite.organization
    known = queries.employer_named(name)
    if known is not None:
        return known
    return Organization(kind=OrganizationKind.EMPLOYER, name=name, created_at=now)
