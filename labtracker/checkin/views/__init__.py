"""Screens of check-in, one file for each; all on one blueprint."""

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.checkin.views import (
    attendance,
    correcting_many,
    phones,
    quarantine,
    quarantine_groups,
    separating,
    worth_a_look,
)
from labtracker.checkin.views.client import blueprint
from labtracker.web.navigation import Place

__all__ = [
    "PLACES",
    "attendance",
    "blueprint",
    "correcting_many",
    "phones",
    "quarantine",
    "quarantine_groups",
    "separating",
    "worth_a_look",
]

PLACES = (
    Place(_l("Check-in"), "checkin.client", "scan-line", frozenset({str(Role.TRAINER)}), order=10),
    Place(
        _l("Records that wait"),
        "checkin.quarantined",
        "inbox",
        frozenset({str(Role.COORDINATOR)}),
        order=75,
        count=quarantine.waiting_count,
    ),
    Place(
        _l("Worth a look"),
        "checkin.worth_a_look",
        "eye",
        frozenset({str(Role.COORDINATOR)}),
        order=76,
    ),
    Place(_l("Phones"), "checkin.devices", "smartphone", frozenset({str(Role.TRAINER)}), order=80),
)
