"""Random calendars for properties: places, labs, vehicles, people, absences, and visits to be placed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st

from labtracker.fleet.rules.facts import FleetFacts, LicenceFacts, VehicleFacts
from labtracker.kit.geography import Point
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Hold, Party, Span
from labtracker.scheduling.rules.placing import holds_of_stay
from labtracker.scheduling.rules.sessions import ShiftPattern, Timetable, timetable
from labtracker.scheduling.rules.travel import Effort, GateHours, Place, Stay, drive_minutes, lay_out

DENVER = "America/Denver"
START = date(2026, 3, 1)  # a change of the clocks lies a week ahead

# The suite looks at a few calendars; LABTRACKER_CALENDARS=2000 at as many as one has time for.
few = settings(max_examples=int(os.environ.get("LABTRACKER_CALENDARS", "25")), deadline=None)


@dataclass(frozen=True)
class RandomLab:
    """A lab with its base and what it takes to move it."""

    party: Party
    base: Place
    mph: int
    setup: int
    teardown: int
    weight_lb: int

    def effort_to(self, site: Place, vehicle: RandomVehicle | None = None) -> Effort:
        """What it takes to bring it to a place, at the slower one's speed."""
        mph = min(self.mph, vehicle.mph) if vehicle else self.mph
        return Effort(drive_minutes(self.base, site, mph), self.setup, self.teardown)


@dataclass(frozen=True)
class RandomVehicle:
    """A vehicle with the labs that it tows."""

    party: Party
    mph: int
    weight_lb: int
    labs: frozenset[UUID]


@dataclass(frozen=True)
class RandomVisit:
    """A visit that wants to be placed, with the lab and the people it would take."""

    number: int
    lab: RandomLab
    site: Place
    pattern: ShiftPattern
    minutes: int
    first_on: date
    trainers: tuple[Party, ...]
    driver: Party | None
    vehicle: RandomVehicle | None = None


@dataclass(frozen=True)
class RandomCalendar:
    """Everything there is before the first visit is placed."""

    places: tuple[Place, ...]
    labs: tuple[RandomLab, ...]
    people: tuple[Party, ...]
    absences: tuple[Hold, ...]
    closed: dict[date, str]
    gate: GateHours | None
    visits: tuple[RandomVisit, ...]
    vehicles: tuple[RandomVehicle, ...] = ()
    licences: dict[UUID, LicenceFacts] = field(default_factory=dict)

    @property
    def fleet(self) -> FleetFacts:
        """What the fleet's records say."""
        return FleetFacts(
            lab_weights={_id(lab.party): lab.weight_lb for lab in self.labs},
            vehicles={
                _id(one.party): VehicleFacts(one.party.name, one.weight_lb, one.labs, False, one.mph)
                for one in self.vehicles
            },
            towable=frozenset(lab for one in self.vehicles for lab in one.labs),
            licences=self.licences,
        )

    def laid_out(self, visit: RandomVisit) -> tuple[Timetable, Stay] | None:
        """The sessions and the stay of a visit, or nothing where its shift gives none."""
        table = timetable(
            visit.pattern, contact_minutes=visit.minutes, first_on=visit.first_on, closed_days=self.closed
        )
        if table.is_empty:
            return None
        sessions = table.sessions
        stay = lay_out(
            sessions[0].starts_at,
            sessions[-1].ends_at,
            visit.lab.effort_to(visit.site, visit.vehicle),
            zone=DENVER,
            closed_days=self.closed,
            gate=self.gate,
        )
        return table, stay

    def holds_of(self, visit: RandomVisit) -> list[Hold]:
        """What a visit would take."""
        laid_out = self.laid_out(visit)
        if laid_out is None:
            return []
        table, stay = laid_out
        return holds_of_stay(
            stay,
            lab=visit.lab.party,
            base=visit.lab.base,
            site=visit.site,
            because=Party("deployment", UUID(int=1000 + visit.number), f"visit {visit.number}"),
            teaching=[(who, one) for who in visit.trainers for one in table.sessions],
            drivers=[visit.driver] if visit.driver else [],
            towing=visit.vehicle.party if visit.vehicle else None,
        )

    def placed(self, visits: Sequence[RandomVisit]) -> dict[int, list[Hold]]:
        """What is held once each visit was placed in turn, or refused by the rule: by the visit's number."""
        kept: dict[int, list[Hold]] = {}
        for visit in visits:
            wanted = self.holds_of(visit)
            taken = [*self.absences, *(hold for holds in kept.values() for hold in holds)]
            if wanted and not clashes(wanted, taken):
                kept[visit.number] = wanted
        return kept


def _id(party: Party) -> UUID:
    assert party.id is not None
    return party.id


def _place(name: str, point: Point | None) -> Place:
    return Place(name, point)


_points = st.builds(Point, st.floats(37, 41), st.floats(-109, -102))
_shifts = st.sampled_from(
    [
        (frozenset({1, 2, 3, 4}), time(6), time(14, 30), 30),
        (frozenset({1, 2, 3, 4, 5}), time(8), time(12), 0),
        (frozenset({5, 6, 7}), time(22), time(6), 30),
        (frozenset({2, 4}), time(17), time(20), 0),
    ]
)


@st.composite
def calendars(draw: st.DrawFn) -> RandomCalendar:
    """Two to five places, one to three labs, one to four people, absences, and up to ten visits."""
    points = draw(st.lists(st.none() | _points, min_size=2, max_size=5))
    places = tuple(_place(f"place {number}", point) for number, point in enumerate(points))
    a_place = st.sampled_from(places)
    labs = tuple(
        RandomLab(
            Party("lab", UUID(int=100 + number), f"lab {number}"),
            draw(a_place),
            draw(st.sampled_from([45, 50])),
            draw(st.sampled_from([0, 120, 240])),
            draw(st.sampled_from([0, 120, 240])),
            draw(st.sampled_from([9_000, 15_000])),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    vehicles = tuple(draw(st.lists(_vehicles(labs), max_size=3, unique_by=lambda one: one.party.id)))
    people = tuple(
        Party("person", UUID(int=200 + number), f"person {number}")
        for number in range(draw(st.integers(1, 4)))
    )
    day = st.integers(0, 60).map(lambda step: START + timedelta(days=step))
    a_lab, somebody = st.sampled_from(labs), st.sampled_from(people)
    visits = tuple(
        RandomVisit(
            number,
            draw(a_lab),
            draw(a_place),
            ShiftPattern(*draw(_shifts), DENVER),
            draw(st.integers(2, 30)) * 60,
            draw(day),
            tuple(dict.fromkeys(draw(st.lists(somebody, min_size=1, max_size=2)))),
            draw(st.none() | somebody),
            draw(st.sampled_from([None, *vehicles])),
        )
        for number in range(draw(st.integers(1, 10)))
    )
    return RandomCalendar(
        places=places,
        labs=labs,
        people=people,
        absences=tuple(draw(st.lists(_absences(_parties(labs, vehicles, people), day), max_size=5))),
        closed=dict.fromkeys(draw(st.lists(day, max_size=6)), "closed"),
        gate=draw(st.none() | st.just(GateHours(time(8), time(15)))),
        visits=visits,
        vehicles=vehicles,
        licences=draw(st.dictionaries(st.sampled_from([_id(one) for one in people]), _licences(day))),
    )


def _parties(
    labs: Sequence[RandomLab], vehicles: Sequence[RandomVehicle], people: Sequence[Party]
) -> list[Party]:
    return [*(lab.party for lab in labs), *(one.party for one in vehicles), *people]


def _licences(day: st.SearchStrategy[date]) -> st.SearchStrategy[LicenceFacts]:
    return st.builds(LicenceFacts, st.sampled_from(["A", "B"]), day)


@st.composite
def _vehicles(draw: st.DrawFn, labs: tuple[RandomLab, ...]) -> RandomVehicle:
    number = draw(st.integers(0, 9))
    return RandomVehicle(
        Party("vehicle", UUID(int=300 + number), f"vehicle {number}"),
        draw(st.sampled_from([45, 50])),
        draw(st.sampled_from([9_000, 18_000])),
        draw(st.frozensets(st.sampled_from([_id(lab.party) for lab in labs]), min_size=1)),
    )


@st.composite
def _absences(draw: st.DrawFn, parties: Sequence[Party], day: st.SearchStrategy[date]) -> Hold:
    who = draw(st.sampled_from(parties))
    first = draw(day)
    start = datetime(first.year, first.month, first.day, 7, tzinfo=UTC)
    kind = "leave" if who.kind == "person" else "maintenance"
    return Hold(
        who,
        Span(start, start + timedelta(days=draw(st.integers(1, 14)))),
        Party(kind, UUID(int=draw(st.integers(1, 9))), kind),
    )
