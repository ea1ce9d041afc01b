"""Walk-ins: who it is, told by a coordinator; and what their employer is told before they released it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Person
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.roster import queries, services
from labtracker.roster.models import Enrollment, Worker, WorkerMerge
from labtracker.roster.rules.recognising import likeness
from labtracker.roster.services import WorkerFacts
from labtracker.scheduling.models import Cohort
from tests.cast import NOW, Cast
from tests.roster.conftest import make_cohort

SignedInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def cohort(cast: Cast) -> Cohort:
    found = make_cohort(cast)
    db.session.commit()
    return found


@pytest.fixture
def walk_in(cohort: Cohort) -> Worker:
    """Anna Vigill, whom a trainer wrote down at the door."""
    enrollment = services.enroll_walk_in(
        walk_in_id=None, name="Anna Vigill", employer="", cohort=cohort, now=NOW
    )
    db.session.commit()
    return enrollment.worker


@pytest.fixture
def ana(cast: Cast, cohort: Cohort) -> Worker:
    worker = services.add_worker(WorkerFacts("Ana", "Vigil"), employer=cast.steel, now=NOW)
    services.add_worker(WorkerFacts("Bo", "Lee"), employer=cast.steel, now=NOW)
    services.add_worker(WorkerFacts("Anna", "Vigill"), employer=cast.dairy, now=NOW)
    services.enroll(worker, cohort, now=NOW)
    db.session.commit()
    return worker


def who(walk_in: Worker) -> str:
    return f"/workers/{walk_in.id}/recognition"


def released(worker: Worker) -> None:
    services.record_release(worker, given_at=NOW, witnessed_by_id=None, event_id=None, now=NOW)
    db.session.commit()


# --- What the employer is told ---


def test_an_employer_is_not_told_of_a_walk_in_before_the_release(
    cast: Cast, signed_in_as: SignedInAs, cohort: Cohort, walk_in: Worker
) -> None:
    emil, pages = (
        signed_in_as(cast.emil),
        [f"/cohorts/{cohort.id}/roster", "/workers", "/workers?show=walk_in"],
    )
    for page in [*pages, f"/cohorts/{cohort.id}/badges"]:
        assert "Vigill" not in emil.get(page).text, page
    assert emil.get(f"/workers/{walk_in.id}").status_code == 404
    enrollment = db.session.scalars(sa.select(Enrollment)).one()
    assert emil.get(f"/enrollments/{enrollment.id}/withdrawal").status_code == 404
    cora, tom = signed_in_as(cast.cora), signed_in_as(cast.tom)
    assert "Vigill" in cora.get(pages[0]).text
    assert "Vigill" in tom.get(pages[0]).text
    released(walk_in)
    for page in pages:
        assert "Vigill" in emil.get(page).text, page


def test_another_employer_hears_of_no_cohort_to_which_somebody_walked_in(
    cast: Cast, signed_in_as: SignedInAs, cohort: Cohort
) -> None:
    services.enroll_walk_in(walk_in_id=None, name="Dee Dee", employer=cast.dairy.name, cohort=cohort, now=NOW)
    db.session.commit()
    assert signed_in_as(cast.stella).get(f"/cohorts/{cohort.id}/roster").status_code == 404


def test_a_sheet_does_not_find_out_who_walked_in(cast: Cast, walk_in: Worker) -> None:
    assert queries.known_facts(cast.steel.id) == []
    services.settle_walk_in(walk_in, actor=cast.cora, now=NOW)
    assert [one.id for one in queries.known_facts(cast.steel.id)] == [walk_in.id]


def test_a_recognised_workers_roster_stays_silent_about_the_door(
    cast: Cast, signed_in_as: SignedInAs, cohort: Cohort, walk_in: Worker
) -> None:
    worker = services.add_worker(WorkerFacts("Ana", "Vigil"), employer=cast.steel, now=NOW)
    services.merge_walk_in(walk_in, worker, actor=cast.cora, now=NOW)
    db.session.commit()
    emil = signed_in_as(cast.emil)
    assert "Ana Vigil" not in emil.get(f"/cohorts/{cohort.id}/roster").text
    assert cohort.name not in emil.get(f"/workers/{worker.id}").text
    assert cohort.name in signed_in_as(cast.cora).get(f"/workers/{worker.id}").text
    # Once the employer's own roster names the worker, there is nothing left to hide.
    services.enroll(worker, cohort, now=NOW, actor=cast.emil)
    db.session.commit()
    assert "Ana Vigil" in emil.get(f"/cohorts/{cohort.id}/roster").text


# --- Who it is ---


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Ana Vigil", "vigil, ANA", 0.94, 1),
        ("Ana Vigil", "Ana Vigíl", 1, 1),
        ("Ana Vigil", "Anna Vigill", 0.8, 0.99),
        ("Ana Vigil", "Bo Lee", 0, 0.4),
    ],
)
def test_likeness_of_names(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(one, other) <= most


def test_the_likest_of_the_employer_comes_first(
    cast: Cast, signed_in_as: SignedInAs, ana: Worker, walk_in: Worker
) -> None:
    assert [one.name for one in queries.who_it_may_be(walk_in)] == ["Ana Vigil", "Bo Lee"]
    assert [one.employer_id for one in queries.who_it_may_be(walk_in, "vigill")] == [cast.dairy.id]
    cora = signed_in_as(cast.cora)
    assert f'href="{who(walk_in)}"' in cora.get("/workers?show=walk_in").text
    assert f'href="{who(walk_in)}"' in cora.get(f"/workers/{walk_in.id}").text
    page = cora.get(who(walk_in)).text
    for words in ("Who is Anna Vigill?", "Ana Vigil · ", "Bo Lee · ", "Steel A"):
        assert words in page
    assert "Nobody is like that." in cora.get(f"{who(walk_in)}?q=nobody").text


def test_a_walk_in_is_recognised_and_separated(
    cast: Cast, signed_in_as: SignedInAs, ana: Worker, walk_in: Worker
) -> None:
    cora = signed_in_as(cast.cora)
    answer = cora.post(who(walk_in), data={"into": str(ana.id)})
    assert (answer.status_code, answer.location) == (303, f"/workers/{ana.id}")
    page = cora.get(f"/workers/{ana.id}").text
    assert "Anna Vigill, a walk-in, was recognized as this worker." in page
    assert "Anna Vigill" not in cora.get("/workers?show=walk_in").text
    assert cora.get(who(walk_in)).status_code == 404
    undoing = f"/recognitions/{db.session.scalars(sa.select(WorkerMerge.id)).one()}/undoing"
    answer = cora.post(undoing)
    assert (answer.status_code, answer.location) == (303, who(walk_in))
    assert "was recognized" not in cora.get(f"/workers/{ana.id}").text
    again = cora.post(undoing, follow_redirects=True)
    assert "undone already" in again.text
    trail = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [*trail][-2:] == ["walk_in_recognised", "walk_in_separated"]


def test_somebody_new_stays_as_a_worker(cast: Cast, signed_in_as: SignedInAs, walk_in: Worker) -> None:
    cora = signed_in_as(cast.cora)
    answer = cora.post(f"/workers/{walk_in.id}/settlement")
    assert (answer.status_code, answer.location) == (303, f"/workers/{walk_in.id}")
    assert "Anna Vigill" in signed_in_as(cast.emil).get("/workers").text
    assert who(walk_in) not in cora.get("/workers?show=walk_in").text
    assert cora.post(f"/workers/{walk_in.id}/settlement").status_code == 404


def test_a_choice_that_cannot_be_is_refused(
    cast: Cast, signed_in_as: SignedInAs, ana: Worker, walk_in: Worker
) -> None:
    cora = signed_in_as(cast.cora)
    for data in ({}, {"into": str(uuid7())}, {"into": "nonsense"}, {"into": str(walk_in.id)}):
        answer = cora.post(who(walk_in), data=data)
        assert answer.status_code == 422
        assert "Choose who it is." in answer.text or "Not a valid choice" in answer.text
    db.session.scalars(sa.select(Cohort)).one().closed_out_at = NOW
    db.session.commit()
    answer = cora.post(who(walk_in), data={"into": str(ana.id)})
    assert answer.status_code == 422
    assert "is closed out" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WorkerMerge)) == 0


def test_others_do_not_say_who_walked_in(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient, ana: Worker, walk_in: Worker
) -> None:
    merged = services.merge_walk_in(walk_in, ana, actor=cast.cora, now=NOW)
    db.session.commit()
    posts = [who(walk_in), f"/workers/{walk_in.id}/settlement", f"/recognitions/{merged.id}/undoing"]
    for path in posts:
        assert client.post(path).status_code in (302, 303, 401)
        for somebody in (cast.tom, cast.emil, cast.rita):
            assert signed_in_as(somebody).post(path).status_code == 403
    cora = signed_in_as(cast.cora)
    for path in posts[1:2]:
        assert cora.get(path).status_code == 405
    assert cora.post(f"/recognitions/{uuid7()}/undoing").status_code == 404
    assert cora.get(who(ana)).status_code == 404
