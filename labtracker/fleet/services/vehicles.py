"""Tow vehicles: add, change, retire, bring back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.fleet.rules import VehicleDetails
from labtracker.fleet.services.saving import record, require_coordinator, require_version
from labtracker.labs.models import Lab
from labtracker.labs.services import provider_of


def add_vehicle(details: VehicleDetails, *, actor: Person, now: datetime) -> TowVehicle:
    """Add a tow vehicle to the actor's provider."""
    require_coordinator(actor)
    vehicle = TowVehicle(provider=provider_of(actor), created_at=now)
    with db.session.no_autoflush:
        _refuse_taken_name(details.name, None)
        _write(vehicle, details)
        db.session.add(vehicle)
    record("added", vehicle, actor=actor, now=now)
    return vehicle


def change_vehicle(
    vehicle: TowVehicle, details: VehicleDetails, *, version: int | None, actor: Person, now: datetime
) -> None:
    """Change a vehicle as its editor saw it in that version."""
    require_coordinator(actor)
    require_version(vehicle, version)
    _refuse_taken_name(details.name, vehicle)
    with db.session.no_autoflush:
        _write(vehicle, details)
        # Whoever only changed the labs has changed the vehicle, too.
        flag_modified(vehicle, "name")
    record("changed", vehicle, actor=actor, now=now)


def retire_vehicle(vehicle: TowVehicle, *, actor: Person, now: datetime) -> None:
    """Take a vehicle out of service for good; where it is planned, that becomes a conflict."""
    require_coordinator(actor)
    if vehicle.retired_at is None:
        vehicle.retired_at = now
        record("retired", vehicle, actor=actor, now=now)


def restore_vehicle(vehicle: TowVehicle, *, actor: Person, now: datetime) -> None:
    """Put a retired vehicle into service again."""
    require_coordinator(actor)
    if vehicle.retired_at is not None:
        vehicle.retired_at = None
        record("restored", vehicle, actor=actor, now=now)


def _write(vehicle: TowVehicle, details: VehicleDetails) -> None:
    vehicle.name, vehicle.plate = details.name, details.plate.upper()
    vehicle.weight_lb, vehicle.mph, vehicle.notes = details.weight_lb, details.mph, details.notes
    labs = sa.select(Lab).where(Lab.id.in_(details.lab_ids)).order_by(Lab.name)
    vehicle.labs = list(db.session.scalars(labs))
    if vehicle.labs:
        vehicle.zone = vehicle.labs[0].zone


def _refuse_taken_name(name: str, besides: TowVehicle | None) -> None:
    query = sa.select(TowVehicle.id).where(
        sa.func.lower(TowVehicle.name) == name.lower(), TowVehicle.retired_at.is_(None)
    )
    if [found for found in db.session.scalars(query) if besides is None or found != besides.id]:
        raise DomainError("name_taken", _("There is already a vehicle of this name."), field="name")
