"""What people set about themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from labtracker.accounts.models import Person
from labtracker.accounts.services.audit import record_audit
from labtracker.accounts.services.meanwhile import require_as_seen
from labtracker.extensions import db


def told_of(person: Person) -> dict[str, Any]:
    """What a person told of themselves, as it is shown to be changed."""
    return {"name": person.name, "phone": person.phone, "language": person.language}


def edit_person(
    person: Person,
    *,
    name: str,
    phone: str | None,
    language: str | None,
    actor: Person,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Change a person's name, telephone and language; the trail keeps which of them, not what.

    ``seen`` is the mark of what the editor saw: what somebody else changed since is refused, not overwritten.
    """
    require_as_seen(person, seen, lambda: told_of(person))
    wished = {"name": name, "phone": phone or None, "language": language or person.language}
    changed = [field for field, value in wished.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, wished[field])
    if changed:
        record_audit(actor, "person_edited", "person", person.id, now, fields=changed)
    db.session.flush()
