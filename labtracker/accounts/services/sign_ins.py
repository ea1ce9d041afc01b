"""Ending sign-ins: one browser, all the others, all."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from labtracker.accounts.models import Person, SignIn
from labtracker.accounts.services.audit import record_audit
from labtracker.extensions import db
from labtracker.kit.ids import fingerprint


def end_sign_in(sign_in: SignIn, *, actor: Person, now: datetime) -> None:
    """Sign one browser out."""
    if sign_in.ended_at is None:
        sign_in.ended_at = now
        record_audit(actor, "signed_out", "person", sign_in.person_id, now)
        db.session.flush()


def end_other_sign_ins(person: Person, *, keep: str | None, now: datetime) -> int:
    """Sign out every browser of a person except the one with this token; answers how many."""
    query = sa.select(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if keep is not None:
        query = query.where(SignIn.fingerprint != fingerprint(keep))
    rows = list(db.session.execute(query).scalars())
    for row in rows:
        row.ended_at = now
    db.session.flush()
    return len(rows)
