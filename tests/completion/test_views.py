"""The completion pages: who may open them, what they do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Membership, Person
from labtracker.accounts.rules import Role
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.completion.builders import enrolled_cohort, hold_all

SignedInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    return enrolled_cohort(cast)[0]


@pytest.fixture
def first(cohort: Cohort) -> Enrollment:
    return db.session.query(Enrollment).filter_by(cohort_id=cohort.id).order_by(Enrollment.id).first()


POSTS = ["assessments", "sign-offs", "close-out", "close-out/reversal"]


def test_trainers_of_the_crew_and_coordinators_read(
    cast: Cast, cohort: Cohort, signed_in_as: SignedInAs
) -> None:
    path = f"/cohorts/{cohort.id}/completion"
    assert "Archuleta" in signed_in_as(cast.tom).get(path).text
    assert signed_in_as(cast.cora).get(path).status_code == 200
    assert signed_in_as(cast.tess).get(path).status_code == 404  # a trainer, but not of this crew
    for other in (cast.emil, cast.stella, cast.rita):
        assert signed_in_as(other).get(path).status_code == 403
    assert signed_in_as(cast.cora).post(path).status_code == 405


def test_an_employers_contact_who_trains_elsewhere_enters_no_results(
    cast: Cast, cohort: Cohort, signed_in_as: SignedInAs
) -> None:
    employer = cohort.worksite.organization
    cast.tess.memberships.append(Membership(organization=employer, role=Role.EMPLOYER, started_at=utc_now()))
    db.session.commit()
    tess = signed_in_as(cast.tess)
    assert tess.get(f"/cohorts/{cohort.id}").status_code == 200
    assert tess.get(f"/cohorts/{cohort.id}/completion").status_code == 404
    for verb in ("assessments", "sign-offs"):
        assert tess.post(f"/cohorts/{cohort.id}/{verb}").status_code == 404


@pytest.mark.parametrize("verb", POSTS)
def test_who_may_write(verb: str, cast: Cast, cohort: Cohort, signed_in_as: SignedInAs) -> None:
    path = f"/cohorts/{cohort.id}/{verb}"
    for other in (cast.emil, cast.stella, cast.rita):
        assert signed_in_as(other).post(path).status_code == 403
    assert signed_in_as(cast.tess).post(path).status_code in (403, 404)
    assert signed_in_as(cast.cora).get(path).status_code == 405


def test_an_assessment_is_recorded(
    cast: Cast, cohort: Cohort, first: Enrollment, signed_in_as: SignedInAs
) -> None:
    answer = signed_in_as(cast.tom).post(
        f"/cohorts/{cohort.id}/assessments", data={"enrollment": str(first.id), "score": "81.5"}
    )
    assert answer.status_code == 302
    assert db.session.get_one(Completion, first.id, populate_existing=True).score == 81.5


def test_a_bad_score_keeps_what_was_typed(
    cast: Cast, cohort: Cohort, first: Enrollment, signed_in_as: SignedInAs
) -> None:
    answer = signed_in_as(cast.tom).post(
        f"/cohorts/{cohort.id}/assessments", data={"enrollment": str(first.id), "score": "181"}
    )
    assert answer.status_code == 422
    assert "Points go from 0 to 100" in answer.text
    assert 'value="181' in answer.text


def test_a_skill_is_signed_off(
    cast: Cast, cohort: Cohort, first: Enrollment, signed_in_as: SignedInAs
) -> None:
    skill = str(cohort.skills[0]["id"])
    answer = signed_in_as(cast.tom).post(
        f"/cohorts/{cohort.id}/sign-offs", data={"enrollment": str(first.id), "skill": skill}
    )
    assert answer.status_code == 302
    assert db.session.get_one(Completion, first.id, populate_existing=True).signed_skills == [skill]


def test_a_worker_of_another_cohort_is_not_found_here(
    cast: Cast, cohort: Cohort, signed_in_as: SignedInAs
) -> None:
    stranger = "01890000-0000-7000-8000-000000000000"
    path = f"/cohorts/{cohort.id}/completion/{stranger}/override"
    assert signed_in_as(cast.cora).get(path).status_code == 404


def test_an_override_needs_its_reason(
    cast: Cast, cohort: Cohort, first: Enrollment, signed_in_as: SignedInAs
) -> None:
    path = f"/cohorts/{cohort.id}/completion/{first.id}/override"
    browser = signed_in_as(cast.cora)
    assert browser.get(path).status_code == 200
    assert browser.post(path, data={"decision": "complete", "reason": ""}).status_code == 422
    assert browser.post(path, data={"decision": "complete", "reason": "Tested out"}).status_code == 302
    assert "Tested out" in browser.get(f"/cohorts/{cohort.id}/completion").text
    for other in (cast.tom, cast.emil, cast.rita):
        assert signed_in_as(other).get(path).status_code == 403


def test_closing_out_moves_the_rate(
    cast: Cast, cohort: Cohort, first: Enrollment, signed_in_as: SignedInAs
) -> None:
    hold_all(cast, cohort, [first])
    report = signed_in_as(cast.rita)
    assert "no completion rate" in report.get("/reports/completion?year=all").text
    assert signed_in_as(cast.cora).post(f"/cohorts/{cohort.id}/close-out").status_code == 302
    assert "0 of 1 worker who started completed" in report.get("/reports/completion?year=all").text
    assert signed_in_as(cast.cora).post(f"/cohorts/{cohort.id}/close-out/reversal").status_code == 302
    assert "no completion rate" in report.get("/reports/completion?year=all").text


def test_my_people_is_for_employers(cast: Cast, cohort: Cohort, signed_in_as: SignedInAs) -> None:
    assert "3 workers have not released" in signed_in_as(cast.emil).get("/my-people").text
    assert "Nobody is in training yet" in signed_in_as(cast.stella).get("/my-people").text
    for other in (cast.cora, cast.tom, cast.rita):
        assert signed_in_as(other).get("/my-people").status_code == 403
    assert signed_in_as(cast.emil).post("/my-people").status_code == 405
