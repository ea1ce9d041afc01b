"""Fixing the six-month test when a cohort begins."""

from __future__ import annotations

from datetime import date, datetime

from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import MajorityTest
from labtracker.roster.rules.majority import majority_of
from labtracker.scheduling.models import Cohort


def fix_majorities(cohort: Cohort, *, on: date, now: datetime) -> None:
    """Keep the test's outcome for each employer as it is on ``on``, the day of the first session held.

    Called again, it changes nothing: a test that counted stays, whatever is corrected afterwards.
    """
    if queries.fixed_majorities(cohort):
        return
    for employer_id, hired in queries.hire_dates_in(cohort).items():
        found = majority_of(hired, on)
        db.session.add(
            MajorityTest(
                cohort_id=cohort.id,
                employer_id=employer_id,
                tested_on=found.on,
                meeting=found.meeting,
                total=found.total,
                unknown=found.unknown,
                fixed_at=now,
            )
        )
    db.session.flush()
