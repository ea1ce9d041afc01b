"""Writes of the roster: workers, enrollments, badges, releases."""

from __future__ import annotations

from labtracker.roster.services.badges import issue_badge, reissue_badge
from labtracker.roster.services.enrolling import (
    enroll,
    enroll_walk_in,
    re_enroll,
    refuse_if_closed,
    withdraw,
)
from labtracker.roster.services.releasing import record_release, withdraw_release
from labtracker.roster.services.workers import (
    WorkerFacts,
    add_worker,
    archive_worker,
    change_worker,
    restore_worker,
)

__all__ = [
    "WorkerFacts",
    "add_worker",
    "archive_worker",
    "change_worker",
    "enroll",
    "enroll_walk_in",
    "issue_badge",
    "re_enroll",
    "record_release",
    "refuse_if_closed",
    "reissue_badge",
    "restore_worker",
    "withdraw",
    "withdraw_release",
]
