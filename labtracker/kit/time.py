"""Instants, days and zones.

An instant is an aware ``datetime`` in UTC; a day is a ``date`` in some place's own zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEAR_YEARS = range(1900, 2200)


def utc_now() -> datetime:
    """The present instant. Only edges (views, commands, the worker) call it; all else is told."""
    return datetime.now(UTC)


def from_ms(milliseconds: int) -> datetime:
    """The instant that lies so many milliseconds after the Unix epoch.

    Raises OverflowError when the result lies outside the years 1 to 9999.
    """
    return EPOCH + timedelta(milliseconds=milliseconds)


def to_ms(instant: datetime) -> int:
    """Whole milliseconds since the Unix epoch of an aware instant."""
    return (instant - EPOCH) // timedelta(milliseconds=1)


def local(instant: datetime, zone: str) -> datetime:
    """The same instant on the clocks of ``zone`` (an IANA name)."""
    return instant.astimezone(ZoneInfo(zone))


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of ``instant`` in ``zone``."""
    return local(instant, zone).date()


def is_near(day: date) -> bool:
    """Whether a day lies near enough to be meant, and to be reckoned with: the calendar ends at 9999."""
    return day.year in NEAR_YEARS


def near_day(text: str) -> date:
    """The day that an address or a button names as 2026-04-14; ValueError for none, or one far away."""
    day = date.fromisoformat(text)
    if not is_near(day):
        raise ValueError(f"{day} is centuries away")
    return day


def instant_at(day: date, clock: time, zone: str) -> datetime:
    """The UTC instant when clocks in ``zone`` show ``clock`` on ``day``.

    A clock time that a daylight-saving change skips is moved forward by the gap; one that occurs
    twice means its first occurrence.
    """
    naive_local = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    return naive_local.astimezone(UTC)


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes from ``start`` to ``end`` (negative when ``end`` comes first)."""
    return int((end - start) / timedelta(minutes=1))


def program_year(day: date) -> int:
    """The program year a day falls in: 1 July to 30 June, named after the year it begins."""
    return day.year if day.month >= 7 else day.year - 1
