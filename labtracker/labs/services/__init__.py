"""Named writes: labs, courses, worksites. They flush and never commit."""

from __future__ import annotations

from labtracker.labs.services.blackouts import add_blackout, remove_blackout
from labtracker.labs.services.courses import (
    add_course,
    archive_course,
    change_course,
    delete_course,
    restore_course,
)
from labtracker.labs.services.imports import apply_import, try_import
from labtracker.labs.services.labs import (
    add_lab,
    change_lab,
    delete_lab,
    provider_of,
    restore_lab,
    retire_lab,
)
from labtracker.labs.services.worksites import (
    add_worksite,
    archive_worksite,
    change_worksite,
    delete_worksite,
    override_rurality,
    restore_worksite,
    withdraw_rurality_override,
)

__all__ = [
    "add_blackout",
    "add_course",
    "add_lab",
    "add_worksite",
    "apply_import",
    "archive_course",
    "archive_worksite",
    "change_course",
    "change_lab",
    "change_worksite",
    "delete_course",
    "delete_lab",
    "delete_worksite",
    "override_rurality",
    "provider_of",
    "remove_blackout",
    "restore_course",
    "restore_lab",
    "restore_worksite",
    "retire_lab",
    "try_import",
    "withdraw_rurality_override",
]
