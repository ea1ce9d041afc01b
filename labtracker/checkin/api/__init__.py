"""`/api/v1`: what phones talk to. Bearer tokens only, JSON only, no cookies."""

from __future__ import annotations

from flask import Blueprint

from labtracker.checkin.api import devices, events, pack, site_checks
from labtracker.extensions import csrf

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
for _part in (devices, events, pack, site_checks):
    blueprint.register_blueprint(_part.blueprint)
    # No cookie is ever looked at here, so there is nothing to forge.
    csrf.exempt(_part.blueprint)
