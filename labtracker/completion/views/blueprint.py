"""What the screens of completion share."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint

from labtracker.accounts.access import current_actor
from labtracker.accounts.rules import Role
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort
from labtracker.scheduling.queries import cohorts_judged_by
from labtracker.web.edge import load

blueprint = Blueprint("completion", __name__)
KEEPERS = (Role.TRAINER, Role.COORDINATOR)


def judged_cohort(cohort_id: UUID) -> Cohort:
    """A cohort whose results the person may enter, or 404."""
    return load(cohorts_judged_by(current_actor()).where(Cohort.id == cohort_id))


def enrollment_in(cohort: Cohort, enrollment_id: str) -> Enrollment:
    """An enrollment of the cohort, by its id as it came, or 404."""
    return load(
        sa.select(Enrollment).where(Enrollment.id == UUID(enrollment_id), Enrollment.cohort_id == cohort.id)
    )
