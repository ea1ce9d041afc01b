"""What people set about themselves."""

from __future__ import annotations

from datetime import datetime

from labtracker.accounts.models import Person
from labtracker.accounts.services.audit import record_audit
from labtracker.extensions import db


def edit_person(
    person: Person, *, name: str, phone: str | None, language: str | None, actor: Person, now: datetime
) -> None:
    """Change a person's name, telephone and language; the trail keeps which of them, not what."""
    wished = {"name": name, "phone": phone or None, "language": language or person.language}
    changed = [field for field, value in wished.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, wished[field])
    if changed:
        record_audit(actor, "person_edited", "person", person.id, now, fields=changed)
    db.session.flush()
