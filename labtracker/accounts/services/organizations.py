"""Organizations: added, changed, archived. What was used is never deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person, ReviewedArea
from labtracker.accounts.queries import organizations_of_kind
from labtracker.accounts.rules import OrganizationKind
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.meanwhile import require_as_seen
from labtracker.errors import DomainError
from labtracker.extensions import db


@dataclass(frozen=True)
class OrganizationFacts:
    """What is known of an organization; areas are (local area, sub-area or None)."""

    name: str
    fein: str | None = None
    naics: str | None = None
    employee_count: int | None = None
    city: str | None = None
    phone: str | None = None
    website: str | None = None
    areas: tuple[tuple[str, str | None], ...] = field(default=())


def add_organization(
    kind: OrganizationKind, facts: OrganizationFacts, *, actor: Person | None, now: datetime
) -> Organization:
    """Add an organization of a kind, which it keeps; one of the same name is refused."""
    _refuse_taken_name(kind, facts.name, besides=None)
    organization = Organization(kind=str(kind), name=facts.name, created_at=now)
    db.session.add(organization)
    _write(organization, facts)
    db.session.flush()
    record_audit(actor, "organization_added", "organization", organization.id, now)
    return organization


def known_of(organization: Organization) -> dict[str, Any]:
    """What is known of an organization, as it is shown to be changed."""
    areas = tuple((row.local_area, row.sub_area) for row in organization.areas)
    plain = {fact.name: getattr(organization, fact.name) for fact in fields(OrganizationFacts)[:-1]}
    return {**plain, "areas": sorted(areas, key=str)}


def edit_organization(
    organization: Organization,
    facts: OrganizationFacts,
    *,
    actor: Person,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Change what is known of an organization; the trail keeps which facts changed.

    ``seen`` is the mark of what the editor saw: what somebody else changed since is refused, not overwritten.
    """
    require_as_seen(organization, seen, lambda: known_of(organization))
    if facts.name != organization.name:
        _refuse_taken_name(OrganizationKind(organization.kind), facts.name, besides=organization)
    changed = _write(organization, facts)
    if changed:
        record_audit(actor, "organization_edited", "organization", organization.id, now, fields=changed)
    db.session.flush()


def archive_organization(organization: Organization, *, actor: Person, now: datetime) -> None:
    """Put an organization away: it stays on everything it took part in, and takes part in nothing new."""
    if actor.organization_ids() & {organization.id}:
        raise DomainError("own_organization", _("You belong to this organization, so it cannot be archived."))
    if organization.archived_at is None:
        organization.archived_at = now
        record_audit(actor, "organization_archived", "organization", organization.id, now)
        db.session.flush()


def restore_organization(organization: Organization, *, actor: Person, now: datetime) -> None:
    """Bring an archived organization back."""
    if organization.archived_at is not None:
        organization.archived_at = None
        record_audit(actor, "organization_restored", "organization", organization.id, now)
        db.session.flush()


def _refuse_taken_name(kind: OrganizationKind, name: str, *, besides: Organization | None) -> None:
    same = sa.func.lower(Organization.name) == name.lower()
    taken = db.session.execute(organizations_of_kind(kind).where(same)).scalars()
    if any(besides is None or found.id != besides.id for found in taken):
        raise DomainError(
            "name_taken", _("There is an organization of this name already."), field="name", status=409
        )


def _write(organization: Organization, facts: OrganizationFacts) -> list[str]:
    wished = asdict(facts)
    areas = {(area, sub) for area, sub in wished.pop("areas")}
    changed = [name for name, value in wished.items() if getattr(organization, name) != value]
    for name in changed:
        setattr(organization, name, wished[name])
    if areas != {(row.local_area, row.sub_area) for row in organization.areas}:
        organization.areas = [
            ReviewedArea(local_area=area, sub_area=sub) for area, sub in sorted(areas, key=str)
        ]
        changed.append("areas")
    return changed
