"""When tow vehicles are on the road, stay with a lab, or are closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.fleet.queries import vehicles_for
from labtracker.labs.models import Lab, Worksite
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.absences import away_holds
from labtracker.scheduling.queries.holds import place_at, place_of
from labtracker.scheduling.rules.conflicts import Hold, Party, Span
from labtracker.scheduling.rules.placing import tows
from labtracker.scheduling.rules.states import DeploymentStatus

# A vehicle may have to drive to its next lab, so what lies just outside a span matters too.
MARGIN = timedelta(days=2)


def vehicle_holds(vehicle_ids: Collection[UUID], span: Span, *, ignoring: UUID | None = None) -> list[Hold]:
    """What these tow vehicles are held by within a span. ``ignoring`` leaves out one deployment."""
    if not vehicle_ids:
        return []
    wide = Span(span.starts_at - MARGIN, span.ends_at + MARGIN)
    found = away_holds(wide, vehicle_ids=vehicle_ids)
    for row in db.session.execute(_towed(vehicle_ids, wide, ignoring)):
        found += tows(
            Party("vehicle", row.vehicle_id, row.vehicle),
            Party("deployment", row.id, f"{row.site}, {row.city}"),
            Span(row.blocks_from, row.blocks_until),
            _there(row),
            stays=row.vehicle_stays,
            base=place_at(row.lab, row.base_latitude, row.base_longitude),
            site=place_at(row.site, row.latitude, row.longitude),
        )
    return found


def _towed(vehicle_ids: Collection[UUID], span: Span, ignoring: UUID | None) -> sa.Select[*tuple[Any, ...]]:
    """What is needed of the deployments that these vehicles tow, as bare columns."""
    return (
        sa.select(
            Deployment.id,
            Deployment.vehicle_id,
            Deployment.vehicle_stays,
            Deployment.blocks_from,
            Deployment.blocks_until,
            Deployment.travel_in_minutes,
            Deployment.travel_out_minutes,
            TowVehicle.name.label("vehicle"),
            Lab.name.label("lab"),
            Lab.latitude.label("base_latitude"),
            Lab.longitude.label("base_longitude"),
            Worksite.name.label("site"),
            Worksite.city,
            Worksite.latitude,
            Worksite.longitude,
        )
        .join(TowVehicle, TowVehicle.id == Deployment.vehicle_id)
        .join(Lab, Lab.id == Deployment.lab_id)
        .join(Worksite, Worksite.id == Deployment.worksite_id)
        .where(
            Deployment.vehicle_id.in_(vehicle_ids),
            Deployment.status != DeploymentStatus.CANCELLED,
            Deployment.blocks_from < span.ends_at,
            Deployment.blocks_until > span.starts_at,
            Deployment.id != ignoring if ignoring else sa.true(),
        )
    )


def _there(row: Any) -> Span:
    """When a lab stands at its site, from a deployment or its columns."""
    return Span(
        row.blocks_from + timedelta(minutes=row.travel_in_minutes),
        row.blocks_until - timedelta(minutes=row.travel_out_minutes),
    )


def tow_holds(deployment: Deployment) -> list[Hold]:
    """What a deployment holds its vehicle by; nothing where it has none."""
    vehicle, worksite = deployment.vehicle, deployment.worksite
    if vehicle is None:
        return []
    return tows(
        Party("vehicle", vehicle.id, vehicle.name),
        Party("deployment", deployment.id, f"{worksite.name}, {worksite.city}"),
        Span(deployment.blocks_from, deployment.blocks_until),
        _there(deployment),
        stays=deployment.vehicle_stays,
        base=place_of(deployment.lab),
        site=place_of(worksite),
    )


def vehicles_towing(lab: Lab) -> sa.Select[TowVehicle]:
    """Vehicles in service that can tow a lab, by name."""
    return sa.select(TowVehicle).where(TowVehicle.id.in_(vehicles_for({lab.id}))).order_by(TowVehicle.name)
