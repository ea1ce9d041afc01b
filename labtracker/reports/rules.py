"""By what completion is compared, which rate is looked at, and when a shift is which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum


class Measure(StrEnum):
    """The rate that is compared."""

    COMPLETION = "completion"
    ATTENDANCE = "attendance"
    NO_SHOW = "no_show"


class Dimension(StrEnum):
    """What rates can be compared by, and filtered by."""

    MODE = "mode"
    COURSE = "course"
    COUNTY = "county"
    RURAL = "rural"
    EMPLOYER = "employer"
    LAB = "lab"
    SHIFT = "shift"
    MONTH = "month"


class Shift(StrEnum):
    """When a cohort meets, by the clock at the worksite when its sessions begin."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"


def shift_of(begins: time) -> Shift:
    """Morning from four, afternoon from eleven, evening and night from four in the afternoon."""
    if time(4) <= begins < time(11):
        return Shift.MORNING
    return Shift.AFTERNOON if time(11) <= begins < time(16) else Shift.NIGHT


def program_year_span(first: int) -> tuple[date, date]:
    """The first and last day of the program year that begins in a year."""
    return date(first, 7, 1), date(first + 1, 6, 30)


def months_from(first: str, last: str) -> Iterator[str]:
    """Every month from one to another, both written as 2026-04, both among them."""
    year, month = int(first[:4]), int(first[5:])
    while (found := f"{year:04}-{month:02}") <= last:
        yield found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
