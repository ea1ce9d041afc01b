"""The first real day: an empty database gets its provider and its first administrator."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts import sign_in
from labtracker.accounts.models import Membership, Organization, Person
from labtracker.accounts.queries import organizations_of_kind, people_with_role, person_with_email
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.links import Purpose, issue_link, use_nobodys_link
from labtracker.accounts.services.passwords import set_password
from labtracker.accounts.sign_in import SignedIn
from labtracker.errors import DomainError
from labtracker.extensions import db


def begin_first_day(provider_name: str, *, now: datetime) -> str:
    """Make the provider if there is none, and a link by which one person becomes its administrator."""
    if db.session.execute(people_with_role(Role.ADMINISTRATOR)).first() is not None:
        raise DomainError(
            "already_begun", _("There is an administrator already. Others are invited on the page People.")
        )
    if db.session.execute(organizations_of_kind(OrganizationKind.PROVIDER)).first() is None:
        provider = Organization(kind=str(OrganizationKind.PROVIDER), name=provider_name, created_at=now)
        db.session.add(provider)
        db.session.flush()
        record_audit(None, "organization_added", "organization", provider.id, now)
    return issue_link(None, Purpose.FIRST_DAY, now=now)


def become_administrator(
    secret: str,
    *,
    email: str,
    name: str,
    language: str,
    password: str,
    now: datetime,
    agent: str | None,
) -> SignedIn:
    """Spend the first link: its holder becomes the provider's administrator and is signed in."""
    use_nobodys_link(secret, Purpose.FIRST_DAY, now=now)
    provider = db.session.execute(organizations_of_kind(OrganizationKind.PROVIDER)).scalars().first()
    if provider is None or person_with_email(email) is not None:
        raise DomainError("already_begun", _("Somebody has this address already."), field="email")
    person = Person(email=email, name=name, language=language, created_at=now)
    person.memberships = [
        Membership(organization=provider, role=str(Role.ADMINISTRATOR), started_at=now),
    ]
    db.session.add(person)
    db.session.flush()
    set_password(person, password, now=now)
    record_audit(person, "administrator_begun", "person", person.id, now)
    return sign_in.begin(person, now=now, agent=agent)
