"""Named reads of organizations, people, sign-ins, phones and the trail; who may see them is decided here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from labtracker.accounts.models import (
    AccountRequest,
    AuditEntry,
    Device,
    DeviceTrainer,
    Membership,
    OneTimeLink,
    Organization,
    Person,
    SignIn,
)
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.extensions import db


def people_visible_to(actor: Person) -> sa.Select[Person]:
    """People: all of them for the office, one's own colleagues for everybody else."""
    query = sa.select(Person).order_by(Person.name, Person.id)
    if actor.has(Role.COORDINATOR):
        return query
    colleagues = sa.select(Membership.person_id).where(
        Membership.organization_id.in_(actor.organization_ids()), Membership.ended_at.is_(None)
    )
    return query.where(Person.id.in_(colleagues))


def employer_roles_beside(actor: Person) -> sa.Select[Membership]:
    """Who stands for the employers that somebody stands for, the person included."""
    return (
        sa.select(Membership)
        .join(Membership.person)
        .where(
            Membership.organization_id.in_(actor.organization_ids(Role.EMPLOYER)),
            Membership.role == Role.EMPLOYER,
            Membership.ended_at.is_(None),
            Person.archived_at.is_(None),
        )
        .options(contains_eager(Membership.person))
        .order_by(Person.name, Membership.id)
    )


def people_with_role(*roles: Role) -> sa.Select[Person]:
    """People who hold one of these roles now and are not archived."""
    return (
        sa.select(Person)
        .where(Person.id.in_(holders_of(*roles)), Person.archived_at.is_(None))
        .order_by(Person.name, Person.id)
    )


def holders_of(*roles: Role) -> sa.Select[UUID]:
    """Ids of people who hold one of these roles now."""
    return sa.select(Membership.person_id).where(
        Membership.role.in_([str(role) for role in roles]), Membership.ended_at.is_(None)
    )


def people_of(organization: Organization) -> sa.Select[Person]:
    """People who hold a role at an organization now."""
    holders = sa.select(Membership.person_id).where(
        Membership.organization_id == organization.id, Membership.ended_at.is_(None)
    )
    return sa.select(Person).where(Person.id.in_(holders)).order_by(Person.name, Person.id)


def person_with_email(email: str) -> Person | None:
    """The person who has this (normal) address, archived or not."""
    return db.session.execute(sa.select(Person).where(Person.email == email)).scalar_one_or_none()


def roles_ever_held_by(person: Person) -> sa.Select[Membership]:
    """Every role a person ever held, present ones first."""
    return (
        sa.select(Membership)
        .where(Membership.person_id == person.id)
        .order_by(Membership.ended_at.is_not(None), Membership.started_at, Membership.id)
    )


def invited(*people: Person) -> set[UUID]:
    """Ids of those who were invited and have not come in yet."""
    waiting = sa.select(OneTimeLink.person_id).where(
        OneTimeLink.purpose == "invitation", OneTimeLink.person_id.in_([person.id for person in people])
    )
    came = sa.select(SignIn.person_id).where(SignIn.person_id.in_([person.id for person in people]))
    found = db.session.execute(sa.select(Person.id).where(Person.id.in_(waiting), Person.id.not_in(came)))
    return set(found.scalars())


def people_with_emails(emails: Iterable[str]) -> sa.Select[Person]:
    """Those of these (normal) addresses who are not archived."""
    return sa.select(Person).where(Person.email.in_(list(emails)), Person.archived_at.is_(None))


def organizations_visible_to(actor: Person) -> sa.Select[Organization]:
    """Organizations: all for the office, one's own for everybody else."""
    query = sa.select(Organization).order_by(Organization.name, Organization.id)
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(Organization.id.in_(actor.organization_ids()))


def organizations_of_kind(kind: OrganizationKind) -> sa.Select[Organization]:
    """Organizations of one kind that are not archived."""
    return (
        sa.select(Organization)
        .where(Organization.kind == str(kind), Organization.archived_at.is_(None))
        .order_by(Organization.name, Organization.id)
    )


def account_requests() -> sa.Select[AccountRequest]:
    """Asks for an account: those that wait first, then the latest decided."""
    return sa.select(AccountRequest).order_by(
        sa.case((AccountRequest.status == "open", 0), else_=1),
        AccountRequest.created_at.desc(),
        AccountRequest.id,
    )


def open_account_requests() -> sa.Select[AccountRequest]:
    """Asks for an account that nobody has decided."""
    return sa.select(AccountRequest).where(AccountRequest.status == "open")


def open_request_of(email: str) -> AccountRequest | None:
    """The undecided ask from this (normal) address, if there is one."""
    query = sa.select(AccountRequest).where(AccountRequest.email == email, AccountRequest.status == "open")
    return db.session.execute(query.limit(1)).scalar_one_or_none()


def similar_employers(name: str) -> list[Organization]:
    """Employers whose name shares a telling word with this one, to merge an ask into."""
    words = {word for word in name.casefold().replace(",", " ").split() if len(word) > 3} - _LEGAL_FORMS
    if not words:
        return []
    alike = sa.or_(
        *(sa.func.lower(Organization.name).contains(word, autoescape=True) for word in sorted(words))
    )
    query = organizations_of_kind(OrganizationKind.EMPLOYER).where(alike).limit(8)
    return list(db.session.execute(query).scalars())


_LEGAL_FORMS = {"inc.", "corp", "corp.", "company", "group", "limited", "services", "works"}


def sign_ins_of(person: Person, *, since: datetime) -> sa.Select[SignIn]:
    """Browsers in which a person is signed in and that were used since an instant, latest first."""
    return (
        sa.select(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.last_seen_at >= since)
        .order_by(SignIn.last_seen_at.desc(), SignIn.id)
    )


def devices_visible_to(actor: Person) -> sa.Select[Device]:
    """Phones: all for the office, for a trainer those on which the trainer works."""
    query = (
        sa.select(Device)
        .where(Device.is_web.is_(False))
        .order_by(Device.revoked_at.is_not(None), Device.paired_at.desc(), Device.id)
    )
    if actor.has(Role.COORDINATOR):
        return query
    own = sa.select(DeviceTrainer.device_id).where(DeviceTrainer.person_id == actor.id)
    return query.where(Device.id.in_(own))


def audit_trail(
    *,
    action: str | None = None,
    actor_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> sa.Select[AuditEntry]:
    """The trail, the latest first, narrowed by what, who and when."""
    query = sa.select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if action:
        query = query.where(AuditEntry.action == action)
    if actor_id:
        query = query.where(AuditEntry.actor_id == actor_id)
    if since:
        query = query.where(AuditEntry.at >= since)
    if until:
        query = query.where(AuditEntry.at < until)
    return query


def people_in_the_trail() -> sa.Select[Person]:
    """Everybody who ever did something that the trail knows."""
    actors = sa.select(AuditEntry.actor_id).where(AuditEntry.actor_id.is_not(None))
    return sa.select(Person).where(Person.id.in_(actors)).order_by(Person.name, Person.id)


def audited_actions() -> list[str]:
    """Every kind of action that the trail knows."""
    return list(
        db.session.execute(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)).scalars()
    )
