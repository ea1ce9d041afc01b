"""Certificates for a whole cohort: asked for on a page, issued in parts by the background worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.certificates import queries
from labtracker.certificates.models import CertificateRun
from labtracker.certificates.rules import is_under_way
from labtracker.certificates.services.awarding import award
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.services import enqueue, handles
from labtracker.scheduling.models import Cohort

KIND = "issue_certificates"
# So many in one transaction: others write in between, and the page sees how far it has come.
PART = 10


def ask_for_certificates(cohort: Cohort, *, actor: Person | None, now: datetime) -> CertificateRun:
    """Ask for a certificate for everybody in a cohort who completed and never had one.

    Raises DomainError ``cohort_open``, ``nobody_due`` or ``under_way``.
    """
    if cohort.closed_out_at is None:
        raise DomainError(
            "cohort_open",
            _("Close the cohort out first: until then its figures may still change."),
            status=409,
        )
    last = queries.last_run(cohort.id)
    if last is not None and is_under_way(last.asked_at, last.done_at, now):
        raise DomainError("under_way", _("These certificates are being issued already."), status=409)
    due = len(queries.enrollments_due(cohort.id))
    if not due:
        raise DomainError(
            "nobody_due", _("Everybody who completed has had a certificate already."), status=409
        )
    run = CertificateRun(
        cohort_id=cohort.id, asked_by_id=actor.id if actor else None, asked_at=now, total=due, issued=0
    )
    db.session.add(run)
    db.session.flush()
    enqueue(KIND, {"run": str(run.id)}, due_at=now, now=now)
    return run


@handles(KIND)
def issue_next_part(arguments: dict[str, Any], now: datetime) -> None:
    """Issue the next certificates of a run; as long as some are left, ask for the part after it."""
    run = db.session.get(CertificateRun, UUID(arguments["run"]))
    if run is None or run.done_at is not None:
        return
    due = queries.enrollments_due(run.cohort_id)
    run.issued += len(award(due[:PART], actor=run.asked_by, now=now))
    if len(due) > PART:
        enqueue(KIND, arguments, due_at=now, now=now)
        return
    run.done_at = now
    record_audit(run.asked_by, "certificates_issued", "cohort", run.cohort_id, now, issued=run.issued)
