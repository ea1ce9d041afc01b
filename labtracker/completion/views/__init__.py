"""Screens of completion: a cohort's, one worker's, an employer's own people."""

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.completion.queries.late import waiting_count
from labtracker.completion.views import cohorts, late, people, workers
from labtracker.completion.views.blueprint import blueprint
from labtracker.web.navigation import Place

PLACES = (
    Place(
        label=_l("My people"),
        endpoint="completion.my_people",
        icon="users",
        roles=frozenset({Role.EMPLOYER}),
        order=30,
        also=("/workers",),
    ),
    Place(
        label=_l("Late changes"),
        endpoint="completion.late_changes",
        icon="history",
        roles=frozenset({str(Role.COORDINATOR)}),
        order=83,
        count=waiting_count,
    ),
)

__all__ = ["PLACES", "blueprint", "cohorts", "late", "people", "workers"]
