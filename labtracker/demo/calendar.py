"""The demo's visits: asked for by employers, planned and confirmed by the coordinator, each at its time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from labtracker.demo.catalog import Catalog
from labtracker.demo.people import People
from labtracker.demo.season import Campus, Stop
from labtracker.kit.time import instant_at
from labtracker.labs.models import Worksite
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest, Cohort
from labtracker.scheduling.queries.visits import Visit
from labtracker.scheduling.rules import DeliveryMode, Payer
from labtracker.scheduling.rules.sessions import SessionTimes, ShiftPattern
from labtracker.scheduling.services import ConflictError, Where, Who

SNOWED_IN = 3  # which of the campus cohorts
CONFIRMED_WITHIN = timedelta(weeks=4)  # a visit further ahead still waits for its employer's yes
PAYERS = (Payer.WORKFORCE_CENTER, Payer.WORKFORCE_CENTER, Payer.EMPLOYER, Payer.STATE_GRANT, Payer.UNSURE)


@dataclass
class Visited:
    """A visit or a campus cohort as it stands in the database, with what the demo still has to do to it."""

    cohorts: list[Cohort]
    place: str
    headcount: int
    first_on: date
    asked_at: datetime
    confirmed: bool = True


class Office:
    """The coordinator at work: answers employers and keeps the calendar."""

    def __init__(self, people: People, catalog: Catalog, chance: random.Random, now: datetime) -> None:
        self.people, self.catalog, self.chance, self.now = people, catalog, chance, now
        self._campus_cohorts = 0

    def visit(self, stop: Stop) -> Visited:
        """One visit, from the ask to the calendar."""
        return self._hub(stop) if stop.is_hub else self._at_employer(stop)

    def _at_employer(self, stop: Stop) -> Visited:
        cora, lead = self.people.coordinator, self.chance.randint(32, 55)
        asked_at = self._office_hour(stop.first_on - timedelta(days=lead))
        last_on = stop.first_on + timedelta(days=41)
        booking = self.ask(
            stop.place, stop.course, stop.headcount, stop, [(stop.first_on, last_on)], asked_at
        )
        services.take_under_review(booking=booking, actor=cora, now=self._later(asked_at, 1))
        planned_at = self._later(asked_at, 3)
        deployment = services.plan_deployment(
            booking=booking,
            lab=self.catalog.labs[stop.lab],
            trainers=self.people.trainers[stop.lab],
            first_on=stop.first_on,
            actor=cora,
            now=planned_at,
        )
        confirmed = stop.first_on <= (self.now + CONFIRMED_WITHIN).date()
        if confirmed:
            contact = self.people.contacts[stop.place]
            services.confirm_booking(booking=booking, actor=contact, now=self._later(planned_at, 2))
        return Visited(
            list(deployment.cohorts), stop.place, stop.headcount, stop.first_on, asked_at, confirmed
        )

    def _hub(self, stop: Stop) -> Visited:
        asked_at = self._office_hour(stop.first_on - timedelta(days=self.chance.randint(40, 60)))
        worksite = self.catalog.worksites[stop.place]
        visit = Visit(
            worksite=worksite,
            course=self.catalog.courses[stop.course],
            headcount=stop.headcount,
            pattern=_pattern(stop, worksite),
            windows=((stop.first_on, stop.first_on + timedelta(days=41)),),
            pad_length_ft=worksite.pad_length_ft,
            power_kw=worksite.power_kw,
        )
        deployment = services.place_lab(
            visit=visit,
            lab=self.catalog.labs[stop.lab],
            trainers=self.people.trainers[stop.lab],
            first_on=stop.first_on,
            actor=self.people.coordinator,
            now=asked_at,
            delivery_mode=DeliveryMode.RURAL_HUB,
        )
        return Visited(list(deployment.cohorts), stop.place, stop.headcount, stop.first_on, asked_at)

    def campus(self, campus: Campus) -> Visited:
        """A cohort on campus, for comparison: no lab travels."""
        worksite = self.catalog.worksites[campus.place]
        asked_at = self._office_hour(campus.days[0] - timedelta(days=30))
        # Cohorts on campus overlap, so its trainers take turns.
        staff = self.people.trainers[campus.place]
        self._campus_cohorts += 1
        sessions = [_meeting(campus, day, worksite) for day in campus.days]
        cohort = services.create_cohort(
            name=f"{worksite.city} campus · {campus.course} · {campus.days[0]:%b %Y}",
            course=self.catalog.courses[campus.course],
            worksite=worksite,
            seats=16,
            actor=self.people.coordinator,
            now=asked_at,
            sessions=sessions,
            trainers=[staff[self._campus_cohorts % len(staff)]],
            delivery_mode=DeliveryMode.CAMPUS,
        )
        if self._campus_cohorts == SNOWED_IN:
            self._snow_day(cohort)
        return Visited([cohort], campus.place, campus.headcount, campus.days[0], asked_at)

    def _snow_day(self, cohort: Cohort) -> None:
        """One evening called off for snow the day before, and caught up a week after the last."""
        cora, last = self.people.coordinator, cohort.sessions[-1]
        off = cohort.sessions[2]
        before = off.starts_at - timedelta(hours=20)
        trainers = [one.person for one in off.trainers]
        services.cancel_session(session=off, reason="Blizzard warning", actor=cora, now=before)
        with suppress(ConflictError):
            services.add_session(
                cohort=cohort,
                starts_at=last.starts_at + timedelta(days=7),
                ends_at=last.ends_at + timedelta(days=7),
                break_minutes=0,
                trainers=trainers,
                actor=cora,
                now=before,
            )

    def ask(
        self,
        place: str,
        course: str,
        headcount: int,
        stop: Stop,
        windows: Sequence[tuple[date, date]],
        at: datetime,
        *,
        submit: bool = True,
    ) -> BookingRequest:
        """An employer's request in its four steps, sent in unless it stays a draft."""
        contact, employer = self.people.contacts[place], self.people.employers[place]
        worksite = self.catalog.worksites[place]
        booking = services.start_booking(employer=employer, actor=contact, now=at)
        services.save_what(booking=booking, course=self.catalog.courses[course], actor=contact, now=at)
        where = Where(
            worksite, contact.name, employer.phone or "", worksite.pad_length_ft, worksite.power_kw,
            self.chance.choice(NOTES),
        )  # fmt: skip
        services.save_where(booking=booking, where=where, actor=contact, now=at)
        shift = stop.shift
        payer = self.chance.choice(PAYERS)
        who = Who(headcount, shift.weekdays, shift.starts, shift.ends, shift.break_minutes, payer)
        services.save_who(booking=booking, who=who, actor=contact, now=at)
        services.save_when(booking=booking, windows=windows, actor=contact, now=at)
        if submit:
            services.submit_booking(booking=booking, actor=contact, now=at + timedelta(minutes=12))
        return booking

    def _office_hour(self, day: date) -> datetime:
        """A moment on a working day, and never later than some days ago."""
        latest = (self.now - timedelta(days=8)).date()
        day = min(day, latest)
        while day.isoweekday() > 5:
            day -= timedelta(days=1)
        return instant_at(day, time(self.chance.randint(8, 15), self.chance.randint(0, 59)), "America/Denver")

    def _later(self, moment: datetime, days: int) -> datetime:
        return min(
            moment + timedelta(days=days, minutes=self.chance.randint(5, 200)), self.now - timedelta(hours=1)
        )


NOTES = (
    "",
    "Gate opens at 5:30. Hard hats and steel toes past the scale house.",
    "Please come in by the east road; the bridge on the west road takes 20 tons.",
    "Two of our people read Spanish better than English.",
    "Snow is pushed to the north side of the lot.",
    "Shift change is at two, the lot is full then.",
)


def _pattern(stop: Stop, worksite: Worksite) -> ShiftPattern:
    shift = stop.shift
    return ShiftPattern(
        frozenset(shift.weekdays), shift.starts, shift.ends, shift.break_minutes, worksite.zone
    )


def _meeting(campus: Campus, day: date, worksite: Worksite) -> SessionTimes:
    starts_at = instant_at(day, campus.starts, worksite.zone)
    return SessionTimes(day, starts_at, starts_at + timedelta(minutes=campus.minutes))
