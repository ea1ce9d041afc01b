"""The audit trail: who did what to which thing, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import AuditEntry, Person
from labtracker.extensions import db


def record_audit(
    actor: Person | None,
    action: str,
    subject_kind: str,
    subject_id: UUID | None,
    now: datetime,
    **detail: Any,
) -> AuditEntry:
    """Write one line of the trail in the present transaction.

    ``action`` is a past participle with its noun, such as ``booking_approved``. ``detail`` holds codes,
    ids and field names, never names or addresses of people. ``actor`` is None for what nobody signed in did.
    """
    entry = AuditEntry(
        at=now,
        actor_id=actor.id if actor else None,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail={
            name: str(value) if isinstance(value, UUID | datetime) else value
            for name, value in detail.items()
        },
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def record_audits(
    actor: Person | None,
    action: str,
    subject_kind: str,
    subject_ids: Sequence[UUID],
    now: datetime,
    **detail: Any,
) -> None:
    """The same line about many things, in one statement; ``detail`` must be plain JSON values."""
    if subject_ids:
        whose = {"at": now, "actor_id": actor.id if actor else None, "action": action}
        lines = [
            {**whose, "subject_kind": subject_kind, "subject_id": subject_id, "detail": detail}
            for subject_id in subject_ids
        ]
        db.session.execute(sa.insert(AuditEntry), lines)
