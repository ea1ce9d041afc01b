"""Every screen of the roster: happy, wrong method, wrong role, stranger."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.models import Enrollment, RosterImport, Worker
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_cohort, make_worker

SignIn = Callable[[Person], FlaskClient]
CSV = b"Name,Phone,Hire date,SSN\nAna Vigil,7195550100,2019-03-14,123-45-6789\nBo Lee,x,,\nCher,,,\n"


@pytest.fixture
def enrollment(cast: Cast, cohort: Cohort, now: datetime) -> Enrollment:
    """Juan Ortega on the steel works' roster."""
    made = services.enroll(make_worker(cast, email="juan@steel.example"), cohort, now=now)
    db.session.commit()
    return made


def upload(browser: FlaskClient, cohort: Cohort, employer_id: object, data: bytes = CSV, name: str = "r.csv"):
    """Send a file to the upload page."""
    return browser.post(
        f"/cohorts/{cohort.id}/roster/import",
        data={"employer_id": str(employer_id), "file": (io.BytesIO(data), name)},
    )


def staged_import() -> RosterImport:
    """The only import there is, read afresh."""
    db.session.expire_all()
    return db.session.scalars(sa.select(RosterImport)).one()


# --- who may open what ------------------------------------------------------------------------------

READERS = {"cora": 200, "emil": 200, "stella": 404, "tom": 200, "tess": 404, "rita": 403}
KEEPERS = {"cora": 200, "emil": 200, "stella": 404, "tom": 403, "tess": 403, "rita": 403}
GET_PAGES = {
    "/cohorts/{cohort}/roster": READERS,
    "/cohorts/{cohort}/badges": READERS,
    "/cohorts/{cohort}/badges.pdf": READERS,
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
    "/roster-imports/{imported}/application",
    "/roster-imports/{imported}/remainder",
)


@pytest.mark.parametrize("path", POSTS)
def test_who_may_press_a_button(
    path: str, cast: Cast, cohort: Cohort, enrollment: Enrollment, signed_in_as: SignIn, client: FlaskClient
) -> None:
    upload(signed_in_as(cast.emil), cohort, cast.steel.id)
    url = path.format(enrollment=enrollment.id, worker=enrollment.worker_id, imported=staged_import().id)
    for name, status in (("stella", 404), ("tom", 403), ("rita", 403), ("emil", 303)):
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


# --- imports ----------------------------------------------------------------------------------------


def test_an_upload_is_shown_then_taken_then_left(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser = signed_in_as(cast.emil)
    sent = upload(browser, cohort, cast.steel.id)
    assert sent.status_code == 303
    page = browser.get(sent.location).text
    assert "1 of 3 rows are ready." in page
    assert "held Social Security numbers" in page
    assert "6789" not in page
    assert "not a telephone number" in page
    assert 'name="row-4"' in page
    assert db.session.scalar(sa.select(sa.func.count(Worker.id))) == 0
    url = f"{sent.location}/application"
    taken = browser.post(url, data={"row-4": "new", "row-3": "new", "row-x": "1"}, follow_redirects=True).text
    assert "2 rows are in." in taken
    assert "0 of 1 rows are ready." in taken
    assert "Nothing was left to take." in browser.post(url, follow_redirects=True).text
    rest = browser.post(f"{sent.location}/remainder", follow_redirects=True).text
    assert "Ana Vigil" in rest
    assert "Cher" in rest
    assert "Bo Lee" not in rest
    assert "Everything is in" in browser.get(sent.location).text


def test_columns_and_the_order_of_dates_can_be_chosen(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    csv = b"Who,When\nAna Vigil,03/04/2019\nBo Lee,05/06/2020\n"
    sent = upload(browser, cohort, cast.steel.id, csv)
    page = browser.get(sent.location).text
    assert "read in two ways" in page
    data = {"column-0": "full_name", "column-1": "hired_on", "date_order": "dmy"}
    browser.post(f"{sent.location}/columns", data=data)
    assert "Apr 3, 2019" in browser.get(sent.location).text
    twice = browser.post(f"{sent.location}/columns", data={"column-0": "phone", "column-1": "phone"})
    assert twice.status_code == 400
    page = browser.post(f"{sent.location}/columns", data={"column-0": ""}, follow_redirects=True).text
    assert "No column with names was recognized" in page
    assert "0 of 2 rows are ready" in page


def test_rows_can_be_pasted(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser = signed_in_as(cast.cora)
    data = {"employer_id": str(cast.steel.id), "pasted": "Name\tPhone\nAna Vigil\t7195550100\n"}
    page = browser.post(f"/cohorts/{cohort.id}/roster/import", data=data, follow_redirects=True).text
    assert "1 of 1 rows are ready." in page


def test_files_that_are_no_rosters_are_refused_in_words(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    for data, words in (
        (b"\xff\xd8\xff\xe0photo", "This is a picture"),
        (b"PK\x03\x04zip", "damaged"),
        (b"", "The file is empty"),
    ):
        answer = upload(browser, cohort, cast.steel.id, data)
        assert answer.status_code == 422
        assert words in answer.text
    nothing = browser.post(f"/cohorts/{cohort.id}/roster/import", data={"employer_id": str(cast.steel.id)})
    assert "Choose a spreadsheet" in nothing.text
    huge = browser.post(
        f"/cohorts/{cohort.id}/roster/import",
        data=b"x" * (13 * 1024 * 1024),
        content_type="multipart/form-data; boundary=x",
    )
    assert huge.status_code == 413
    assert db.session.scalar(sa.select(sa.func.count(RosterImport.id))) == 0


def test_near_matches_are_offered_by_name(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    known = make_worker(cast, "Ana", "Vigil", employee_number="7")
    db.session.commit()
    browser = signed_in_as(cast.emil)
    sent = upload(browser, cohort, cast.steel.id, b"Name,Phone\nAna Vigil,7195550100\n")
    page = browser.get(sent.location).text
    assert f'value="{known.id}"' in page
    assert "the same as Ana Vigil" in page
    browser.post(f"{sent.location}/application", data={"row-2": str(known.id)})
    db.session.expire_all()
    assert known.phone == "+17195550100"


def test_too_many_people_for_the_seats_is_said_before_and_after(cast: Cast, signed_in_as: SignIn) -> None:
    small = make_cohort(cast, seats=1)
    browser = signed_in_as(cast.emil)
    sent = upload(browser, small, cast.steel.id, b"Name,Phone\nAna Vigil,\nBo Lee,\n")
    assert "2 people for 1 seats" in browser.get(sent.location).text
    browser.post(f"{sent.location}/application")
    assert "1 person more than there are seats" in browser.get(f"/cohorts/{small.id}/roster").text


def test_a_stranger_sees_no_ones_import(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    sent = upload(signed_in_as(cast.emil), cohort, cast.steel.id)
    assert signed_in_as(cast.stella).get(sent.location).status_code == 404
    assert signed_in_as(cast.tom).get(sent.location).status_code == 403
    assert signed_in_as(cast.cora).get(sent.location).status_code == 200


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
