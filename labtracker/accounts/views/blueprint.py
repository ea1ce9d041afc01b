"""The blueprint that every screen of this slice hangs on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
