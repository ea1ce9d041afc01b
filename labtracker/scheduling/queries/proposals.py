"""What a placement would look like: its sessions, its travel, and whatever stands in the way.

Nothing is written here. The plan page, the service that places, and later the board all ask this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from labtracker.accounts.models import Person
from labtracker.kit.holidays import holidays_between
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.queries.holds import lab_facts, lab_holds, person_holds, place_of
from labtracker.scheduling.rules import conflicts as rules
from labtracker.scheduling.rules.conflicts import (
    Conflict,
    ConflictKind,
    Hold,
    Party,
    SiteOffer,
    Span,
)
from labtracker.scheduling.rules.sessions import (
    LONGEST_SEARCH,
    Arrangement,
    ShiftPattern,
    Timetable,
    cohort_sizes,
    timetable,
)
from labtracker.scheduling.rules.travel import Effort, Stay, drive_minutes, lay_out, road_miles


@dataclass(frozen=True)
class Visit:
    """What is to be placed: where, which course, for how many, on which shift, when it would suit."""

    worksite: Worksite
    course: Course
    headcount: int
    pattern: ShiftPattern
    windows: tuple[tuple[date, date], ...] = ()
    pad_length_ft: int | None = None
    power_kw: int | None = None


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


def visit_of(booking: BookingRequest) -> Visit:
    """What a submitted booking asks for."""
    worksite, course, headcount = booking.worksite, booking.course, booking.headcount
    starts, ends = booking.shift_starts, booking.shift_ends
    if worksite is None or course is None or headcount is None or starts is None or ends is None:
        raise ValueError("only what was sent in completely can be placed")
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
        ),
        windows=tuple((window.starts_on, window.ends_on) for window in booking.windows),
        pad_length_ft=booking.pad_length_ft or worksite.pad_length_ft,
        power_kw=booking.power_kw or worksite.power_kw,
    )


def closed_days_at(worksite: Worksite, first: date) -> dict[date, str]:
    """Holidays at a worksite from shortly before a day on, as far as a placement may reach."""
    return holidays_between(first - timedelta(days=31), first + LONGEST_SEARCH, worksite.state)


def work_out(
    visit: Visit,
    lab: Lab,
    trainers: tuple[Person, ...],
    drivers: tuple[Person, ...],
    first_on: date,
    arrangement: Arrangement,
    closed_days: Mapping[date, str] | None = None,
) -> Proposal:
    """Sessions and stay of a placement, not yet held against anything."""
    closed = closed_days_at(visit.worksite, first_on) if closed_days is None else closed_days
    sizes = tuple(cohort_sizes(visit.headcount, max(1, lab.seats)))
    sessions = timetable(
        visit.pattern,
        contact_minutes=int(visit.course.contact_hours * 60),
        first_on=first_on,
        cohorts=len(sizes),
        arrangement=arrangement,
        closed_days=closed,
    )
    stay = None
    if not sessions.is_empty:
        ordered = sessions.sessions
        stay = lay_out(
            ordered[0].starts_at,
            ordered[-1].ends_at,
            effort_of(lab, visit.worksite),
            zone=visit.worksite.zone,
            closed_days=closed,
        )
    miles = road_miles(place_of(lab), place_of(visit.worksite))
    return Proposal(visit, lab, trainers, drivers, first_on, arrangement, sizes, sessions, stay, miles)


def effort_of(lab: Lab, worksite: Worksite) -> Effort:
    """What it takes to bring a lab from its base to a worksite and back."""
    return Effort(
        travel=drive_minutes(place_of(lab), place_of(worksite), lab.mph),
        setup=int(lab.setup_hours * 60),
        teardown=int(lab.teardown_hours * 60),
    )


def own_conflicts(proposal: Proposal, not_before: date | None) -> list[Conflict]:
    """What stands in the way without looking at anything else that is placed."""
    visit, facts = proposal.visit, lab_facts(proposal.lab)
    site = Party("worksite", visit.worksite.id, visit.worksite.name)
    course = Party("course", visit.course.id, visit.course.title)
    found = rules.lab_conflicts(facts, course, max(proposal.sizes))
    found += rules.site_conflicts(facts, SiteOffer(site, visit.pad_length_ft, visit.power_kw))
    if proposal.timetable.is_empty:
        found.append(Conflict(ConflictKind.NO_SESSIONS, course, site))
        return found
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
    if rules.outside_windows(proposal.first_on, proposal.last_on, visit.windows):
        found.append(Conflict(ConflictKind.OUTSIDE_WINDOWS, course, site))
    return found


def holds_of(proposal: Proposal) -> list[Hold]:
    """What the placement itself would take."""
    stay, worksite = proposal.stay, proposal.visit.worksite
    if stay is None:
        return []
    here, because = place_of(worksite), Party("deployment", None, worksite.name)
    lab = Party("lab", proposal.lab.id, proposal.lab.name)
    holds = [Hold(lab, Span(stay.leaves_home_at, stay.home_at), because)]
    for trainer in proposal.trainers:
        who = Party("person", trainer.id, trainer.name)
        holds += [
            Hold(who, Span(one.starts_at, one.ends_at), because, here) for one in proposal.timetable.sessions
        ]
    for driver in proposal.drivers:
        who = Party("person", driver.id, driver.name)
        for span in (Span(stay.leaves_home_at, stay.ready_at), Span(stay.packs_at, stay.home_at)):
            if span.starts_at < span.ends_at:
                holds.append(Hold(who, span, because))
    return holds


def reach_of(proposal: Proposal, extra: timedelta = timedelta()) -> Span:
    """From leaving home to being home again, and perhaps some days more."""
    assert proposal.stay is not None
    return Span(proposal.stay.leaves_home_at, proposal.stay.home_at + extra)


def clashes_of(proposal: Proposal) -> list[Conflict]:
    """Which other placements of its lab or its people it would meet."""
    if proposal.stay is None:
        return []
    reach = reach_of(proposal)
    people = {person.id for person in (*proposal.trainers, *proposal.drivers)}
    taken = [*lab_holds({proposal.lab.id}, reach), *person_holds(people, reach)]
    return rules.clashes(holds_of(proposal), taken)


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
