"""Writes of the fleet: what is kept, what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from labtracker.accounts.models import AuditEntry
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet import queries, services
from labtracker.fleet.models import DriverLicence, TaughtCourse
from labtracker.fleet.rules import ClosureKind, InspectionDetails, ItemDetails, LicenceClass, VehicleDetails
from tests.cast import Cast
from tests.fleet.builders import ZONE, closure, inspection, leave, licence, tractor, unlearn

DAY = date(2026, 5, 4)


def refused(code: str, call: object, **how: object) -> None:
    with pytest.raises(DomainError) as refusal:
        call(**how)  # type: ignore[operator]
    assert refusal.value.code == code


def test_a_vehicle_is_added_changed_retired_and_brought_back(cast: Cast, now: datetime) -> None:
    details = VehicleDetails("Tractor 1", "dzm 418", 18000, 55, frozenset({cast.welding_lab.id}))
    vehicle = services.add_vehicle(details, actor=cast.cora, now=now)
    assert (vehicle.plate, vehicle.labs, vehicle.zone) == ("DZM 418", [cast.welding_lab], ZONE)
    refused("name_taken", services.add_vehicle, details=details, actor=cast.cora, now=now)
    seen = vehicle.version
    both = VehicleDetails(
        "Tractor 1", "DZM 418", 18000, 55, frozenset({cast.welding_lab.id, cast.wiring_lab.id})
    )
    services.change_vehicle(vehicle, both, version=seen, actor=cast.cora, now=now)
    assert len(vehicle.labs) == 2
    assert vehicle.version > seen, "who only changed its labs has changed it"
    refused(
        "changed_meanwhile", services.change_vehicle,
        vehicle=vehicle, details=details, version=seen, actor=cast.cora, now=now,
    )  # fmt: skip
    services.retire_vehicle(vehicle, actor=cast.cora, now=now)
    assert services.add_vehicle(details, actor=cast.cora, now=now), "a retired one's name is free"
    services.restore_vehicle(vehicle, actor=cast.cora, now=now)
    assert vehicle.retired_at is None


def test_only_coordinators_change_the_fleet(cast: Cast, now: datetime) -> None:
    truck, details = tractor(cast), VehicleDetails("X", "Y", 9000)
    who = {"actor": cast.tom, "now": now}
    refused("not_coordinator", services.add_vehicle, details=details, **who)
    refused("not_coordinator", services.retire_vehicle, vehicle=truck, **who)
    refused(
        "not_coordinator", services.note_licence, person=cast.tom, licence_class=None, expires_on=None, **who
    )
    refused("not_coordinator", services.note_taught_courses, person=cast.tom, course_ids=(), **who)
    refused("not_coordinator", services.add_item, lab=cast.welding_lab, details=ItemDetails("A", 1), **who)
    refused("not_coordinator", services.add_closed_day, state="CO", on=DAY, name="A", **who)
    refused(
        "not_coordinator", services.add_closure, of=truck, kind=ClosureKind.REPAIR, first=DAY, last=DAY,
        note=None, broke=(), **who,
    )  # fmt: skip


def test_a_licence_is_noted_without_its_number_and_taken_away(cast: Cast, now: datetime) -> None:
    how = {"actor": cast.cora, "now": now}
    refused(
        "expiry_missing", services.note_licence,
        person=cast.tom, licence_class=LicenceClass.A, expires_on=None, **how,
    )  # fmt: skip
    services.note_licence(cast.tom, licence_class=LicenceClass.A, expires_on=DAY, **how)
    services.note_licence(cast.tom, licence_class=LicenceClass.B, expires_on=DAY, **how)
    (noted,) = db.session.scalars(sa.select(DriverLicence))
    assert (noted.person_id, noted.licence_class, noted.expires_on) == (cast.tom.id, "B", DAY)
    columns = {column.name for column in DriverLicence.__table__.columns}
    assert columns == {"person_id", "licence_class", "expires_on", "noted_at", "noted_by_id"}
    services.note_licence(cast.tom, licence_class=None, expires_on=None, **how)
    assert db.session.scalars(sa.select(DriverLicence)).all() == []


def test_the_courses_of_a_trainer_are_these_and_no_others(cast: Cast, now: datetime) -> None:
    services.note_taught_courses(cast.tom, [cast.wiring.id], actor=cast.cora, now=now)
    taught = sa.select(TaughtCourse.course_id).where(TaughtCourse.person_id == cast.tom.id)
    assert list(db.session.scalars(taught)) == [cast.wiring.id]
    before = db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))
    services.note_taught_courses(cast.tom, [cast.wiring.id], actor=cast.cora, now=now)
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == before, "nothing changed"


def test_leave_is_ones_own_or_a_coordinators_to_enter(cast: Cast, now: datetime) -> None:
    how = {"person": cast.tom, "zone": ZONE, "now": now}
    tom, tess = {**how, "actor": cast.tom}, {**how, "actor": cast.tess}
    refused("not_yours", services.enter_leave, first=DAY, last=DAY, **tess)
    refused("ends_before_start", services.enter_leave, first=DAY, last=DAY - timedelta(days=1), **tom)
    refused("leave_too_long", services.enter_leave, first=DAY, last=DAY.replace(year=2028), **tom)
    mine = services.enter_leave(
        cast.tom, first=DAY, last=DAY + timedelta(days=2), zone=ZONE, actor=cast.tom, now=now
    )
    refused("leave_overlaps", services.enter_leave, first=DAY, last=DAY, **how, actor=cast.cora)
    (away,) = queries.absences(mine.starts_at, mine.ends_at, person_ids={cast.tom.id})
    assert (away.kind, away.name) == ("leave", "Tom Baca")
    refused("not_yours", services.withdraw_leave, leave=mine, actor=cast.tess, now=now)
    services.withdraw_leave(mine, actor=cast.tom, now=now)
    assert queries.absences(mine.starts_at, mine.ends_at, person_ids={cast.tom.id}) == []


def test_a_closure_is_changed_and_ended_early(cast: Cast, now: datetime) -> None:
    how = {"actor": cast.cora, "now": now}
    first, last = now.date() - timedelta(days=2), now.date() + timedelta(days=5)
    wrong = {"kind": ClosureKind.REPAIR, "note": None, "broke": ()}
    refused(
        "ends_before_start", services.add_closure,
        of=cast.welding_lab, first=last, last=first, **wrong, **how,
    )  # fmt: skip
    row = services.add_closure(
        cast.welding_lab, kind=ClosureKind.REPAIR, first=first, last=last, note=None, broke=(), **how
    )
    seen = row.version
    services.change_last_day(row, last=last + timedelta(days=3), broke=[cast.tom.id], version=seen, **how)
    assert row.broke == [str(cast.tom.id)]
    refused(
        "changed_meanwhile", services.change_last_day, closure=row, last=last, broke=(), version=seen, **how
    )
    span = (row.starts_at, row.ends_at)
    assert len(queries.absences(*span, lab_ids={cast.welding_lab.id})) == 1
    services.end_closure(row, **how)
    assert row.ends_at == now
    assert queries.absences(now, span[1], lab_ids={cast.welding_lab.id}) == []
    refused("closure_over", services.end_closure, closure=row, **how)


def test_a_closure_that_is_ended_before_it_begins_never_was(cast: Cast, now: datetime) -> None:
    row = closure(cast, DAY, DAY + timedelta(days=4))
    services.end_closure(row, actor=cast.cora, now=now)
    span = (row.starts_at - timedelta(days=1), row.starts_at + timedelta(days=9))
    assert queries.absences(*span, lab_ids={cast.welding_lab.id}) == []


def test_an_inspection_that_is_done_is_due_again_later(cast: Cast, now: datetime) -> None:
    today, how = now.date(), {"actor": cast.cora, "now": now}
    details = InspectionDetails("Brakes", 6, date(2025, 10, 31))
    brakes = services.add_inspection(tractor(cast), details, today=today, **how)
    assert brakes.next_due_on == date(2026, 4, 30)
    refused(
        "not_done_yet", services.note_done,
        inspection=brakes, on=today + timedelta(days=1), today=today, version=None, **how,
    )  # fmt: skip
    services.note_done(brakes, on=today, today=today, version=brakes.version, **how)
    assert brakes.next_due_on == date(2026, 10, 13)
    refused(
        "older_than_known", services.note_done,
        inspection=brakes, on=date(2026, 1, 1), today=today, version=None, **how,
    )  # fmt: skip
    services.end_inspection(brakes, **how)
    assert queries.fleet_facts(lab_ids=(), vehicle_ids={brakes.vehicle_id}).inspections == {}  # type: ignore[arg-type]


def test_equipment_goes_out_of_order_and_works_again(cast: Cast, now: datetime) -> None:
    how = {"actor": cast.cora, "now": now}
    details = ItemDetails("Fume extraction", 1, frozenset({cast.welding.id}))
    item = services.add_item(cast.welding_lab, details, **how)
    refused("name_taken", services.add_item, lab=cast.welding_lab, details=details, **how)
    refused(
        "ends_before_start", services.put_out_of_order,
        item=item, since=DAY, until=DAY - timedelta(days=1), note=None, **how,
    )  # fmt: skip
    services.put_out_of_order(item, since=DAY, until=None, note="Fan", **how)
    assert item.is_out_on(DAY)
    services.put_in_order(item, **how)
    assert not item.is_out_on(DAY)
    services.put_out_of_order(item, since=DAY, until=None, note=None, **how)
    services.remove_item(item, **how)
    assert queries.fleet_facts(lab_ids={cast.welding_lab.id}).out_of_order == {}


def test_a_closed_day_counts_in_its_state_until_it_is_removed(cast: Cast, now: datetime) -> None:
    how = {"actor": cast.cora, "now": now}
    day = services.add_closed_day(state="CO", on=DAY, name="Staff day", **how)
    assert queries.closed_days_between(DAY, DAY, "CO") == {DAY: "Staff day"}
    assert queries.closed_days_between(DAY, DAY, "NM") == {}
    refused("closed_already", services.add_closed_day, state="CO", on=DAY, name="Again", **how)
    refused("holiday_already", services.add_closed_day, state="CO", on=date(2026, 7, 3), name="Again", **how)
    services.remove_closed_day(day, **how)
    assert queries.closed_days_between(DAY, DAY, "CO") == {}


def test_what_is_due_is_what_somebody_has_to_see_to(cast: Cast, now: datetime) -> None:
    today = now.date()
    licence(cast.tom, until=today + timedelta(days=60))
    licence(cast.tess, until=today + timedelta(days=61))
    inspection(cast, today + timedelta(days=30))
    inspection(cast, today + timedelta(days=31), lab=cast.wiring_lab)
    closure(cast, today + timedelta(days=90), today + timedelta(days=91))
    closure(cast, today - timedelta(days=9), today - timedelta(days=8))
    due = queries.due_list(cast.cora, today, now)
    assert [one.person for one in due.licences] == [cast.tom]
    assert [one.lab for one in due.inspections] == [cast.welding_lab]
    assert len(due.closures) == 1
    assert (list(due.items), list(due.unknown)) == ([], [])
    assert due.count == 3
    unlearn(cast.tess)
    assert list(queries.due_list(cast.cora, today, now).unknown) == [cast.tess]


def test_the_lines_of_a_crew_say_what_each_teaches_drives_and_when_they_are_away(
    cast: Cast, now: datetime
) -> None:
    today = now.date()
    licence(cast.tom, until=DAY)
    leave(cast.tom, today - timedelta(days=1), today)
    leave(cast.tom, today - timedelta(days=9), today - timedelta(days=8))
    tom, tess = queries.crew_lines([cast.tom, cast.tess], today)
    assert [course.code for course in tom.courses] == ["ELE-110", "WLD-101"]
    assert tom.licence is not None
    assert [one.ends_on for one in tom.leave] == [today]
    assert (tess.licence, tess.leave) == (None, [])
