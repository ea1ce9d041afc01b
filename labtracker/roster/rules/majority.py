"""The six-month test: do most of an employer's people in a cohort have half a year of employment?"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = 6


@dataclass(frozen=True)
class Majority:
    """The test's outcome on a day: how many of how many meet it, and how many dates are missing."""

    meeting: int
    total: int
    unknown: int
    on: date

    @property
    def is_met(self) -> bool:
        """Whether more than half meet six months. A missing hire date never counts as met."""
        return self.meeting * 2 > self.total

    @property
    def is_open(self) -> bool:
        """Whether the missing hire dates could still bring the majority about."""
        return not self.is_met and (self.meeting + self.unknown) * 2 > self.total


def anniversary(day: date, months: int = MONTHS) -> date:
    """The same day so many months later; the last day of the month where that month is shorter.

    Nothing comes after the calendar's last day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def meets_six_months(hired_on: date | None, on: date) -> bool:
    """Whether somebody hired on that day has been employed for six months on ``on``."""
    return hired_on is not None and anniversary(hired_on) <= on


def majority_of(hire_dates: Iterable[date | None], on: date) -> Majority:
    """Run the test over the hire dates of those being trained."""
    dates = list(hire_dates)
    return Majority(
        meeting=sum(meets_six_months(hired_on, on) for hired_on in dates),
        total=len(dates),
        unknown=sum(hired_on is None for hired_on in dates),
        on=on,
    )
