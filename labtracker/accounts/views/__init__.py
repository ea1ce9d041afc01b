"""The screens of this slice."""

from __future__ import annotations

from labtracker.accounts import words
from labtracker.accounts.views import demo, first_day, settings, signing_in
from labtracker.accounts.views.blueprint import blueprint
from labtracker.extensions import login
from labtracker.web.navigation import Place

PLACES: tuple[Place, ...] = ()
FIRST_STEPS = first_day.FIRST_STEPS

login.unauthorized_handler(signing_in.show_sign_in)
for function in (words.role_name, words.kind_name, words.action_name, words.people_counted):
    blueprint.add_app_template_global(function)

__all__ = ["FIRST_STEPS", "PLACES", "blueprint", "demo", "first_day", "settings", "signing_in"]
