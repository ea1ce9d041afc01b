"""Completion follows the events: attendance, assessments, sign-offs, close-out, overrides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from labtracker.cli import main
from labtracker.completion import services
from labtracker.completion.models import Completion
from labtracker.completion.queries import completions_of, open_points, own_people
from labtracker.completion.words import explanation
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from labtracker.roster.services import record_release, withdraw
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.completion.builders import LATER, enrolled_cohort, hold, hold_all


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    return enrolled_cohort(cast)[0]


@pytest.fixture
def people(cohort: Cohort) -> list[Enrollment]:
    return [row.enrollment for row in completions_of(cohort.id)]


def state_of(enrollment: Enrollment) -> Completion:
    return db.session.get_one(Completion, enrollment.id, populate_existing=True)


def finish_learning(cast: Cast, enrollment: Enrollment, score: int = 78) -> None:
    services.record_assessment(enrollment, score=Decimal(score), actor=cast.tom, now=LATER)
    for skill in enrollment.cohort.skills:
        services.sign_off_skill(enrollment, skill_id=str(skill["id"]), actor=cast.tom, now=LATER)


def test_being_enrolled_is_being_in_progress(people: list[Enrollment]) -> None:
    assert [state_of(one).state for one in people] == ["in_progress"] * 3
    assert state_of(people[0]).needed_minutes == 1152


def test_hours_assessment_and_skills_make_a_completion(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    hold_all(cast, cohort, people[:1])
    row = state_of(people[0])
    assert row.credited_minutes == 24 * 60 == row.scheduled_minutes
    assert (row.state, row.unmet) == ("in_progress", ["assessment", "skills"])
    finish_learning(cast, people[0])
    assert state_of(people[0]).state == "complete"
    assert state_of(people[0]).completed_on == LATER.date()
    assert state_of(people[1]).credited_minutes == 0
    assert state_of(people[1]).scheduled_minutes == 24 * 60


def test_the_explanation_can_be_followed(cast: Cast, cohort: Cohort, people: list[Enrollment]) -> None:
    hold_all(cast, cohort, people[:1])
    services.record_assessment(people[0], score=Decimal(78), actor=cast.tom, now=LATER)
    services.sign_off_skill(people[0], skill_id=str(cohort.skills[0]["id"]), actor=cast.tom, now=LATER)
    assert explanation(state_of(people[0]), cohort, "en") == [
        "24 of 24 h = 100%, needs 80%",
        "assessment 78, needs 70",
        "1 of 2 skills signed off; missing: Fillet weld, flat",
    ]


def test_what_is_short_by_a_minute_does_not_look_like_enough(cohort: Cohort) -> None:
    row = Completion(credited_minutes=1151, signed_skills=[], skill_levels={}, unmet=["hours"])
    assert explanation(row, cohort, "en")[0] == "19.1 of 24 h = 79.9%, needs 80%"


def test_a_closed_cohort_knows_who_never_came(cast: Cast, cohort: Cohort, people: list[Enrollment]) -> None:
    hold_all(cast, cohort, people[:2])
    finish_learning(cast, people[0])
    services.close_out_cohort(cohort, actor=cast.cora, now=LATER)
    assert [state_of(one).state for one in people] == ["complete", "incomplete", "no_show"]
    services.reopen_cohort(cohort, actor=cast.cora, now=LATER)
    assert [state_of(one).state for one in people] == ["complete", "in_progress", "in_progress"]


def test_a_cohort_with_sessions_ahead_cannot_be_closed(cast: Cast, cohort: Cohort) -> None:
    hold(cast, cohort.sessions[0], [])
    with pytest.raises(DomainError) as refused:
        services.close_out_cohort(cohort, actor=cast.cora, now=cohort.sessions[0].ends_at)
    assert refused.value.code == "still_open"


def test_open_points_are_told_by_session_and_worker(
    cast: Cast, cohort: Cohort, people: list[Enrollment]
) -> None:
    hold(cast, cohort.sessions[0], people[:2])
    points = open_points(cohort, now=cohort.sessions[0].ends_at)
    assert points.unclosed == points.unheld == points.unknown == points.failed == points.short == []
    assert [row.enrollment for row in points.unscored] == people[:2]
    assert [row.enrollment for row in points.unsigned] == people[:2]
    assert points.ahead == cohort.sessions[1:]


def test_withdrawal_shows_at_once(cohort: Cohort, people: list[Enrollment]) -> None:
    withdraw(people[0], on=LATER.date(), reason="moved away", now=LATER, today=LATER.date())
    assert state_of(people[0]).state == "withdrawn"


def test_an_override_needs_a_reason_and_keeps_it(cast: Cast, people: list[Enrollment]) -> None:
    with pytest.raises(DomainError) as refused:
        services.override_completion(people[0], complete=True, reason="  ", actor=cast.cora, now=LATER)
    assert refused.value.code == "reason_missing"
    services.override_completion(people[0], complete=True, reason="Tested out", actor=cast.cora, now=LATER)
    row = state_of(people[0])
    assert (row.state, row.overridden, row.is_starter) == ("complete", True, False)
    services.override_completion(people[0], complete=None, reason="Mixed up", actor=cast.cora, now=LATER)
    assert (state_of(people[0]).state, state_of(people[0]).overridden) == ("in_progress", False)


@pytest.mark.parametrize("score", [-1, 101])
def test_impossible_points_are_refused(score: int, cast: Cast, people: list[Enrollment]) -> None:
    with pytest.raises(DomainError) as refused:
        services.record_assessment(people[0], score=Decimal(score), actor=cast.tom, now=LATER)
    assert refused.value.code == "score_out_of_range"


def test_a_skill_of_another_course_is_refused(cast: Cast, people: list[Enrollment]) -> None:
    with pytest.raises(DomainError) as refused:
        services.sign_off_skill(people[0], skill_id=str(people[0].id), actor=cast.tom, now=LATER)
    assert refused.value.code == "no_such_skill"


def test_an_employer_sees_by_name_only_who_released(cast: Cast, people: list[Enrollment]) -> None:
    assert own_people(cast.emil).named == []
    assert own_people(cast.emil).unnamed is None
    record_release(people[0].worker, given_at=LATER, witnessed_by_id=cast.tom.id, event_id=None, now=LATER)
    db.session.commit()
    mine = own_people(cast.emil)
    assert [row.completion.enrollment_id for row in mine.named] == [people[0].id]
    assert (mine.unnamed, mine.unnamed_count) == (None, 2)
    assert own_people(cast.stella).named == []


def test_a_roster_from_a_file_is_in_progress_at_once(app: Flask, cast: Cast, cohort: Cohort) -> None:
    file = "tests/data/rosters/steel-works.csv"
    answer = app.test_cli_runner().invoke(main, ["import", "roster", file, "--cohort", str(cohort.id)])
    assert answer.exit_code == 0, answer.output
    rows = completions_of(cohort.id)
    assert len(rows) == 3 + 14
    assert {row.state for row in rows} == {"in_progress"}
