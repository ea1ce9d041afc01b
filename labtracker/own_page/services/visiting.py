"""Opening the worker's own page in a browser, and closing it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint, new_secret
from labtracker.own_page import queries
from labtracker.own_page.models import OwnAddress, OwnLink, OwnVisit
from labtracker.own_page.rules import visit_ends_at
from labtracker.own_page.services.linking import know_address
from labtracker.roster.models import Worker


def open_page(secret: str, *, now: datetime, on_own_phone: bool) -> tuple[OwnVisit, str]:
    """Spend a link; gives the visit it begins and the token that the browser keeps.

    One statement finds and spends the link, so it cannot be used twice at once. Raises DomainError
    ``link_spent``.
    """
    row = db.session.execute(
        sa.update(OwnLink)
        .where(
            OwnLink.fingerprint == fingerprint(secret), OwnLink.used_at.is_(None), OwnLink.expires_at > now
        )
        .values(used_at=now)
        .returning(OwnLink.worker_id, OwnLink.mailed_to, OwnLink.channel)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    worker = db.session.get(Worker, row.worker_id) if row else None
    if row is None or worker is None or not queries.still_theirs(worker, row.mailed_to):
        raise DomainError(
            "link_spent", _("This link was used already, or its time is over. Ask for a new one."), status=410
        )
    if row.mailed_to is not None and db.session.get(OwnAddress, worker.id) is None:
        know_address(worker, by=None, now=now)
    token = new_secret()
    visit = OwnVisit(
        worker=worker,
        fingerprint=fingerprint(token),
        mailed_to=row.mailed_to,
        on_own_phone=on_own_phone,
        began_at=now,
        ends_at=visit_ends_at(now, on_own_phone=on_own_phone),
    )
    db.session.add(visit)
    record_audit(None, "own_page_opened", "worker", worker.id, now, by=row.channel)
    db.session.flush()
    return visit, token


def end_visit(visit: OwnVisit, *, now: datetime) -> None:
    """Close the page in one browser."""
    visit.ends_at = min(visit.ends_at, now)
    db.session.flush()


def end_visits_of(worker: Worker, *, actor: Person | None, now: datetime) -> None:
    """Close a worker's page wherever it is open, and let every link that waits lapse.

    ``actor`` is None for the worker themselves, who has lost a phone.
    """
    db.session.execute(
        sa.update(OwnVisit).where(OwnVisit.worker_id == worker.id, OwnVisit.ends_at > now).values(ends_at=now)
    )
    db.session.execute(
        sa.update(OwnLink)
        .where(OwnLink.worker_id == worker.id, OwnLink.used_at.is_(None), OwnLink.expires_at > now)
        .values(expires_at=now)
    )
    record_audit(actor, "own_page_closed", "worker", worker.id, now)
