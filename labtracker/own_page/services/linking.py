"""Links to the worker's own page: asked for by mail, handed over by the college."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.accounts.services.throttling import count_try, refuse_too_many
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.mail import public_url, queue_mail
from labtracker.jobs.services import enqueue, handles
from labtracker.kit.ids import fingerprint, new_secret
from labtracker.own_page import queries
from labtracker.own_page.models import OwnAddress, OwnLink
from labtracker.own_page.rules import LINK_LIFETIMES, Channel
from labtracker.roster.models import Worker
from labtracker.roster.reading import cells

KIND = "mail_own_link"


def ask_for_link(contact: str, *, address: str, language: str, now: datetime) -> None:
    """Ask for a link by mail. Whose mail or telephone it is, if anybody's, is found out later, by the worker.

    Raises DomainError ``contact_invalid`` for what is neither, and ``too_many_tries``.
    """
    known = _normal(contact)
    if known is None:
        raise DomainError(
            "contact_invalid",
            _("Enter your e-mail address or your mobile number."),
            field="contact",
            status=422,
        )
    if not count_try("own_link", "address", address, now):
        raise refuse_too_many()
    if count_try("own_link", "contact", known, now):
        enqueue(KIND, {"contact": known, "language": language}, due_at=now, now=now)


def _normal(contact: str) -> str | None:
    clean = cells.clean_email if "@" in contact else cells.clean_phone
    value, problem = clean(contact)
    return value if problem is None else None


@handles(KIND)
def mail_own_link(arguments: dict[str, Any], now: datetime) -> None:
    """Mail a link to the worker who is reached so, if it is one worker and the address is theirs alone."""
    worker = queries.worker_reached_by(arguments["contact"])
    if worker is None or worker.email is None or queries.mail_obstacle(worker) is not None:
        return
    secret = issue_link(worker, Channel.MAIL, now=now)
    queue_mail(
        worker.email,
        "own_link",
        worker.language or arguments["language"],
        now,
        name=worker.name,
        url=public_url("own_page.open_link", secret=secret),
    )


def issue_link(worker: Worker, channel: Channel, *, now: datetime, given_by: Person | None = None) -> str:
    """A fresh secret that opens a worker's page once. Earlier links of theirs that wait lapse."""
    db.session.execute(
        sa.update(OwnLink)
        .where(OwnLink.worker_id == worker.id, OwnLink.used_at.is_(None), OwnLink.expires_at > now)
        .values(expires_at=now)
    )
    secret = new_secret()
    mailed = channel is not Channel.HAND and worker.email is not None
    db.session.add(
        OwnLink(
            worker_id=worker.id,
            fingerprint=fingerprint(secret),
            channel=channel,
            mailed_to=fingerprint(worker.email) if mailed and worker.email else None,
            given_by_id=given_by.id if given_by else None,
            created_at=now,
            expires_at=now + LINK_LIFETIMES[channel],
        )
    )
    db.session.flush()
    return secret


def hand_over_link(worker: Worker, *, actor: Person, now: datetime) -> str:
    """A link for somebody of the college to give to the worker who stands before them, or by their telephone.

    Gives its address; the trail keeps who did it.
    """
    secret = issue_link(worker, Channel.HAND, now=now, given_by=actor)
    record_audit(actor, "own_link_handed_over", "worker", worker.id, now)
    return public_url("own_page.open_link", secret=secret)


def confirm_address(worker: Worker, *, actor: Person, now: datetime) -> None:
    """Say, after asking them, that the address on the roster is the worker's own.

    Raises DomainError ``no_address`` where the roster has none.
    """
    if worker.email is None:
        raise DomainError("no_address", _("The roster has no e-mail address of this worker."), status=409)
    know_address(worker, by=actor, now=now)
    record_audit(actor, "own_address_confirmed", "worker", worker.id, now)


def know_address(worker: Worker, *, by: Person | None, now: datetime) -> None:
    """Remember the address as the worker's own; another one then needs the college's word."""
    assert worker.email is not None, "only an address that there is can be known"
    known = db.session.get(OwnAddress, worker.id)
    if known is None:
        known = OwnAddress(worker_id=worker.id)
        db.session.add(known)
    known.fingerprint, known.by_id, known.at = fingerprint(worker.email), by.id if by else None, now
    db.session.flush()
