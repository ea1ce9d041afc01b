"""What an employer does for its own people who sign in: invite them, and end what they may do."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Membership, Organization, Person
from labtracker.accounts.queries import person_with_email
from labtracker.accounts.rules import Role
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.links import Purpose, lapse_links
from labtracker.accounts.services.people import end_role, invite
from labtracker.accounts.services.throttling import count_try
from labtracker.errors import DomainError


def invite_colleague(
    *, email: str, name: str, language: str, organization: Organization, actor: Person, now: datetime
) -> Person:
    """Let an employer's contact invite another of the same employer: that role there, and no other.

    An address that is known elsewhere is refused in the same words whoever it belongs to, so that nobody
    learns from it who has an account; a coordinator can add it.
    """
    if organization.id not in actor.organization_ids(Role.EMPLOYER):
        raise DomainError("not_yours", _("You can invite people of your own organization only."), status=404)
    if not count_try("invitation", "person", str(actor.id), now):
        raise DomainError(
            "too_many_invitations",
            _("These are many invitations for one day. Go on tomorrow, or ask your coordinator."),
            field="email",
            status=429,
        )
    known = person_with_email(email)
    if known is not None and not _is_colleague(known, organization):
        raise DomainError(
            "address_elsewhere",
            _("This address cannot be invited from here. Your coordinator can add it for you."),
            field="email",
        )
    if known is not None and known.password_hash is not None:
        raise DomainError(
            "colleague_already", _("%(name)s can sign in already.", name=known.name), field="email"
        )
    invited = invite(
        email=email,
        name=name,
        organization=organization,
        role=Role.EMPLOYER,
        language=language,
        actor=actor,
        now=now,
    )
    record_audit(
        actor,
        "colleague_invited",
        "person",
        invited.id,
        now,
        invited=invited.name,
        employer=organization.name,
    )
    return invited


def end_colleague(held: Membership, *, actor: Person, now: datetime) -> None:
    """End what a colleague may do for the employer, and the invitation that was never followed.

    What they did stays on record. Whoever left by mistake is let in again by a coordinator.
    """
    if held.role != Role.EMPLOYER or held.organization_id not in actor.organization_ids(Role.EMPLOYER):
        raise DomainError("not_yours", _("You can invite people of your own organization only."), status=404)
    if held.person_id == actor.id:
        raise DomainError("oneself", _("You cannot end your own access. Ask your coordinator."))
    lapse_links(held.person, Purpose.INVITATION, now=now)
    end_role(held, actor=actor, now=now)


def _is_colleague(person: Person, organization: Organization) -> bool:
    """Whether somebody stands for this employer and for nobody else."""
    return person.archived_at is None and person.organization_ids() == {organization.id}
