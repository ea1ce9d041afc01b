"""What coordinators answer to a booking without planning it."""

from __future__ import annotations

from datetime import datetime

from labtracker.accounts.models import Person
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.states import BookingStatus, Verb
from labtracker.scheduling.services.notices import tell_of_booking
from labtracker.scheduling.services.steps import begin_step, required_reason, take_step


def take_under_review(
    *, booking: BookingRequest, actor: Person, now: datetime, expected_version: int | None = None
) -> BookingRequest:
    """Say that somebody is looking at it."""
    begin_step(booking, Verb.REVIEW, actor=actor, expected_version=expected_version)
    take_step(booking, BookingStatus.UNDER_REVIEW, actor=actor, now=now)
    tell_of_booking(booking, "under_review", actor=actor, now=now)
    return booking


def waitlist_booking(
    *,
    booking: BookingRequest,
    reason: str,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> BookingRequest:
    """Keep it for later, and say why not now."""
    begin_step(booking, Verb.WAITLIST, actor=actor, expected_version=expected_version)
    why = required_reason(reason)
    take_step(booking, BookingStatus.WAITLISTED, actor=actor, now=now, reason=why)
    tell_of_booking(booking, "waitlisted", actor=actor, now=now)
    return booking


def decline_booking(
    *,
    booking: BookingRequest,
    reason: str,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> BookingRequest:
    """Say no, and why."""
    begin_step(booking, Verb.DECLINE, actor=actor, expected_version=expected_version)
    why = required_reason(reason)
    take_step(booking, BookingStatus.DECLINED, actor=actor, now=now, reason=why)
    tell_of_booking(booking, "declined", actor=actor, now=now)
    return booking
