"""Who finds a seat where."""

from __future__ import annotations

import pytest

from labtracker.roster.rules.seating import seat_in_order


@pytest.mark.parametrize(
    ("people", "free", "places"),
    [
        (0, [4], []),
        (3, [4], [0, 0, 0]),
        (3, [1, 4], [0, 1, 1]),
        (3, [0, 1], [1, 0, 0]),
        (2, [-3, 1, 9], [1, 2]),
    ],
)
def test_cohorts_are_filled_in_their_order_and_the_first_takes_the_rest(
    people: int, free: list[int], places: list[int]
) -> None:
    assert seat_in_order(people, free) == places
