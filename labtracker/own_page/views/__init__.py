"""The screens of this slice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.own_page.queries import waiting_words
from labtracker.own_page.views import asking, office, page
from labtracker.own_page.views.blueprint import blueprint
from labtracker.own_page.words import own_page_trouble
from labtracker.web.navigation import Place

PLACES = (
    Place(
        _l("Messages from workers"),
        "own_page.words",
        "message-square",
        frozenset({str(Role.COORDINATOR)}),
        order=77,
        count=waiting_words,
    ),
)

blueprint.add_app_template_global(own_page_trouble)

__all__ = ["PLACES", "asking", "blueprint", "office", "page"]
