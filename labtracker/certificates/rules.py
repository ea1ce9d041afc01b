"""What may be awarded, what a certificate is worth by now, and when somebody has to look at one again."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

NUMBER_LENGTH = 8
COMPLETE = "complete"
# An award to a cohort takes seconds. One that is older than this and not done has been given up.
LONGEST_RUN = timedelta(hours=1)


class CertificateState(StrEnum):
    """What a certificate is worth to whoever checks it."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Doubt(StrEnum):
    """Why a coordinator has to look at a certificate that is still valid."""

    NOT_COMPLETE = "not_complete"
    COHORT_OPEN = "cohort_open"
    OTHER_FIGURES = "other_figures"


class Refusal(StrEnum):
    """Why no certificate can be awarded."""

    NOT_COMPLETE = "not_complete"
    COHORT_OPEN = "cohort_open"
    HAS_ONE = "has_one"


def state_of(revoked_at: datetime | None, replaced_at: datetime | None) -> CertificateState:
    """What a certificate is worth; one that was replaced stays so."""
    if replaced_at is not None:
        return CertificateState.REPLACED
    return CertificateState.VALID if revoked_at is None else CertificateState.REVOKED


def why_not_awarded(completion_state: str | None, *, closed_out: bool, has_one: bool) -> Refusal | None:
    """Why a worker gets no certificate for a cohort; None when they get one.

    Only a closed-out cohort awards: until then figures may still move.
    """
    if has_one:
        return Refusal.HAS_ONE
    if completion_state != COMPLETE:
        return Refusal.NOT_COMPLETE
    return None if closed_out else Refusal.COHORT_OPEN


def doubt_about(completion_state: str | None, *, closed_out: bool, same_figures: bool = True) -> Doubt | None:
    """Whether what a valid certificate says has come into question since it was issued.

    A certificate is never revoked by itself: a completion that was undone, a cohort that was opened again, or
    hours or a day that are others by now put it on the coordinators' list.
    """
    if completion_state != COMPLETE:
        return Doubt.NOT_COMPLETE
    if not closed_out:
        return Doubt.COHORT_OPEN
    return None if same_figures else Doubt.OTHER_FIGURES


def is_under_way(asked_at: datetime, done_at: datetime | None, now: datetime) -> bool:
    """Whether an award to a cohort is still going on; another one may be asked for once it is not."""
    return done_at is None and now - asked_at < LONGEST_RUN
