"""One import at a time: what a transaction holds while it stages, corrects or takes rows of an employer's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import InvalidRequestError

from labtracker.accounts.models import Organization
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import RosterApplication, RosterImport
from labtracker.scheduling.models import Cohort


def hold_roster(cohort_id: UUID, employer_id: UUID) -> tuple[Cohort, Organization]:
    """A cohort and an employer as they are now; until the transaction ends no other import touches them,
    and nobody closes the cohort out.
    """
    db.session.flush()
    employer = db.session.get_one(Organization, employer_id, with_for_update=True)
    return db.session.get_one(Cohort, cohort_id, with_for_update=True, populate_existing=True), employer


def hold_import(
    staged: RosterImport, now: datetime, within: RosterApplication | None = None
) -> tuple[Cohort, Organization]:
    """Hold an import's cohort and employer, and read the import anew: others may have been faster.

    Raises DomainError ``import_replaced`` when a newer upload took its place, ``import_running`` while rows
    go in otherwise than ``within`` this step.
    """
    held = hold_roster(staged.cohort_id, staged.employer_id)
    try:
        db.session.refresh(staged)
    except InvalidRequestError:
        raise _replaced() from None
    if staged.replaced_by_id is not None:
        raise _replaced()
    refuse_while_running(staged.cohort_id, staged.employer_id, now, within)
    return held


def refuse_while_running(
    cohort_id: UUID, employer_id: UUID, now: datetime, within: RosterApplication | None = None
) -> None:
    """Raise while rows of this employer's are going into this cohort."""
    running = queries.running_application(cohort_id, employer_id, now)
    if running is not None and running is not within:
        raise DomainError(
            "import_running",
            _(
                "%(file)s is going in just now: %(done)s of %(total)s rows. Wait until it is done.",
                file=running.roster_import.filename,
                done=running.done,
                total=running.total,
            ),
            field="file",
            status=409,
        )


def _replaced() -> DomainError:
    return DomainError(
        "import_replaced",
        _("A newer upload for this roster took the place of this one. Nothing was changed."),
        status=409,
    )
