"""A year of visits on paper: which lab stands where from which day, and what is taught there. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from labtracker.demo.places import COURSES, EMPLOYERS, LABS, SHIFTS, LabFacts
from labtracker.kit.holidays import holidays_between

WEEKS_BACK = 52
# For each lab: which of its stops is underway today, or how many weeks after the year's begin it starts.
UNDERWAY_STOP = {"elec": 6, "west": 6, "auto": 6}
PHASE_WEEKS = {"weld": 3.0, "ndt": 4.0, "cnc": 6.0}
SPAN_WEEKS = 59
LONG_COURSE_HOURS = 32  # taught in full shifts
HOURS = {course.code: course.hours for course in COURSES}
SHIFT_OF = {employer.key: employer.shift for employer in EMPLOYERS}


@dataclass(frozen=True)
class Shift:
    """On which weekdays and between which clock times a visit trains."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time
    break_minutes: int


@dataclass(frozen=True)
class Stop:
    """One visit: a lab, a place (an employer's or a hub), a course, a headcount, a first day."""

    lab: str
    place: str
    course: str
    headcount: int
    first_on: date
    shift: Shift

    @property
    def is_hub(self) -> bool:
        """Whether it stands on the college's own ground, for workers of several employers."""
        return self.place not in SHIFT_OF


@dataclass(frozen=True)
class Campus:
    """One cohort on campus: the comparison group. ``days`` are its meetings' dates."""

    place: str
    course: str
    headcount: int
    days: tuple[date, ...]
    starts: time
    minutes: int


def stops(today: date, here: datetime, share: float, chance: random.Random) -> list[Stop]:
    """All visits of the year around today, lab by lab; ``here`` is the present moment on local clocks."""
    return [stop for lab in LABS for stop in _stops_of(lab, today, here, share, chance)]


def _stops_of(
    lab: LabFacts, today: date, here: datetime, share: float, chance: random.Random
) -> Iterator[Stop]:
    underway = UNDERWAY_STOP.get(lab.key)
    spacing = WEEKS_BACK / underway if underway else SPAN_WEEKS / len(lab.stops)
    kept = _kept(len(lab.stops), underway, share)
    for number, place in enumerate(lab.stops):
        jitter = chance.randint(-4, 4)
        course = _course(lab, number)
        headcount = _headcount(lab, course, chance)
        if number not in kept:
            continue
        offset = -WEEKS_BACK + PHASE_WEEKS.get(lab.key, 0.0) + number * spacing
        shift = shift_of(place, course)
        if number == underway and lab.key == "elec":
            shift = _around(here)
            first_on = _on_or_after(today - timedelta(days=4), shift)
        elif number == underway:
            first_on = _on_or_after(today - timedelta(days=5), shift)
        else:
            first_on = _on_or_after(today + timedelta(weeks=offset, days=jitter), shift)
        yield Stop(lab.key, place, course, headcount, first_on, shift)


def _course(lab: LabFacts, number: int) -> str:
    # A course of eighty hours keeps a lab for weeks, so it comes round less often.
    usual = [code for code in lab.courses if HOURS[code] < 80]
    long = [code for code in lab.courses if HOURS[code] >= 80]
    return long[0] if long and number % 4 == 3 else usual[number % len(usual)]


def _kept(count: int, underway: int | None, share: float) -> set[int]:
    step = max(1, round(1 / share))
    return set(range(0, count, step)) | {count - 1} | ({underway} if underway is not None else set())


def _headcount(lab: LabFacts, course: str, chance: random.Random) -> int:
    if HOURS[course] >= 80:
        return lab.seats  # one cohort: two would keep the lab for a season
    most = min(2 * lab.seats, 21)
    return chance.randint(most - 4, most)


def shift_of(place: str, course: str) -> Shift:
    """When people at a place can come: on their own shift, or for long courses the whole day."""
    name = "full" if HOURS[course] >= LONG_COURSE_HOURS else SHIFT_OF.get(place, "day")
    weekdays, starts, ends, break_minutes = SHIFTS[name]
    return Shift(weekdays, time.fromisoformat(starts), time.fromisoformat(ends), break_minutes)


def _around(here: datetime) -> Shift:
    """Four hours that began a good hour ago, on workdays, Saturdays, and today whatever day it is."""
    began = (here - timedelta(minutes=75)).replace(minute=0, second=0, microsecond=0)
    weekdays = tuple(sorted({1, 2, 3, 4, 5, 6, began.isoweekday()}))
    return Shift(weekdays, began.time(), (began + timedelta(hours=4)).time(), 0)


def _on_or_after(day: date, shift: Shift) -> date:
    while day.isoweekday() not in shift.weekdays:
        day += timedelta(days=1)
    return day


CAMPUS_COURSES = ("WLD-101", "MEC-120", "ELE-110", "WLD-101")
EVENING = (time(17, 30), 180)
SATURDAY = (time(8, 0), 240)


def campus_cohorts(today: date, share: float, chance: random.Random) -> list[Campus]:
    """The year's cohorts on campus, on two evenings a week or on Saturdays; the last one is underway."""
    count = max(3, round(20 * share))
    found = []
    for number in range(count):
        begins = today - timedelta(days=364) + timedelta(days=int(350 * number / (count - 1)))
        course = CAMPUS_COURSES[number % len(CAMPUS_COURSES)]
        place = "campus-west" if number % 3 == 1 else "campus"
        weekdays, (starts, minutes) = ((6,), SATURDAY) if number % 4 == 2 else ((2, 4), EVENING)
        meetings = -(-HOURS[course] * 60 // minutes)
        days = tuple(_days(begins, weekdays, meetings))
        found.append(Campus(place, course, chance.randint(11, 16), days, starts, minutes))
    return found


def _days(begins: date, weekdays: tuple[int, ...], count: int) -> Iterator[date]:
    day, holidays = begins, holidays_between(begins, begins + timedelta(days=200))
    while count:
        if day.isoweekday() in weekdays and day not in holidays:
            yield day
            count -= 1
        day += timedelta(days=1)
