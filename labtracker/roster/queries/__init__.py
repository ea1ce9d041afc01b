"""Reads of workers, rosters and badges; who may see which stands here."""

from __future__ import annotations

from labtracker.roster.queries.badges import (
    active_badge,
    resolve_badge,
    resolve_badge_code,
    resolve_badges,
    workers_with_badge,
)
from labtracker.roster.queries.rosters import (
    employer_of,
    enrolled_count,
    enrolled_of_employer,
    enrolled_worker_ids,
    enrollment_of,
    enrollments_of,
    enrollments_of_worker,
    enrollments_open_to,
    enrollments_visible_to,
    first_session,
    imports_open_to,
    next_session_of,
    rosters_open_to,
    rosters_visible_to,
)
from labtracker.roster.queries.workers import (
    employer_named,
    employers_open_to,
    known_facts,
    mentions,
    released_worker_ids,
    standing_release,
    workers_of,
    workers_visible_to,
)

__all__ = [
    "active_badge",
    "employer_named",
    "employer_of",
    "employers_open_to",
    "enrolled_count",
    "enrolled_of_employer",
    "enrolled_worker_ids",
    "enrollment_of",
    "enrollments_of",
    "enrollments_of_worker",
    "enrollments_open_to",
    "enrollments_visible_to",
    "first_session",
    "imports_open_to",
    "known_facts",
    "mentions",
    "next_session_of",
    "released_worker_ids",
    "resolve_badge",
    "resolve_badge_code",
    "resolve_badges",
    "rosters_open_to",
    "rosters_visible_to",
    "standing_release",
    "workers_of",
    "workers_visible_to",
    "workers_with_badge",
]
