"""What a placement is held against: facts of labs, vehicles, people, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class VehicleFacts:
    """A vehicle's pounds, the labs it tows, whether it is out of service for good, its miles per hour."""

    name: str
    weight_lb: int
    lab_ids: frozenset[UUID]
    retired: bool
    mph: int = 50


@dataclass(frozen=True)
class LicenceFacts:
    """A licence's class and its last day."""

    licence_class: str
    expires_on: date


@dataclass(frozen=True)
class InspectionFacts:
    """An inspection and the day by which it is due."""

    id: UUID
    name: str
    due_on: date


@dataclass(frozen=True)
class OutFacts:
    """A piece of equipment that is out of order: since when, until when if known, which courses need it."""

    id: UUID
    name: str
    since: date
    until: date | None
    course_ids: frozenset[UUID]


@dataclass(frozen=True)
class FleetFacts:
    """Everything about some labs, vehicles and people that a placement is held against, by id."""

    lab_weights: dict[UUID, int | None] = field(default_factory=dict)
    vehicles: dict[UUID, VehicleFacts] = field(default_factory=dict)
    towable: frozenset[UUID] = frozenset()  # labs for which some vehicle in service is known
    licences: dict[UUID, LicenceFacts] = field(default_factory=dict)
    taught: dict[UUID, set[UUID]] = field(default_factory=dict)  # people without any noted are not in it
    inspections: dict[UUID, list[InspectionFacts]] = field(default_factory=dict)  # by lab or vehicle
    out_of_order: dict[UUID, list[OutFacts]] = field(default_factory=dict)  # by lab
