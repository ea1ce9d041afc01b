"""Closures and leave as holds: nobody is busy, but nobody is to be had either."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from labtracker.fleet.queries import absences
from labtracker.fleet.words import CLOSURE_KINDS
from labtracker.scheduling.rules.conflicts import Hold, Party, Span


def away_holds(
    span: Span,
    *,
    lab_ids: Collection[UUID] = (),
    vehicle_ids: Collection[UUID] = (),
    person_ids: Collection[UUID] = (),
) -> list[Hold]:
    """When labs and vehicles are closed and people on leave within a span."""
    found = absences(
        span.starts_at, span.ends_at, lab_ids=lab_ids, vehicle_ids=vehicle_ids, person_ids=person_ids
    )
    return [
        Hold(
            who=Party(one.of, one.of_id, one.name),
            span=Span(one.starts_at, one.ends_at),
            because=Party(one.kind, one.id, str(CLOSURE_KINDS[one.kind])),
        )
        for one in found
    ]
