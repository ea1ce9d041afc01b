"""Reads of the six-month test: whom it counts, and what was fixed at the first session held."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.extensions import db
from labtracker.roster.models import Enrollment, MajorityTest, Worker
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.scheduling.models import Cohort


def hire_dates_in(cohort: Cohort) -> dict[UUID, list[date | None]]:
    """The hire dates of those enrolled in a cohort now, by employer."""
    found: dict[UUID, list[date | None]] = defaultdict(list)
    for employer_id, hired_on in db.session.execute(
        sa.select(Worker.employer_id, Worker.hired_on)
        .join(Enrollment, Enrollment.worker_id == Worker.id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.status == EnrollmentStatus.ENROLLED)
    ):
        found[employer_id].append(hired_on)
    return found


def fixed_majorities(cohort: Cohort) -> list[MajorityTest]:
    """The tests of a cohort that were fixed, one for each employer there was then."""
    return list(
        db.session.scalars(
            sa.select(MajorityTest)
            .where(MajorityTest.cohort_id == cohort.id)
            .options(joinedload(MajorityTest.employer))
        )
    )
