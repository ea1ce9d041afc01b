"""One step of a booking: who may take it, what is written, who hears of it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.scheduling.models import BookingRequest, BookingStep
from labtracker.scheduling.rules.states import TRANSITIONS, BookingStatus, Side, Verb, may
from labtracker.scheduling.services.locks import lock_row, require_version
from labtracker.scheduling.wording import BOOKING_STATES

LONGEST_REASON = 500


def side_of(actor: Person, booking: BookingRequest) -> Side:
    """On whose side of the booking somebody stands; 404-like refusal for strangers."""
    if actor.has(Role.COORDINATOR):
        return Side.PROVIDER
    if booking.employer_id in actor.organization_ids(Role.EMPLOYER):
        return Side.EMPLOYER
    raise DomainError("not_yours", _("This booking belongs to somebody else."), status=404)


def begin_step(booking: BookingRequest, verb: Verb, *, actor: Person, expected_version: int | None) -> None:
    """Hold the booking and see that this person may use this verb on it now."""
    side = side_of(actor, booking)
    lock_row(booking)
    require_version(booking, expected_version, "booking")
    if not may(verb, booking.status, side):
        raise DomainError(
            "wrong_state",
            _("That cannot be done now: this booking is %(state)s.", state=BOOKING_STATES[booking.status]),
            status=409,
            state=booking.status,
        )


def required_reason(reason: str | None) -> str:
    """A reason that says something, trimmed."""
    text = " ".join((reason or "").split())
    if not text:
        raise DomainError("reason_missing", _("Please say why; the other side reads it."), field="reason")
    if len(text) > LONGEST_REASON:
        raise DomainError(
            "reason_too_long",
            _("Please keep the reason to %(most)s characters.", most=LONGEST_REASON),
            field="reason",
        )
    return text


def take_step(
    booking: BookingRequest,
    to_status: BookingStatus,
    *,
    actor: Person,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Write the step into the booking, its history and the audit trail."""
    from_status, booking.status = booking.status, to_status
    booking.reason, booking.updated_at = reason, now
    booking.steps.append(
        BookingStep(at=now, actor_id=actor.id, from_status=from_status, to_status=to_status, reason=reason)
    )
    record_audit(
        actor, f"booking_{to_status}", "booking", booking.id, now, was=from_status, has_reason=bool(reason)
    )


def target_of(verb: Verb) -> BookingStatus:
    """Where a verb leads."""
    return TRANSITIONS[verb].target
