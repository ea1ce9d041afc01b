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
    FIRST_DAY = "first_day"


LIFETIMES = {
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.PASSWORD: timedelta(minutes=15),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.FIRST_DAY: timedelta(days=1),
}


@dataclass(frozen=True)
class UsedLink:
    """A link that was just spent: whose it was and what was noted on it."""

    person: Person
    arguments: dict[str, Any]


def issue_link(
    person: Person | None, purpose: Purpose, *, now: datetime, arguments: dict[str, Any] | None = None
) -> str:
    """A fresh secret for a mail. Earlier unused ones for the same person and purpose lapse.

    Only the first administrator's link belongs to nobody yet.
    """
    lapse_links(person, purpose, now=now)
    secret = new_secret()
    db.session.add(
        OneTimeLink(
            purpose=str(purpose),
            fingerprint=fingerprint(secret),
            person_id=person.id if person else None,
            arguments=arguments or {},
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    db.session.flush()
    return secret


def lapse_links(person: Person | None, *purposes: Purpose, now: datetime) -> None:
    """Let the unused links of a person for these purposes, or for any if none is named, work no longer."""
    wanted = [OneTimeLink.purpose.in_([str(purpose) for purpose in purposes])] if purposes else []
    db.session.execute(
        sa.update(OneTimeLink)
        .where(
            OneTimeLink.person_id == person.id if person else OneTimeLink.person_id.is_(None),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            *wanted,
        )
        .values(expires_at=now)
    )


def link_works(secret: str, purpose: Purpose, *, now: datetime) -> bool:
    """Whether a link would work now; nothing is spent."""
    query = sa.select(OneTimeLink.id).where(*_works(secret, purpose, now))
    return db.session.execute(query).first() is not None


def person_of_link(secret: str, purpose: Purpose, *, now: datetime) -> Person | None:
    """Whose link this is, if it would work now; nothing is spent."""
    query = sa.select(OneTimeLink.person_id).where(*_works(secret, purpose, now))
    return _living_person(db.session.execute(query).scalar_one_or_none())


def use_link(secret: str, purpose: Purpose, *, now: datetime) -> UsedLink:
    """Spend a person's link. One statement finds and spends it, so it cannot be used twice at once."""
    row = _spend(secret, purpose, now)
    person = _living_person(row.person_id)
    if person is None:
        raise _spent()
    return UsedLink(person, row.arguments)


def use_nobodys_link(secret: str, purpose: Purpose, *, now: datetime) -> dict[str, Any]:
    """Spend a link that belongs to nobody yet; gives what was noted on it."""
    return dict(_spend(secret, purpose, now).arguments)


def _spend(secret: str, purpose: Purpose, now: datetime) -> sa.Row[Any]:
    row = db.session.execute(
        sa.update(OneTimeLink)
        .where(*_works(secret, purpose, now))
        .values(used_at=now)
        .returning(OneTimeLink.person_id, OneTimeLink.arguments)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        raise _spent()
    return row


def _spent() -> DomainError:
    return DomainError(
        "link_spent", _("This link was used already, or its time is over. Ask for a new one."), status=410
    )


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
