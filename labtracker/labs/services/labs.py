"""Labs: add, change, retire, bring back, delete while unused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import OrganizationKind
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import Course, Lab
from labtracker.labs.queries import details_of_lab
from labtracker.labs.rules import LabDetails
from labtracker.labs.services.saving import begin_change, delete_unused, known_zip, record, saving, touch

PLAIN = (
    "name", "seats", "length_ft", "height_ft", "weight_lb", "power_kw", "has_generator", "needs_water",
    "ground", "needs", "setup_hours", "teardown_hours", "mph", "notes",
)  # fmt: skip


def add_lab(details: LabDetails, *, actor: Person, now: datetime) -> Lab:
    """Add a lab to the actor's provider; its home ZIP gives city, coordinates and time zone."""
    provider = provider_of(actor)
    _refuse_taken_name(details.name, provider, besides=None)
    lab = Lab(provider=provider, created_at=now)
    with saving():
        db.session.add(lab)
        _write(lab, details)
    record("added", lab, actor=actor, now=now)
    return lab


def change_lab(
    lab: Lab, details: LabDetails, *, version: int | None, actor: Person, now: datetime
) -> list[str]:
    """Change a lab as its editor saw it in that version; returns the names of the changed fields."""
    changed = begin_change(lab, details_of_lab(lab), details, version=version)
    if not changed:
        return []
    _refuse_taken_name(details.name, lab.provider, besides=lab)
    with saving():
        _write(lab, details)
        touch(lab)
        record("changed", lab, actor=actor, now=now, fields=changed)
    return changed


def retire_lab(lab: Lab, *, actor: Person, now: datetime) -> None:
    """Take a lab out of service; what it did stays."""
    if lab.retired_at is None:
        lab.retired_at = now
        record("retired", lab, actor=actor, now=now)
        db.session.flush()


def restore_lab(lab: Lab, *, actor: Person, now: datetime) -> None:
    """Put a retired lab into service again."""
    if lab.retired_at is not None:
        lab.retired_at = None
        record("restored", lab, actor=actor, now=now)
        db.session.flush()


def delete_lab(lab: Lab, *, actor: Person, now: datetime) -> None:
    """Delete a lab that was never deployed."""
    delete_unused(lab, actor=actor, now=now)


def _write(lab: Lab, details: LabDetails) -> None:
    place = known_zip(details.home_zip, "home_zip")
    for name in PLAIN:
        setattr(lab, name, getattr(details, name))
    # Who moves a lab to another ZIP and leaves the old city in its field means the new one's city.
    kept = details.home_city if lab.home_zip == place.zip or details.home_city != lab.home_city else ""
    lab.home_zip = place.zip
    lab.home_city = kept or place.city
    lab.latitude, lab.longitude, lab.zone = place.point.latitude, place.point.longitude, place.zone
    lab.courses = _courses(details.course_ids)


def _courses(ids: Iterable[UUID]) -> list[Course]:
    return list(db.session.scalars(sa.select(Course).where(Course.id.in_(ids)).order_by(Course.code)))


def provider_of(actor: Person) -> Organization:
    """The training provider that somebody works for, to whom what they add belongs."""
    for membership in actor.memberships:
        if membership.ended_at is None and membership.organization.kind == OrganizationKind.PROVIDER:
            return membership.organization
    raise DomainError("no_provider", _("Only a training provider's own people can do this."), status=403)


def _refuse_taken_name(name: str, provider: Organization, besides: Lab | None) -> None:
    query = sa.select(Lab.id).where(
        Lab.provider_id == provider.id, sa.func.lower(Lab.name) == name.lower(), Lab.retired_at.is_(None)
    )
    taken = [found for found in db.session.scalars(query) if besides is None or found != besides.id]
    if taken:
        raise DomainError("name_taken", _("There is already a lab of this name."), field="name")
