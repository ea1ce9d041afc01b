"""States and kinds of the calendar, and which step leads from which state to which."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DeliveryMode(StrEnum):
    """Where a cohort is trained; campus is the comparison group."""

    EMPLOYER_SITE = "employer_site"
    RURAL_HUB = "rural_hub"
    CAMPUS = "campus"


class BookingStatus(StrEnum):
    """Where a booking request stands. ``underway`` and ``done`` are derived, never stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


UNDERWAY = "underway"
DONE = "done"


class DeploymentStatus(StrEnum):
    """Tentative and confirmed deployments block calendars; cancelled ones do not."""

    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Duty(StrEnum):
    """What somebody does on a crew."""

    TRAINER = "trainer"
    DRIVER = "driver"


class Payer(StrEnum):
    """Who an employer expects to pay; the contract decides later."""

    EMPLOYER = "employer"
    WORKFORCE_CENTER = "workforce_center"
    STATE_GRANT = "state_grant"
    UNSURE = "unsure"


class Verb(StrEnum):
    """What people do to a booking."""

    SUBMIT = "submit"
    REVIEW = "review"
    PLAN = "plan"
    CONFIRM = "confirm"
    WAITLIST = "waitlist"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


class Side(StrEnum):
    """On whose side of a booking somebody stands."""

    EMPLOYER = "employer"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Transition:
    """From which states a verb leads where, who may use it, and whether it must say why."""

    sources: frozenset[BookingStatus]
    target: BookingStatus
    sides: frozenset[Side]
    needs_reason: bool = False


_BOTH = frozenset(Side)
_PROVIDER = frozenset({Side.PROVIDER})
_B = BookingStatus

# Who asks by telephone is entered by the provider, so the provider may do whatever the employer may.
TRANSITIONS: dict[Verb, Transition] = {
    Verb.SUBMIT: Transition(frozenset({_B.DRAFT}), _B.SUBMITTED, _BOTH),
    Verb.REVIEW: Transition(frozenset({_B.SUBMITTED, _B.WAITLISTED}), _B.UNDER_REVIEW, _PROVIDER),
    Verb.PLAN: Transition(frozenset({_B.SUBMITTED, _B.UNDER_REVIEW, _B.WAITLISTED}), _B.PLANNED, _PROVIDER),
    Verb.CONFIRM: Transition(frozenset({_B.PLANNED}), _B.CONFIRMED, _BOTH),
    Verb.WAITLIST: Transition(frozenset({_B.SUBMITTED, _B.UNDER_REVIEW}), _B.WAITLISTED, _PROVIDER, True),
    Verb.DECLINE: Transition(
        frozenset({_B.SUBMITTED, _B.UNDER_REVIEW, _B.WAITLISTED}), _B.DECLINED, _PROVIDER, True
    ),
    Verb.WITHDRAW: Transition(
        frozenset({_B.SUBMITTED, _B.UNDER_REVIEW, _B.WAITLISTED, _B.PLANNED}), _B.WITHDRAWN, _BOTH
    ),
    Verb.CANCEL: Transition(frozenset({_B.CONFIRMED}), _B.CANCELLED, _BOTH, True),
}

WAITING = frozenset({_B.SUBMITTED, _B.UNDER_REVIEW, _B.WAITLISTED})
OVER = frozenset({_B.DECLINED, _B.WITHDRAWN, _B.CANCELLED})


def may(verb: Verb, status: str, side: Side) -> bool:
    """Whether somebody on that side may use the verb on a booking in that state."""
    transition = TRANSITIONS[verb]
    return status in transition.sources and side in transition.sides


def verbs_open_to(status: str, side: Side) -> set[Verb]:
    """All verbs somebody on that side may use now."""
    return {verb for verb in Verb if may(verb, status, side)}


def default_delivery_mode(organization_kind: str, *, lab_comes: bool) -> DeliveryMode:
    """Where a cohort counts as trained when nobody says otherwise.

    On an employer's ground it is the employer's site; on the provider's own ground it is campus when
    no lab comes, and a hub when one does; everything else is a hub.
    """
    if organization_kind == "employer":
        return DeliveryMode.EMPLOYER_SITE
    if organization_kind == "provider" and not lab_comes:
        return DeliveryMode.CAMPUS
    return DeliveryMode.RURAL_HUB
