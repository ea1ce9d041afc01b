"""Screens of the fleet: what is due, tow vehicles, crew, equipment, inspections, closed days."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.fleet.views import closed_days, crew, equipment, inspections, overview, vehicles
from labtracker.fleet.views.blueprint import blueprint
from labtracker.web.navigation import Place

__all__ = ["PLACES", "blueprint", "closed_days", "crew", "equipment", "inspections", "overview", "vehicles"]

PLACES = (
    Place(
        _l("Fleet and crew"),
        "fleet.overview",
        "wrench",
        frozenset({str(Role.ADMINISTRATOR), str(Role.COORDINATOR)}),
        order=75,
    ),
    Place(_l("My days off"), "fleet.mine", "calendar-x", frozenset({str(Role.TRAINER)}), order=82),
)
