"""Screens of rosters, imports, workers and badges."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.roster.views import badges, imports, rosters, workers
from labtracker.roster.views.blueprint import blueprint
from labtracker.web.navigation import Place

PLACES = (
    Place(_l("My people"), "roster.workers", "users", frozenset({str(Role.EMPLOYER)}), order=30),
    Place(
        _l("Workers"),
        "roster.workers",
        "users",
        frozenset({str(Role.COORDINATOR), str(Role.ADMINISTRATOR)}),
        order=50,
    ),
)

__all__ = ["PLACES", "badges", "blueprint", "imports", "rosters", "workers"]
