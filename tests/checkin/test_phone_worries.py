"""What about a phone needs a look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from labtracker.checkin.rules.phones import PhoneSigns, worries

NOW = datetime(2026, 4, 14, 12, tzinfo=UTC)


def hours(count: float) -> datetime:
    return NOW + timedelta(hours=count)


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        (PhoneSigns(), []),
        (PhoneSigns(seen_at=hours(-49), next_session_at=hours(90)), ["unseen"]),
        (PhoneSigns(seen_at=None, next_session_at=hours(1)), ["unseen"]),
        (PhoneSigns(seen_at=hours(-49), next_session_at=hours(-1)), ["unseen"]),
        (PhoneSigns(seen_at=hours(-48), next_session_at=hours(1)), []),
        (PhoneSigns(seen_at=hours(-49), next_session_at=hours(97)), []),
        (PhoneSigns(seen_at=hours(-900), next_session_at=None), []),
        (PhoneSigns(told_version="1"), ["old_app"]),
        (PhoneSigns(told_version="2", persisted=True), []),
        (PhoneSigns(persisted=False), ["may_be_cleared"]),
        (PhoneSigns(lost=True, missing=True, forked=True), ["missing", "lost", "forked"]),
        (PhoneSigns(revoked=True, missing=True, persisted=False, told_version="1"), ["missing"]),
    ],
)
def test_what_needs_a_look(signs: PhoneSigns, found: list[str]) -> None:
    assert worries(signs, version="2", now=NOW) == found
