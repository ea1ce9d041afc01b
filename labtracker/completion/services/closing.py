"""Closing a cohort out, after which its figures count, and opening it again."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.completion.queries import open_points
from labtracker.completion.services.late import acknowledge_late_changes
from labtracker.completion.services.refreshing import refresh_cohort
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.scheduling.models import Cohort


def close_out_cohort(cohort: Cohort, *, actor: Person, now: datetime) -> None:
    """Close a cohort: from now on it counts in the rates.

    Raises DomainError ``already_closed``, or ``still_open`` when a session lies ahead or was opened and
    never closed: its hours would silently be missing.
    """
    if cohort.closed_out_at is not None:
        raise DomainError("already_closed", _("This cohort is closed out already."))
    points = open_points(cohort, now=now)
    if points.keeps_open:
        raise DomainError(
            "still_open",
            _(
                "This cohort cannot be closed out yet: %(ahead)s sessions lie ahead and %(unclosed)s were "
                "opened and never closed.",
                ahead=len(points.ahead),
                unclosed=len(points.unclosed),
            ),
        )
    cohort.closed_out_at = now
    cohort.closed_out_by_id = actor.id
    db.session.flush()
    record_audit(
        actor=actor, action="cohort_closed_out", subject_kind="cohort", subject_id=cohort.id, now=now
    )
    refresh_cohort(cohort.id)


def reopen_cohort(cohort: Cohort, *, actor: Person, now: datetime) -> None:
    """Take a close-out back; the cohort leaves the rates until it is closed again.

    Raises DomainError ``not_closed``.
    """
    if cohort.closed_out_at is None:
        raise DomainError("not_closed", _("This cohort is not closed out."))
    acknowledge_late_changes(cohort, actor=actor, now=now)  # whoever opens it again looks at its figures
    cohort.closed_out_at = None
    cohort.closed_out_by_id = None
    db.session.flush()
    record_audit(actor=actor, action="cohort_reopened", subject_kind="cohort", subject_id=cohort.id, now=now)
    refresh_cohort(cohort.id)
