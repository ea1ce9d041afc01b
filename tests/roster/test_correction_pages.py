"""Rows corrected on the page of an import; imports undone from the roster; large ones with progress."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.jobs.services import run_due
from labtracker.kit.time import utc_now
from labtracker.roster import services
from labtracker.roster.models import RosterApplication, RosterImport, Worker
from labtracker.roster.rules import importing
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_worker, upload

# What a page shows is the same on either database.
pytestmark = pytest.mark.one_database
SignIn = Callable[[Person], FlaskClient]
CSV = b"Name,Phone\nAna Vigil,7195550100\nBo <Lee>,12\nCher,\n"


def workers() -> set[str]:
    return {*db.session.scalars(sa.select(Worker.given_name))}


def test_a_row_is_corrected_where_it_stands(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser = signed_in_as(cast.emil)
    url = upload(browser, cohort, cast.steel.id, CSV).location
    page = browser.get(url).text
    assert 'name="fix-3-full_name" value="Bo &lt;Lee&gt;"' in page
    assert 'name="fix-2-phone"' not in page
    typed = {"fix-3-full_name": "Bo Lee", "fix-3-phone": "13", "row-4": "new", "fix-x-y": "1", "fix-9": "1"}
    page = browser.post(f"{url}/corrections?show=&page=1&_scheme=x", data=typed, follow_redirects=True).text
    assert "Ready of them: 0." in page
    assert 'name="fix-3-phone" value="13"' in page
    assert "2 of 3 rows are ready." in page
    assert re.search(r'<option value="new" selected>', page)
    page = browser.post(
        f"{url}/corrections", data={"fix-3-phone": "719 555 0101"}, follow_redirects=True
    ).text
    assert "1 row is corrected and ready." in page
    assert "3 of 3 rows are ready." in page
    browser.post(f"{url}/application", data={"fix-3-email": "bo@steel.example"})
    assert workers() == {"Ana", "Bo", "Cher"}
    assert db.session.scalars(sa.select(Worker.email).where(Worker.given_name == "Bo")).one()


def test_a_social_security_number_is_refused_at_its_field(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    url = upload(browser, cohort, cast.steel.id, CSV).location
    data = {"fix-3-full_name": "Bo Lee", "fix-3-phone": "900-11-2222", "fix-4-employee_number": "000112222"}
    for way in ("corrections", "application"):
        answer = browser.post(f"{url}/{way}", data=data)
        assert answer.status_code == 422
        assert 'href="#fix-3-phone"' in answer.text
        assert answer.text.count("It was not kept.") >= 2
        assert "2222" not in answer.text
        assert 'value="Bo Lee"' in answer.text
    assert workers() == set()
    assert "2222" not in browser.get(f"{url}/waiting.csv").text
    assert "Bo Lee" in browser.get(f"{url}/waiting.csv").text


def test_an_import_is_undone_from_the_roster(cast: Cast, cohort: Cohort, signed_in_as: SignIn) -> None:
    browser = signed_in_as(cast.emil)
    url = upload(browser, cohort, cast.steel.id, b"Name,Phone\nAna Vigil,7195550100\nBo Lee,\n").location
    browser.post(f"{url}/application")
    roster = f"/cohorts/{cohort.id}/roster"
    page = browser.get(roster).text
    assert "2 new workers, 0 updated, 2 put on the roster." in page
    way = re.search(r'href="(/roster-applications/[\w-]+/undoing)"', page)
    assert way
    assert "What went in" not in signed_in_as(cast.tom).get(roster).text
    bo = db.session.scalars(sa.select(Worker).where(Worker.given_name == "Bo")).one()
    bo.phone = "+17195550177"
    db.session.commit()
    page = browser.get(way[1]).text
    assert page.index("Bo Lee") < page.index("Ana Vigil")
    assert "Somebody changed what is known of this worker" in page
    assert "the worker, the place on the roster, the badge" in page
    done = browser.post(way[1], follow_redirects=True).text
    assert "1 new workers, 2 places on the roster, 2 badges." in done
    assert "This import was undone" in done
    assert "Bo Lee" in done
    assert workers() == {"Bo"}
    again = browser.post(way[1])
    assert again.status_code == 409
    assert "undone already" in again.text
    assert "undone" in browser.get(roster).text
    assert "Nobody is on this roster yet" in browser.get(roster).text
    assert [signed_in_as(one).get(way[1]).status_code for one in (cast.stella, cast.tom)] == [404, 403]


def test_a_large_import_shows_how_far_it_has_come(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_AT_ONCE", 2)
    browser = signed_in_as(cast.emil)
    url = upload(browser, cohort, cast.steel.id, CSV).location
    page = browser.post(f"{url}/application", data={"row-4": "new"}, follow_redirects=True).text
    assert "data-refreshes" in page
    assert "0 of 3" in page
    assert "Go on with it" not in browser.get(f"/cohorts/{cohort.id}/roster").text
    second = upload(browser, cohort, cast.steel.id, CSV)
    assert second.status_code == 422
    assert "0 of 3 rows. Wait until it is done." in second.text
    assert browser.post(f"{url}/application").status_code == 409
    run_due(utc_now(), "worker")
    page = browser.get(url).text
    assert "data-refreshes" not in page
    assert "2 rows of this file have gone in." in page
    assert 'name="fix-3-phone"' in page
    assert workers() == {"Ana", "Cher"}


def test_what_stopped_or_was_replaced_or_closed_says_so(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    browser = signed_in_as(cast.emil)
    old = upload(browser, cohort, cast.steel.id, CSV).location
    newer = upload(browser, cohort, cast.steel.id, CSV).location
    assert f'href="{newer}"' in browser.get(old).text
    assert f'href="{newer}">Go on with it</a>' in browser.get(f"/cohorts/{cohort.id}/roster").text
    refused = browser.post(f"{old}/application")
    assert (refused.status_code, "took the place of this one" in refused.text) == (409, True)
    services.ask_to_apply(
        db.session.get_one(RosterImport, UUID(newer.rsplit("/", 1)[1])),
        actor=cast.emil,
        now=utc_now(),
    )
    cohort.closed_out_at = utc_now()
    db.session.commit()
    run_due(utc_now(), "worker")
    page = browser.get(newer).text
    assert "It stopped before all rows were in: 0 of 3 went in" in page
    assert "was closed out. Nothing more of this file can go in." in page
    closed = browser.post(f"{newer}/application")
    assert (closed.status_code, "closed out" in closed.text) == (409, True)
    assert db.session.scalars(sa.select(RosterApplication.stopped)).one() == "cohort_closed"


def test_a_near_match_is_answered_and_stays_answered(
    cast: Cast, cohort: Cohort, signed_in_as: SignIn
) -> None:
    known = make_worker(cast, "Ana", "Vigil", employee_number="7")
    db.session.commit()
    browser = signed_in_as(cast.emil)
    url = upload(browser, cohort, cast.steel.id, b"Name,Phone\nAna Vigil,7195550100\n").location
    browser.post(f"{url}/corrections", data={"row-2": str(known.id)})
    page = browser.get(url).text
    assert f'<option value="{known.id}" selected>' in page
    assert "1 of 1 rows are ready." in page
    browser.post(f"{url}/application", data={"row-2": ""})
    assert known.phone is None
    browser.post(f"{url}/application", data={"row-2": str(known.id)})
    db.session.expire_all()
    assert known.phone == "+17195550100"


def test_large_is_what_nobody_should_wait_for() -> None:
    assert [importing.goes_behind(rows) for rows in (500, 501)] == [False, True]
