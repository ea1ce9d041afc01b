"""Skills with levels and attempts at the assessment: entered, explained, taken back, frozen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.completion import services
from labtracker.completion.models import Completion
from labtracker.completion.queries.learning import learned_by, learned_event
from labtracker.completion.words import explanation, policy_words
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort
from labtracker.scheduling.services import refresh_policy
from tests.cast import Cast
from tests.completion.builders import LATER, enrolled_cohort, hold_all, tell

SignedInAs = Callable[[Person], FlaskClient]
MINUTE = timedelta(minutes=1)
WORDS = (("shown", "mostrado"), ("with help", "con ayuda"), ("alone", "solo"), ("can teach", "enseña"))


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    """The second skill counts from level 3 of 4; the test has a name, two attempts, and the last counts."""
    found = enrolled_cohort(cast)[0]
    course = found.course
    course.skill_levels = [{"title": title, "title_es": title_es} for title, title_es in WORDS]
    course.skills[1].needed_level = 3
    course.assessment_title, course.assessment_title_es = "Final test", "Prueba final"
    course.max_attempts, course.attempt_counts = 2, "last"
    refresh_policy(cohort=found)
    db.session.commit()
    return found


@pytest.fixture
def ana(cohort: Cohort) -> Enrollment:
    return db.session.query(Enrollment).filter_by(cohort_id=cohort.id).order_by(Enrollment.id).first()


def state_of(enrollment: Enrollment) -> Completion:
    return db.session.get_one(Completion, enrollment.id, populate_existing=True)


def sign(cast: Cast, ana: Enrollment, place: int, level: int | None = None) -> None:
    skill = str(ana.cohort.skills[place]["id"])
    services.sign_off_skill(ana, skill_id=skill, level=level, actor=cast.tom, now=LATER)


def test_a_level_too_low_is_said_and_a_higher_one_completes(
    cast: Cast, cohort: Cohort, ana: Enrollment
) -> None:
    hold_all(cast, cohort, [ana])
    services.record_assessment(ana, score=Decimal("78.5"), actor=cast.tom, now=LATER)
    sign(cast, ana, 0)
    sign(cast, ana, 1, 2)
    assert explanation(state_of(ana), cohort, "en")[1:] == [
        "Final test 78.5, needs 70",
        "1 of 2 skills signed off; missing: Fillet weld, flat (level 2, needs 3)",
    ]
    sign(cast, ana, 1, 4)
    assert (state_of(ana).state, state_of(ana).unmet) == ("complete", [])


def test_the_policy_says_levels_and_attempts_and_stays_when_the_course_changes(
    cast: Cast, cohort: Cohort, ana: Enrollment
) -> None:
    hold_all(cast, cohort, [ana])
    said = policy_words(cohort, "en")
    assert said[1] == "Final test: at least 70 of 100 points in at most 2 attempts, of which the last counts"
    assert "Fillet weld, flat at level 3 (alone)" in said[2]
    cohort.course.skills[1].needed_level, cohort.course.max_attempts = 1, None
    db.session.commit()
    refresh_policy(cohort=cohort)
    assert policy_words(cohort, "en") == said


def test_what_phones_told_without_a_level_counts_as_it_did(
    cast: Cast, cohort: Cohort, ana: Enrollment
) -> None:
    skill = str(cohort.skills[1]["id"])
    tell(cast, "sign_off", LATER, enrollment=str(ana.id), skill=skill)
    assert state_of(ana).signed_skills == [skill]


def test_attempts_beyond_those_allowed_are_kept_and_do_not_count(
    cast: Cast, cohort: Cohort, ana: Enrollment
) -> None:
    for number, score in enumerate((81, 55, 99)):
        tell(cast, "assessment", LATER + number * MINUTE, enrollment=str(ana.id), score=score)
    row = state_of(ana)
    assert (row.score, row.attempts) == (55, 2)
    assert explanation(row, cohort, "en")[1] == "Final test 55, needs 70 (attempt 2 of 2)"
    attempts, _signed = learned_by(ana)
    assert [(one.is_weighed, one.decides) for one in attempts] == [
        (True, False),
        (True, True),
        (False, False),
    ]
    with pytest.raises(DomainError) as refused:
        services.record_assessment(ana, score=Decimal(70), actor=cast.tom, now=LATER)
    assert refused.value.code == "attempts_used_up"


@pytest.mark.parametrize(
    ("place", "level", "code"), [(0, 2, "no_such_level"), (1, None, "level_missing"), (1, 5, "no_such_level")]
)
def test_levels_that_cannot_be_are_refused(
    place: int, level: int | None, code: str, cast: Cast, ana: Enrollment
) -> None:
    with pytest.raises(DomainError) as refused:
        sign(cast, ana, place, level)
    assert refused.value.code == code


def test_a_wrong_attempt_is_taken_back_by_who_may(
    cast: Cast, cohort: Cohort, ana: Enrollment, signed_in_as: SignedInAs
) -> None:
    services.record_assessment(ana, score=Decimal(31), actor=cast.cora, now=LATER)
    services.record_assessment(ana, score=Decimal(13), actor=cast.tom, now=LATER + MINUTE)
    db.session.commit()
    page = f"/cohorts/{cohort.id}/completion/{ana.id}"
    hers, his = (one.logged.event for one in learned_by(ana)[0])
    tom = signed_in_as(cast.tom)
    assert "31 of 100 points" in tom.get(page).text
    assert tom.post(f"{page}/voids/{hers.id}", data={"reason": "Mixed up"}).status_code == 403
    assert tom.post(f"{page}/voids/{his.id}", data={"reason": ""}).status_code == 422
    assert tom.post(f"{page}/voids/{his.id}", data={"reason": "Mixed up"}).status_code == 303
    assert state_of(ana).score == 31
    shown = tom.get(page).text
    assert "Taken back by Tom" in shown
    assert "Mixed up" in shown
    assert (
        signed_in_as(cast.cora).post(f"{page}/voids/{hers.id}", data={"reason": "Other"}).status_code == 303
    )
    assert state_of(ana).score is None
    assert db.session.execute(learned_event(ana, ana.id)).first() is None


@pytest.mark.parametrize("typed", ["101", "1e308", "seventy", "NaN", "sNaN", "-5", "7.555", "٧٨"])
def test_points_that_are_none_stay_in_their_field_and_are_explained(
    typed: str, cast: Cast, cohort: Cohort, ana: Enrollment, signed_in_as: SignedInAs
) -> None:
    answer = signed_in_as(cast.tom).post(
        f"/cohorts/{cohort.id}/assessments", data={"enrollment": str(ana.id), "score": typed}
    )
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "from 0 to 100" in answer.text
    assert state_of(ana).score is None


def test_a_comma_is_understood_and_a_level_is_chosen(
    cast: Cast, cohort: Cohort, ana: Enrollment, signed_in_as: SignedInAs
) -> None:
    tom, who = signed_in_as(cast.tom), {"enrollment": str(ana.id)}
    tom.post(f"/cohorts/{cohort.id}/assessments", data={**who, "score": "81,5"})
    assert state_of(ana).score == Decimal("81.5")
    skill = str(cohort.skills[1]["id"])
    path = f"/cohorts/{cohort.id}/sign-offs"
    assert "Say at which level" in tom.post(path, data={**who, "skill": skill, "level": ""}).text
    assert tom.post(path, data={**who, "skill": skill, "level": "3"}).status_code == 302
    assert state_of(ana).skill_levels == {skill: 3}


def test_open_points_name_the_workers_and_lead_to_them(
    cast: Cast, cohort: Cohort, ana: Enrollment, signed_in_as: SignedInAs
) -> None:
    hold_all(cast, cohort, [ana])
    tell(cast, "assessment", LATER, enrollment=str(ana.id), score=12)
    db.session.commit()
    page = signed_in_as(cast.cora).get(f"/cohorts/{cohort.id}/completion").text
    named = f'href="/cohorts/{cohort.id}/completion/{ana.id}">{ana.worker.name}</a>'
    assert f"1 worker has not passed the assessment. <a {named}" in page
    assert f"1 worker has skills that are not signed off. <a {named}" in page
