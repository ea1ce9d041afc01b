"""Worksites: add, change, archive, bring back; what their ZIP says; decisions about rurality."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import Worksite
from labtracker.labs.queries import county_of, details_of_worksite, organizations_with_worksites
from labtracker.labs.rules import RuralSource, WorksiteDetails, is_rural
from labtracker.labs.services.saving import begin_change, delete_unused, known_zip, record, saving

PLAIN = (
    "name",
    "address",
    "contact_name",
    "contact_phone",
    "pad_length_ft",
    "power_kw",
    "gate_opens",
    "gate_closes",
    "notes",
)


def add_worksite(details: WorksiteDetails, *, actor: Person, now: datetime) -> Worksite:
    """Add a worksite; its ZIP gives county, coordinates, time zone, and whether it is rural."""
    organization = _organization(details.organization_id, actor)
    _check_gate(details)
    _refuse_taken_name(details, besides=None)
    worksite = Worksite(organization=organization, created_at=now)
    with saving():
        db.session.add(worksite)
        _write(worksite, details)
    record("added", worksite, actor=actor, now=now)
    return worksite


def change_worksite(
    worksite: Worksite, details: WorksiteDetails, *, version: int | None, actor: Person, now: datetime
) -> list[str]:
    """Change a worksite as its editor saw it in that version; returns the names of the changed fields.

    A new ZIP is another place: a decision about rurality that was made for the old one ends.
    """
    changed = begin_change(worksite, details_of_worksite(worksite), details, version=version)
    if not changed:
        return []
    if "organization_id" in changed:
        worksite.organization = _organization(details.organization_id, actor)
    _check_gate(details)
    _refuse_taken_name(details, besides=worksite)
    with saving():
        _write(worksite, details)
        record("changed", worksite, actor=actor, now=now, fields=changed)
    return changed


def archive_worksite(worksite: Worksite, *, actor: Person, now: datetime) -> None:
    """Take a worksite out of the lists; visits there stay."""
    if worksite.archived_at is None:
        worksite.archived_at = now
        record("archived", worksite, actor=actor, now=now)
        db.session.flush()


def restore_worksite(worksite: Worksite, *, actor: Person, now: datetime) -> None:
    """Bring an archived worksite back."""
    if worksite.archived_at is not None:
        worksite.archived_at = None
        record("restored", worksite, actor=actor, now=now)
        db.session.flush()


def delete_worksite(worksite: Worksite, *, actor: Person, now: datetime) -> None:
    """Delete a worksite that no booking, deployment or cohort refers to."""
    delete_unused(worksite, actor=actor, now=now)


def override_rurality(
    worksite: Worksite, *, is_rural: bool, reason: str, actor: Person, now: datetime
) -> None:
    """Decide against the county's code, with a reason that stays beside the answer."""
    reason = reason.strip()
    if not reason:
        raise DomainError("reason_missing", _("Please say why."), field="reason")
    worksite.is_rural = is_rural
    worksite.rural_source = RuralSource.OVERRIDE
    worksite.rural_reason = reason
    worksite.rural_set_by_id = actor.id
    worksite.rural_set_at = now
    record("rurality_overridden", worksite, actor=actor, now=now, is_rural=is_rural)
    db.session.flush()


def withdraw_rurality_override(worksite: Worksite, *, actor: Person, now: datetime) -> None:
    """Let the county's code decide again."""
    if worksite.rural_source == RuralSource.OVERRIDE:
        _decide_by_county(worksite)
        record("rurality_by_county", worksite, actor=actor, now=now)
        db.session.flush()


def _write(worksite: Worksite, details: WorksiteDetails) -> None:
    place = known_zip(details.zip, "zip")
    moved = worksite.zip != place.zip
    for name in PLAIN:
        setattr(worksite, name, getattr(details, name))
    worksite.zip = place.zip
    # Who moves a worksite to another ZIP and leaves the old city in its field means the new one's city.
    kept = details.city if not (moved and details.city == worksite.city) else ""
    worksite.city = kept or place.city
    worksite.state = place.state
    worksite.zone = place.zone
    worksite.latitude, worksite.longitude = place.point.latitude, place.point.longitude
    if moved:
        worksite.county = county_of(place.state, place.county)
        _decide_by_county(worksite)


def _decide_by_county(worksite: Worksite) -> None:
    county = worksite.county
    worksite.is_rural = is_rural(county.rucc if county else None)
    worksite.rural_source = RuralSource.RUCC if county else RuralSource.UNKNOWN
    worksite.rural_reason = worksite.rural_set_by_id = worksite.rural_set_at = None


def _organization(organization_id: UUID, actor: Person) -> Organization:
    allowed = organizations_with_worksites(actor).where(Organization.id == organization_id)
    organization = db.session.execute(allowed).scalar_one_or_none()
    if organization is None:
        raise DomainError(
            "organization_unknown", _("Please choose one of the organizations."), field="organization_id"
        )
    return organization


def _check_gate(details: WorksiteDetails) -> None:
    opens, closes = details.gate_opens, details.gate_closes
    if (opens is None) != (closes is None):
        raise DomainError(
            "gate_half_open",
            _("Give both times of the gate, or neither."),
            field="gate_closes" if closes is None else "gate_opens",
        )
    if opens is not None and closes is not None and closes <= opens:
        raise DomainError(
            "gate_closes_before_it_opens", _("The gate closes before it opens."), field="gate_closes"
        )


def _refuse_taken_name(details: WorksiteDetails, besides: Worksite | None) -> None:
    query = sa.select(Worksite.id).where(
        Worksite.organization_id == details.organization_id,
        sa.func.lower(Worksite.name) == details.name.lower(),
        Worksite.archived_at.is_(None),
    )
    if any(besides is None or found != besides.id for found in db.session.scalars(query)):
        raise DomainError(
            "name_taken", _("This organization already has a worksite of this name."), field="name"
        )
