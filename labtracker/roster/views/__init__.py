"""Screens of rosters, imports, workers and badges; the way to them leads over cohorts and people."""

from __future__ import annotations

from labtracker.roster.views import (
    badges,
    comparing,
    imports,
    own_badge,
    rosters,
    sheets,
    sign_in_sheets,
    undoing,
    walk_ins,
    worker_badges,
    workers,
)
from labtracker.roster.views.blueprint import blueprint

__all__ = [
    "badges",
    "blueprint",
    "comparing",
    "imports",
    "own_badge",
    "rosters",
    "sheets",
    "sign_in_sheets",
    "undoing",
    "walk_ins",
    "worker_badges",
    "workers",
]
