"""What employers do with a booking: begin it, fill it in, send it, confirm it, take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Course, Worksite
from labtracker.labs.rules.readiness import sound_answers
from labtracker.scheduling.models import BookingRequest, BookingWindow
from labtracker.scheduling.rules.states import BookingStatus, DeploymentStatus, Side, Verb
from labtracker.scheduling.services import checks
from labtracker.scheduling.services.notices import tell_of_booking
from labtracker.scheduling.services.readiness import draft_check, require_readiness
from labtracker.scheduling.services.release import release_deployments
from labtracker.scheduling.services.steps import begin_step, required_reason, side_of, take_step


@dataclass(frozen=True)
class Where:
    """Answers about the place; ``site_answers`` are those to the checklist, by item."""

    worksite: Worksite | None
    site_contact: str
    site_phone: str = ""
    pad_length_ft: int | None = None
    power_kw: int | None = None
    notes: str = ""
    site_answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Who:
    """Answers about the people, their shift and the payer."""

    headcount: int
    weekdays: Sequence[int]
    shift_starts: time
    shift_ends: time
    break_minutes: int = 0
    payer: str = "unsure"
    sessions_per_week: int | None = None


def _editable(booking: BookingRequest, actor: Person, now: datetime) -> None:
    side_of(actor, booking)
    if booking.status != BookingStatus.DRAFT:
        raise DomainError(
            "already_sent", _("This booking was sent in already and cannot be edited."), status=409
        )
    booking.updated_at = now


def save_what(*, booking: BookingRequest, course: Course | None, actor: Person, now: datetime) -> None:
    """Keep the chosen course in the draft."""
    _editable(booking, actor, now)
    checks.check_course(course)
    booking.course = course
    db.session.flush()


def save_where(*, booking: BookingRequest, where: Where, actor: Person, now: datetime) -> None:
    """Keep the place and what it offers in the draft."""
    _editable(booking, actor, now)
    checks.check_worksite(where.worksite, booking.employer_id)
    checks.check_contact(where.site_contact)
    checks.check_offer(where.pad_length_ft, where.power_kw)
    booking.worksite = where.worksite
    booking.site_contact = where.site_contact.strip()
    booking.site_phone = where.site_phone.strip() or None
    booking.pad_length_ft, booking.power_kw = where.pad_length_ft, where.power_kw
    booking.notes = where.notes.strip() or None
    booking.site_answers = sound_answers(where.site_answers) or None
    db.session.flush()


def save_who(*, booking: BookingRequest, who: Who, actor: Person, now: datetime) -> None:
    """Keep headcount, shift and payer in the draft."""
    _editable(booking, actor, now)
    checks.check_headcount(who.headcount)
    checks.check_shift(who.weekdays, who.shift_starts, who.shift_ends, who.break_minutes)
    checks.check_payer(who.payer)
    checks.check_sessions_per_week(who.sessions_per_week, who.weekdays)
    booking.headcount = who.headcount
    booking.weekdays = sorted(set(who.weekdays))
    booking.shift_starts, booking.shift_ends = who.shift_starts, who.shift_ends
    booking.break_minutes, booking.payer = who.break_minutes, who.payer
    booking.sessions_per_week = who.sessions_per_week
    db.session.flush()


def save_when(
    *, booking: BookingRequest, windows: Sequence[tuple[date, date]], actor: Person, now: datetime
) -> None:
    """Keep the wished spans of days in the draft, in order of preference."""
    _editable(booking, actor, now)
    zone = booking.worksite.zone if booking.worksite else "America/Denver"
    checks.check_windows(windows, booking.weekdays, local_day(now, zone))
    booking.windows = [
        BookingWindow(position=position, starts_on=starts_on, ends_on=ends_on)
        for position, (starts_on, ends_on) in enumerate(windows)
    ]
    db.session.flush()


def submit_booking(
    *, booking: BookingRequest, actor: Person, now: datetime, expected_version: int | None = None
) -> BookingRequest:
    """Send a complete draft to the coordinators. Refuses with the first thing that is missing."""
    begin_step(booking, Verb.SUBMIT, actor=actor, expected_version=expected_version)
    if side_of(actor, booking) is Side.EMPLOYER:
        checks.check_number_sent(booking.employer_id, now)
    problems = checks.problems_of(booking, now)
    if problems:
        error = problems[0].error
        error.details["step"] = problems[0].step
        raise error
    booking.submitted_at = now
    take_step(booking, BookingStatus.SUBMITTED, actor=actor, now=now)
    draft_check(booking, actor=actor, now=now)
    tell_of_booking(booking, "submitted", actor=actor, now=now)
    return booking


def confirm_booking(
    *, booking: BookingRequest, actor: Person, now: datetime, expected_version: int | None = None
) -> BookingRequest:
    """Accept what was planned: the booking and its tentative deployments become confirmed."""
    begin_step(booking, Verb.CONFIRM, actor=actor, expected_version=expected_version)
    for cohort in booking.cohorts:
        for deployment in cohort.deployments:
            if deployment.status == DeploymentStatus.TENTATIVE:
                require_readiness(deployment)
                deployment.status = DeploymentStatus.CONFIRMED
                record_audit(actor, "deployment_confirmed", "deployment", deployment.id, now)
    take_step(booking, BookingStatus.CONFIRMED, actor=actor, now=now)
    tell_of_booking(booking, "confirmed", actor=actor, now=now)
    return booking


def withdraw_booking(
    *,
    booking: BookingRequest,
    actor: Person,
    now: datetime,
    reason: str | None = None,
    expected_version: int | None = None,
) -> BookingRequest:
    """Take a booking back before it is confirmed; what was planned for it is given up."""
    begin_step(booking, Verb.WITHDRAW, actor=actor, expected_version=expected_version)
    why = " ".join((reason or "").split())[:500] or None
    release_deployments(booking, actor=actor, now=now, reason=why or _("The booking was withdrawn."))
    take_step(booking, BookingStatus.WITHDRAWN, actor=actor, now=now, reason=why)
    tell_of_booking(booking, "withdrawn", actor=actor, now=now)
    return booking


def cancel_booking(
    *,
    booking: BookingRequest,
    reason: str,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> BookingRequest:
    """Cancel a confirmed booking with a reason; sessions already held stay as they were."""
    begin_step(booking, Verb.CANCEL, actor=actor, expected_version=expected_version)
    why = required_reason(reason)
    release_deployments(booking, actor=actor, now=now, reason=why)
    take_step(booking, BookingStatus.CANCELLED, actor=actor, now=now, reason=why)
    tell_of_booking(booking, "cancelled", actor=actor, now=now)
    return booking
