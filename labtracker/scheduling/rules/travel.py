"""How far it is, how long it takes, and when a lab has to leave home to be ready in time.

Crews drive and set up on working days between seven and six on the clocks of the worksite, and drive
no more than eight hours a day. All minutes given back are minutes of the clock, nights included, so
that a board can draw them to scale.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from labtracker.kit import geography
from labtracker.kit.geography import Point
from labtracker.kit.time import instant_at, local, local_day, minutes_between

CAR_MPH = 50
UNKNOWN_DRIVE_MINUTES = 240  # where a place has no coordinates
DAY_STARTS, DAY_ENDS = time(7), time(18)
WINDOW_MINUTES = 11 * 60
DRIVE_MINUTES_A_DAY = 8 * 60
LONGEST_WAIT = 31  # days; a gate that no crew finds open in so long is told, not waited for


@dataclass(frozen=True)
class Place:
    """Where something is; the name is for sentences."""

    name: str
    point: Point | None = None


def road_miles(here: Place, there: Place) -> int | None:
    """Miles one would drive, for people and for money; nothing if either place has no coordinates."""
    if here.point is None or there.point is None:
        return None
    return geography.road_miles(here.point, there.point)


def drive_minutes(here: Place, there: Place, mph: int = CAR_MPH) -> int:
    """Minutes to reserve for the drive, in quarters of an hour; four hours where nobody knows the way."""
    if here.point is None or there.point is None:
        return UNKNOWN_DRIVE_MINUTES
    miles = geography.great_circle_miles(here.point, there.point) * geography.DETOUR_DAYS
    return math.ceil(miles / max(1, mph) * 4 - 1e-9) * 15


@dataclass(frozen=True)
class Stay:
    """When a lab is taken for one deployment, part by part."""

    leaves_home_at: datetime
    arrives_at: datetime
    ready_at: datetime
    first_at: datetime
    last_at: datetime
    packs_at: datetime
    packed_at: datetime
    home_at: datetime

    @property
    def travel_in_minutes(self) -> int:
        """From leaving home to arriving."""
        return minutes_between(self.leaves_home_at, self.arrives_at)

    @property
    def setup_minutes(self) -> int:
        """From arriving to being ready."""
        return minutes_between(self.arrives_at, self.ready_at)

    @property
    def teardown_minutes(self) -> int:
        """From beginning to pack to being packed."""
        return minutes_between(self.packs_at, self.packed_at)

    @property
    def travel_out_minutes(self) -> int:
        """From being packed to being home."""
        return minutes_between(self.packed_at, self.home_at)


@dataclass(frozen=True)
class GateHours:
    """Between which clock times of a day a site lets a lab in; the gate opens before it closes."""

    opens: time
    closes: time

    def admits(self, instant: datetime, zone: str) -> bool:
        """Whether one may drive in at that moment."""
        return self.opens <= local(instant, zone).time() <= self.closes


@dataclass(frozen=True)
class Effort:
    """What it takes to bring one lab to one place and back, in minutes of work."""

    travel: int
    setup: int
    teardown: int


def lay_out(
    first_at: datetime,
    last_at: datetime,
    effort: Effort,
    *,
    zone: str,
    closed_days: Collection[date] = (),
    gate: GateHours | None = None,
) -> Stay:
    """The latest departure that has the lab ready at ``first_at``; the earliest return after ``last_at``.

    It arrives within gate hours if there are any while crews are on the road.
    """
    ready_at = _latest_end(first_at, effort.travel + effort.setup, zone, closed_days)
    arrives_at = _back(ready_at, effort.setup, zone, closed_days)
    if gate is not None:
        arrives_at = _latest_entry(arrives_at, gate, zone, closed_days)
    leaves_home_at = _back(arrives_at, effort.travel, zone, closed_days, DRIVE_MINUTES_A_DAY)
    packs_at = _earliest_start(last_at, effort.teardown + effort.travel, zone, closed_days)
    packed_at = _on(packs_at, effort.teardown, zone, closed_days)
    home_at = _on(packed_at, effort.travel, zone, closed_days, DRIVE_MINUTES_A_DAY)
    return Stay(
        leaves_home_at=leaves_home_at,
        arrives_at=arrives_at,
        ready_at=ready_at,
        first_at=first_at,
        last_at=last_at,
        packs_at=packs_at,
        packed_at=packed_at,
        home_at=home_at,
    )


def working_minutes(
    start: datetime, end: datetime, zone: str, closed_days: Collection[date] = (), a_day: int = WINDOW_MINUTES
) -> int:
    """Minutes that a crew can work from one moment to another, at most so many on each day."""
    total, day = 0, local_day(start, zone)
    while day <= local_day(end, zone):
        opens, closes = _window(day, zone)
        room = minutes_between(max(opens, start), min(closes, end))
        if _works(day, closed_days) and room > 0:
            total += min(room, a_day)
        day += timedelta(days=1)
    return total


def _window(day: date, zone: str) -> tuple[datetime, datetime]:
    return instant_at(day, DAY_STARTS, zone), instant_at(day, DAY_ENDS, zone)


def _works(day: date, closed_days: Collection[date]) -> bool:
    return day.isoweekday() <= 5 and day not in closed_days


def _latest_end(limit: datetime, minutes: int, zone: str, closed: Collection[date]) -> datetime:
    """The latest moment before ``limit`` at which so much work can end, in one day if it fits one."""
    if minutes <= 0:
        return limit
    day = local_day(limit, zone)
    while True:
        opens, closes = _window(day, zone)
        closes = min(closes, limit)
        if _works(day, closed) and minutes_between(opens, closes) >= min(minutes, WINDOW_MINUTES):
            return closes
        day -= timedelta(days=1)


def _latest_entry(limit: datetime, gate: GateHours, zone: str, closed: Collection[date]) -> datetime:
    """The latest moment before ``limit`` at which the gate is open to a crew at work."""
    for back in range(LONGEST_WAIT):
        day = local_day(limit, zone) - timedelta(days=back)
        opens, closes = _window(day, zone)
        opens = max(opens, instant_at(day, gate.opens, zone))
        closes = min(closes, instant_at(day, gate.closes, zone), limit)
        if _works(day, closed) and opens <= closes:
            return closes
    return limit


def _earliest_start(limit: datetime, minutes: int, zone: str, closed: Collection[date]) -> datetime:
    if minutes <= 0:
        return limit
    day = local_day(limit, zone)
    while True:
        opens, closes = _window(day, zone)
        opens = max(opens, limit)
        if _works(day, closed) and minutes_between(opens, closes) >= min(minutes, WINDOW_MINUTES):
            return opens
        day += timedelta(days=1)


def _back(
    end: datetime, minutes: int, zone: str, closed: Collection[date], a_day: int = WINDOW_MINUTES
) -> datetime:
    """Work ``minutes`` backwards from ``end`` through the working windows."""
    day, start = local_day(end, zone), end
    while minutes > 0:
        opens, closes = _window(day, zone)
        closes = min(closes, end)
        room = min(minutes_between(opens, closes), a_day)
        if _works(day, closed) and room > 0:
            done = min(room, minutes)
            start, minutes = closes - timedelta(minutes=done), minutes - done
        day -= timedelta(days=1)
    return start


def _on(
    start: datetime, minutes: int, zone: str, closed: Collection[date], a_day: int = WINDOW_MINUTES
) -> datetime:
    """Work ``minutes`` forwards from ``start`` through the working windows."""
    day, end = local_day(start, zone), start
    while minutes > 0:
        opens, closes = _window(day, zone)
        opens = max(opens, start)
        room = min(minutes_between(opens, closes), a_day)
        if _works(day, closed) and room > 0:
            done = min(room, minutes)
            end, minutes = opens + timedelta(minutes=done), minutes - done
        day += timedelta(days=1)
    return end
