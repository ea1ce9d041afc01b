"""What is awarded, what a certificate is worth, when somebody has to look again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from labtracker.certificates.rules import (
    COMPLETE,
    CertificateState,
    Doubt,
    Refusal,
    doubt_about,
    is_under_way,
    state_of,
    why_not_awarded,
)
from labtracker.completion.rules import CompletionState

DAY = datetime(2026, 7, 1, tzinfo=UTC)


def test_complete_is_what_the_completion_rule_calls_it() -> None:
    assert COMPLETE == CompletionState.COMPLETE


@pytest.mark.parametrize(
    ("revoked_at", "replaced_at", "state"),
    [
        (None, None, CertificateState.VALID),
        (DAY, None, CertificateState.REVOKED),
        (None, DAY, CertificateState.REPLACED),
        (DAY, DAY, CertificateState.REPLACED),
    ],
)
def test_what_a_certificate_is_worth(
    revoked_at: datetime | None, replaced_at: datetime | None, state: CertificateState
) -> None:
    assert state_of(revoked_at, replaced_at) is state


@pytest.mark.parametrize("state", list(CompletionState))
@pytest.mark.parametrize("closed_out", [True, False])
def test_only_a_completion_in_a_closed_cohort_is_certified(state: CompletionState, closed_out: bool) -> None:
    why = why_not_awarded(state, closed_out=closed_out, has_one=False)
    doubt = doubt_about(state, closed_out=closed_out)
    if state is not CompletionState.COMPLETE:
        assert (why, doubt) == (Refusal.NOT_COMPLETE, Doubt.NOT_COMPLETE)
    elif not closed_out:
        assert (why, doubt) == (Refusal.COHORT_OPEN, Doubt.COHORT_OPEN)
    else:
        assert (why, doubt) == (None, None)


def test_an_award_that_was_given_up_keeps_nobody_from_asking_again() -> None:
    assert is_under_way(DAY, None, DAY + timedelta(minutes=59))
    assert not is_under_way(DAY, None, DAY + timedelta(minutes=61))
    assert not is_under_way(DAY, DAY, DAY)


def test_nobody_has_two_that_stand_and_nobody_gets_one_for_nothing() -> None:
    assert why_not_awarded(COMPLETE, closed_out=True, has_one=True) is Refusal.HAS_ONE
    assert why_not_awarded(None, closed_out=True, has_one=False) is Refusal.NOT_COMPLETE
    assert doubt_about(None, closed_out=True) is Doubt.NOT_COMPLETE
