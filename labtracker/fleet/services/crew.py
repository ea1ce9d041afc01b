"""What people of the crew may drive and teach, and when they are away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import DriverLicence, Leave, TaughtCourse
from labtracker.fleet.rules import LicenceClass, whole_days
from labtracker.fleet.services.saving import record, require_coordinator
from labtracker.labs.models import Course

LONGEST_LEAVE = timedelta(days=366)


def note_licence(
    person: Person,
    *,
    licence_class: LicenceClass | None,
    expires_on: date | None,
    actor: Person,
    now: datetime,
) -> None:
    """Note up to which class somebody may drive and until when; no class takes the note away."""
    require_coordinator(actor)
    known = db.session.get(DriverLicence, person.id)
    if licence_class is None:
        if known is not None:
            db.session.delete(known)
            db.session.flush()
            record_audit(actor, "licence_removed", "person", person.id, now)
        return
    if expires_on is None:
        raise DomainError("expiry_missing", _("Until when is it valid?"), field="expires_on")
    if known is None:
        known = DriverLicence(person_id=person.id)
        db.session.add(known)
    known.licence_class, known.expires_on = licence_class, expires_on
    known.noted_at, known.noted_by_id = now, actor.id
    db.session.flush()
    record_audit(
        actor, "licence_noted", "person", person.id, now, licence_class=str(licence_class), until=expires_on
    )


def note_taught_courses(
    person: Person, course_ids: Collection[UUID], *, actor: Person, now: datetime
) -> None:
    """Note which courses a trainer teaches: these, and no others."""
    require_coordinator(actor)
    known = set(
        db.session.scalars(sa.select(TaughtCourse.course_id).where(TaughtCourse.person_id == person.id))
    )
    wanted = set(db.session.scalars(sa.select(Course.id).where(Course.id.in_(course_ids))))
    if known == wanted:
        return
    gone = sa.delete(TaughtCourse).where(TaughtCourse.person_id == person.id)
    db.session.execute(gone.where(TaughtCourse.course_id.in_(known - wanted)))
    db.session.add_all(TaughtCourse(person_id=person.id, course_id=one) for one in sorted(wanted - known))
    db.session.flush()
    record_audit(actor, "taught_courses_noted", "person", person.id, now, courses=len(wanted))


def enter_leave(person: Person, *, first: date, last: date, zone: str, actor: Person, now: datetime) -> Leave:
    """Note that somebody is away, by themselves or by a coordinator; ``zone`` is the office's own.

    Sessions that they were to teach then become conflicts: being away is a fact.
    """
    _require_own(person, actor)
    if last < first:
        raise DomainError("ends_before_start", _("The last day is before the first."), field="ends_on")
    if last - first > LONGEST_LEAVE:
        raise DomainError("leave_too_long", _("Enter at most a year at one time."), field="ends_on")
    starts_at, ends_at = whole_days(first, last, zone)
    overlapping = sa.select(Leave.id).where(
        Leave.person_id == person.id,
        Leave.withdrawn_at.is_(None),
        Leave.starts_on <= last,
        Leave.ends_on >= first,
    )
    if db.session.scalars(overlapping.limit(1)).first() is not None:
        raise DomainError(
            "leave_overlaps", _("Some of these days are noted as leave already."), field="starts_on"
        )
    leave = Leave(
        person=person,
        starts_on=first,
        ends_on=last,
        starts_at=starts_at,
        ends_at=ends_at,
        entered_by_id=actor.id,
        created_at=now,
    )
    db.session.add(leave)
    record("entered", leave, actor=actor, now=now, person=person.id)
    return leave


def withdraw_leave(leave: Leave, *, actor: Person, now: datetime) -> None:
    """Take leave back: they are there after all. It stays in the trail."""
    _require_own(leave.person, actor)
    if leave.withdrawn_at is None:
        leave.withdrawn_at = now
        record("withdrawn", leave, actor=actor, now=now, person=leave.person_id)


def _require_own(person: Person, actor: Person) -> None:
    if actor.id != person.id and not actor.has(Role.COORDINATOR):
        raise DomainError("not_yours", _("Only you or a coordinator can do this."), status=403)
