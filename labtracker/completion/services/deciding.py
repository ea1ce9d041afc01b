"""A coordinator's decision against the rule."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.completion.models import CompletionOverride
from labtracker.completion.services.refreshing import refresh_completions
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster.models import Enrollment


def override_completion(
    enrollment: Enrollment, *, complete: bool | None, reason: str, actor: Person, now: datetime
) -> CompletionOverride:
    """Decide an enrollment's completion against the rule, or (None) let the rule decide again.

    The reason stays visible for ever.

    Raises DomainError ``reason_missing`` when no reason is given.
    """
    if not reason.strip():
        raise DomainError(
            "reason_missing", _("Say why; the reason stays with this decision."), field="reason"
        )
    decision = CompletionOverride(
        enrollment_id=enrollment.id,
        complete=complete,
        reason=reason.strip(),
        decided_by_id=actor.id,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    record_audit(
        actor=actor,
        action="completion_overridden",
        subject_kind="enrollment",
        subject_id=enrollment.id,
        now=now,
        complete=complete,
    )
    refresh_completions([enrollment.id])
    return decision
