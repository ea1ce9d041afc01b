"""Signing in: by password, by mailed link. Strangers and friends get the same answer in the same time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labtracker.accounts import sign_in
from labtracker.accounts.models import Person
from labtracker.accounts.queries import person_with_email
from labtracker.accounts.rules import normal_email
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.links import Purpose, issue_link, use_link
from labtracker.accounts.services.passwords import matches, rehash_if_weak, set_password
from labtracker.accounts.services.throttling import count_try, forget_tries, purge_tries, refuse_too_many
from labtracker.accounts.sign_in import SignedIn
from labtracker.extensions import db
from labtracker.jobs.mail import public_url, queue_mail
from labtracker.jobs.services import enqueue, handles


@dataclass(frozen=True)
class PasswordTry:
    """A try at a password that was counted; to be checked once the count is committed."""

    email: str
    person: Person | None
    admitted: bool

    def is_right(self, password: str) -> bool:
        """Whether the password is right. Slow on purpose, so no transaction may be open."""
        known = self.person.password_hash if self.person is not None and self.admitted else None
        return matches(known, password)


def begin_password_try(email: str, *, address: str, now: datetime) -> PasswordTry:
    """Count a try before looking at the password, so that many at once cannot slip past the limit."""
    email = normal_email(email)
    if not count_try("password", "address", address, now):
        raise refuse_too_many()
    admitted = count_try("password", "email", email, now)
    person = person_with_email(email)
    if person is not None and person.archived_at is not None:
        person = None
    return PasswordTry(email, person, admitted)


def sign_in_with_password(
    tried: PasswordTry, password: str, *, now: datetime, on_phone: bool, agent: str | None
) -> SignedIn:
    """Sign in whoever was found to have the right password."""
    person = tried.person
    assert person is not None, "only a right password of a known person comes this far"
    forget_tries("password", "email", tried.email)
    purge_tries(now)
    rehash_if_weak(person, password)
    record_audit(person, "signed_in", "person", person.id, now, by="password")
    return sign_in.begin(person, now=now, on_phone=on_phone, agent=agent)


def ask_for_link(
    email: str, purpose: Purpose, *, address: str, language: str, now: datetime, next_path: str | None = None
) -> None:
    """Ask for a link by mail. Whether anybody has that address is found out later, by the worker."""
    email = normal_email(email)
    if not count_try("link", "address", address, now):
        raise refuse_too_many()
    if count_try("link", "email", email, now):
        wish = {"email": email, "purpose": str(purpose), "language": language, "next": next_path}
        enqueue("mail_link", wish, due_at=now, now=now)


@handles("mail_link")
def mail_link(arguments: dict[str, Any], now: datetime) -> None:
    """Mail a link to whoever has the address, if anybody has."""
    person = person_with_email(arguments["email"])
    if person is None or person.archived_at is not None:
        return
    purpose = Purpose(arguments["purpose"])
    notes = {"next": arguments["next"]} if arguments.get("next") else {}
    secret = issue_link(person, purpose, now=now, arguments=notes)
    endpoint = {Purpose.SIGN_IN: "accounts.sign_in_link", Purpose.PASSWORD: "accounts.reset_password"}[
        purpose
    ]
    queue_mail(
        person.email,
        f"{purpose}_link",
        person.language or arguments["language"],
        now,
        name=person.name,
        url=public_url(endpoint, secret=secret),
    )


def sign_in_with_link(
    secret: str, *, now: datetime, on_phone: bool, agent: str | None
) -> tuple[SignedIn, str | None]:
    """Spend a mailed link and sign its person in; also gives where they wanted to go."""
    used = use_link(secret, Purpose.SIGN_IN, now=now)
    record_audit(used.person, "signed_in", "person", used.person.id, now, by="link")
    return sign_in.begin(used.person, now=now, on_phone=on_phone, agent=agent), used.arguments.get("next")


def reset_password(secret: str, password: str, *, now: datetime, agent: str | None) -> SignedIn:
    """Spend a mailed link to set a new password; every other browser is signed out."""
    used = use_link(secret, Purpose.PASSWORD, now=now)
    set_password(used.person, password, now=now)
    forget_tries("password", "email", used.person.email)
    db.session.flush()
    return sign_in.begin(used.person, now=now, agent=agent)


def sign_in_as_cast(person: Person, *, now: datetime, agent: str | None) -> SignedIn:
    """Sign a visitor of the demo in as one of its cast."""
    record_audit(person, "signed_in", "person", person.id, now, by="demo")
    return sign_in.begin(person, now=now, agent=agent)
