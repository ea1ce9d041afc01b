"""What the views of certificates share."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from labtracker.accounts.access import current_actor
from labtracker.certificates import queries
from labtracker.certificates.models import Certificate
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import load

blueprint = Blueprint("certificates", __name__)


def cohort_awarded(cohort_id: UUID) -> Cohort:
    """A cohort for which the actor may issue certificates."""
    return load(queries.cohorts_awarded_by(current_actor()).where(Cohort.id == cohort_id))


def certificate_kept(certificate_id: UUID) -> Certificate:
    """A certificate that the actor may revoke and replace."""
    return load(queries.certificates_kept_by(current_actor()).where(Certificate.id == certificate_id))


def as_pdf(document: bytes, name: str) -> Response:
    """A PDF to download, kept by no browser and no proxy."""
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
