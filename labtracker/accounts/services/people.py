"""People: invited, given roles, ended, archived. Nobody is deleted."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts import sign_in
from labtracker.accounts.models import Membership, Organization, Person
from labtracker.accounts.queries import people_with_role, person_with_email
from labtracker.accounts.rules import OrganizationKind, Role, may_give, role_fits
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.links import Purpose, issue_link, use_link
from labtracker.accounts.services.passwords import set_password
from labtracker.accounts.services.sign_ins import end_other_sign_ins
from labtracker.accounts.sign_in import SignedIn
from labtracker.accounts.signals import tenure_changed
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.mail import public_url, queue_mail


def invite(
    *,
    email: str,
    name: str,
    organization: Organization,
    role: Role,
    language: str | None,
    actor: Person,
    now: datetime,
) -> Person:
    """Give somebody a role at an organization, and mail a link to whoever has not signed in yet."""
    _check_giving(role, organization, actor)
    person = person_with_email(email)
    if person is not None and person.archived_at is not None:
        raise DomainError(
            "person_archived",
            _("This address belongs to somebody archived. Restore them first."),
            field="email",
        )
    if person is None:
        person = Person(email=email, name=name, language=language, created_at=now)
        db.session.add(person)
        db.session.flush()
    _give_role(person, organization, role, actor, now)
    send_invitation(person, actor=actor, now=now)
    return person


def send_invitation(person: Person, *, actor: Person, now: datetime) -> None:
    """Mail an invitation, or anew when it got lost; whoever has a password is told of the role."""
    roles = [row for row in person.memberships if row.ended_at is None]
    if person.archived_at is not None or not roles:
        raise DomainError("no_role", _("Somebody without a role cannot be invited."))
    where = roles[-1].organization.name
    if person.password_hash is None:
        secret = issue_link(person, Purpose.INVITATION, now=now)
        url = public_url("accounts.accept_invitation", secret=secret)
    else:
        url = public_url("accounts.sign_in")
    queue_mail(
        person.email,
        "invitation" if person.password_hash is None else "role_given",
        person.mail_language,
        now,
        name=person.name,
        inviter=actor.name,
        organization=where,
        url=url,
    )
    record_audit(actor, "invitation_sent", "person", person.id, now)


def may_hand_over_invitation(person: Person, *, actor: Person) -> bool:
    """Whether somebody may see a person's invitation: its reader could come in as that person."""
    return may_give(actor.has(Role.ADMINISTRATOR), Role.ADMINISTRATOR) or not person.has(Role.ADMINISTRATOR)


def invitation_to_hand_over(person: Person, *, actor: Person, now: datetime) -> str:
    """The address of a fresh invitation, for an office whose mails reach nobody: it hands it over itself.

    Earlier invitations lapse. Refuses for whoever has come in already, and an administrator's to all but
    administrators.
    """
    if not may_hand_over_invitation(person, actor=actor):
        raise DomainError(
            "not_allowed", _("Only an administrator hands over an administrator’s invitation."), status=403
        )
    if person.password_hash is not None or person.archived_at is not None:
        raise DomainError("came_already", _("This person has come in already."), status=409)
    secret = issue_link(person, Purpose.INVITATION, now=now)
    record_audit(actor, "invitation_handed_over", "person", person.id, now)
    return public_url("accounts.accept_invitation", secret=secret)


def accept_invitation(
    secret: str, *, name: str, language: str, password: str, now: datetime, agent: str | None
) -> SignedIn:
    """Spend an invitation: its person says who they are, and is signed in."""
    person = use_link(secret, Purpose.INVITATION, now=now).person
    person.name = name
    person.language = language
    set_password(person, password, now=now)
    record_audit(person, "invitation_accepted", "person", person.id, now)
    return sign_in.begin(person, now=now, agent=agent)


def give_role(
    person: Person, *, organization: Organization, role: Role, actor: Person, now: datetime
) -> Membership:
    """Give a person another role."""
    _check_giving(role, organization, actor)
    if person.archived_at is not None:
        raise DomainError("person_archived", _("Restore this person first."))
    return _give_role(person, organization, role, actor, now)


def end_role(membership: Membership, *, actor: Person, now: datetime) -> None:
    """End a role; that it was held stays on record."""
    if membership.ended_at is not None:
        return
    role = Role(membership.role)
    if not may_give(actor.has(Role.ADMINISTRATOR), role):
        raise DomainError("not_allowed", _("Only an administrator ends this role."), status=403)
    if role == Role.ADMINISTRATOR:
        _keep_an_administrator(membership.person)
    membership.ended_at = now
    record_audit(actor, "role_ended", "person", membership.person_id, now, role=membership.role)
    db.session.flush()
    tenure_changed.send(None, person_id=membership.person_id, since=now, now=now)


def archive_person(person: Person, *, actor: Person, now: datetime) -> None:
    """Put a person away: signed out everywhere, and unable to come back in until restored."""
    if person.id == actor.id:
        raise DomainError("oneself", _("You cannot archive yourself."))
    if person.has(Role.ADMINISTRATOR):
        if not actor.has(Role.ADMINISTRATOR):
            raise DomainError("not_allowed", _("Only an administrator archives another."), status=403)
        _keep_an_administrator(person)
    if person.archived_at is None:
        person.archived_at = now
        end_other_sign_ins(person, keep=None, now=now)
        record_audit(actor, "person_archived", "person", person.id, now)
        db.session.flush()
        tenure_changed.send(None, person_id=person.id, since=now, now=now)


def restore_person(person: Person, *, actor: Person, now: datetime) -> None:
    """Bring an archived person back, with the roles that were never ended."""
    if person.archived_at is not None:
        if person.has(Role.ADMINISTRATOR) and not actor.has(Role.ADMINISTRATOR):
            raise DomainError("not_allowed", _("Only an administrator restores another."), status=403)
        since, person.archived_at = person.archived_at, None
        record_audit(actor, "person_restored", "person", person.id, now)
        db.session.flush()
        tenure_changed.send(None, person_id=person.id, since=since, now=now)


def _check_giving(role: Role, organization: Organization, actor: Person) -> None:
    if not role_fits(role, OrganizationKind(organization.kind)):
        raise DomainError(
            "role_unfit", _("An organization of this kind has no people in this role."), field="role"
        )
    if organization.archived_at is not None:
        raise DomainError(
            "organization_archived", _("This organization is archived."), field="organization_id"
        )
    if not may_give(actor.has(Role.ADMINISTRATOR), role):
        raise DomainError("not_allowed", _("Only an administrator gives this role."), field="role")


def _give_role(
    person: Person, organization: Organization, role: Role, actor: Person, now: datetime
) -> Membership:
    for held in person.memberships:
        if held.ended_at is None and held.role == role and held.organization_id == organization.id:
            return held
    membership = Membership(person=person, organization=organization, role=str(role), started_at=now)
    db.session.add(membership)
    db.session.flush()
    record_audit(actor, "role_given", "person", person.id, now, role=str(role), organization=organization.id)
    tenure_changed.send(None, person_id=person.id, since=now, now=now)
    return membership


def _keep_an_administrator(leaving: Person) -> None:
    # Both who leave at the same moment would see the other staying: the rows are locked while counting.
    others = db.session.execute(
        people_with_role(Role.ADMINISTRATOR).where(Person.id != leaving.id).with_for_update()
    ).scalars()
    if not any(True for _other in others):
        raise DomainError(
            "last_administrator", _("Somebody has to be administrator. Make another one first.")
        )
