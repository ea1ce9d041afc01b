"""The tow vehicle of a deployment that is placed, and how far it really was."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.standing import standing_conflicts
from labtracker.scheduling.queries.vehicles import tow_holds, vehicle_holds
from labtracker.scheduling.rules.clashes import clashes
from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Span
from labtracker.scheduling.services.cohorts import require_coordinator
from labtracker.scheduling.services.deployments import refuse_cancelled
from labtracker.scheduling.services.locks import lock_calendar, lock_row, require_version
from labtracker.scheduling.services.refusals import refuse_conflicts

MOST_MILES = 20_000
OF_THE_VEHICLE = frozenset(
    {
        ConflictKind.VEHICLE_RETIRED,
        ConflictKind.CANNOT_TOW,
        ConflictKind.NO_CDL,
        ConflictKind.INSPECTION_OVERDUE,
    }
)


def choose_vehicle(
    *,
    deployment: Deployment,
    vehicle: TowVehicle | None,
    stays: bool,
    actor: Person,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Give a deployment another tow vehicle, or none; its stay keeps its times.

    Refuses with ``ConflictError`` what the vehicle cannot do: tow this lab, be in two places, be driven
    by this crew.
    """
    require_coordinator(actor)
    lock_calendar(vehicles=[vehicle.id] if vehicle else [])
    lock_row(deployment)
    require_version(deployment, expected_version, "deployment")
    refuse_cancelled(deployment)
    # What is refused leaves nothing behind.
    with db.session.begin_nested():
        deployment.vehicle, deployment.vehicle_stays = vehicle, vehicle is not None and stays
        db.session.flush()
        if vehicle is not None:
            refuse_conflicts(_conflicts(deployment, vehicle, now), deployment.worksite.zone)
    record_audit(
        actor, "vehicle_chosen", "deployment", deployment.id, now, vehicle=vehicle.id if vehicle else None
    )


def _conflicts(deployment: Deployment, vehicle: TowVehicle, now: datetime) -> list[Conflict]:
    stay = Span(deployment.blocks_from, deployment.blocks_until)
    taken = vehicle_holds({vehicle.id}, stay, ignoring=deployment.id)
    found = clashes(tow_holds(deployment), taken)
    standing = standing_conflicts([deployment], now).get(deployment.id, [])
    return found + [
        one
        for one in standing
        if one.kind in OF_THE_VEHICLE
        and (one.kind is not ConflictKind.INSPECTION_OVERDUE or one.party.id == vehicle.id)
    ]


def read_odometer(*, deployment: Deployment, miles: int | None, actor: Person, now: datetime) -> None:
    """Note how many miles were really driven there and back, or take the figure away again."""
    require_coordinator(actor)
    if miles is not None and not 0 <= miles <= MOST_MILES:
        raise DomainError("miles_impossible", _("Miles are between 0 and 20,000."), field="miles")
    lock_row(deployment)
    if deployment.odometer_miles != miles:
        record_audit(
            actor, "odometer_read", "deployment", deployment.id, now, was=deployment.odometer_miles, to=miles
        )
        deployment.odometer_miles = miles
        db.session.flush()
