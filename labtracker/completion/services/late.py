"""What changes of a cohort's figures after its close-out: noted, told, acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.completion.models import Completion, LateChange
from labtracker.completion.queries.late import open_changes
from labtracker.extensions import db
from labtracker.scheduling.models import Cohort

COMPLETIONS = cast(sa.Table, Completion.__table__)
# The figures whose change somebody has to know of.
FIGURES = ("state", "credited_minutes", "scheduled_minutes", "score", "signed_skills", "completed_on")
NO_FIGURES: dict[str, Any] = {}


def note_late_changes(rows: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Compare what is about to be written, of closed-out cohorts, with what stands there.

    The rows that hold it are the caller's alone until its transaction ends.
    """
    before = _standing({row["enrollment_id"] for row in rows})
    changed = {
        row["enrollment_id"]: row
        for row in rows
        if before.get(row["enrollment_id"], NO_FIGURES) != _figures(row)
    }
    if not changed:
        return
    noted = {
        one.enrollment_id: one
        for one in db.session.scalars(open_changes().where(LateChange.enrollment_id.in_(changed)))
    }
    for enrollment_id, row in changed.items():
        after, known = _figures(row), noted.get(enrollment_id)
        if known is None:
            earlier = before.get(enrollment_id, NO_FIGURES)
            db.session.add(
                LateChange(
                    cohort_id=row["cohort_id"],
                    enrollment_id=enrollment_id,
                    before=earlier,
                    after=after,
                    first_at=now,
                    last_at=now,
                )
            )
        elif known.before == after and known.first_at == now:
            db.session.delete(known)  # nobody saw it yet: one transaction passed through it
        else:
            known.after, known.last_at = after, now
    db.session.flush()


def acknowledge_late_changes(cohort: Cohort, *, actor: Person, now: datetime) -> int:
    """Say that what changed after a cohort's close-out was looked at; gives how many workers it concerned."""
    found = db.session.scalars(open_changes().where(LateChange.cohort_id == cohort.id)).all()
    for one in found:
        one.acknowledged_at, one.acknowledged_by_id = now, actor.id
    if found:
        db.session.flush()
        record_audit(actor, "late_changes_acknowledged", "cohort", cohort.id, now, workers=len(found))
    return len(found)


def _standing(enrollment_ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = db.session.connection().execute(
        sa.select(COMPLETIONS.c.enrollment_id, *(COMPLETIONS.c[name] for name in FIGURES)).where(
            COMPLETIONS.c.enrollment_id.in_(enrollment_ids)
        )
    )
    return {row.enrollment_id: _figures(row._asdict()) for row in rows}


def _figures(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in FIGURES}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
