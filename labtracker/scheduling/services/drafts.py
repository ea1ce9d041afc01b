"""Drafts of bookings: begun, begun anew from an earlier booking, thrown away."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.services import record_audit
from labtracker.attachments.services import erase_attachments
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import Course
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.states import BookingStatus
from labtracker.scheduling.rules.thread import BOOKING_FILES
from labtracker.scheduling.services import checks
from labtracker.scheduling.services.steps import side_of

# What an employer would answer the same way again; when it should be is another matter.
KEPT_IN_A_COPY = (
    "worksite_id", "course_id", "headcount", "weekdays", "shift_starts", "shift_ends", "break_minutes",
    "sessions_per_week", "site_contact", "site_phone", "pad_length_ft", "power_kw", "site_answers",
    "notes", "payer",
)  # fmt: skip


def start_booking(
    *, employer: Organization, actor: Person, now: datetime, course: Course | None = None
) -> BookingRequest:
    """A draft for an employer, by one of its people or by a coordinator who has it on the phone.

    A draft that the same person began, with the same course or none, and left at that is used again.
    """
    its_own = employer.id in actor.organization_ids(Role.EMPLOYER)
    if not (its_own or actor.has(Role.COORDINATOR)) or employer.kind != OrganizationKind.EMPLOYER:
        raise DomainError("not_yours", _("You cannot book for this organization."), status=404)
    if course is not None:
        checks.check_course(course)
    booking = _left_at_its_beginning(employer, course, actor)
    if booking is None:
        booking = _new_draft(employer, actor, now)
    if course is not None:
        booking.course = course
    db.session.flush()
    return booking


def _new_draft(employer: Organization, actor: Person, now: datetime) -> BookingRequest:
    booking = BookingRequest(
        employer=employer,
        status=BookingStatus.DRAFT,
        weekdays=[],
        created_by=actor,
        created_at=now,
        updated_at=now,
    )
    db.session.add(booking)
    return booking


def _left_at_its_beginning(
    employer: Organization, course: Course | None, actor: Person
) -> BookingRequest | None:
    wanted = course.id if course is not None else None
    same_course = sa.or_(BookingRequest.course_id.is_(None), BookingRequest.course_id == wanted)
    return db.session.scalars(
        sa.select(BookingRequest)
        .where(
            BookingRequest.employer_id == employer.id,
            BookingRequest.created_by_id == actor.id,
            BookingRequest.status == BookingStatus.DRAFT,
            same_course,
            BookingRequest.worksite_id.is_(None),
            BookingRequest.headcount.is_(None),
            ~BookingRequest.windows.any(),
        )
        .limit(1)
    ).first()


def copy_booking(*, booking: BookingRequest, actor: Person, now: datetime) -> BookingRequest:
    """A new draft with the answers of a booking that was sent in, without its days: to ask for it again."""
    side_of(actor, booking)
    if booking.status == BookingStatus.DRAFT:
        raise DomainError("still_a_draft", _("This is a draft: go on with it."), status=409)
    draft = _new_draft(booking.employer, actor, now)
    for name in KEPT_IN_A_COPY:
        setattr(draft, name, getattr(booking, name))
    db.session.flush()
    record_audit(actor, "booking_copied", "booking", draft.id, now, copied_from=booking.id)
    return draft


def delete_draft(*, booking: BookingRequest, actor: Person, now: datetime) -> None:
    """Throw a draft away, files and all; nobody but its own side has seen it."""
    side_of(actor, booking)
    if booking.status != BookingStatus.DRAFT:
        raise DomainError(
            "already_sent", _("This booking was sent in already: it can be taken back."), status=409
        )
    erase_attachments(BOOKING_FILES, [booking.id])
    record_audit(actor, "draft_deleted", "booking", None, now)
    db.session.delete(booking)
    db.session.flush()
