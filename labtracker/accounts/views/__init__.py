"""The screens of this slice."""

from __future__ import annotations

from labtracker.accounts.views import settings, signing_in
from labtracker.accounts.views.blueprint import blueprint
from labtracker.extensions import login
from labtracker.web.navigation import Place

PLACES: tuple[Place, ...] = ()

login.unauthorized_handler(signing_in.show_sign_in)

__all__ = ["PLACES", "blueprint", "settings", "signing_in"]
