"""Rates that carry their n and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution


@dataclass(frozen=True)
class Rate:
    """A share ``part`` of ``whole``, both non-negative counts or minutes; undefined when whole is 0.

    ``observed`` is how many independent observations that rests on, where ``whole`` is none: minutes of
    one worker hang together, so a rate of minutes is as sure as its number of workers allows.
    """

    part: int
    whole: int
    observed: int | None = None

    @property
    def n(self) -> int:
        """The number of observations that is printed beside the rate."""
        return self.whole if self.observed is None else self.observed

    @property
    def value(self) -> float | None:
        """The share between 0 and 1, or None when there is nothing to divide by."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson score interval at 95 % (Wilson 1927), for shares of counted persons.

        It stays inside 0 to 1 and is honest for small n and for shares near the ends. None when
        there is nothing to divide by, or when the parts are no share (part greater than whole). For
        minutes it is wider than need be: no spread of shares between workers exceeds that of yes and no.
        """
        if not self.whole or not self.n or not 0 <= self.part <= self.whole:
            return None
        n, share, z2 = self.n, self.part / self.whole, Z95 * Z95
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    def __add__(self, other: Rate) -> Rate:
        """The rate of both groups together."""
        both = self.observed is None and other.observed is None
        return Rate(self.part + other.part, self.whole + other.whole, None if both else self.n + other.n)
