"""The report pages: who may open them, what they show."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.checkin.models import Event
from labtracker.completion import services
from labtracker.completion.queries import completions_of
from labtracker.extensions import db
from labtracker.kit.time import local_day, program_year, to_ms, utc_now
from labtracker.reports.asking import COMPARED
from labtracker.reports.rules import Dimension, Measure
from tests.cast import Cast
from tests.completion.builders import LATER, enrolled_cohort, hold, tell
from tests.reports.builders import trained_cohort

SignedInAs = Callable[[Person], FlaskClient]
STATES = ["complete", "incomplete", "no_show"]


@pytest.fixture
def paths(cast: Cast) -> dict[str, str]:
    cohort = trained_cohort(cast, STATES)
    enrollment = completions_of(cohort.id)[0].enrollment_id
    return {
        "page": "/reports/completion?year=all",
        "csv": "/reports/completion.csv?year=all",
        "cohort": f"/reports/completion/cohorts/{cohort.id}",
        "enrollment": f"/reports/completion/enrollments/{enrollment}",
    }


@pytest.mark.parametrize("name", ["page", "csv", "cohort", "enrollment"])
def test_who_may_read(name: str, cast: Cast, paths: dict[str, str], signed_in_as: SignedInAs) -> None:
    for reader in (cast.rita, cast.cora, cast.ada):
        assert signed_in_as(reader).get(paths[name]).status_code == 200
    for other in (cast.emil, cast.stella, cast.tom):
        assert signed_in_as(other).get(paths[name]).status_code == 403
    assert signed_in_as(cast.cora).post(paths[name]).status_code == 405


@pytest.mark.parametrize("name", ["page", "csv", "cohort", "enrollment"])
def test_signed_out_is_led_to_sign_in(name: str, paths: dict[str, str], client: FlaskClient) -> None:
    assert client.get(paths[name]).status_code == 302


def test_a_reviewer_of_another_area_finds_nothing(cast: Cast, signed_in_as: SignedInAs) -> None:
    far = trained_cohort(cast, STATES, worksite=cast.dairy_site, employer=cast.dairy)
    enrollment = completions_of(far.id)[0].enrollment_id
    browser = signed_in_as(cast.rita)
    assert browser.get(f"/reports/completion/cohorts/{far.id}").status_code == 404
    assert browser.get(f"/reports/completion/enrollments/{enrollment}").status_code == 404
    assert "Plains" not in browser.get("/reports/completion?year=all").text


def test_the_page_says_the_rate_with_its_n(
    cast: Cast, paths: dict[str, str], signed_in_as: SignedInAs
) -> None:
    page = signed_in_as(cast.rita).get(paths["page"]).text
    assert "1 of 2 workers who started completed" in page


def test_no_time_leads_to_this_program_year_and_keeps_the_rest(cast: Cast, signed_in_as: SignedInAs) -> None:
    first = program_year(local_day(utc_now(), "America/Denver"))
    browser = signed_in_as(cast.rita)
    assert browser.get("/reports/completion").location == f"/reports/completion?year={first}"
    led = browser.get("/reports/completion?mode=campus&course=").location
    assert led == f"/reports/completion?year={first}&mode=campus"
    page = browser.get("/reports/completion", follow_redirects=True).text
    before = f"/reports/completion?year={first - 1}"
    assert f'href="{before}"' in page
    assert browser.get(before).status_code == 200


NONSENSE = (
    "?mode=moon&since=31/02/2026&county=<script>&month=2026-99&course=" + "A" * 30 + "&page=x&sort=;&year=all"
)


def test_nonsense_in_the_address_is_named_and_left_out(
    cast: Cast, paths: dict[str, str], signed_in_as: SignedInAs
) -> None:
    page = signed_in_as(cast.rita).get("/reports/completion" + NONSENSE)
    assert page.status_code == 200
    assert "Something was left out" in page.text
    assert "mode=moon" in page.text
    assert "<script>" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert "1 of 2 workers who started completed" in page.text


def test_a_file_cannot_say_what_was_left_out_so_it_is_refused(cast: Cast, signed_in_as: SignedInAs) -> None:
    answer = signed_in_as(cast.rita).get("/reports/completion.csv?year=all&mode=moon")
    assert answer.status_code == 400
    assert "mode=moon" in answer.text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("by", COMPARED)
def test_every_rate_is_compared_by_everything(
    measure: Measure,
    by: Dimension,
    language: str,
    cast: Cast,
    paths: dict[str, str],
    signed_in_as: SignedInAs,
) -> None:
    cast.rita.language = language
    trained_cohort(cast, STATES, days_ago=100, mode="campus", worksite=cast.campus)
    browser = signed_in_as(cast.rita)
    page = browser.get(f"/reports/completion?year=all&measure={measure}&by={by}")
    assert page.status_code == 200
    assert page.text.count('<table class="bars">') >= 3
    if by is not Dimension.LAB:
        named = f"year=all&amp;{by}="
        assert named in page.text


def test_filters_in_force_can_be_taken_away(
    cast: Cast, paths: dict[str, str], signed_in_as: SignedInAs
) -> None:
    page = (
        signed_in_as(cast.rita)
        .get(f"/reports/completion?year=all&mode=employer_site&county=08101&employer={cast.steel.id}")
        .text
    )
    assert f"?year=all&amp;county=08101&amp;employer={cast.steel.id}" in page
    assert "Pueblo County" in page
    assert "Take all filters away" not in page
    empty = signed_in_as(cast.rita).get("/reports/completion?year=all&course=NOPE").text
    assert "Take all filters away" in empty
    assert "NOPE" in empty


def test_cohorts_are_sorted_by_link(cast: Cast, signed_in_as: SignedInAs) -> None:
    trained_cohort(cast, ["complete"], days_ago=7)
    trained_cohort(cast, ["incomplete"], days_ago=40)
    browser = signed_in_as(cast.cora)
    first_of = {}
    for sort in ("last", "-last", "completion", "-completion", "name", "-attendance"):
        page = browser.get(f"/reports/completion?year=all&sort={sort}").text
        cohorts = page.partition('id="cohorts"')[2]
        first_of[sort] = cohorts.find("site 7<") < cohorts.find("site 40<")
    assert first_of["-last"]
    assert not first_of["last"]
    assert first_of["-completion"]
    assert not first_of["completion"]


def test_running_cohorts_stand_apart(cast: Cast, signed_in_as: SignedInAs) -> None:
    cohort = trained_cohort(cast, ["in_progress"], closed=False)
    browser = signed_in_as(cast.rita)
    page = browser.get("/reports/completion?year=all").text
    assert "Still running" in page
    assert "no completion rate" in page
    assert "Not closed out" in browser.get(f"/reports/completion/cohorts/{cohort.id}").text
    (row,) = csv.DictReader(
        io.StringIO(browser.get("/reports/completion.csv?year=all").get_data().decode("utf-8-sig"))
    )
    assert (row["closed_out"], row["starters"], row["completion_rate"]) == ("no", "1", "")


def test_a_cohort_says_what_it_asks_for_and_who_counts_in_no_rate(
    cast: Cast, signed_in_as: SignedInAs
) -> None:
    cohort = trained_cohort(cast, ["complete", "withdrawn_early"])
    browser = signed_in_as(cast.rita)
    page = browser.get(f"/reports/completion/cohorts/{cohort.id}").text
    assert "at least 80% of 24 contact hours; an assessment with at least 70 of 100 points" in page
    assert "left before the first session; counts in no rate" in page
    cohort.assessment_required = False
    db.session.commit()
    assert "attendance only" in browser.get(f"/reports/completion/cohorts/{cohort.id}").text


def test_the_records_of_a_worker_say_who_and_why(cast: Cast, signed_in_as: SignedInAs) -> None:
    cohort, enrollments = enrolled_cohort(cast)
    session = cohort.sessions[0]
    hold(cast, session, enrollments[:1])
    services.record_assessment(enrollments[0], score=Decimal("81.5"), actor=cast.tom, now=LATER)
    services.sign_off_skill(enrollments[0], skill_id=str(cohort.skills[0]["id"]), actor=cast.tom, now=LATER)
    arrived = db.session.scalars(
        sa.select(Event.id).where(Event.enrollment_id == enrollments[0].id, Event.type == "check_in")
    ).one()
    void = {"session": str(session.id), "target": str(arrived), "reason": "Wrong person"}
    tell(cast, "void", session.ends_at, **void)
    ended_ms = to_ms(session.starts_at) + 90 * 60_000
    tell(cast, "session_cancel", session.ends_at, session=str(session.id), ended_ms=ended_ms, reason="Hail")
    db.session.commit()
    page = signed_in_as(cast.rita).get(f"/reports/completion/enrollments/{enrollments[0].id}").text
    for words in (
        "Tom Baca",
        "Taken back by Tom Baca",
        "Wrong person",
        "81.5 of 100 points",
        "Lock-out and tag-out",
        "Hail",
        "ended early at",
        "not held",
        f'href="/workers/{enrollments[0].worker_id}/timeline"',
    ):
        assert words in page


def test_the_download_has_the_counts_and_no_formula(cast: Cast, signed_in_as: SignedInAs) -> None:
    cohort = trained_cohort(cast, STATES)
    cohort.name = "=HYPERLINK(1)"
    db.session.commit()
    answer = signed_in_as(cast.rita).get("/reports/completion.csv?year=all")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (row,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert (row["cohort"], row["starters"], row["completers"], row["no_shows"]) == (
        "'=HYPERLINK(1)",
        "2",
        "1",
        "1",
    )
