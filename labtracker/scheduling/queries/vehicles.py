"""When tow vehicles are on the road, stay with a lab, or are closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, lazyload

from labtracker.extensions import db
from labtracker.fleet.models import TowVehicle
from labtracker.labs.models import Lab
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.absences import away_holds
from labtracker.scheduling.queries.holds import place_of
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
    query = (
        sa.select(Deployment)
        .where(
            Deployment.vehicle_id.in_(vehicle_ids),
            Deployment.status != DeploymentStatus.CANCELLED,
            Deployment.blocks_from < wide.ends_at,
            Deployment.blocks_until > wide.starts_at,
            Deployment.id != ignoring if ignoring else sa.true(),
        )
        .options(
            lazyload(Deployment.crew),
            joinedload(Deployment.vehicle),
            joinedload(Deployment.lab),
            joinedload(Deployment.worksite),
        )
        .execution_options(populate_existing=True)
    )
    towed = [hold for one in db.session.scalars(query) for hold in tow_holds(one)]
    return towed + away_holds(wide, vehicle_ids=vehicle_ids)


def tow_holds(deployment: Deployment) -> list[Hold]:
    """What a deployment holds its vehicle by; nothing where it has none."""
    vehicle, worksite = deployment.vehicle, deployment.worksite
    if vehicle is None:
        return []
    there = Span(
        deployment.blocks_from + timedelta(minutes=deployment.travel_in_minutes),
        deployment.blocks_until - timedelta(minutes=deployment.travel_out_minutes),
    )
    return tows(
        Party("vehicle", vehicle.id, vehicle.name),
        Party("deployment", deployment.id, f"{worksite.name}, {worksite.city}"),
        Span(deployment.blocks_from, deployment.blocks_until),
        there,
        stays=deployment.vehicle_stays,
        base=place_of(deployment.lab),
        site=place_of(worksite),
    )


def vehicles_towing(lab: Lab) -> sa.Select[TowVehicle]:
    """Vehicles in service that can tow a lab, by name."""
    return (
        sa.select(TowVehicle)
        .where(TowVehicle.retired_at.is_(None), TowVehicle.labs.any(Lab.id == lab.id))
        .order_by(TowVehicle.name)
    )
