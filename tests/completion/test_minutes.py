"""Completion counts the very minutes that attendance counts, whatever became of a session or a worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from labtracker.checkin.models import Attendance
from labtracker.checkin.services import rebuild
from labtracker.completion.models import Completion
from labtracker.completion.services import close_out_cohort
from labtracker.extensions import db
from labtracker.kit.time import local_day, to_ms
from labtracker.reports import completion as report
from labtracker.roster.models import Enrollment
from labtracker.roster.services import re_enroll, withdraw
from labtracker.scheduling.models import Cohort, Session
from tests.cast import Cast
from tests.completion.builders import LATER, enrolled_cohort, hold, tell

ZONE = "America/Denver"


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    return enrolled_cohort(cast)[0]


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    return list(
        db.session.scalars(
            sa.select(Enrollment).where(Enrollment.cohort_id == cohort.id).order_by(Enrollment.id)
        )
    )


def minutes_of(enrollment: Enrollment) -> tuple[int, int]:
    """Credited and scheduled, as completion has them; attendance must say the same."""
    row = db.session.get_one(Completion, enrollment.id, populate_existing=True)
    sums = db.session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(Attendance.credited_minutes), 0),
            sa.func.coalesce(sa.func.sum(Attendance.scheduled_minutes), 0),
        ).where(Attendance.enrollment_id == enrollment.id)
    ).one()
    assert (row.credited_minutes, row.scheduled_minutes) == tuple(sums)
    return row.credited_minutes, row.scheduled_minutes


def completions() -> list[Any]:
    return sorted(map(repr, db.session.execute(sa.select(Completion.__table__))))


def end_early(cast: Cast, session: Session, minute: int) -> None:
    ends_at = session.starts_at + timedelta(minutes=minute)
    at = max(ends_at, session.starts_at)
    tell(cast, "session_cancel", at, session=str(session.id), ended_ms=to_ms(ends_at), reason="Hail")
    db.session.commit()


def length_of(session: Session) -> int:
    return session.net_minutes


def test_an_early_end_shortens_what_was_scheduled_for_everybody(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    first, second = cohort.sessions[:2]
    hold(cast, first, people[:2])
    tell(cast, "session_open", second.starts_at, session=str(second.id))
    tell(cast, "check_in", second.starts_at, session=str(second.id), enrollment=str(people[0].id))
    end_early(cast, second, 90)
    full = length_of(first)
    assert minutes_of(people[0]) == (full + 90, full + 90)
    assert minutes_of(people[1]) == (full, full + 90)
    assert minutes_of(people[2]) == (0, full + 90)
    kept = completions()
    rebuild(now=LATER)
    db.session.commit()
    assert completions() == kept


def test_taking_the_early_end_back_schedules_the_rest_again(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    session = cohort.sessions[0]
    hold(cast, session, people[:1])
    end_early(cast, session, 60)
    assert minutes_of(people[1]) == (0, 60)
    tell(cast, "session_reopen", session.ends_at, session=str(session.id), reason="It passed")
    tell(cast, "session_close", session.ends_at + timedelta(minutes=5), session=str(session.id))
    db.session.commit()
    assert minutes_of(people[1]) == (0, length_of(session))


def test_a_session_called_off_on_the_spot_was_not_held(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    *held, last = cohort.sessions
    for session in held:
        hold(cast, session, people[:2])
    end_early(cast, last, -5)
    assert minutes_of(people[2]) == (0, sum(length_of(session) for session in held))
    (row,) = report.cohort_figures(cast.cora)
    assert row.last_on == local_day(held[-1].starts_at, ZONE)


def test_who_left_before_the_first_session_that_was_held_is_not_counted(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    called_off, first, *_rest = cohort.sessions
    end_early(cast, called_off, -5)
    day = local_day(called_off.starts_at, ZONE)
    withdraw(people[0], on=day, reason="Moved", today=day, now=called_off.ends_at)
    hold(cast, first, people[1:])
    assert not db.session.get_one(Completion, people[0].id, populate_existing=True).is_counted
    assert db.session.get_one(Completion, people[1].id, populate_existing=True).is_counted


def test_who_left_owes_no_hours_of_later_sessions(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    first, second = cohort.sessions[:2]
    hold(cast, first, people[:2])
    day = local_day(second.starts_at, ZONE)
    withdraw(people[0], on=day, reason="Moved", today=day, now=second.starts_at)
    hold(cast, second, people[1:2])
    full = length_of(first)
    assert minutes_of(people[0]) == (full, full)
    assert minutes_of(people[1]) == (2 * full, 2 * full)
    re_enroll(people[0], now=LATER)
    db.session.commit()
    assert minutes_of(people[0]) == (full, 2 * full)


def test_who_left_and_came_all_the_same_is_credited_and_counted(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    first, second = cohort.sessions[:2]
    hold(cast, first, people)
    day = local_day(second.starts_at, ZONE)
    withdraw(people[0], on=day, reason="Moved", today=day, now=second.starts_at)
    tell(cast, "excuse", second.starts_at, session=str(second.id), enrollment=str(people[0].id))
    db.session.commit()
    assert minutes_of(people[0]) == (length_of(first), length_of(first))
    hold(cast, second, people)
    assert minutes_of(people[0]) == (2 * length_of(first), 2 * length_of(first))


def test_the_report_sums_the_same_minutes(cast: Cast, cohort: Cohort, people: list[Enrollment]) -> None:
    for session in cohort.sessions:
        hold(cast, session, people[:2])
    end_early(cast, cohort.sessions[-1], 120)
    close_out_cohort(cohort, actor=cast.cora, now=LATER)
    db.session.commit()
    total = report.figures(report.cohort_figures(cast.cora)).attendance
    sums = [minutes_of(one) for one in people]
    assert (total.part, total.whole) == (sum(one[0] for one in sums), sum(one[1] for one in sums))
