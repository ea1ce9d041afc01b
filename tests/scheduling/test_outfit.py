"""What the fleet's records hold against a placement: closures, leave, licences, skills, equipment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from labtracker.extensions import db
from labtracker.fleet.rules import LicenceClass
from labtracker.scheduling import queries, services
from labtracker.scheduling.queries.standing import standing_conflicts
from labtracker.scheduling.queries.vehicles import tow_holds
from labtracker.scheduling.rules.conflicts import ConflictKind, WayOutKind
from labtracker.scheduling.rules.states import Duty
from labtracker.scheduling.wording.conflicts import conflict_words
from tests.cast import Cast
from tests.fleet.builders import (
    broken_item,
    closed_day,
    closure,
    inspection,
    leave,
    licence,
    tractor,
    unlearn,
)
from tests.scheduling.builders import MONDAY, planned, submitted

LATE = date(2026, 12, 31)


def kinds(cast: Cast, now: datetime, **how: object) -> dict[ConflictKind, bool]:
    """What stands against welding at the steel works from Monday on, and whether it blocks."""
    booking = how.pop("booking", None) or submitted(cast, now)
    options = {"lab": cast.welding_lab, "trainers": [cast.tom], "first_on": MONDAY, **how}
    proposal = queries.propose(queries.visit_of(booking), not_before=now.date(), **options)  # type: ignore[arg-type]
    for one in proposal.conflicts:
        assert conflict_words(one, "America/Denver")
    return {one.kind: one.blocks for one in proposal.conflicts}


def refused(cast: Cast, now: datetime, **how: object) -> set[ConflictKind]:
    with pytest.raises(services.ConflictError) as refusal:
        planned(cast, now, **how)
    return {one.kind for one in refusal.value.conflicts}


def test_a_closed_lab_is_refused_and_another_day_is_offered(cast: Cast, now: datetime) -> None:
    closure(cast, MONDAY + timedelta(days=2), MONDAY + timedelta(days=3))
    with pytest.raises(services.ConflictError) as refusal:
        planned(cast, now)
    (conflict,) = refusal.value.conflicts
    assert conflict.kind is ConflictKind.LAB_CLOSED
    assert "out of service (repair)" in refusal.value.message
    (way,) = conflict.ways_out
    assert (way.kind, way.first_on) == (WayOutKind.OTHER_DAY, date(2026, 5, 11))
    assert planned(cast, now, first_on=date(2026, 5, 11))


def test_a_lab_that_came_back_early_is_free(cast: Cast, now: datetime) -> None:
    broken = closure(cast, MONDAY - timedelta(days=7), MONDAY + timedelta(days=4))
    broken.ended_at = broken.ends_at = broken.starts_at + timedelta(days=3)
    db.session.flush()
    assert planned(cast, now)


def test_who_is_on_leave_cannot_teach_and_another_can(cast: Cast, now: datetime) -> None:
    leave(cast.tom, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
    booking = submitted(cast, now)
    assert kinds(cast, now, booking=booking)[ConflictKind.PERSON_AWAY]
    proposal = queries.propose(
        queries.visit_of(booking), lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY
    )
    ways = {way.kind: way for one in proposal.conflicts for way in one.ways_out}
    assert ways[WayOutKind.OTHER_PERSON].party.id == cast.tess.id
    assert not any(kinds(cast, now, booking=booking, trainers=[cast.tess]).values())


def test_a_trainer_teaches_what_was_noted_and_a_warning_says_where_nothing_was(
    cast: Cast, now: datetime
) -> None:
    booking = submitted(cast, now)
    assert kinds(cast, now, booking=booking) == {}
    unlearn(cast.tom, cast.welding)
    assert kinds(cast, now, booking=booking) == {ConflictKind.COURSE_NOT_TAUGHT: True}
    unlearn(cast.tom)
    assert kinds(cast, now, booking=booking) == {ConflictKind.SKILLS_UNKNOWN: False}


def test_a_heavy_load_needs_a_driver_with_a_licence_for_the_whole_stay(cast: Cast, now: datetime) -> None:
    truck = tractor(cast)
    booking = submitted(cast, now)
    assert kinds(cast, now, booking=booking) == {ConflictKind.VEHICLE_MISSING: False}
    assert kinds(cast, now, booking=booking, vehicle=truck) == {ConflictKind.DRIVER_MISSING: False}
    with_tess = {"booking": booking, "vehicle": truck, "drivers": [cast.tess]}
    assert kinds(cast, now, **with_tess) == {ConflictKind.NO_CDL: True}
    held = licence(cast.tess, until=LATE, letter=LicenceClass.B)
    assert kinds(cast, now, **with_tess) == {ConflictKind.NO_CDL: True}
    held.licence_class = LicenceClass.A
    db.session.flush()
    assert kinds(cast, now, **with_tess) == {}
    home_on = date(2026, 5, 7)
    held.expires_on = home_on - timedelta(days=1)
    db.session.flush()
    assert kinds(cast, now, **with_tess) == {ConflictKind.NO_CDL: True}
    held.expires_on = home_on
    db.session.flush()
    assert kinds(cast, now, **with_tess) == {}


def test_another_driver_or_vehicle_is_offered_and_works(cast: Cast, now: datetime) -> None:
    heavy, light = tractor(cast), tractor(cast, weight_lb=9_000)
    cast.welding_lab.weight_lb = 9_000
    booking = submitted(cast, now)
    how = {"vehicle": heavy, "trainers": [cast.tom], "drivers": [cast.tom]}
    visit = queries.visit_of(booking)

    def ways() -> set[tuple[WayOutKind, object]]:
        proposal = queries.propose(visit, lab=cast.welding_lab, first_on=MONDAY, **how)  # type: ignore[arg-type]
        return {(way.kind, way.party.id) for one in proposal.conflicts for way in one.ways_out if way.party}

    assert kinds(cast, now, booking=booking, **how)[ConflictKind.NO_CDL]
    assert ways() == {(WayOutKind.OTHER_VEHICLE, light.id)}
    licence(cast.tess, until=LATE)
    assert ways() == {(WayOutKind.OTHER_VEHICLE, light.id), (WayOutKind.OTHER_DRIVER, cast.tess.id)}
    assert ConflictKind.NO_CDL not in kinds(cast, now, booking=booking, **{**how, "drivers": [cast.tess]})
    assert ConflictKind.NO_CDL not in kinds(cast, now, booking=booking, **{**how, "vehicle": light})
    light.labs.clear()
    how["vehicle"] = light
    assert (WayOutKind.OTHER_VEHICLE, heavy.id) not in ways()
    how["drivers"] = [cast.tess]
    assert ways() == {(WayOutKind.OTHER_VEHICLE, heavy.id)}


def test_one_of_two_drivers_with_a_licence_is_enough(cast: Cast, now: datetime) -> None:
    licence(cast.tess, until=LATE)
    how = {"vehicle": tractor(cast), "drivers": [cast.tom, cast.tess], "trainers": [cast.tom]}
    assert ConflictKind.NO_CDL not in kinds(cast, now, **how)


def test_a_vehicle_tows_what_it_can_and_only_one_at_a_time(cast: Cast, now: datetime) -> None:
    truck = tractor(cast, weight_lb=9_000)
    cast.welding_lab.weight_lb = cast.wiring_lab.weight_lb = 9_000
    first = planned(cast, now, vehicle=truck, trainers=[cast.tess])
    other = {"course": cast.wiring, "lab": cast.wiring_lab, "trainers": [cast.tom], "vehicle": truck}
    assert refused(cast, now, **other) == {ConflictKind.CANNOT_TOW, ConflictKind.VEHICLE_TAKEN}
    truck.labs.append(cast.wiring_lab)
    db.session.flush()
    assert refused(cast, now, **other) == {ConflictKind.VEHICLE_TAKEN}
    # While the first lab stands there, the vehicle is free, unless it stays with the lab.
    between = {**other, "first_on": MONDAY + timedelta(days=1), "weekdays": [2]}
    first.vehicle_stays = True
    db.session.flush()
    assert refused(cast, now, **between) == {ConflictKind.VEHICLE_TAKEN}
    first.vehicle_stays = False
    db.session.flush()
    assert planned(cast, now, **between).vehicle is truck


def test_a_vehicle_is_held_for_its_drives_or_for_all_of_it(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now, vehicle=tractor(cast, weight_lb=9_000))
    there, home = tow_holds(deployment)
    assert there.span.starts_at == deployment.blocks_from
    assert home.span.ends_at == deployment.blocks_until
    assert there.span.ends_at < home.span.starts_at
    assert (there.place, there.to) == (home.to, home.place)
    deployment.vehicle_stays = True
    (all_of_it,) = tow_holds(deployment)
    assert (all_of_it.span.starts_at, all_of_it.span.ends_at) == (there.span.starts_at, home.span.ends_at)


def test_an_inspection_that_is_overdue_stops_the_lab_and_one_to_come_is_told(
    cast: Cast, now: datetime
) -> None:
    due = inspection(cast, date(2026, 4, 30))
    booking = submitted(cast, now)
    assert kinds(cast, now, booking=booking) == {ConflictKind.INSPECTION_DUE: False}
    due.next_due_on = now.date() - timedelta(days=1)
    db.session.flush()
    assert kinds(cast, now, booking=booking) == {ConflictKind.INSPECTION_OVERDUE: True}
    due.next_due_on = LATE
    db.session.flush()
    assert kinds(cast, now, booking=booking) == {}


def test_what_is_out_of_order_stops_the_course_that_needs_it_while_it_lasts(
    cast: Cast, now: datetime
) -> None:
    item = broken_item(cast, since=date(2026, 4, 1))
    booking = submitted(cast, now)
    proposal = queries.propose(
        queries.visit_of(booking), lab=cast.welding_lab, trainers=[cast.tom], first_on=MONDAY
    )
    (conflict,) = proposal.conflicts
    assert conflict.blocks
    assert (conflict.party.name, conflict.other.name, conflict.about.name) == (
        "Welding lab",
        "Welding basics",
        "Fume extraction",
    )
    item.out_until = MONDAY - timedelta(days=1)
    db.session.flush()
    assert kinds(cast, now, booking=booking) == {}
    item.out_until, item.courses = None, []
    db.session.flush()
    assert kinds(cast, now, booking=booking) == {}


def test_the_providers_own_closed_days_are_passed_over_like_holidays(cast: Cast, now: datetime) -> None:
    tuesday = MONDAY + timedelta(days=1)
    closed_day(cast, tuesday)
    deployment = planned(cast, now)
    days = {one.starts_at.date() for one in deployment.cohorts[0].sessions}
    assert tuesday not in days
    assert len(days) == 3


def test_what_became_wrong_with_deployments_is_found_for_all_at_once(cast: Cast, now: datetime) -> None:
    welding = planned(cast, now)
    wiring = planned(cast, now, course=cast.wiring, lab=cast.wiring_lab, trainers=[cast.tess])
    both = [welding, wiring]
    assert standing_conflicts(both, now) == {}
    closure(cast, MONDAY, MONDAY)
    leave(cast.tess, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
    leave(cast.tom, MONDAY + timedelta(days=9), MONDAY + timedelta(days=9))
    broken_item(cast, since=MONDAY)
    found = standing_conflicts(both, now)
    assert {one.kind for one in found[welding.id]} == {ConflictKind.LAB_CLOSED, ConflictKind.ITEM_OUT}
    assert {one.kind for one in found[wiring.id]} == {ConflictKind.PERSON_AWAY}
    cast.wiring_lab.retired_at = now
    kinds_now = {one.kind for one in standing_conflicts(both, now)[wiring.id]}
    assert kinds_now == {ConflictKind.PERSON_AWAY, ConflictKind.LAB_RETIRED}


def test_a_deployment_that_stands_can_be_given_a_vehicle_and_a_driver(cast: Cast, now: datetime) -> None:
    truck = tractor(cast)
    deployment = planned(cast, now)
    with pytest.raises(services.ConflictError):
        services.add_to_crew(
            deployment=_towed(cast, deployment, truck, now),
            person=cast.tess,
            duty=Duty.DRIVER,
            actor=cast.cora,
            now=now,
        )
    licence(cast.tess, until=LATE)
    services.remove_from_crew(
        deployment=deployment, person=cast.tess, duty=Duty.DRIVER, actor=cast.cora, now=now
    )
    services.add_to_crew(deployment=deployment, person=cast.tess, duty=Duty.DRIVER, actor=cast.cora, now=now)
    assert standing_conflicts([deployment], now) == {}


def _towed(cast: Cast, deployment: object, truck: object, now: datetime) -> object:
    services.choose_vehicle(
        deployment=deployment,  # type: ignore[arg-type]
        vehicle=truck,  # type: ignore[arg-type]
        stays=False,
        actor=cast.cora,
        now=now,
    )
    return deployment
