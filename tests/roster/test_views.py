"""Every screen of the roster: happy, wrong method, wrong role, stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_worker, staged_import, upload

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def enrollment(cast: Cast, cohort: Cohort, now: datetime) -> Enrollment:
    """Juan Ortega on the steel works' roster."""
    made = services.enroll(make_worker(cast, email="juan@steel.example"), cohort, now=now)
    db.session.commit()
    return made


# --- who may open what ------------------------------------------------------------------------------

READERS = {"cora": 200, "emil": 200, "stella": 404, "tom": 200, "tess": 404, "rita": 403}
KEEPERS = {"cora": 200, "emil": 200, "stella": 404, "tom": 403, "tess": 403, "rita": 403}
GET_PAGES = {
    "/cohorts/{cohort}/roster": READERS,
    "/cohorts/{cohort}/badges": READERS,
    "/cohorts/{cohort}/roster/new": KEEPERS,
    "/cohorts/{cohort}/roster/import": KEEPERS,
    "/enrollments/{enrollment}/withdrawal": KEEPERS,
    "/workers": {**KEEPERS, "stella": 200},
    "/workers/new": {**KEEPERS, "stella": 200},
    "/workers/{worker}": KEEPERS,
    "/workers/{worker}/edit": KEEPERS,
    "/workers/{worker}/badge": KEEPERS,
}


@pytest.mark.parametrize("path", GET_PAGES)
def test_who_may_open_a_page(
    path: str, cast: Cast, cohort: Cohort, enrollment: Enrollment, signed_in_as: SignIn, client: FlaskClient
) -> None:
    url = path.format(cohort=cohort.id, enrollment=enrollment.id, worker=enrollment.worker_id)
    for name, status in GET_PAGES[path].items():
        answer = signed_in_as(getattr(cast, name)).get(url)
        assert (name, answer.status_code) == (name, status)
        if status == 200:
            assert (
                b"Juan" in answer.data or "new" in path or "import" in path or name != "cora" or "pdf" in path
            )
    assert client.get(url).status_code == 302
    assert signed_in_as(cast.cora).delete(url).status_code == 405


POSTS = (
    "/enrollments/{enrollment}/return",
    "/workers/{worker}/archiving",
    "/workers/{worker}/restoration",
    "/workers/{worker}/badge",
    "/roster-imports/{imported}/columns",
    "/roster-imports/{imported}/corrections",
    "/roster-imports/{imported}/application",
    "/roster-imports/{imported}/remainder",
)


@pytest.mark.parametrize("path", POSTS)
def test_who_may_press_a_button(
    path: str, cast: Cast, cohort: Cohort, enrollment: Enrollment, signed_in_as: SignIn, client: FlaskClient
) -> None:
    upload(signed_in_as(cast.emil), cohort, cast.steel.id)
    url = path.format(enrollment=enrollment.id, worker=enrollment.worker_id, imported=staged_import().id)
    # A new badge wants to know why.
    done = 422 if path == "/workers/{worker}/badge" else 303
    for name, status in (("stella", 404), ("tom", 403), ("rita", 403), ("emil", done)):
        assert (name, signed_in_as(getattr(cast, name)).post(url).status_code) == (name, status)
    assert client.post(url).status_code == 302
    if path not in ("/workers/{worker}/badge",):
        assert signed_in_as(cast.emil).get(url).status_code == 405


# --- the roster -------------------------------------------------------------------------------------


def test_the_roster_shows_seats_and_the_majority_test(
    cast: Cast, cohort: Cohort, enrollment: Enrollment, signed_in_as: SignIn
) -> None:
    page = signed_in_as(cast.emil).get(f"/cohorts/{cohort.id}/roster").text
    assert "1 of 8" in page
    assert "1 of 1 meet six months of employment; majority met." in page
    trainer = signed_in_as(cast.tom).get(f"/cohorts/{cohort.id}/roster").text
    assert "Juan Ortega" in trainer
    assert "2020" not in trainer
    assert "Upload" not in trainer


def test_an_employer_in_a_shared_cohort_sees_only_its_own(
    cast: Cast, cohort: Cohort, enrollment: Enrollment, signed_in_as: SignIn, now: datetime
) -> None:
    services.enroll(make_worker(cast, "Eva", "Cowley", employer=cast.dairy), cohort, now=now)
    db.session.commit()
    emil, stella, cora = (
        signed_in_as(person).get(f"/cohorts/{cohort.id}/roster").text
        for person in (cast.emil, cast.stella, cast.cora)
    )
    assert ("Juan" in emil, "Cowley" in emil) == (True, False)
    assert ("Juan" in stella, "Cowley" in stella, "Upload" in stella) == (False, True, False)
    assert ("Juan" in cora, "Cowley" in cora) == (True, True)
    badge_page = signed_in_as(cast.stella).get(f"/cohorts/{cohort.id}/badges").text
    assert ("Juan" in badge_page, "Cowley" in badge_page) == (False, True)


def test_adding_one_person_keeps_what_was_typed(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser, url = signed_in_as(cast.emil), f"/cohorts/{cohort.id}/roster/new"
    data = {"employer_id": str(cast.steel.id), "given_name": "Zoë", "phone": "12", "hired_on": "2020-02-30"}
    wrong = browser.post(url, data=data)
    assert wrong.status_code == 422
    assert "Zoë" in wrong.text
    data = {**data, "hired_on": "2020-02-03"}
    assert "not a telephone number" in browser.post(url, data=data).text
    good = browser.post(url, data={**data, "phone": "719 555 0100"}, follow_redirects=True)
    assert "Zoë is on the roster." in good.text
    assert queries.enrolled_count(cohort) == 1


def test_nobody_adds_workers_to_another_employer(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    data = {"employer_id": str(cast.dairy.id), "given_name": "Spy"}
    for url in (f"/cohorts/{cohort.id}/roster/new", "/workers/new"):
        assert signed_in_as(cast.emil).post(url, data=data).status_code == 422
    assert upload(signed_in_as(cast.emil), cohort, cast.dairy.id).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Worker.id))) == 0


def test_leaving_and_coming_back(
    cast: Cast, cohort: Cohort, enrollment: Enrollment, signed_in_as: SignIn
) -> None:
    browser, url = signed_in_as(cast.emil), f"/enrollments/{enrollment.id}/withdrawal"
    assert browser.post(url, data={"withdrawn_on": "2026-04-13"}).status_code == 422
    future = str(utc_now().date() + timedelta(days=9))
    assert browser.post(url, data={"withdrawn_on": future, "reason": "x"}).status_code == 422
    left = browser.post(
        url, data={"withdrawn_on": "2026-04-13", "reason": "<script>x</script>"}, follow_redirects=True
    )
    assert "Juan Ortega has left the cohort." in left.text
    assert "<script>x" not in left.text
    back = browser.post(f"/enrollments/{enrollment.id}/return", follow_redirects=True)
    assert "on the roster again" in back.text


def test_a_closed_cohort_offers_and_takes_nothing(
    cast: Cast, cohort: Cohort, enrollment: Enrollment, signed_in_as: SignIn
) -> None:
    cohort.closed_out_at = utc_now()
    db.session.commit()
    browser = signed_in_as(cast.cora)
    page = browser.get(f"/cohorts/{cohort.id}/roster").text
    assert "closed out" in page
    assert "Upload" not in page
    assert upload(browser, cohort, cast.steel.id).status_code == 422
    data = {"withdrawn_on": "2026-04-13", "reason": "late"}
    assert browser.post(f"/enrollments/{enrollment.id}/withdrawal", data=data).status_code == 422
    assert browser.post(f"/enrollments/{enrollment.id}/return").status_code == 409


# --- workers ----------------------------------------------------------------------------------------


def test_the_list_of_workers_is_searched_and_filtered(
    cast: Cast, enrollment: Enrollment, signed_in_as: SignIn, now: datetime
) -> None:
    make_worker(cast, "Eva", "Cowley", employer=cast.dairy)
    gone = make_worker(cast, "Old", "Timer")
    services.archive_worker(gone, now=now)
    db.session.commit()
    cora, emil = signed_in_as(cast.cora), signed_in_as(cast.emil)
    everybody = cora.get("/workers").text
    assert ("Juan" in everybody, "Cowley" in everybody, "Timer" in everybody) == (True, True, False)
    found = cora.get("/workers?q=cow%25").text
    assert "Cowley" not in found
    assert "Cowley" in cora.get("/workers?q=eva+cow&sort=-hired").text
    assert "Cowley" not in emil.get("/workers").text
    assert "Timer" in emil.get("/workers?show=archived").text
    assert "Juan" not in emil.get("/workers?show=walk_in").text


def test_a_worker_is_changed_archived_and_restored(
    cast: Cast, enrollment: Enrollment, signed_in_as: SignIn
) -> None:
    browser, url = signed_in_as(cast.emil), f"/workers/{enrollment.worker_id}"
    assert "juan@steel.example" in browser.get(f"{url}/edit").text
    data = {"employer_id": str(cast.dairy.id), "given_name": "Juan", "family_name": "Baca"}
    assert "Juan Baca is saved." in browser.post(f"{url}/edit", data=data, follow_redirects=True).text
    db.session.expire_all()
    assert enrollment.worker.employer_id == cast.steel.id
    assert "archived" in browser.post(f"{url}/archiving", follow_redirects=True).text
    assert "back in the list" in browser.post(f"{url}/restoration", follow_redirects=True).text
