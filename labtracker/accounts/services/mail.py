"""Mail to people who may do without it: asked first whether they want it, in the language they speak."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from labtracker.accounts.models import MailRefusal, Person
from labtracker.accounts.rules import MailKind
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.words import MAIL_REASONS
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.mail import Choice, public_url, queue_mail


def mail_person(person: Person, template: str, kind: MailKind, now: datetime, **context: Any) -> bool:
    """Write a mail to somebody, unless they are archived or want none of its kind; answers whether.

    The template gets ``person`` beside its ``context``. Below the mail stands why it came and how to stop
    mails of its kind by one press.
    """
    if person.archived_at is not None or not wants_mail(person, kind):
        return False
    choice = Choice(MAIL_REASONS[kind], public_url("accounts.mail_choice", secret=mail_secret(person, kind)))
    queue_mail(person.email, template, person.mail_language, now, choice=choice, person=person, **context)
    return True


def wants_mail(person: Person, kind: MailKind) -> bool:
    """Whether somebody wants mails of a kind; nobody who said nothing is left out."""
    return db.session.get(MailRefusal, (person.id, str(kind))) is None


def wanted_kinds(person: Person) -> list[MailKind]:
    """The kinds of mail that somebody wants."""
    refused = set(db.session.scalars(sa.select(MailRefusal.kind).where(MailRefusal.person_id == person.id)))
    return [kind for kind in MailKind if kind not in refused]


def choose_mail(person: Person, wanted: Iterable[MailKind], *, actor: Person | None, now: datetime) -> None:
    """Set which kinds of mail somebody wants; ``actor`` is None for who came by a link in a mail."""
    before, after = set(wanted_kinds(person)), set(wanted)
    for kind in sorted(before - after):
        db.session.add(MailRefusal(person_id=person.id, kind=str(kind), since=now))
    for kind in sorted(after - before):
        db.session.delete(db.session.get(MailRefusal, (person.id, str(kind))))
    if before != after:
        record_audit(actor, "mail_chosen", "person", person.id, now, fields=sorted(map(str, before ^ after)))
    db.session.flush()


def mail_secret(person: Person, kind: MailKind) -> str:
    """What a mail's link carries: signed, so that it changes this one choice of this one person only."""
    return _signer().dumps([person.id.hex, str(kind)])


def read_mail_secret(secret: str) -> tuple[Person, MailKind]:
    """Whose choice, and of which kind, a link may change. Raises DomainError when it was not signed here."""
    try:
        person_id, kind = _signer().loads(secret)
        person = db.session.get(Person, UUID(person_id))
        if person is not None and person.archived_at is None:
            return person, MailKind(kind)
    except (BadSignature, ValueError, TypeError):
        pass
    raise DomainError(
        "mail_link_broken",
        _("This link does not work. Sign in: your settings say which mails you get."),
        status=410,
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="choice of mail")
