"""Who runs this: the training provider, as pages and mails name it."""

from __future__ import annotations

from flask import current_app, g

from labtracker.accounts.models import Organization
from labtracker.accounts.queries import organizations_of_kind
from labtracker.accounts.rules import OrganizationKind
from labtracker.extensions import db


def provider() -> Organization | None:
    """The training provider that was here first; looked up once for each request or job."""
    if g.get("plain_page"):
        return None
    if "provider" not in g:
        first = organizations_of_kind(OrganizationKind.PROVIDER).order_by(None)
        first = first.order_by(Organization.created_at, Organization.id).limit(1)
        g.provider = db.session.execute(first).scalar_one_or_none()
    found: Organization | None = g.provider
    return found


def provider_name() -> str:
    """What the service is called: the name that was set, else the provider's own."""
    found = None if current_app.config["PROVIDER_NAME"] else provider()
    return str(current_app.config["PROVIDER_NAME"] or (found.name if found else "labtracker"))


def provider_contact() -> str:
    """The provider with its town and telephone, as far as they are known."""
    found = provider()
    facts = [provider_name(), found.city if found else None, found.phone if found else None]
    return ", ".join(fact for fact in facts if fact)
