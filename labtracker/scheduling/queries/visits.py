"""What is to be placed: what a booking asks for, or what a deployment that only moves brings with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.kit.time import local, local_day
from labtracker.labs.models import Course, Worksite
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session
from labtracker.scheduling.rules.sessions import SessionTimes, ShiftPattern, decode_breaks
from labtracker.scheduling.rules.states import Duty


@dataclass(frozen=True)
class Standing:
    """What a deployment that is only moved brings with it.

    ``rows`` are the sessions of each of its cohorts, ``teachers`` who teaches each of them; ``sizes`` and
    ``courses`` go with the rows. ``crew`` are the trainers on its crew.
    """

    deployment_id: UUID
    rows: tuple[tuple[SessionTimes, ...], ...]
    teachers: tuple[tuple[tuple[Person, ...], ...], ...]
    sizes: tuple[int, ...]
    courses: tuple[Course, ...]
    crew: tuple[Person, ...]

    @property
    def first_on(self) -> date:
        """The day of its first session."""
        return min(one.day for row in self.rows for one in row)

    def teachers_with(self, trainers: Collection[Person]) -> list[list[tuple[Person, ...]]]:
        """Who would teach each session if these were the trainers on the crew."""
        gone = {one.id for one in self.crew} - {one.id for one in trainers}
        come = [one for one in trainers if one.id not in {other.id for other in self.crew}]
        return [[_after(known, gone, come, trainers) for known in row] for row in self.teachers]


def _after(
    known: Sequence[Person], gone: set[UUID], come: Sequence[Person], trainers: Collection[Person]
) -> tuple[Person, ...]:
    stay = [one for one in known if one.id not in gone]
    names = {one.id for one in stay}
    return tuple([*stay, *(one for one in come if one.id not in names)] or trainers)


@dataclass(frozen=True)
class Visit:
    """What is to be placed: where, which course, for how many, on which shift, when it would suit.

    ``standing`` is there where it is placed already and only moves.
    """

    worksite: Worksite
    course: Course
    headcount: int
    pattern: ShiftPattern
    windows: tuple[tuple[date, date], ...] = ()
    pad_length_ft: int | None = None
    power_kw: int | None = None
    standing: Standing | None = None

    @property
    def courses(self) -> tuple[Course, ...]:
        """Every course that the lab has to be equipped for."""
        others = self.standing.courses if self.standing else ()
        return tuple(dict.fromkeys((self.course, *others)))

    @property
    def moving(self) -> UUID | None:
        """The deployment that moves and is no obstacle to itself; nothing where one is placed anew."""
        return self.standing.deployment_id if self.standing else None


def visit_of(booking: BookingRequest) -> Visit:
    """What a submitted booking asks for."""
    visit = visit_of_draft(booking)
    if visit is None:
        raise ValueError("only what was sent in completely can be placed")
    return visit


def visit_of_draft(booking: BookingRequest) -> Visit | None:
    """What a booking asks for so far; nothing while an answer is missing."""
    worksite, course, headcount = booking.worksite, booking.course, booking.headcount
    starts, ends = booking.shift_starts, booking.shift_ends
    if not (worksite and course and headcount and starts and ends and booking.weekdays):
        return None
    return Visit(
        worksite=worksite,
        course=course,
        headcount=headcount,
        pattern=ShiftPattern(
            weekdays=frozenset(booking.weekdays),
            starts=starts,
            ends=ends,
            break_minutes=booking.break_minutes,
            zone=worksite.zone,
            per_week=booking.sessions_per_week,
        ),
        windows=tuple((window.starts_on, window.ends_on) for window in booking.windows),
        pad_length_ft=booking.pad_length_ft or worksite.pad_length_ft,
        power_kw=booking.power_kw or worksite.power_kw,
    )


def standing_sessions(deployment: Deployment) -> list[list[Session]]:
    """Its sessions that were not cancelled: a list for each cohort, each in order."""
    found = db.session.scalars(
        sa.select(Session)
        .where(Session.deployment_id == deployment.id, Session.cancelled_at.is_(None))
        .options(selectinload(Session.cohort).selectinload(Cohort.course))
        .order_by(Session.starts_at, Session.id)
    )
    rows: dict[UUID, list[Session]] = {}
    for one in found:
        rows.setdefault(one.cohort_id, []).append(one)
    return [rows[key] for key in sorted(rows, key=str)]


@dataclass(frozen=True)
class Kept:
    """How a deployment stood once: its sessions' times and teachers, its crew's trainers, its tow vehicle."""

    times: Mapping[UUID, SessionTimes]
    teachers: Mapping[UUID, tuple[Person, ...]]
    crew: tuple[Person, ...]
    vehicle: TowVehicle | None = None
    vehicle_stays: bool = False


def as_it_stands(deployment: Deployment, rows: Sequence[Sequence[Session]]) -> Kept:
    """How it stands now."""
    zone = deployment.worksite.zone
    sessions = [one for row in rows for one in row]
    return Kept(
        times={
            one.id: SessionTimes(
                local_day(one.starts_at, zone), one.starts_at, one.ends_at, decode_breaks(one.breaks)
            )
            for one in sessions
        },
        teachers={one.id: tuple(trainer.person for trainer in one.trainers) for one in sessions},
        crew=tuple(member.person for member in deployment.crew if member.duty == Duty.TRAINER),
        vehicle=deployment.vehicle,
        vehicle_stays=deployment.vehicle_stays,
    )


def visit_of_deployment(deployment: Deployment, rows: Sequence[Sequence[Session]], stood: Kept) -> Visit:
    """What a deployment brings with it when it moves from how it stands, or stood.

    Raises ValueError where it has no session.
    """
    if not rows:
        raise ValueError("without a session there is nothing to place")
    cohorts = [row[0].cohort for row in rows]
    standing = Standing(
        deployment_id=deployment.id,
        rows=tuple(tuple(stood.times[one.id] for one in row) for row in rows),
        teachers=tuple(tuple(stood.teachers[one.id] for one in row) for row in rows),
        sizes=tuple(_size_of(cohort, deployment) for cohort in cohorts),
        courses=tuple(cohort.course for cohort in cohorts),
        crew=stood.crew,
    )
    booking = next((cohort.booking for cohort in cohorts if cohort.booking is not None), None)
    site = deployment.worksite
    return Visit(
        worksite=site,
        course=cohorts[0].course,
        headcount=sum(standing.sizes),
        pattern=_pattern_of(booking, standing, site.zone),
        windows=tuple((window.starts_on, window.ends_on) for window in booking.windows) if booking else (),
        pad_length_ft=(booking.pad_length_ft if booking else None) or site.pad_length_ft,
        power_kw=(booking.power_kw if booking else None) or site.power_kw,
        standing=standing,
    )


def _size_of(cohort: Cohort, deployment: Deployment) -> int:
    """For how many a cohort is: its part of who was asked for, or as many as have a seat in its lab."""
    booking = cohort.booking
    if booking is None or booking.headcount is None:
        return min(cohort.seats, deployment.lab.seats)
    together = [one for one in booking.cohorts if one.cancelled_at is None]
    return -(-booking.headcount // max(1, len(together)))


def _pattern_of(booking: BookingRequest | None, standing: Standing, zone: str) -> ShiftPattern:
    """The shift that was asked for; without a booking, the weekdays and the clock times it has now."""
    if booking is not None and booking.weekdays and booking.shift_starts and booking.shift_ends:
        days = frozenset(booking.weekdays)
        return ShiftPattern(days, booking.shift_starts, booking.shift_ends, booking.break_minutes, zone)
    sessions = [one for row in standing.rows for one in row]
    starts, ends = (_clock(at, zone) for at in (sessions[0].starts_at, sessions[0].ends_at))
    return ShiftPattern(frozenset(one.day.isoweekday() for one in sessions), starts, ends, 0, zone)


def _clock(instant: datetime, zone: str) -> time:
    return local(instant, zone).time()
