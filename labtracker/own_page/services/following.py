"""What follows from elsewhere: mail when a certificate was issued; links and visits that are long over go."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.certificates.models import Certificate
from labtracker.certificates.rules import CertificateState
from labtracker.extensions import db
from labtracker.jobs.mail import public_url, queue_mail
from labtracker.jobs.queries import last_asked
from labtracker.jobs.services import enqueue, handles, recurs
from labtracker.own_page import queries
from labtracker.own_page.models import OwnLink, OwnVisit
from labtracker.own_page.rules import KEPT, NEWS, Channel
from labtracker.own_page.services.linking import issue_link

CERTIFICATE = "mail_certificate"
TIDY = "tidy_own_pages"
A_DAY = timedelta(days=1)


def mail_about_certificates(_sender: Any, *, certificate_ids: Collection[UUID], now: datetime) -> None:
    """Ask, in the transaction that issues certificates, for a mail to each worker."""
    for certificate_id in certificate_ids:
        enqueue(CERTIFICATE, {"certificate": str(certificate_id)}, due_at=now, now=now)


@handles(CERTIFICATE)
def mail_certificate(arguments: dict[str, Any], now: datetime) -> None:
    """Tell a worker of a certificate that still is good, with a link to their page."""
    certificate = db.session.get(Certificate, UUID(arguments["certificate"]))
    if certificate is None or certificate.state is not CertificateState.VALID:
        return
    worker = certificate.enrollment.worker
    if worker.email is None or now - certificate.issued_at > NEWS or queries.mail_obstacle(worker):
        return
    language = worker.language or "en"
    secret = issue_link(worker, Channel.CERTIFICATE, now=now)
    queue_mail(
        worker.email,
        "own_certificate",
        language,
        now,
        name=worker.name,
        course=certificate.title_in(language),
        url=public_url("own_page.open_link", secret=secret),
        ask_url=public_url("own_page.ask"),
    )


@recurs(TIDY)
def tidying_due(now: datetime) -> datetime:
    """A day after it was last done; now, if it never was."""
    asked_at = db.session.scalar(last_asked(TIDY))
    return now if asked_at is None else max(now, asked_at + A_DAY)


@handles(TIDY)
def tidy_own_pages(_arguments: dict[str, Any], now: datetime) -> None:
    """Delete links and visits that ended long ago."""
    db.session.execute(sa.delete(OwnLink).where(OwnLink.expires_at < now - KEPT))
    db.session.execute(sa.delete(OwnVisit).where(OwnVisit.ends_at < now - KEPT))
