"""Rates that carry their n and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution


@dataclass(frozen=True)
class Rate:
    """A share ``part`` of ``whole``, both non-negative counts or minutes; undefined when whole is 0."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share between 0 and 1, or None when there is nothing to divide by."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson score interval at 95 % (Wilson 1927), for shares of counted persons.

        It stays inside 0 to 1 and is honest for small n and for shares near the ends. None when
        there is nothing to divide by, or when the parts are no share (part greater than whole).
        """
        if not self.whole or not 0 <= self.part <= self.whole:
            return None
        n, share, z2 = self.whole, self.part / self.whole, Z95 * Z95
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    def __add__(self, other: Rate) -> Rate:
        """The rate of both groups together."""
        return Rate(self.part + other.part, self.whole + other.whole)
