"""Screens of check-in, one file for each; all on one blueprint."""

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.checkin.views import attendance
from labtracker.checkin.views.client import blueprint
from labtracker.web.navigation import Place

__all__ = ["PLACES", "attendance", "blueprint"]

PLACES = (Place(_l("Check-in"), "checkin.client", "scan-line", frozenset({str(Role.TRAINER)}), order=10),)
