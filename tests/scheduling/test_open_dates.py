"""Everybody may know where labs will be, and nothing about whose visit it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from labtracker.extensions import db
from labtracker.scheduling import queries, services
from labtracker.scheduling.queries import open_dates
from labtracker.web.landing import PublicDate
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


def visit(number: int, first_on: date, **changes: Any) -> PublicDate:
    facts: dict[str, Any] = {
        "town": f"Town{number}",
        "county": "Prowers",
        "county_fips": "08099",
        "course": "Welding basics",
        "course_es": "Soldadura básica",
        "course_code": "WLD-101",
        "first_on": first_on,
        "last_on": first_on + timedelta(days=3),
        "seats": 6,
        "place": "Town lot",
    }
    return PublicDate(**{**facts, **changes})


@pytest.fixture
def coming(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three visits of a spring: one reaches into the next month, one is at an employer's site."""
    visits = [
        visit(1, date(2031, 4, 28), last_on=date(2031, 5, 2)),
        visit(2, date(2031, 5, 5), county="Pueblo", county_fips="08101", place=None),
        visit(3, date(2031, 6, 2), course="Motor controls", course_es=None, course_code="ELE-110"),
    ]
    monkeypatch.setattr(queries, "open_dates", lambda _now: visits)


@pytest.mark.usefixtures("coming", "app")
@pytest.mark.parametrize(
    ("asked", "towns"),
    [
        ("", {"Town1", "Town2", "Town3"}),
        ("?county=08099", {"Town1", "Town3"}),
        ("?course=WLD-101", {"Town1", "Town2"}),
        ("?month=2031-04", {"Town1"}),
        ("?month=2031-05", {"Town1", "Town2"}),
        ("?month=2031-05&county=08101&course=WLD-101", {"Town2"}),
        ("?month=2031-06&county=08101", set()),
        ("?month=soon&county=elsewhere&course=x", {"Town1", "Town2", "Town3"}),
    ],
)
def test_dates_are_narrowed_by_the_address(client: FlaskClient, asked: str, towns: set[str]) -> None:
    answer = client.get(f"/dates{asked}")
    assert answer.status_code == 200
    assert set(re.findall(r"Town\d", answer.text)) == towns
    assert ("No open date like that" in answer.text) == (not towns)


@pytest.mark.usefixtures("coming", "app")
def test_the_map_stands_before_a_table_that_says_the_same(client: FlaskClient) -> None:
    page = client.get("/dates").text
    assert "Map of Colorado" in page
    assert sorted(re.findall(r'font-size="13">(\d)</text>', page)) == ["1", "2"]
    table = page.partition("The same as a table")[2]
    assert re.search(r'county=08099">Prowers</a>.*?>2<', table, re.S)
    assert re.search(r'county=08101">Pueblo</a>.*?>1<', table, re.S)


@pytest.mark.usefixtures("coming", "app")
def test_a_date_leads_on_to_asking_with_the_wish_written(client: FlaskClient) -> None:
    page = client.get("/dates").text
    wishes = [unescape(link) for link in re.findall(r'href="(/account-requests/new[^"]+)"', page)]
    assert len(wishes) == 3
    form = client.get(wishes[0]).text
    assert re.search(r"seats in Welding basics in Town1 from Mon, Apr 28, 2031 on", form)
    assert re.search(r"a visit like the one in Town2", client.get(wishes[1]).text)
    assert "/account-requests/new?" not in client.get("/").text


@pytest.mark.usefixtures("coming", "app")
def test_a_shared_link_says_what_it_leads_to(client: FlaskClient) -> None:
    page = client.get("/dates?month=2031-05", headers={"Accept-Language": "es"}).text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/dates">' in page
    assert re.search(r'<meta property="og:title" content="Fechas abiertas', page)
    assert '<meta property="og:locale" content="es_US">' in page
    assert re.search(r'<meta property="og:image" content="http://127.0.0.1:8000/static/[^"]+png', page)
    assert "Soldadura básica" in page
