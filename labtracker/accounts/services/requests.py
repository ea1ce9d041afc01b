"""An employer's ask for an account: taken from anybody, decided by a coordinator, answered by mail."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import AccountRequest, Organization, Person
from labtracker.accounts.queries import open_request_of, people_with_role
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.organizations import OrganizationFacts, add_organization
from labtracker.accounts.services.people import invite
from labtracker.accounts.services.throttling import count_try, refuse_too_many
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.mail import public_url, queue_mail


def request_account(
    *,
    organization_name: str,
    city: str | None,
    person_name: str,
    email: str,
    phone: str | None,
    message: str | None,
    language: str,
    address: str,
    now: datetime,
) -> AccountRequest | None:
    """Take an ask. Asked twice with one address, it stays one ask, and the answer looks the same."""
    if not count_try("request", "address", address, now):
        raise refuse_too_many()
    if open_request_of(email) is not None or not count_try("request", "email", email, now):
        return None
    asked = AccountRequest(
        organization_name=organization_name,
        city=city,
        person_name=person_name,
        email=email,
        phone=phone,
        message=message,
        language=language,
        status="open",
        created_at=now,
    )
    db.session.add(asked)
    db.session.flush()
    queue_mail(email, "account_requested", language, now, name=person_name, organization=organization_name)
    for coordinator in db.session.execute(people_with_role(Role.COORDINATOR, Role.ADMINISTRATOR)).scalars():
        queue_mail(
            coordinator.email,
            "account_request_waits",
            coordinator.mail_language,
            now,
            name=coordinator.name,
            organization=organization_name,
            url=public_url("accounts.account_request", request_id=asked.id),
        )
    record_audit(None, "account_requested", "account_request", asked.id, now)
    return asked


def approve_request(asked: AccountRequest, *, name: str, actor: Person, now: datetime) -> Organization:
    """Make a new employer of an ask, and invite whoever asked."""
    _decide(asked, "approved", actor, now)
    facts = OrganizationFacts(name=name, city=asked.city, phone=asked.phone)
    employer = add_organization(OrganizationKind.EMPLOYER, facts, actor=actor, now=now)
    _let_in(asked, employer, actor, now)
    return employer


def merge_request(asked: AccountRequest, *, organization: Organization, actor: Person, now: datetime) -> None:
    """Add whoever asked to an employer that is known already."""
    if not organization.is_employer:
        raise DomainError("not_an_employer", _("Choose an employer."), field="organization_id")
    _decide(asked, "merged", actor, now)
    _let_in(asked, organization, actor, now)


def decline_request(asked: AccountRequest, *, reason: str, actor: Person, now: datetime) -> None:
    """Decline an ask; the reason goes into the mail."""
    _decide(asked, "declined", actor, now)
    asked.reason = reason
    queue_mail(
        asked.email,
        "account_declined",
        asked.language,
        now,
        name=asked.person_name,
        organization=asked.organization_name,
        reason=reason,
    )
    db.session.flush()


def _decide(asked: AccountRequest, status: str, actor: Person, now: datetime) -> None:
    # Read anew under a lock: two coordinators may decide at the same moment.
    db.session.refresh(asked, with_for_update=True)
    if asked.status != "open":
        raise DomainError("already_decided", _("Somebody has decided this already."), status=409)
    asked.status = status
    asked.decided_at = now
    asked.decided_by_id = actor.id
    record_audit(actor, f"account_request_{status}", "account_request", asked.id, now)


def _let_in(asked: AccountRequest, employer: Organization, actor: Person, now: datetime) -> None:
    asked.organization_id = employer.id
    invite(
        email=asked.email,
        name=asked.person_name,
        organization=employer,
        role=Role.EMPLOYER,
        language=asked.language,
        actor=actor,
        now=now,
    )
