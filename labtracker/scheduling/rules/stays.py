"""Whether a stay leaves enough time: for the road, for setting up and packing, and at the gate."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from labtracker.scheduling.rules.conflicts import Conflict, ConflictKind, Party, Span
from labtracker.scheduling.rules.travel import (
    DRIVE_MINUTES_A_DAY,
    Effort,
    GateHours,
    Stay,
    working_minutes,
)


def stay_conflicts(
    stay: Stay,
    effort: Effort,
    lab: Party,
    *,
    zone: str,
    closed_days: Collection[date] = (),
    gate: GateHours | None = None,
) -> list[Conflict]:
    """What a stay does not leave time for: driving hours a day, set-up, tear-down, the site's gate hours."""

    def work(start: datetime, end: datetime) -> int:
        return working_minutes(start, end, zone, closed_days)

    def road(start: datetime, end: datetime) -> int:
        return working_minutes(start, end, zone, closed_days, DRIVE_MINUTES_A_DAY)

    parts = [
        (ConflictKind.DRIVE_TOO_LONG, effort.travel, stay.leaves_home_at, stay.arrives_at, road),
        (ConflictKind.SETUP_TOO_SHORT, effort.setup, stay.arrives_at, stay.ready_at, work),
        (ConflictKind.TEARDOWN_TOO_SHORT, effort.teardown, stay.packs_at, stay.packed_at, work),
        (ConflictKind.DRIVE_TOO_LONG, effort.travel, stay.packed_at, stay.home_at, road),
    ]
    found = []
    for kind, wanted, start, end, count in parts:
        possible = count(start, end)
        if possible < wanted:
            found.append(Conflict(kind, lab, overlap=_span(start, end), wanted=wanted, possible=possible))
    if gate is not None and not gate.admits(stay.arrives_at, zone):
        hours = Party("gate", None, f"{gate.opens:%H:%M} – {gate.closes:%H:%M}")
        arrival = Span(stay.arrives_at, max(stay.ready_at, stay.arrives_at + timedelta(minutes=1)))
        found.append(Conflict(ConflictKind.OUTSIDE_GATE_HOURS, lab, hours, arrival))
    return found


def _span(start: datetime, end: datetime) -> Span | None:
    return Span(start, end) if start < end else None
