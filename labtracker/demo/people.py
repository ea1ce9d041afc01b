"""The people of the demo: its cast, at the organizations they belong to."""

from __future__ import annotations

from datetime import datetime

from labtracker.accounts.cast import CAST
from labtracker.accounts.models import Membership, Organization, Person, ReviewedArea
from labtracker.accounts.rules import OrganizationKind
from labtracker.extensions import db


def build_cast(now: datetime) -> dict[str, Person]:
    """Add the cast, each by the part of the address before the @."""
    organizations: dict[str, Organization] = {}
    people: dict[str, Person] = {}
    for member in CAST:
        organization = organizations.get(member.organization)
        if organization is None:
            organization = Organization(kind=str(member.kind), name=member.organization, created_at=now)
            if member.kind == OrganizationKind.WORKFORCE_CENTER:
                organization.areas = [ReviewedArea(local_area="CRWC", sub_area="Pueblo")]
            organizations[member.organization] = organization
            db.session.add(organization)
        person = Person(email=member.email, name=member.name, created_at=now)
        person.memberships = [Membership(organization=organization, role=str(member.role), started_at=now)]
        db.session.add(person)
        people[member.email.partition("@")[0]] = person
    db.session.flush()
    return people
