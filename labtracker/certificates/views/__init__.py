"""Screens of certificates: the office's, everybody's, and what machines check."""

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.certificates.queries import doubtful_count
from labtracker.certificates.views import checking, cohorts, issuer, kept, transcripts
from labtracker.certificates.views.blueprint import blueprint
from labtracker.web.navigation import Place

PLACES = (
    Place(
        _l("Certificates"),
        "certificates.certificates",
        "award",
        frozenset({str(Role.COORDINATOR)}),
        order=84,
        count=doubtful_count,
    ),
)

__all__ = ["PLACES", "blueprint", "checking", "cohorts", "issuer", "kept", "transcripts"]
