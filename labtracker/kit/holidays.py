"""Public holidays of a state, by day: the ``holidays`` package behind one question."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType


@lru_cache(maxsize=64)
def holidays_of(state: str, year: int) -> Mapping[date, str]:
    """The holidays of a year in a state of the United States (two letters), with their English names."""
    import holidays  # noqa: PLC0415 (6 MB, and only calendars ask)

    subdivision = state if state in holidays.country_holidays("US").subdivisions else None
    return MappingProxyType(dict(holidays.country_holidays("US", subdiv=subdivision, years=[year])))


def holidays_between(first: date, last: date, state: str = "CO") -> dict[date, str]:
    """All holidays from one day to another, both included."""
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found.update(holidays_of(state, year))
    return {day: name for day, name in found.items() if first <= day <= last}
