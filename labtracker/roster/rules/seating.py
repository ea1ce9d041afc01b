"""Who finds a seat where, when a booking has more people than one cohort has seats."""

from __future__ import annotations

from collections.abc import Sequence


def seat_in_order(people: int, free: Sequence[int]) -> list[int]:
    """For each of so many people, in their order, the place of the cohort they go to.

    Cohorts are filled one after the other up to their free seats. Whoever is left goes to the first, where it
    can be seen that there are more people than seats.
    """
    seats = [place for place, count in enumerate(free) for _seat in range(max(count, 0))]
    return (seats + [0] * people)[:people]
