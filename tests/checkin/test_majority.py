"""The six-month test is live until a cohort's first session is held, and fixed from then on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.roster.models import MajorityTest
from labtracker.roster.services import WorkerFacts, change_worker, fix_majorities, withdraw
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone


def hire(day: Day, *months_before: int | None) -> None:
    """Give the cohort's people hire dates so many months before the session."""
    for enrollment, months in zip(day.enrollments, months_before, strict=True):
        started = day.session.starts_at - timedelta(days=31 * (months or 0))
        enrollment.worker.hired_on = None if months is None else started.date()
    db.session.commit()


def test_the_first_session_held_fixes_the_majority_test(phone: Phone, day: Day, signed_in_as: Any) -> None:
    hire(day, 20, 20, 20, 20, 1, None)
    roster = f"/cohorts/{day.cohort.id}/roster"
    before = signed_in_as(day.cast.cora).get(roster).text
    assert "4 of 6 meet six months of employment; majority met." in before
    assert "Fixed when the first session was held" not in before
    assert db.session.scalars(sa.select(MajorityTest)).first() is None
    session = str(day.session.id)
    phone.record("check_in", day.at(2), session=session, badge_hash=day.badges[0].badge_hash)
    phone.upload()
    fixed = db.session.scalars(sa.select(MajorityTest)).one()
    held_on = local_day(day.session.starts_at, day.cohort.worksite.zone)
    assert (fixed.tested_on, fixed.meeting, fixed.total, fixed.unknown) == (held_on, 4, 6, 1)
    page = signed_in_as(day.cast.cora).get(roster).text
    assert "4 of 6 meet six months of employment; majority met." in page
    assert "Fixed when the first session was held" in page
    assert "it would be" not in page

    corrected = day.enrollments[0].worker
    change_worker(
        corrected,
        WorkerFacts(corrected.given_name, corrected.family_name, hired_on=held_on - timedelta(days=30)),
        now=utc_now(),
        actor=day.cast.cora,
    )
    withdraw(
        day.enrollments[1], on=held_on, reason="moved", now=utc_now(), today=held_on, actor=day.cast.cora
    )
    db.session.commit()
    phone.record("check_in", day.at(9), session=session, badge_hash=day.badges[2].badge_hash)
    phone.upload()
    db.session.expire_all()
    kept = db.session.scalars(sa.select(MajorityTest)).one()
    assert (kept.meeting, kept.total) == (4, 6)
    page = signed_in_as(day.cast.cora).get(roster).text
    assert "4 of 6 meet six months" in page
    assert "it would be 2 of 5" in page


def test_a_fixed_test_is_not_run_again(day: Day) -> None:
    hire(day, 20, 20, 1, 1, 1, 1)
    fix_majorities(day.cohort, on=date(2026, 4, 20), now=utc_now())
    hire(day, 20, 20, 20, 20, 20, 20)
    fix_majorities(day.cohort, on=date(2027, 4, 20), now=utc_now())
    fixed = db.session.scalars(sa.select(MajorityTest)).one()
    assert (fixed.tested_on, fixed.meeting) == (date(2026, 4, 20), 2)
    assert not fixed.outcome.is_met
