"""Screens of labs, courses, worksites and their imports."""

from __future__ import annotations

from flask_babel import lazy_pgettext

from labtracker.accounts.rules import Role
from labtracker.labs.views import blackouts, courses, imports, labs, worksites
from labtracker.labs.views.blueprint import blueprint
from labtracker.labs.views.first_steps import FIRST_STEPS
from labtracker.web.navigation import Place

__all__ = ["FIRST_STEPS", "PLACES", "blackouts", "blueprint", "courses", "imports", "labs", "worksites"]

STAFF = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.TRAINER})

PLACES = (
    Place(
        lazy_pgettext("navigation, short", "Labs"),
        "labs.labs",
        "truck",
        frozenset(map(str, STAFF)),
        order=70,
        also=("/courses", "/worksites", "/imports"),
    ),
    Place(
        lazy_pgettext("navigation, short", "Worksites"),
        "labs.worksites",
        "map-pin",
        frozenset({str(Role.EMPLOYER)}),
        order=40,
    ),
)
