"""Everybody may know where labs will be, and nothing about whose visit it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask.testing import FlaskClient

from labtracker.extensions import db
from labtracker.scheduling import services
from labtracker.scheduling.queries import open_dates
from tests.cast import Cast
from tests.scheduling.builders import planned


def test_only_confirmed_visits_that_are_not_over_are_public(cast: Cast, now: datetime) -> None:
    deployment = planned(cast, now)
    assert open_dates(now) == []
    services.confirm_booking(booking=deployment.cohorts[0].booking, actor=cast.emil, now=now)
    (visit,) = open_dates(now)
    assert (visit.town, visit.county, visit.county_fips) == ("Pueblo", "Pueblo", "08101")
    assert (visit.course, visit.course_es) == ("Welding basics", "Soldadura básica")
    assert (visit.first_on, visit.last_on) == (date(2026, 5, 4), date(2026, 5, 6))
    assert visit.seats == 8
    assert open_dates(datetime(2026, 5, 6, 12, 0, tzinfo=UTC)) == [visit]
    assert open_dates(datetime(2026, 5, 7, 0, 0, tzinfo=UTC)) == []


def test_the_first_page_names_town_and_course_but_no_employer(
    cast: Cast, now: datetime, client: FlaskClient
) -> None:
    deployment = planned(cast, now)
    services.confirm_booking(booking=deployment.cohorts[0].booking, actor=cast.emil, now=now)
    for session in deployment.cohorts[0].sessions:
        # The page asks for what lies ahead of the real clock.
        session.starts_at = session.starts_at.replace(year=2126)
        session.ends_at = session.ends_at.replace(year=2126)
    db.session.commit()
    page = client.get("/").text
    assert "Pueblo" in page
    assert "Welding basics" in page
    assert cast.steel.name not in page
    assert cast.steel_site.name not in page
    assert "Soldadura básica" in client.get("/", headers={"Accept-Language": "es"}).text
