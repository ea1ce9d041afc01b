"""How far labs and vehicles went in a program year, deployment by deployment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.kit.time import instant_at
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.disruptions import with_what_is_shown
from labtracker.scheduling.queries.holds import place_of
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.rules.travel import road_miles


@dataclass(frozen=True)
class Trip:
    """A deployment with its miles there and back: read off, or else computed, or else unknown."""

    deployment: Deployment
    computed: int | None

    @property
    def miles(self) -> int | None:
        """What counts."""
        read = self.deployment.odometer_miles
        return self.computed if read is None else read

    @property
    def is_read(self) -> bool:
        """Whether somebody read the odometer."""
        return self.deployment.odometer_miles is not None


@dataclass(frozen=True)
class Distance:
    """What one lab or vehicle went: its trips, their miles, how many of them nobody knows."""

    name: str
    trips: Sequence[Trip]

    @property
    def miles(self) -> int:
        """All miles that are known."""
        return sum(trip.miles or 0 for trip in self.trips)

    @property
    def unknown(self) -> int:
        """Trips without any figure."""
        return sum(trip.miles is None for trip in self.trips)


@dataclass(frozen=True)
class Mileage:
    """A program year's distances, by lab and by vehicle; ``bare`` are trips without a vehicle noted."""

    labs: Sequence[Distance]
    vehicles: Sequence[Distance]
    bare: int


def mileage_of(year: int, zone: str, now: datetime) -> Mileage:
    """Every deployment that left in a program year (1 July to 30 June) before now and was not cancelled."""
    starts, ends = (instant_at(date(one, 7, 1), time(0), zone) for one in (year, year + 1))
    query = (
        sa.select(Deployment)
        .where(
            Deployment.status != DeploymentStatus.CANCELLED,
            Deployment.blocks_from >= starts,
            Deployment.blocks_from < min(ends, now),
        )
        .order_by(Deployment.blocks_from)
    )
    trips = [trip_of(one) for one in db.session.scalars(with_what_is_shown(query)).unique()]
    labs: dict[str, list[Trip]] = {}
    vehicles: dict[str, list[Trip]] = {}
    for trip in trips:
        labs.setdefault(trip.deployment.lab.name, []).append(trip)
        if trip.deployment.vehicle is not None:
            vehicles.setdefault(trip.deployment.vehicle.name, []).append(trip)
    return Mileage(
        labs=[Distance(name, labs[name]) for name in sorted(labs)],
        vehicles=[Distance(name, vehicles[name]) for name in sorted(vehicles)],
        bare=sum(trip.deployment.vehicle is None for trip in trips),
    )


def trip_of(deployment: Deployment) -> Trip:
    """A deployment with the miles of the road from its lab's base and back."""
    one_way = road_miles(place_of(deployment.lab), place_of(deployment.worksite))
    return Trip(deployment, None if one_way is None else 2 * one_way)
