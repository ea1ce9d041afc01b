"""Events as an iCalendar file (RFC 5545, and the names of RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.enums import STATUS, TRANSP

from labtracker.feeds.rules import FeedEvent, Status

PRODUCT = "-//labtracker//calendar feed//EN"
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Heading:
    """What stands above the events: the calendar's own name and language."""

    name: str
    language: str


def calendar_file(heading: Heading, events: Sequence[FeedEvent]) -> bytes:
    """A whole calendar; the same events give the same bytes."""
    calendar = Calendar.new(
        name=_clean(heading.name),
        prodid=PRODUCT,
        language=heading.language,
        refresh_interval=REFRESH,
    )
    # A calendar's own id (RFC 7986) is taken for that of each of its events by programs from before it.
    calendar.pop("UID")
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"
    # The same wish in the words of programs from before RFC 7986.
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    years = [one.starts_at.year for one in events]
    for zone in sorted({one.zone for one in events if one.days is None}):
        calendar.add_component(_timezone(zone, min(years) - 1, max(years) + 1))
    for event in events:
        calendar.add_component(_event(event))
    return bytes(calendar.to_ical())


def _event(one: FeedEvent) -> Event:
    start, end = _whole_days(*one.days) if one.days else _clock_times(one)
    event = Event.new(
        uid=one.uid,
        summary=_clean(one.title),
        start=start,
        end=end,
        stamp=one.changed_at,
        last_modified=one.changed_at,
        sequence=one.sequence,
        status=STATUS(one.status),
        location=_clean(one.place) or None,
        description="\n".join(_clean(line) for line in one.lines),
        url=one.url,
        transparency=TRANSP.TRANSPARENT if one.status is Status.CANCELLED else TRANSP.OPAQUE,
    )
    if one.point is not None:
        event.add("GEO", one.point)
    return event


def _whole_days(first: date, last: date) -> tuple[date, date]:
    """Days as iCalendar has them: until the day after the last (RFC 5545, 3.6.1)."""
    return first, last + timedelta(days=1)


def _clock_times(one: FeedEvent) -> tuple[datetime, datetime]:
    """Start and end on the clocks of the place; in UTC where clocks show one of them twice that night."""
    zone = ZoneInfo(one.zone)
    start, end = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
    # A time that comes twice means its first coming (RFC 5545, 3.3.5).
    return (one.starts_at, one.ends_at) if start.fold or end.fold else (start, end)


def _clean(text: str) -> str:
    """A text in one line without control characters, which no program would accept."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@lru_cache(maxsize=64)
def _timezone(name: str, first_year: int, last_year: int) -> Timezone:
    """The rules of a zone for some years, each change of its clocks by itself.

    The library's own sets the start of daylight-saving time an hour late: a change is named by the clock
    that was right before it.
    """
    zone = ZoneInfo(name)
    timezone = Timezone()
    timezone.add("TZID", name)
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    timezone.add_component(_observance(start, zone, start.astimezone(zone).utcoffset()))
    for change, before in _changes(zone, start, datetime(last_year + 1, 1, 1, tzinfo=UTC)):
        timezone.add_component(_observance(change, zone, before))
    return timezone


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterable[tuple[datetime, timedelta | None]]:
    """The instants at which a zone's clocks change, each with the offset until then."""
    day = start
    while day < end:
        after = day + timedelta(days=1)
        before = day.astimezone(zone).utcoffset()
        if after.astimezone(zone).utcoffset() != before:
            low, high = day, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
            yield high, before
        day = after


def _observance(
    instant: datetime, zone: ZoneInfo, before: timedelta | None
) -> TimezoneStandard | TimezoneDaylight:
    there = instant.astimezone(zone)
    observance = TimezoneDaylight() if there.dst() else TimezoneStandard()
    observance.add("DTSTART", (instant + (before or timedelta())).replace(tzinfo=None))
    observance.add("TZOFFSETFROM", before)
    observance.add("TZOFFSETTO", there.utcoffset())
    observance.add("TZNAME", there.tzname())
    return observance
