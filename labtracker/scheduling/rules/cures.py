"""What sort of change can end which conflict, and what a way out may leave to be settled."""

from __future__ import annotations

from labtracker.scheduling.rules.conflicts import ConflictKind

BY_ANOTHER_DAY = frozenset(
    {
        ConflictKind.LAB_TAKEN,
        ConflictKind.LAB_CLOSED,
        ConflictKind.PERSON_TAKEN,
        ConflictKind.PERSON_AWAY,
        ConflictKind.VEHICLE_TAKEN,
        ConflictKind.VEHICLE_CLOSED,
        ConflictKind.IN_THE_PAST,
        ConflictKind.OUTSIDE_WINDOWS,
    }
)
BY_ANOTHER_LAB = frozenset(
    {
        ConflictKind.LAB_TAKEN,
        ConflictKind.LAB_CLOSED,
        ConflictKind.ITEM_OUT,
        ConflictKind.INSPECTION_OVERDUE,
        ConflictKind.NOT_EQUIPPED,
        ConflictKind.LAB_RETIRED,
        ConflictKind.TOO_MANY,
        ConflictKind.PAD_TOO_SHORT,
        ConflictKind.POWER_TOO_WEAK,
        ConflictKind.NOT_READY,
    }
)
BY_ANOTHER_PERSON = frozenset(
    {ConflictKind.PERSON_TAKEN, ConflictKind.PERSON_AWAY, ConflictKind.COURSE_NOT_TAUGHT}
)
BY_ANOTHER_VEHICLE = frozenset(
    {
        ConflictKind.VEHICLE_TAKEN,
        ConflictKind.VEHICLE_CLOSED,
        ConflictKind.VEHICLE_RETIRED,
        ConflictKind.CANNOT_TOW,
        ConflictKind.INSPECTION_OVERDUE,
        ConflictKind.NO_CDL,
    }
)
BY_ANOTHER_DRIVER = frozenset({ConflictKind.NO_CDL})

# A way out may leave these to be settled.
BEARABLE = frozenset(
    {
        ConflictKind.OUTSIDE_WINDOWS,
        ConflictKind.VEHICLE_MISSING,
        ConflictKind.DRIVER_MISSING,
        ConflictKind.SKILLS_UNKNOWN,
        ConflictKind.INSPECTION_DUE,
        ConflictKind.READINESS_MISSING,
        ConflictKind.READINESS_PARTIAL,
        ConflictKind.READINESS_LAPSES,
        ConflictKind.READINESS_CONDITIONS,
    }
)
