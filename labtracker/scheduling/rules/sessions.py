"""From a shift pattern to dated sessions.

Clock times belong to a place: a night shift over a change of daylight-saving time is an hour longer
or shorter, and the contact hours here say so, because they are counted between instants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from labtracker.kit.time import instant_at, local, minutes_between

LONGEST_SEARCH = timedelta(days=400)
SHORTEST_SESSION = 30  # minutes; a shorter rest of a course is reported, not scheduled
LONGEST_SHIFT = 14 * 60
SHORTEST_SHIFT = 60


class Arrangement(StrEnum):
    """How several cohorts share one lab."""

    ALTERNATING = "alternating"
    BACK_TO_BACK = "back_to_back"


@dataclass(frozen=True)
class SessionTimes:
    """One session before it is anybody's: its day, its window and its breaks."""

    day: date
    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def contact_minutes(self) -> int:
        """Minutes of instruction: the window without its breaks."""
        rest = sum(minutes_between(start, end) for start, end in self.breaks)
        return minutes_between(self.starts_at, self.ends_at) - rest


@dataclass(frozen=True)
class ShiftPattern:
    """On which weekdays (ISO, 1 Monday to 7 Sunday) and between which clock times people can come."""

    weekdays: frozenset[int]
    starts: time
    ends: time
    break_minutes: int
    zone: str
    # How often a week one cohort can come at most; None: on every one of the weekdays.
    per_week: int | None = None

    @property
    def crosses_midnight(self) -> bool:
        """Whether the shift ends on the next day."""
        return self.ends <= self.starts

    @property
    def nominal_minutes(self) -> int:
        """How long the shift is on an ordinary day, breaks included."""
        begin = self.starts.hour * 60 + self.starts.minute
        end = self.ends.hour * 60 + self.ends.minute
        return end - begin if end > begin else end + 24 * 60 - begin

    def session_on(self, day: date, contact_minutes: int | None = None) -> SessionTimes:
        """The session that begins on a day; shortened to so many contact minutes if it would have more."""
        starts_at = instant_at(day, self.starts, self.zone)
        last_day = day + timedelta(days=1) if self.crosses_midnight else day
        ends_at = instant_at(last_day, self.ends, self.zone)
        whole = with_break(day, starts_at, ends_at, self.break_minutes)
        if contact_minutes is None or whole.contact_minutes <= contact_minutes:
            return whole
        # What fits into the first half of the shift needs no break of its own.
        rest = self.break_minutes if contact_minutes * 2 > whole.contact_minutes else 0
        return with_break(day, starts_at, starts_at + timedelta(minutes=contact_minutes + rest), rest)


def with_break(day: date, starts_at: datetime, ends_at: datetime, break_minutes: int) -> SessionTimes:
    """A session with one break in its middle, begun on a multiple of five minutes after the start."""
    length = minutes_between(starts_at, ends_at)
    if break_minutes <= 0 or break_minutes >= length:
        return SessionTimes(day, starts_at, ends_at)
    offset = (length - break_minutes) // 2 // 5 * 5
    begin = starts_at + timedelta(minutes=offset)
    return SessionTimes(day, starts_at, ends_at, ((begin, begin + timedelta(minutes=break_minutes)),))


@dataclass(frozen=True)
class Timetable:
    """The sessions of each cohort, the days that were passed over, and what is missing."""

    cohorts: tuple[tuple[SessionTimes, ...], ...]
    wanted_minutes: int
    skipped: tuple[tuple[date, str], ...] = ()

    @property
    def sessions(self) -> list[SessionTimes]:
        """All sessions in the order in which they happen."""
        return sorted((one for cohort in self.cohorts for one in cohort), key=lambda one: one.starts_at)

    @property
    def planned_minutes(self) -> tuple[int, ...]:
        """Contact minutes planned for each cohort."""
        return tuple(sum(one.contact_minutes for one in cohort) for cohort in self.cohorts)

    @property
    def missing_minutes(self) -> int:
        """By how much the cohort that has least misses the course's contact hours."""
        return self.wanted_minutes - min(self.planned_minutes, default=0)

    @property
    def is_empty(self) -> bool:
        """Whether some cohort got no session at all."""
        return not self.cohorts or any(not cohort for cohort in self.cohorts)


def cohort_sizes(headcount: int, seats: int) -> list[int]:
    """Headcount spread evenly over as few cohorts as the seats allow: 14 on 8 seats are 7 and 7."""
    count = -(-headcount // seats)
    small, larger = divmod(headcount, count)
    return [small + (1 if index < larger else 0) for index in range(count)]


def timetable(
    pattern: ShiftPattern,
    *,
    contact_minutes: int,
    first_on: date,
    cohorts: int = 1,
    arrangement: Arrangement = Arrangement.ALTERNATING,
    closed_days: Mapping[date, str] | None = None,
    not_after: date | None = None,
) -> Timetable:
    """Sessions from ``first_on`` until every cohort has its contact hours, or the days end.

    ``closed_days`` (holidays, blackouts) are passed over; ``not_after`` is the last day one may begin.
    """
    closed = closed_days or {}
    rows: list[list[SessionTimes]] = [[] for _ in range(cohorts)]
    left = [contact_minutes] * cohorts
    skipped: list[tuple[date, str]] = []
    turn = 0
    busy_until: datetime | None = None
    for day in _days(pattern, first_on, not_after):
        if not _open(left):
            break
        if day in closed:
            skipped.append((day, closed[day]))
            continue
        here = _left_in_week(left, rows, day, pattern.per_week)
        if not _open(here) or (arrangement is Arrangement.BACK_TO_BACK and not _is_next(here, left)):
            continue
        turn = _whose_turn(here, turn, arrangement)
        session = pattern.session_on(day, left[turn])
        if busy_until is not None and session.starts_at < busy_until:
            continue
        rows[turn].append(session)
        left[turn] -= session.contact_minutes
        busy_until = session.ends_at
        turn += 1
    return Timetable(tuple(tuple(row) for row in rows), contact_minutes, tuple(skipped))


def shifted(
    rows: Sequence[Sequence[SessionTimes]],
    pattern: ShiftPattern,
    *,
    first_on: date,
    wanted_minutes: int,
    closed_days: Mapping[date, str] | None = None,
) -> Timetable:
    """The same sessions from another first day on, each at its own clock times, breaks with it.

    From one day to the next there lie as many days of the shift as before; closed days are passed over. From
    the first day that they have already, they stay exactly as they are. Where the days do not suffice, nobody
    has a session.
    """
    closed = closed_days or {}
    days = sorted({one.day for row in rows for one in row})
    there, skipped = _shifted_days(days, pattern, first_on, closed)
    if len(there) < len(days):
        return Timetable(tuple(() for _row in rows), wanted_minutes, tuple(skipped))
    moved = tuple(tuple(on_day(one, there[one.day], pattern.zone) for one in row) for row in rows)
    return Timetable(moved, wanted_minutes, tuple(skipped))


def _shifted_days(
    days: Sequence[date], pattern: ShiftPattern, first_on: date, closed: Mapping[date, str]
) -> tuple[dict[date, date], list[tuple[date, str]]]:
    """Each day and the day it becomes, and the closed days that were passed over on the way."""
    if not days or first_on == days[0]:
        return {day: day for day in days}, []
    there: dict[date, date] = {}
    skipped: list[tuple[date, str]] = []
    steps = [1, *(_working_days(pattern, closed, *pair) for pair in pairwise(days))]
    coming = _days(pattern, first_on, None)
    for day, step in zip(days, steps, strict=True):
        for new in coming:
            if new in closed:
                skipped.append((new, closed[new]))
                continue
            step -= 1
            if step <= 0:
                there[day] = new
                break
    return there, skipped


def _working_days(pattern: ShiftPattern, closed: Mapping[date, str], after: date, until: date) -> int:
    """Days of the shift after the one and until the other; a day that was agreed besides counts as one."""
    between = (day for day in _days(pattern, after + timedelta(days=1), until) if day not in closed)
    return max(1, sum(1 for _day in between))


def on_day(one: SessionTimes, day: date, zone: str) -> SessionTimes:
    """A session on another day, on the same clocks, its breaks with it."""

    def moved(instant: datetime) -> datetime:
        there = local(instant, zone)
        return instant_at(day + (there.date() - one.day), there.time(), zone)

    breaks = tuple((moved(start), moved(end)) for start, end in one.breaks)
    return SessionTimes(day, moved(one.starts_at), moved(one.ends_at), breaks)


def _days(pattern: ShiftPattern, first_on: date, not_after: date | None) -> Iterator[date]:
    last = min(not_after or date.max, first_on + LONGEST_SEARCH)
    day = first_on
    while day <= last:
        if day.isoweekday() in pattern.weekdays:
            yield day
        day += timedelta(days=1)


def _open(left: Sequence[int]) -> bool:
    return any(minutes >= SHORTEST_SESSION for minutes in left)


def _left_in_week(
    left: Sequence[int], rows: Sequence[Sequence[SessionTimes]], day: date, per_week: int | None
) -> Sequence[int]:
    """What is left for each cohort, nothing for one that came as often in the week of a day as it can."""
    if per_week is None:
        return left
    week = day.isocalendar()[:2]
    came = [sum(1 for one in row[-7:] if one.day.isocalendar()[:2] == week) for row in rows]
    return [0 if count >= per_week else minutes for count, minutes in zip(came, left, strict=True)]


def _is_next(here: Sequence[int], left: Sequence[int]) -> bool:
    """Whether the first cohort that is not through can come: the one after it does not begin before."""
    first = next(index for index, minutes in enumerate(left) if minutes >= SHORTEST_SESSION)
    return here[first] > 0


def _whose_turn(left: Sequence[int], turn: int, arrangement: Arrangement) -> int:
    order = range(len(left))
    if arrangement is Arrangement.ALTERNATING:
        order_from = [(turn + step) % len(left) for step in order]
    else:
        order_from = list(order)
    return next(index for index in order_from if left[index] >= SHORTEST_SESSION)


def encode_breaks(breaks: Sequence[tuple[datetime, datetime]]) -> list[list[str]]:
    """Breaks as the database and the phones keep them: pairs of instants as text in UTC."""
    return [[_text(start), _text(end)] for start, end in breaks]


def decode_breaks(kept: Sequence[Sequence[str]]) -> tuple[tuple[datetime, datetime], ...]:
    """Breaks from how they are kept."""
    return tuple((datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in kept)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
