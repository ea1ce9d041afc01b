"""Cohorts with their completions, as rows, for tests of what is read from them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from labtracker.accounts.models import Organization
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.labs.models import Worksite
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, Session
from tests.cast import NOW, Cast


def trained_cohort(
    cast: Cast,
    states: list[str],
    *,
    worksite: Worksite | None = None,
    mode: str = "employer_site",
    employer: Organization | None = None,
    closed: bool = True,
    days_ago: int = 7,
) -> Cohort:
    """A cohort of the welding course with one worker in each of the states, its one session held."""
    place = worksite or cast.steel_site
    cohort = Cohort(
        name=f"Welding {mode} {days_ago}", course=cast.welding, worksite=place, delivery_mode=mode, seats=8,
        contact_hours=Decimal(24), minimum_share=Decimal("0.8"), assessment_required=True, pass_mark=70,
        grace_minutes=7, created_at=NOW, closed_out_at=NOW if closed else None,
    )  # fmt: skip
    starts = NOW - timedelta(days=days_ago)
    ends = starts + timedelta(hours=6)
    session = Session(
        cohort=cohort, worksite=place, starts_at=starts, ends_at=ends, opened_at=starts, closed_at=ends
    )
    db.session.add_all([cohort, session])
    db.session.flush()
    add_workers(cohort, states, employer or cast.steel)
    return cohort


def add_workers(cohort: Cohort, states: list[str], employer: Organization) -> None:
    """One worker of an employer in each of the states, on the cohort's roster."""
    for number, state in enumerate(states):
        worker = Worker(
            given_name=f"Worker{number}",
            family_name=f"Of{cohort.delivery_mode}",
            employer=employer,
            created_at=NOW,
        )
        enrollment = Enrollment(cohort=cohort, worker=worker, created_at=NOW)
        db.session.add(enrollment)
        db.session.flush()
        came = state in ("complete", "incomplete", "withdrawn", "in_progress")
        db.session.add(
            Completion(
                enrollment_id=enrollment.id, cohort_id=cohort.id, state=state.removesuffix("_early"),
                credited_minutes=300 if came else 0, scheduled_minutes=360, needed_minutes=1152,
                is_starter=came, is_counted=state != "withdrawn_early",
            )
        )  # fmt: skip
    db.session.commit()
