"""What is placed through the rule is never in two places; the oracle here is written anew."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, product
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from labtracker.fleet.rules import licence_needed
from labtracker.kit.geography import Point
from labtracker.kit.time import local_day
from labtracker.scheduling.rules.clashes import Busy, clashes
from labtracker.scheduling.rules.conflicts import Conflict, Hold, Party, Span
from labtracker.scheduling.rules.fitness import LabFacts, SiteOffer
from labtracker.scheduling.rules.opening_search import openings
from labtracker.scheduling.rules.openings import Ask, LabOffer, Obstacle, Openings, Tow
from labtracker.scheduling.rules.sessions import ShiftPattern
from labtracker.scheduling.rules.stays import stay_conflicts
from labtracker.scheduling.rules.travel import Place
from tests.scheduling.calendars import DENVER, START, RandomCalendar, RandomLab, RandomVisit, calendars, few


def way(here: Place | None, there: Place | None) -> timedelta:
    """The drive from one place to another, reckoned here by vectors and not by the rule."""
    if here is None or there is None or here == there:
        return timedelta()
    if here.point is None or there.point is None:
        return timedelta(hours=4)
    a, b = _on_the_globe(here.point), _on_the_globe(there.point)
    angle = math.atan2(math.hypot(*_cross(a, b)), sum(x * y for x, y in zip(a, b, strict=True)))
    return timedelta(minutes=15 * math.ceil(3958.8 * angle * 1.45 / 50 * 4 - 1e-6))


def _on_the_globe(point: Point) -> tuple[float, float, float]:
    lat, lon = math.radians(point.latitude), math.radians(point.longitude)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _cross(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float, float]:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def stand_together(one: Hold, other: Hold) -> bool:
    """Whether one party can do both, one after the other."""
    first, second = sorted((one, other), key=lambda hold: (hold.span.starts_at, hold.span.ends_at))
    leaves = first.to or first.place
    return first.span.ends_at + way(leaves, second.place) <= second.span.starts_at


def pairs_that_clash(one: Iterable[Hold], other: Iterable[Hold]) -> set[object]:
    mine, theirs = list(one), list(other)
    return {
        (hold.who.id, taken.because.id)
        for hold in mine
        for taken in theirs
        if hold.who.id == taken.who.id and not stand_together(hold, taken)
    }


def seen(found: list[Conflict]) -> list[object]:
    """What was found, without the name of the other side."""
    return sorted(
        (str(one.party.id), one.overlap.starts_at, one.overlap.ends_at, one.wanted or 0, one.possible or 0)
        for one in found
        if one.overlap
    )


@few
@given(calendars())
def test_nobody_is_ever_in_two_places(calendar: RandomCalendar) -> None:
    kept = calendar.placed(calendar.visits)
    for one, other in combinations(kept.values(), 2):
        assert not pairs_that_clash(one, other)
    for holds in kept.values():
        assert not pairs_that_clash(holds, calendar.absences)
    for visit in calendar.visits:
        # What was refused really could not be; the rule finds neither more nor less than the oracle.
        others = [
            *calendar.absences,
            *(hold for key, row in kept.items() if key != visit.number for hold in row),
        ]
        wanted = calendar.holds_of(visit)
        found = {(one.party.id, one.other.id if one.other else None) for one in clashes(wanted, others)}
        assert found == pairs_that_clash(wanted, others)
        assert not found or visit.number not in kept


@few
@given(calendars(), st.randoms(use_true_random=False))
def test_neither_order_nor_side_changes_what_is_found(calendar: RandomCalendar, random: Random) -> None:
    everything = [calendar.holds_of(visit) for visit in calendar.visits]
    for one, other in combinations(everything, 2):
        assert seen(clashes(one, other)) == seen(clashes(other, one))
    taken = [*calendar.absences, *(hold for holds in everything[1:] for hold in holds)]
    shuffled, wanted = taken[:], everything[0][:]
    random.shuffle(shuffled)
    random.shuffle(wanted)
    assert clashes(wanted, shuffled) == clashes(everything[0], taken)
    # Where all visits that were kept fit beside each other, they fit in any order.
    kept = set(calendar.placed(calendar.visits))
    again = [visit for visit in calendar.visits if visit.number in kept]
    random.shuffle(again)
    assert set(calendar.placed(again)) == kept


@few
@given(calendars())
def test_stays_leave_time_and_pass_over_closed_days(calendar: RandomCalendar) -> None:
    for visit in calendar.visits:
        laid_out = calendar.laid_out(visit)
        if laid_out is None:
            continue
        table, stay = laid_out
        effort = visit.lab.effort_to(visit.site)
        rules = {"zone": DENVER, "closed_days": calendar.closed, "gate": calendar.gate}
        assert stay_conflicts(stay, effort, visit.lab.party, **rules) == []
        assert not {one.day for one in table.sessions} & set(calendar.closed)


def offers(calendar: RandomCalendar, visit: RandomVisit) -> list[LabOffer]:
    return [
        LabOffer(
            LabFacts(lab.party, 8, frozenset()),
            lab.effort_to(visit.site),
            base=lab.base,
            tows=tuple(
                Tow(one.party, lab.effort_to(visit.site, one), licence_needed(lab.weight_lb, one.weight_lb))
                for one in calendar.vehicles
                if lab.party.id in one.labs
            ),
        )
        for lab in calendar.labs
    ]


def ask(calendar: RandomCalendar, visit: RandomVisit, weeks: int = 8) -> Ask:
    return Ask(
        here=visit.site,
        site=SiteOffer(Party("worksite", None, visit.site.name)),
        course=Party("course", None, "a course"),
        pattern=visit.pattern,
        contact_minutes=visit.minutes,
        headcount=8,
        first=START,
        last=START + timedelta(weeks=weeks),
        closed_days=calendar.closed,
        gate=calendar.gate,
        fleet=calendar.fleet,
    )


def found_for(calendar: RandomCalendar, visit: RandomVisit, taken: list[Hold]) -> Openings:
    drivers = [one for one in calendar.people if one.id in calendar.licences]
    offered = offers(calendar, visit)
    return openings(ask(calendar, visit), offered, calendar.people, Busy(taken), most=99, drivers=drivers)


def may_drive(calendar: RandomCalendar, visit: RandomVisit) -> bool:
    """Whether the driver may bring this lab with this vehicle, reckoned here by weights and letters."""
    assert visit.vehicle is not None
    lab_lb = visit.lab.weight_lb
    if visit.vehicle.weight_lb + lab_lb <= 26_000:
        return True
    held = calendar.licences.get(visit.driver.id) if visit.driver and visit.driver.id else None
    laid_out = calendar.laid_out(visit)
    if held is None or laid_out is None:
        return False
    home_on = local_day(laid_out[1].home_at, DENVER)
    return held.expires_on >= home_on and (held.licence_class == "A" or lab_lb <= 10_000)


def every_way(calendar: RandomCalendar, visit: RandomVisit, day: date) -> Iterator[RandomVisit]:
    """The visit from one day on with every lab, vehicle, trainer and driver that may go out together."""
    for lab in calendar.labs:
        towing = [one for one in calendar.vehicles if lab.party.id in one.labs]
        crew = product(towing, calendar.people, [None, *calendar.people])
        for vehicle, trainer, driver in crew if towing else product([None], calendar.people, [None]):
            way = replace(visit, lab=lab, first_on=day, trainers=(trainer,), driver=driver, vehicle=vehicle)
            if vehicle is None or may_drive(calendar, way):
                yield way


@few
@given(calendars())
def test_openings_can_be_taken_and_other_weeks_have_none(calendar: RandomCalendar) -> None:
    *others, visit = calendar.visits
    kept = calendar.placed(others)
    taken = [*calendar.absences, *(hold for holds in kept.values() for hold in holds)]
    busy = Busy(taken)
    found = found_for(calendar, visit, taken)
    labs = {lab.party.id: lab for lab in calendar.labs}
    vehicles = {one.party.id: one for one in calendar.vehicles}
    for opening in found.found:
        its_own = replace(
            visit,
            lab=labs[opening.lab.id],
            first_on=opening.first_on,
            trainers=(opening.trainer,),
            driver=opening.driver,
            vehicle=vehicles[opening.vehicle.id] if opening.vehicle else None,
        )
        wanted = calendar.holds_of(its_own)
        assert wanted
        assert clashes(wanted, taken) == []
        assert its_own.vehicle is None or may_drive(calendar, its_own)
    for hindrance in found.hindrances:
        for step in range((hindrance.last_on - hindrance.first_on).days + 1):
            day = hindrance.first_on + timedelta(days=step)
            if day.isoweekday() not in visit.pattern.weekdays or day in calendar.closed:
                continue
            for its_own in every_way(calendar, visit, day):
                wanted = calendar.holds_of(its_own)
                assert not (wanted and busy.leaves_room_for(wanted))
        assert hindrance.why in REASONS


REASONS = {
    Obstacle.CLOSED,
    Obstacle.LAB_TAKEN,
    Obstacle.LAB_ON_THE_WAY,
    Obstacle.NO_TRAINER,
    Obstacle.NO_VEHICLE,
    Obstacle.NO_DRIVER,
}


def test_a_short_course_fits_before_what_holds_the_lab_later_that_day() -> None:
    here = Place("yard", Point(38.0, -104.0))
    lab = RandomLab(Party("lab", UUID(int=100), "lab"), here, 50, 0, 0, 9_000)
    who = Party("person", UUID(int=200), "somebody")
    pattern = ShiftPattern(frozenset({1}), time(6), time(14, 30), 30, DENVER)
    later = datetime(2026, 3, 2, 17, tzinfo=UTC)  # ten o'clock there
    held = Hold(lab.party, Span(later, later + timedelta(hours=4)), Party("deployment", UUID(int=1), "other"))
    visit = RandomVisit(1, lab, here, pattern, 120, date(2026, 3, 2), (who,), None)
    calendar = RandomCalendar((here,), (lab,), (who,), (held,), {}, None, (visit,))
    found = openings(ask(calendar, visit, 1), offers(calendar, visit), calendar.people, Busy([held]))
    assert found.found[0].first_on == date(2026, 3, 2)
