"""Until when somebody on a roster is expected."""

from __future__ import annotations

from datetime import date

from labtracker.roster.rules.enrollment import is_expected

DAY = date(2026, 4, 13)


def test_who_stays_is_always_expected() -> None:
    assert is_expected(None, DAY)


def test_who_leaves_is_expected_until_the_day_before() -> None:
    assert is_expected(date(2026, 4, 14), DAY)
    assert not is_expected(DAY, DAY)
    assert not is_expected(date(2026, 4, 12), DAY)
