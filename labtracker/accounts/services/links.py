"""Mailed links: a secret that works once and for a while. Showing its page spends nothing; pressing does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import OneTimeLink, Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint, new_secret


class Purpose(StrEnum):
    """What a mailed link is for; no link works for another purpose than its own."""

    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105 - a purpose, not a secret
    INVITATION = "invitation"


LIFETIMES = {
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.PASSWORD: timedelta(minutes=15),
    Purpose.INVITATION: timedelta(days=7),
}


@dataclass(frozen=True)
class UsedLink:
    """A link that was just spent: whose it was and what was noted on it."""

    person: Person
    arguments: dict[str, Any]


def issue_link(
    person: Person, purpose: Purpose, *, now: datetime, arguments: dict[str, Any] | None = None
) -> str:
    """A fresh secret for a mail. Earlier unused ones for the same purpose lapse."""
    db.session.execute(
        sa.update(OneTimeLink)
        .where(
            OneTimeLink.person_id == person.id,
            OneTimeLink.purpose == str(purpose),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
        .values(expires_at=now)
    )
    secret = new_secret()
    db.session.add(
        OneTimeLink(
            purpose=str(purpose),
            fingerprint=fingerprint(secret),
            person_id=person.id,
            arguments=arguments or {},
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    db.session.flush()
    return secret


def person_of_link(secret: str, purpose: Purpose, *, now: datetime) -> Person | None:
    """Whose link this is, if it would work now; nothing is spent."""
    row = db.session.execute(sa.select(OneTimeLink).where(*_works(secret, purpose, now))).scalar_one_or_none()
    return _living_person(row.person_id) if row is not None else None


def use_link(secret: str, purpose: Purpose, *, now: datetime) -> UsedLink:
    """Spend a link. One statement finds and spends it, so it cannot be used twice at once."""
    row = db.session.execute(
        sa.update(OneTimeLink)
        .where(*_works(secret, purpose, now))
        .values(used_at=now)
        .returning(OneTimeLink.person_id, OneTimeLink.arguments)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    person = _living_person(row.person_id) if row is not None else None
    if row is None or person is None:
        raise DomainError(
            "link_spent", _("This link was used already, or its time is over. Ask for a new one."), status=410
        )
    return UsedLink(person, row.arguments)


def _works(secret: str, purpose: Purpose, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OneTimeLink.fingerprint == fingerprint(secret),
        OneTimeLink.purpose == str(purpose),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )


def _living_person(person_id: UUID | None) -> Person | None:
    person = db.session.get(Person, person_id) if person_id else None
    return person if person is not None and person.archived_at is None else None
