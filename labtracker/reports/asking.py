"""What the address of a view asks for: everything that is chosen stands in it, so a view can be mailed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from labtracker.kit.time import program_year
from labtracker.reports.completion import Filters
from labtracker.reports.rules import Dimension, Measure, Shift, program_year_span
from labtracker.scheduling.rules import DeliveryMode

ALL_TIME = "all"
TIMES = ("year", "since", "until")
LONGEST = 40  # of what is quoted back when it could not be read
LONGEST_CODE = 20
YEARS = range(2000, 2100)
# What the lower chart can be split by; place of delivery, month and county have charts of their own.
COMPARED = (Dimension.COURSE, Dimension.EMPLOYER, Dimension.LAB, Dimension.SHIFT, Dimension.RURAL)


@dataclass(frozen=True)
class Asked:
    """A view: its filters, how its time is written, what it compares, and what could not be read.

    ``year`` is the first calendar year of a program year, ``all``, or None where days are given instead.
    """

    filters: Filters
    year: str | None
    measure: Measure = Measure.COMPLETION
    by: Dimension = Dimension.COURSE
    unread: tuple[str, ...] = ()

    def arguments(self, **changes: Any) -> dict[str, str]:
        """The view as arguments of an address, some of them changed; None takes one away.

        A new time takes the place of the old one, whichever way either is written.
        """
        values: dict[str, Any] = {"year": self.year}
        if self.year is None:
            values |= {"since": self.filters.since, "until": self.filters.until}
        values |= {one.value: getattr(self.filters, one.value) for one in Dimension}
        if self.measure is not Measure.COMPLETION:
            values["measure"] = self.measure.value
        if self.by is not Dimension.COURSE:
            values["by"] = self.by.value
        if changes.keys() & set(TIMES):
            values |= dict.fromkeys(TIMES)
        values |= changes
        return {name: str(value) for name, value in values.items() if value is not None}


def asked_for(arguments: Mapping[str, str], today: date) -> Asked:
    """Read a view's address. What cannot be read is left out and named; no time means this program year."""
    unread: list[str] = []

    def read(name: str, reader: Callable[[str], Any]) -> Any:
        text = arguments.get(name, "").strip()
        if not text:
            return None
        try:
            return reader(text)
        except ValueError:
            shown = "".join(mark for mark in text if mark.isprintable())
            unread.append(f"{name}={shown[:LONGEST]}")
            return None

    year = read("year", _year)
    since, until = read("since", date.fromisoformat), read("until", date.fromisoformat)
    if since and until and since > until:
        unread += [f"since={since}", f"until={until}"]
        since = until = None
    if since or until:
        year = _program_year_of(since, until)
    else:
        year = year or str(program_year(today))
    filters = Filters(
        since=since, until=until, **{one.value: read(one.value, READERS[one]) for one in Dimension}
    )
    if year and year != ALL_TIME:
        first, last = program_year_span(int(year))
        filters = replace(filters, since=first, until=last)
    measure = read("measure", Measure) or Measure.COMPLETION
    by = read("by", _compared_by) or Dimension.COURSE
    return Asked(filters, year, measure, by, tuple(unread))


def is_unfinished(arguments: Mapping[str, str]) -> bool:
    """Whether an address leaves the time to us or carries a form's empty fields: it is written out then."""
    return not any(arguments.get(name) for name in TIMES) or not all(arguments.values())


def _program_year_of(since: date | None, until: date | None) -> str | None:
    """The program year that two days are the ends of, if they are."""
    if since is None or (since, until) != program_year_span(since.year):
        return None
    return str(since.year)


def _year(text: str) -> str:
    if text != ALL_TIME and int(text) not in YEARS:
        raise ValueError(text)
    return text if text == ALL_TIME else str(int(text))


def _compared_by(text: str) -> Dimension:
    if text not in COMPARED:
        raise ValueError(text)
    return Dimension(text)


def _one_of(*values: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return read


def _like(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(text)
        return text

    return read


def _code(text: str) -> str:
    if len(text) > LONGEST_CODE or not text.isprintable():
        raise ValueError(text)
    return text


def _id(text: str) -> str:
    return str(UUID(text))


READERS: dict[Dimension, Callable[[str], Any]] = {
    Dimension.MODE: _one_of(*(mode.value for mode in DeliveryMode)),
    Dimension.COURSE: _code,
    Dimension.COUNTY: _like(r"[0-9]{5}"),
    Dimension.RURAL: _one_of("yes", "no"),
    Dimension.EMPLOYER: _id,
    Dimension.LAB: _id,
    Dimension.SHIFT: _one_of(*(shift.value for shift in Shift)),
    Dimension.MONTH: _like(r"20[0-9]{2}-(0[1-9]|1[0-2])"),
}
