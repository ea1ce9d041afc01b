"""What could be done about a deployment that cannot go as planned: ways out that were checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.moving import Rows, has_begun, propose_move
from labtracker.scheduling.queries.vehicles import vehicles_towing
from labtracker.scheduling.queries.visits import standing_sessions
from labtracker.scheduling.rules.conflicts import Conflict, WayOut, WayOutKind


@dataclass(frozen=True)
class Remedy:
    """What stands against a deployment now, and each thing that would end it.

    ``begun`` says that something of it was held, so that it stays where it is: its sessions to come can
    be cancelled one by one. ``vehicles`` could tow it as it stands.
    """

    conflicts: Sequence[Conflict]
    ways: Sequence[WayOut]
    vehicles: Sequence[TowVehicle]
    begun: bool


def remedies(deployment: Deployment, now: datetime) -> Remedy:
    """Everything that was checked to work for this deployment."""
    rows = standing_sessions(deployment)
    if not rows or has_begun(rows, now):
        return Remedy((), (), (), begun=True)
    proposal = propose_move(deployment, rows, now)
    blocking = [one for one in proposal.conflicts if one.blocks]
    ways = dict.fromkeys(
        way
        for conflict in blocking
        for way in conflict.ways_out
        if way.kind in (WayOutKind.OTHER_DAY, WayOutKind.OTHER_LAB)
    )
    return Remedy(blocking, list(ways), _vehicles(deployment, rows, now), begun=False)


def _vehicles(deployment: Deployment, rows: Rows, now: datetime) -> list[TowVehicle]:
    """Other vehicles with which nothing would stand in the way."""
    if deployment.vehicle_id is None:
        return []
    others = vehicles_towing(deployment.lab).where(TowVehicle.id != deployment.vehicle_id)
    return [
        one
        for one in db.session.scalars(others)
        if not propose_move(deployment, rows, now, vehicle=one, ways_out=False).blocked
    ]
