"""Passwords: kept as argon2 hashes, checked in the same time whether the person exists or not."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import MINIMUM_LENGTH, password_problem
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.links import lapse_links
from labtracker.accounts.services.sign_ins import end_other_sign_ins
from labtracker.accounts.services.throttling import count_try, forget_tries, refuse_too_many
from labtracker.errors import DomainError
from labtracker.extensions import db

HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one behind a hash. Without a hash it takes as long and says no.

    It takes some 50 ms: call it while no transaction is open, or every other writer waits.
    """
    try:
        return HASHER.verify(password_hash or _nobodys_hash(), password[:400]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def rehash_if_weak(person: Person, password: str) -> None:
    """Bring an old hash up to today's strength, now that the password is known."""
    if person.password_hash and HASHER.check_needs_rehash(person.password_hash):
        person.password_hash = HASHER.hash(password)


def set_password(
    person: Person, password: str, *, now: datetime, keep_sign_in: str | None = None, field: str = "password"
) -> None:
    """Give a person a new password and sign out every browser but the one named by its token.

    Links mailed before, an old invitation among them, lapse: they would set another.
    """
    check_password_rules(person, password, field=field)
    person.password_hash = HASHER.hash(password)
    end_other_sign_ins(person, keep=keep_sign_in, now=now)
    lapse_links(person, now=now)
    record_audit(person, "password_set", "person", person.id, now)
    db.session.flush()


def change_password(person: Person, *, old: str, new: str, token: str, address: str, now: datetime) -> None:
    """Change a known password. Somebody who never had one needs no old one, being signed in."""
    if person.password_hash:
        if not count_try("password", "address", address, now) or not count_try(
            "password", "email", person.email, now
        ):
            raise refuse_too_many()
        if not matches(person.password_hash, old):
            raise DomainError("wrong_password", _("This is not your present password."), field="old_password")
        forget_tries("password", "email", person.email)
    set_password(person, new, now=now, keep_sign_in=token, field="new_password")


def check_password_rules(person: Person, password: str, *, field: str) -> None:
    """Refuse a password that is too easy, and say why."""
    problem = password_problem(password, email=person.email, name=person.name)
    if problem is None:
        return
    messages = {
        "too_short": _(
            "Take at least %(count)s characters. Four words in a row do well.", count=MINIMUM_LENGTH
        ),
        "too_long": _("This is longer than 200 characters."),
        "common": _(
            "This is one of the first passwords anybody would try. Take words that do not belong together."
        ),
        "about_you": _("This is mostly your own name or address. Take something nobody knows of you."),
        "pattern": _("This is a pattern of keys or a repetition. Take words that do not belong together."),
    }
    raise DomainError(f"password_{problem}", messages[problem], field=field)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("nobody has this password")
