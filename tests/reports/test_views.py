"""The report pages: who may open them, what they show."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.completion.queries import completions_of
from labtracker.extensions import db
from tests.cast import Cast
from tests.reports.builders import trained_cohort

SignedInAs = Callable[[Person], FlaskClient]
STATES = ["complete", "incomplete", "no_show"]


@pytest.fixture
def paths(cast: Cast) -> dict[str, str]:
    cohort = trained_cohort(cast, STATES)
    enrollment = completions_of(cohort.id)[0].enrollment_id
    return {
        "page": "/reports/completion",
        "csv": "/reports/completion.csv",
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
    assert "Plains" not in browser.get("/reports/completion").text


def test_the_page_says_the_rate_with_its_n(
    cast: Cast, paths: dict[str, str], signed_in_as: SignedInAs
) -> None:
    page = signed_in_as(cast.rita).get(paths["page"]).text
    assert "1 of 2 workers who started completed" in page


def test_filters_of_nonsense_are_left_out(
    cast: Cast, paths: dict[str, str], signed_in_as: SignedInAs
) -> None:
    page = signed_in_as(cast.rita).get(
        paths["page"] + "?mode=moon&since=31/02/2026&county=<script>&month=2026-99&course=none"
    )
    assert page.status_code == 200
    assert "<script>&" not in page.text


def test_running_cohorts_stand_apart(cast: Cast, signed_in_as: SignedInAs) -> None:
    trained_cohort(cast, ["in_progress"], closed=False)
    page = signed_in_as(cast.rita).get("/reports/completion").text
    assert "Still running" in page
    assert "no completion rate" in page


def test_the_download_has_the_counts_and_no_formula(cast: Cast, signed_in_as: SignedInAs) -> None:
    cohort = trained_cohort(cast, STATES)
    cohort.name = "=HYPERLINK(1)"
    db.session.commit()
    answer = signed_in_as(cast.rita).get("/reports/completion.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (row,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert (row["cohort"], row["starters"], row["completers"], row["no_shows"]) == (
        "'=HYPERLINK(1)",
        "2",
        "1",
        "1",
    )
