"""Rates and their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.kit.statistics import Rate


def test_a_known_interval() -> None:
    # 81 of 263, the worked example of Newcombe (1998), method 3 without correction: 0.2553 to 0.3662.
    low, high = Rate(81, 263).interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_nothing_to_divide_by() -> None:
    assert Rate(0, 0).value is None
    assert Rate(0, 0).interval is None


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (0, 29), (29, 29)])
def test_the_ends_are_never_certain(part: int, whole: int) -> None:
    low, high = Rate(part, whole).interval or (0, 0)
    assert high - low > 0


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_bounds(counts: tuple[int, int]) -> None:
    rate = Rate(*counts)
    low, high = rate.interval or (1, 0)
    assert 0 <= low <= (rate.value or 0) + 1e-12
    assert (rate.value or 0) - 1e-12 <= high <= 1


@given(st.integers(0, 50), st.integers(50, 90), st.integers(0, 50), st.integers(50, 90))
def test_groups_add_up(a: int, b: int, c: int, d: int) -> None:
    assert Rate(a, b) + Rate(c, d) == Rate(a + c, b + d)


def test_minutes_are_as_sure_as_their_workers_are_many() -> None:
    minutes = Rate(1200, 1800, 5)
    assert (minutes.value, minutes.n) == (Rate(2, 3).value, 5)
    # Five observations of a share of two thirds, worked out by the formula: 0.2752 to 0.9133.
    low, high = minutes.interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2752, 0.9133)
    assert minutes + Rate(100, 100, 1) == Rate(1300, 1900, 6)
    assert Rate(0, 60, 0).interval is None


def test_more_than_all_is_no_share() -> None:
    assert Rate(7, 6).interval is None
