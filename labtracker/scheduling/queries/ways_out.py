"""Whole proposals: a placement worked out, what stands in its way, and ways out that were checked.

A way out is looked for in memory among all that is held, and offered only after the same rule that refused
the proposal found nothing to refuse in what would come of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.accounts.queries import people_with_role
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.fleet.queries import may_teach
from labtracker.labs.models import Lab
from labtracker.labs.queries import labs_hosting
from labtracker.scheduling.queries.holds import lab_holds, person_holds
from labtracker.scheduling.queries.outfit import outfit_conflicts_of
from labtracker.scheduling.queries.proposals import (
    Proposal,
    clashes_of,
    holds_of,
    own_conflicts,
    reach_of,
    taken_around,
    work_out,
)
from labtracker.scheduling.queries.readiness import readiness_conflicts_of
from labtracker.scheduling.queries.vehicles import vehicles_towing
from labtracker.scheduling.queries.visits import Visit
from labtracker.scheduling.rules import cures
from labtracker.scheduling.rules.clashes import Busy
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Party, WayOut, WayOutKind
from labtracker.scheduling.rules.fitness import outside_windows
from labtracker.scheduling.rules.sessions import Arrangement

SEARCH_DAYS = 90
MOST_WAYS = 3
MOST_OTHERS = 2


def propose(
    visit: Visit,
    *,
    lab: Lab,
    trainers: Sequence[Person],
    drivers: Sequence[Person] = (),
    first_on: date,
    arrangement: Arrangement = Arrangement.ALTERNATING,
    not_before: date | None = None,
    ways_out: bool = True,
    vehicle: TowVehicle | None = None,
    vehicle_stays: bool = False,
) -> Proposal:
    """Work a placement out and hold it against everything that is placed already."""
    proposal = work_out(
        visit,
        lab,
        tuple(trainers),
        tuple(drivers),
        first_on,
        arrangement,
        vehicle=vehicle,
        vehicle_stays=vehicle_stays,
    )
    found = _all_conflicts(proposal, not_before)
    if ways_out and found:
        search = _Search(proposal, found, not_before)
        found = [conflict.with_ways_out(search.ways_out_of(conflict)) for conflict in found]
    return replace(proposal, conflicts=tuple(found))


def _all_conflicts(proposal: Proposal, not_before: date | None) -> list[Conflict]:
    return [
        *own_conflicts(proposal, not_before),
        *readiness_conflicts_of(proposal),
        *outfit_conflicts_of(proposal, not_before),
        *clashes_of(proposal),
    ]


class _Search:
    """The ways out of one proposal; what several conflicts ask for is looked for once."""

    def __init__(self, proposal: Proposal, found: Sequence[Conflict], not_before: date | None) -> None:
        self.proposal, self.not_before = proposal, not_before
        self.known = {conflict.kind for conflict in found}
        self._busy: Busy | None = None
        self._day: list[WayOut] | None = None
        self._labs: list[WayOut] | None = None
        self._vehicles: list[WayOut] | None = None

    def ways_out_of(self, conflict: Conflict) -> list[WayOut]:
        """Up to three things that would work instead."""
        if self.proposal.stay is None:
            return []
        ways: list[WayOut] = []
        if conflict.kind in cures.BY_ANOTHER_DAY:
            if self._day is None:
                self._day = list(self._other_day())
            ways += self._day
        if conflict.kind in cures.BY_ANOTHER_LAB:
            if self._labs is None:
                self._labs = list(self._other_labs())
            ways += self._labs
        if conflict.kind in cures.BY_ANOTHER_PERSON:
            ways += self._other_people(conflict.party)
        if conflict.kind in cures.BY_ANOTHER_DRIVER:
            ways += self._other_drivers(conflict.party)
        if conflict.kind in cures.BY_ANOTHER_VEHICLE:
            if self._vehicles is None:
                self._vehicles = list(self._other_vehicles())
            ways += self._vehicles
        return ways[:MOST_WAYS]

    @property
    def busy(self) -> Busy:
        """What every lab that could come, and everybody who could, is held by."""
        if self._busy is None:
            reach = reach_of(self.proposal, timedelta(days=SEARCH_DAYS + 31))
            moving = self.proposal.visit.moving
            own = taken_around(self.proposal, reach)
            known = {hold.who.id for hold in own}
            labs = {lab.id for lab in self._hosting()} - {self.proposal.lab.id}
            trainers = {person.id for person in db.session.scalars(active_trainers())}
            people = trainers - _people_of(self.proposal)
            others = [
                *lab_holds(labs, reach, ignoring=moving),
                *person_holds(people, reach, ignoring=moving),
            ]
            self._busy = Busy([*own, *(hold for hold in others if hold.who.id not in known)])
        return self._busy

    def _hosting(self) -> Sequence[Lab]:
        return db.session.scalars(labs_hosting(self.proposal.visit.course)).all()

    def _works(self, other: Proposal) -> bool:
        """Whether nothing that is known stands against another proposal, and the whole rule finds nothing."""
        if other.stay is None or not self.busy.leaves_room_for(holds_of(other)):
            return False
        found = _all_conflicts(other, self.not_before)
        new = {one.kind for one in found} - self.known - cures.BEARABLE
        return not new and not any(one.blocks for one in found)

    def _with(
        self,
        *,
        lab: Lab | None = None,
        trainers: tuple[Person, ...] | None = None,
        drivers: tuple[Person, ...] | None = None,
        first_on: date | None = None,
        vehicle: TowVehicle | None = None,
    ) -> Proposal:
        """The same proposal with something else in it."""
        was = self.proposal
        return work_out(
            was.visit,
            lab or was.lab,
            was.trainers if trainers is None else trainers,
            was.drivers if drivers is None else drivers,
            first_on or was.first_on,
            was.arrangement,
            self.proposal.closed_days,
            vehicle=vehicle or (None if lab else was.vehicle),
            vehicle_stays=was.vehicle_stays,
        )

    def _other_day(self) -> Iterator[WayOut]:
        """The next first day that works: one that was asked for, else any."""
        visit = self.proposal.visit
        start = max(self.proposal.first_on + timedelta(days=1), self.not_before or date.min)
        later: date | None = None
        for step in range(SEARCH_DAYS):
            day = start + timedelta(days=step)
            if day.isoweekday() not in visit.pattern.weekdays or day in self.proposal.closed_days:
                continue
            suits = any(first <= day <= last for first, last in visit.windows) or not visit.windows
            if later is not None and not suits:
                continue
            other = self._with(first_on=day)
            if not self._works(other):
                continue
            if not outside_windows(other.first_on, other.last_on, visit.windows):
                yield WayOut(WayOutKind.OTHER_DAY, first_on=day)
                return
            later = later or day
        if later is not None and ConflictKind.OUTSIDE_WINDOWS not in self.known:
            yield WayOut(WayOutKind.OTHER_DAY, first_on=later)

    def _other_labs(self) -> Iterator[WayOut]:
        """The nearest labs that could do it with the same people on the same days."""
        others = [self._with(lab=lab) for lab in self._hosting() if lab.id != self.proposal.lab.id]
        others.sort(key=lambda one: (one.miles is None, one.miles or 0, one.lab.name))
        offered = 0
        for other in others:
            if offered < MOST_OTHERS and self._works(other):
                offered += 1
                here, there = self.proposal.miles, other.miles
                yield WayOut(
                    WayOutKind.OTHER_LAB,
                    Party("lab", other.lab.id, other.lab.name),
                    miles=there,
                    miles_more=None if here is None or there is None else there - here,
                )

    def _other_people(self, who: Party) -> Iterator[WayOut]:
        """Who could stand in for somebody on the crew."""
        offered, was = 0, self.proposal
        able = active_trainers().where(may_teach(was.visit.course.id))
        for person in db.session.scalars(able):
            if offered == MOST_OTHERS:
                return
            if person.id in _people_of(was):
                continue
            trainers = tuple(person if one.id == who.id else one for one in was.trainers)
            drivers = tuple(person if one.id == who.id else one for one in was.drivers)
            if (trainers, drivers) == (was.trainers, was.drivers):
                return
            if self._works(self._with(trainers=trainers, drivers=drivers)):
                offered += 1
                party = Party("person", person.id, person.name)
                yield WayOut(WayOutKind.OTHER_PERSON, party, replaces=who)

    def _other_drivers(self, who: Party) -> Iterator[WayOut]:
        """Who could drive instead of somebody; who teaches stays as it is."""
        offered, was = 0, self.proposal
        driving = {driver.id for driver in was.drivers}
        for person in db.session.scalars(active_trainers()):
            if offered == MOST_OTHERS:
                return
            if person.id in driving:
                continue
            drivers = tuple(person if one.id == who.id else one for one in was.drivers)
            if self._works(self._with(drivers=drivers)):
                offered += 1
                party = Party("person", person.id, person.name)
                yield WayOut(WayOutKind.OTHER_DRIVER, party, replaces=who)

    def _other_vehicles(self) -> Iterator[WayOut]:
        """With which vehicles the same could be done."""
        offered, was = 0, self.proposal.vehicle
        if was is None:
            return
        for vehicle in db.session.scalars(vehicles_towing(self.proposal.lab)):
            if offered < MOST_OTHERS and vehicle.id != was.id and self._works(self._with(vehicle=vehicle)):
                offered += 1
                yield WayOut(WayOutKind.OTHER_VEHICLE, Party("vehicle", vehicle.id, vehicle.name))


def _people_of(proposal: Proposal) -> set[object]:
    return {person.id for person in (*proposal.trainers, *proposal.drivers)}


def active_trainers() -> sa.Select[Person]:
    """People who train for the provider now, by name."""
    return people_with_role(Role.TRAINER)
