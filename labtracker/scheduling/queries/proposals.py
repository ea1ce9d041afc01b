"""What a placement would look like: its sessions, its travel, and whatever stands in the way.

Nothing is written here. The plan page, the service that places, and later the board all ask this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.fleet.models import TowVehicle
from labtracker.fleet.queries import closed_days_between
from labtracker.labs.models import Lab, Worksite
from labtracker.scheduling.queries.holds import lab_facts, lab_holds, person_holds, place_of
from labtracker.scheduling.queries.vehicles import vehicle_holds
from labtracker.scheduling.queries.visits import Visit
from labtracker.scheduling.rules import fitness
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Hold, Party, Span
from labtracker.scheduling.rules.placing import holds_of_stay
from labtracker.scheduling.rules.sessions import (
    LONGEST_SEARCH,
    Arrangement,
    SessionTimes,
    Timetable,
    cohort_sizes,
    shifted,
    timetable,
)
from labtracker.scheduling.rules.stays import stay_conflicts
from labtracker.scheduling.rules.travel import Effort, GateHours, Stay, drive_minutes, lay_out, road_miles


@dataclass(frozen=True)
class Proposal:
    """A placement worked out in full, with what stands in its way."""

    visit: Visit
    lab: Lab
    trainers: tuple[Person, ...]
    drivers: tuple[Person, ...]
    first_on: date
    arrangement: Arrangement
    sizes: tuple[int, ...]
    timetable: Timetable
    stay: Stay | None
    miles: int | None
    closed_days: Mapping[date, str]
    vehicle: TowVehicle | None = None
    vehicle_stays: bool = False
    conflicts: tuple[Conflict, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether something forbids it."""
        return any(conflict.blocks for conflict in self.conflicts)

    @property
    def last_on(self) -> date:
        """The day of the last session (the first, if there is none)."""
        sessions = self.timetable.sessions
        return sessions[-1].day if sessions else self.first_on

    @property
    def teaching(self) -> list[tuple[Person, SessionTimes]]:
        """Who teaches which session: every trainer every one, or as it was agreed where they only move."""
        if self.visit.standing is None:
            return [(person, one) for person in self.trainers for one in self.timetable.sessions]
        teachers = self.visit.standing.teachers_with(self.trainers)
        return [
            (person, one)
            for row, known in zip(self.timetable.cohorts, teachers, strict=True)
            for one, people in zip(row, known, strict=False)
            for person in people
        ]


def closed_days_at(worksite: Worksite, first: date) -> dict[date, str]:
    """Holidays and the site's own closed days, from shortly before a day as far as one may plan."""
    start, end = first - timedelta(days=31), first + LONGEST_SEARCH
    closed = closed_days_between(start, end, worksite.state)
    for blackout in worksite.blackouts:
        day = max(blackout.starts_on, start)
        while day <= min(blackout.ends_on, end):
            closed[day] = _("closed at the site: %(reason)s", reason=blackout.reason)
            day += timedelta(days=1)
    return closed


def gate_of(worksite: Worksite) -> GateHours | None:
    """When a site's gate is open, if somebody said so."""
    if worksite.gate_opens is None or worksite.gate_closes is None:
        return None
    return GateHours(worksite.gate_opens, worksite.gate_closes)


def work_out(
    visit: Visit,
    lab: Lab,
    trainers: tuple[Person, ...],
    drivers: tuple[Person, ...],
    first_on: date,
    arrangement: Arrangement,
    closed_days: Mapping[date, str] | None = None,
    vehicle: TowVehicle | None = None,
    vehicle_stays: bool = False,
) -> Proposal:
    """Sessions and stay of a placement, not yet held against anything."""
    closed = closed_days_at(visit.worksite, first_on) if closed_days is None else closed_days
    sizes = (
        visit.standing.sizes if visit.standing else tuple(cohort_sizes(visit.headcount, max(1, lab.seats)))
    )
    sessions = _timetable(visit, first_on, len(sizes), arrangement, closed)
    stay = None
    if not sessions.is_empty:
        ordered = sessions.sessions
        stay = lay_out(
            ordered[0].starts_at,
            ordered[-1].ends_at,
            effort_of(lab, visit.worksite, vehicle),
            zone=visit.worksite.zone,
            closed_days=closed,
            gate=gate_of(visit.worksite),
        )
    miles = road_miles(place_of(lab), place_of(visit.worksite))
    return Proposal(
        visit,
        lab,
        trainers,
        drivers,
        first_on,
        arrangement,
        sizes,
        sessions,
        stay,
        miles,
        closed,
        vehicle,
        vehicle_stays,
    )


def _timetable(
    visit: Visit, first_on: date, cohorts: int, arrangement: Arrangement, closed: Mapping[date, str]
) -> Timetable:
    minutes = int(visit.course.contact_hours * 60)
    if visit.standing is None:
        return timetable(
            visit.pattern,
            contact_minutes=minutes,
            first_on=first_on,
            cohorts=cohorts,
            arrangement=arrangement,
            closed_days=closed,
        )
    # How many days of the shift lie between its sessions now is counted around the days they have now.
    then = closed_days_at(visit.worksite, visit.standing.first_on)
    return shifted(
        visit.standing.rows,
        visit.pattern,
        first_on=first_on,
        wanted_minutes=minutes,
        closed_days={**then, **closed},
    )


def effort_of(lab: Lab, worksite: Worksite, vehicle: TowVehicle | None = None) -> Effort:
    """What it takes to bring a lab from its base to a worksite and back, at the slower one's speed."""
    return effort_at(lab, worksite, vehicle.mph if vehicle else lab.mph)


def effort_at(lab: Lab, worksite: Worksite, mph: int) -> Effort:
    """The same with a vehicle that goes so many miles an hour."""
    return Effort(
        travel=drive_minutes(place_of(lab), place_of(worksite), min(lab.mph, mph)),
        setup=int(lab.setup_hours * 60),
        teardown=int(lab.teardown_hours * 60),
    )


def own_conflicts(proposal: Proposal, not_before: date | None) -> list[Conflict]:
    """What stands in the way without looking at anything else that is placed."""
    visit, facts = proposal.visit, lab_facts(proposal.lab)
    site = Party("worksite", visit.worksite.id, visit.worksite.name)
    course = Party("course", visit.course.id, visit.course.title)
    found = fitness.lab_conflicts(facts, course, max(proposal.sizes))
    for other in visit.courses[1:]:
        if other.id not in facts.courses:
            found.append(
                Conflict(ConflictKind.NOT_EQUIPPED, facts.party, Party("course", other.id, other.title))
            )
    found += fitness.site_conflicts(facts, fitness.SiteOffer(site, visit.pad_length_ft, visit.power_kw))
    if proposal.timetable.is_empty:
        found.append(Conflict(ConflictKind.NO_SESSIONS, course, site))
        return found
    found += _stay_conflicts(proposal, facts)
    if not_before and proposal.first_on < not_before:
        found.append(Conflict(ConflictKind.IN_THE_PAST, course))
    missing = proposal.timetable.missing_minutes
    if missing > 0:
        found.append(
            Conflict(
                ConflictKind.HOURS_MISSING,
                course,
                wanted=proposal.timetable.wanted_minutes,
                possible=proposal.timetable.wanted_minutes - missing,
            )
        )
    if fitness.outside_windows(proposal.first_on, proposal.last_on, visit.windows):
        found.append(Conflict(ConflictKind.OUTSIDE_WINDOWS, course, site))
    return found


def _stay_conflicts(proposal: Proposal, facts: fitness.LabFacts) -> list[Conflict]:
    """Whether its stay leaves time for the road, for setting up and packing, and meets an open gate."""
    assert proposal.stay is not None
    site = proposal.visit.worksite
    return stay_conflicts(
        proposal.stay,
        effort_of(proposal.lab, site, proposal.vehicle),
        facts.party,
        zone=site.zone,
        closed_days=proposal.closed_days,
        gate=gate_of(site),
    )


def holds_of(proposal: Proposal) -> list[Hold]:
    """What the placement itself would take."""
    stay, worksite, vehicle = proposal.stay, proposal.visit.worksite, proposal.vehicle
    if stay is None:
        return []
    return holds_of_stay(
        stay,
        lab=Party("lab", proposal.lab.id, proposal.lab.name),
        base=place_of(proposal.lab),
        site=place_of(worksite),
        because=Party("deployment", None, worksite.name),
        teaching=[(_person(trainer), one) for trainer, one in proposal.teaching],
        drivers=[_person(driver) for driver in proposal.drivers],
        towing=Party("vehicle", vehicle.id, vehicle.name) if vehicle else None,
        vehicle_stays=proposal.vehicle_stays,
    )


def _person(person: Person) -> Party:
    return Party("person", person.id, person.name)


def reach_of(proposal: Proposal, extra: timedelta = timedelta()) -> Span:
    """From leaving home to being home again, and perhaps some days more."""
    assert proposal.stay is not None
    return Span(proposal.stay.leaves_home_at, proposal.stay.home_at + extra)


def clashes_of(proposal: Proposal) -> list[Conflict]:
    """What of its lab, its vehicle or its people it would meet: other placements, closures, leave."""
    if proposal.stay is None:
        return []
    return clashes(holds_of(proposal), taken_around(proposal, reach_of(proposal)))


def taken_around(proposal: Proposal, reach: Span) -> list[Hold]:
    """What else its lab, vehicle and people are busy with; where it stands now does not count."""
    people = {person.id for person in (*proposal.drivers, *(person for person, _one in proposal.teaching))}
    people |= {person.id for person in proposal.trainers}
    vehicles = {proposal.vehicle.id} if proposal.vehicle else set()
    moving = proposal.visit.moving
    return [
        *lab_holds({proposal.lab.id}, reach, ignoring=moving),
        *person_holds(people, reach, ignoring=moving),
        *vehicle_holds(vehicles, reach, ignoring=moving),
    ]


def first_day_to_try(visit: Visit, today: date) -> date:
    """The first working day of the shift in the first window that is not over yet."""
    start = max([visit.windows[0][0], today + timedelta(days=1)]) if visit.windows else today
    for window in visit.windows:
        if window[1] > today:
            start = max(window[0], today + timedelta(days=1))
            break
    closed = closed_days_at(visit.worksite, start)
    for step in range(31):
        day = start + timedelta(days=step)
        if day.isoweekday() in visit.pattern.weekdays and day not in closed:
            return day
    return start
