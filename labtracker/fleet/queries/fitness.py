"""What says whether a lab, a vehicle and a crew may go out together, read for many at once."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import (
    DriverLicence,
    EquipmentCourse,
    EquipmentItem,
    Inspection,
    TaughtCourse,
    TowVehicle,
    TowVehicleLab,
)
from labtracker.fleet.rules.facts import FleetFacts, InspectionFacts, LicenceFacts, OutFacts, VehicleFacts
from labtracker.labs.models import Lab


def fleet_facts(
    *, lab_ids: Collection[UUID], vehicle_ids: Collection[UUID] = (), person_ids: Collection[UUID] = ()
) -> FleetFacts:
    """The facts of all these, in seven queries however many they are."""
    labs = sa.select(Lab.id, Lab.weight_lb).where(Lab.id.in_(lab_ids))
    licences = sa.select(DriverLicence).where(DriverLicence.person_id.in_(person_ids))
    taught: dict[UUID, set[UUID]] = {}
    rows = sa.select(TaughtCourse.person_id, TaughtCourse.course_id)
    for person_id, course_id in db.session.execute(rows.where(TaughtCourse.person_id.in_(person_ids))):
        taught.setdefault(person_id, set()).add(course_id)
    towable, vehicles = _vehicles(lab_ids, vehicle_ids)
    return FleetFacts(
        lab_weights={row.id: row.weight_lb for row in db.session.execute(labs)},
        vehicles=vehicles,
        towable=towable,
        licences={
            one.person_id: LicenceFacts(one.licence_class, one.expires_on)
            for one in db.session.scalars(licences)
        },
        taught=taught,
        inspections=_inspections(lab_ids, vehicle_ids),
        out_of_order=_out_of_order(lab_ids),
    )


def _vehicles(
    lab_ids: Collection[UUID], vehicle_ids: Collection[UUID]
) -> tuple[frozenset[UUID], dict[UUID, VehicleFacts]]:
    labs: dict[UUID, set[UUID]] = {}
    towable: set[UUID] = set()
    pairs = (
        sa.select(TowVehicleLab.vehicle_id, TowVehicleLab.lab_id, TowVehicle.retired_at)
        .join(TowVehicle, TowVehicle.id == TowVehicleLab.vehicle_id)
        .where(TowVehicleLab.lab_id.in_(lab_ids) | TowVehicleLab.vehicle_id.in_(vehicle_ids))
    )
    for vehicle_id, lab_id, retired_at in db.session.execute(pairs):
        labs.setdefault(vehicle_id, set()).add(lab_id)
        if retired_at is None:
            towable.add(lab_id)
    rows = sa.select(
        TowVehicle.id, TowVehicle.name, TowVehicle.weight_lb, TowVehicle.retired_at, TowVehicle.mph
    )
    found = {
        row.id: VehicleFacts(
            row.name, row.weight_lb, frozenset(labs.get(row.id, ())), row.retired_at is not None, row.mph
        )
        for row in db.session.execute(rows.where(TowVehicle.id.in_(vehicle_ids)))
    }
    return frozenset(towable), found


def _inspections(
    lab_ids: Collection[UUID], vehicle_ids: Collection[UUID]
) -> dict[UUID, list[InspectionFacts]]:
    found: dict[UUID, list[InspectionFacts]] = {}
    query = (
        sa.select(Inspection)
        .where(
            Inspection.ended_at.is_(None),
            Inspection.lab_id.in_(lab_ids) | Inspection.vehicle_id.in_(vehicle_ids),
        )
        .order_by(Inspection.next_due_on)
    )
    for one in db.session.scalars(query):
        of_id = one.lab_id or one.vehicle_id
        assert of_id is not None, "the table holds one of both"
        found.setdefault(of_id, []).append(InspectionFacts(one.id, one.name, one.next_due_on))
    return found


def _out_of_order(lab_ids: Collection[UUID]) -> dict[UUID, list[OutFacts]]:
    needed: dict[UUID, set[UUID]] = {}
    broken = sa.and_(
        EquipmentItem.lab_id.in_(lab_ids),
        EquipmentItem.out_since.is_not(None),
        EquipmentItem.removed_at.is_(None),
    )
    pairs = sa.select(EquipmentCourse.item_id, EquipmentCourse.course_id).join(EquipmentItem).where(broken)
    for item_id, course_id in db.session.execute(pairs):
        needed.setdefault(item_id, set()).add(course_id)
    found: dict[UUID, list[OutFacts]] = {}
    for one in db.session.scalars(sa.select(EquipmentItem).where(broken).order_by(EquipmentItem.name)):
        assert one.out_since is not None
        courses = frozenset(needed.get(one.id, ()))
        facts = OutFacts(one.id, one.name, one.out_since, one.out_until, courses)
        found.setdefault(one.lab_id, []).append(facts)
    return found


def vehicles_for(lab_ids: Collection[UUID]) -> sa.Select[UUID]:
    """Ids of the vehicles in service that can tow one of these labs."""
    return (
        sa.select(TowVehicle.id)
        .join(TowVehicleLab, TowVehicleLab.vehicle_id == TowVehicle.id)
        .where(TowVehicleLab.lab_id.in_(lab_ids), TowVehicle.retired_at.is_(None))
        .distinct()
    )


def may_teach(course_id: UUID) -> sa.ColumnElement[bool]:
    """That a person teaches a course, or that nobody noted what they teach."""
    any_noted = sa.exists().where(TaughtCourse.person_id == Person.id)
    noted = sa.exists().where(TaughtCourse.person_id == Person.id, TaughtCourse.course_id == course_id)
    return sa.or_(noted, ~any_noted)
