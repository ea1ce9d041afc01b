"""Agenda, week and month: three looks at the same sessions, narrowed in the same way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Membership, Person, ReviewedArea
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling import services
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.calendar import week_around
from tests.cast import Cast
from tests.scheduling.builders import planned, quiet_monday

Signer = Callable[[Person], FlaskClient]
LOOKS = ("agenda", "week", "month")


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def monday(now: datetime) -> date:
    return quiet_monday(now)


@pytest.fixture
def stay(cast: Cast, now: datetime, monday: date) -> Deployment:
    deployment = planned(cast, now, first_on=monday, windows=[(monday, monday + timedelta(days=24))])
    db.session.commit()
    return deployment


def links_of(page: str) -> list[str]:
    """Where the links of a page lead."""
    return [unescape(link) for link in re.findall(r'<a[^>]* href="([^"]+)"', page)]


def shown(browser: FlaskClient, **asked: object) -> set[str]:
    """The ids of the sessions that the calendar shows."""
    page = browser.get("/calendar", query_string=asked).text
    return set(re.findall(r"/sessions/([0-9a-f-]{36})", page))


@pytest.mark.parametrize("look", LOOKS)
def test_each_look_can_be_narrowed_by_its_address(
    cast: Cast, stay: Deployment, monday: date, now: datetime, signed_in_as: Signer, look: str
) -> None:
    cora = signed_in_as(cast.cora)
    first, second, *_others = stay.cohorts[0].sessions
    services.cancel_session(session=first, reason="Snow", actor=cast.cora, now=now)
    db.session.commit()
    every = {str(one.id) for one in stay.cohorts[0].sessions}
    here = {"view": look, "day": monday}
    assert shown(cora, **here) == every
    assert shown(cora, **here, lab=cast.welding_lab.id) == every
    assert shown(cora, **here, lab=cast.wiring_lab.id) == set()
    assert shown(cora, **here, course=cast.welding.id, worksite=cast.steel_site.id) == every
    assert shown(cora, **here, course=cast.wiring.id) == set()
    assert shown(cora, **here, worksite=cast.dairy_site.id) == set()
    assert shown(cora, **here, status="cancelled") == {str(first.id)}
    assert shown(cora, **here, status="tentative") == every - {str(first.id)}
    assert shown(cora, **here, status="confirmed") == set()
    assert shown(cora, **here, lab="nonsense", status="nonsense") == every
    assert "tentative" in cora.get("/calendar", query_string=here).text
    services.confirm_booking(booking=stay.cohorts[0].booking, actor=cast.cora, now=now)
    db.session.commit()
    assert shown(cora, **here, status="confirmed") == every - {str(first.id)}
    assert str(second.id) in shown(cora, **here, status="confirmed")


@pytest.mark.parametrize("look", LOOKS)
def test_day_and_filters_go_along_to_every_other_look(
    cast: Cast, stay: Deployment, monday: date, signed_in_as: Signer, look: str
) -> None:
    asked = {"view": look, "day": monday, "lab": cast.welding_lab.id, "status": "tentative"}
    page = signed_in_as(cast.cora).get("/calendar", query_string=asked).text
    ways = [urlsplit(link) for link in links_of(page) if urlsplit(link).path == "/calendar"]
    narrowed = [parse_qs(way.query) for way in ways if way.query]
    others = {query.get("view", ["agenda"])[0] for query in narrowed if query.get("day") == [str(monday)]}
    assert others == set(LOOKS)
    kept = [query for query in narrowed if query.get("lab") == [str(cast.welding_lab.id)]]
    assert len(kept) >= 6
    assert all(query["status"] == ["tentative"] for query in kept)
    assert any("day" not in query for query in kept), "there is a way to today"
    assert f"of=lab:{cast.welding_lab.id}" in page.replace("%3A", ":")


def test_only_what_one_may_see_can_be_chosen(
    cast: Cast, stay: Deployment, now: datetime, signed_in_as: Signer
) -> None:
    page = signed_in_as(cast.emil).get("/calendar").text
    assert "Welding lab" in page
    assert "Electrical lab" not in page
    stranger = signed_in_as(cast.stella).get("/calendar").text
    assert "Mill gate 3" not in stranger
    assert "Welding lab" not in stranger


def test_another_zone_is_said(cast: Cast, stay: Deployment, monday: date, signed_in_as: Signer) -> None:
    browser = signed_in_as(cast.tom)
    hint = "Each time is that of its worksite"
    asked = {"view": "week", "day": monday}
    page = browser.get("/calendar", query_string=asked).text
    assert hint not in page
    assert re.search(r"6:00\sAM", page)
    cast.steel_site.zone = "America/Chicago"
    db.session.commit()
    page = browser.get("/calendar", query_string=asked).text
    assert hint in page
    assert re.search(r"7:00\sAM", page)
    assert re.search(r"C[SD]T", page)


@pytest.mark.parametrize(
    ("day", "sunday"),
    [
        (date(2026, 3, 8), date(2026, 3, 8)),
        (date(2026, 3, 7), date(2026, 3, 1)),
        (date(2026, 1, 1), date(2025, 12, 28)),
    ],
)
def test_weeks_begin_on_sunday(day: date, sunday: date) -> None:
    week = week_around(day)
    assert week[0] == sunday
    assert len(week) == 7
    assert day in week


@pytest.mark.parametrize(
    ("who", "of"),
    [("tom", "trainer:tom"), ("emil", "employer:steel"), ("cora", "")],
)
def test_the_view_can_be_subscribed_to(cast: Cast, signed_in_as: Signer, who: str, of: str) -> None:
    browser = signed_in_as(getattr(cast, who))
    (way,) = {link for link in links_of(browser.get("/calendar").text) if "/calendar/feeds/new" in link}
    kind, _colon, name = of.partition(":")
    wanted = f"{kind}:{getattr(cast, name).id}" if of else ""
    assert parse_qs(urlsplit(way).query).get("of", [""])[0] == wanted
    page = browser.get(way).text
    assert (f'selected value="{wanted}"' in page) == bool(of)


@pytest.mark.parametrize("look", LOOKS)
def test_a_reviewer_sees_when_and_where_in_the_own_area_and_opens_nothing(
    cast: Cast, stay: Deployment, monday: date, signed_in_as: Signer, look: str
) -> None:
    rita, asked = signed_in_as(cast.rita), {"view": look, "day": monday}
    page = rita.get("/calendar", query_string=asked).text
    assert "Mill gate 3" in page
    assert cast.tom.name not in page
    assert shown(rita, **asked) == set()
    ways = {urlsplit(link).path for link in links_of(page)}
    assert not [way for way in ways if way.startswith(("/sessions", "/deployments", "/site-checks"))]
    assert "/calendar/feeds/new" not in ways
    session = stay.cohorts[0].sessions[0]
    assert rita.get(f"/sessions/{session.id}").status_code == 403
    assert rita.get(f"/sessions/{session.id}/attendance").status_code == 403
    cast.pueblo_center.areas = [ReviewedArea(local_area="ECRWDB")]
    db.session.commit()
    elsewhere = rita.get("/calendar", query_string=asked).text
    assert "Mill gate 3" not in elsewhere
    assert "Welding lab" not in elsewhere


def test_reviewing_widens_what_a_trainer_sees_on_the_calendar_alone(
    cast: Cast, stay: Deployment, monday: date, now: datetime, signed_in_as: Signer
) -> None:
    membership = Membership(organization=cast.pueblo_center, role=Role.REVIEWER, started_at=now)
    cast.tess.memberships.append(membership)
    db.session.commit()
    asked = {"view": "week", "day": monday}
    tess, session = signed_in_as(cast.tess), stay.cohorts[0].sessions[0]
    page = tess.get("/calendar", query_string=asked).text
    assert "Mill gate 3" in page
    assert shown(tess, **asked) == set()
    assert tess.get(f"/sessions/{session.id}").status_code == 404
    assert tess.get(f"/sessions/{session.id}/attendance").status_code == 404
    membership.ended_at = now
    db.session.commit()
    assert "Mill gate 3" not in tess.get("/calendar", query_string=asked).text


def test_a_reviewer_lands_on_results_and_finds_the_calendar_once(cast: Cast, signed_in_as: Signer) -> None:
    rita = signed_in_as(cast.rita)
    assert rita.get("/home").headers["Location"] == "/reports/completion"
    trainer = Membership(organization=cast.college, role=Role.TRAINER, started_at=utc_now())
    cast.rita.memberships.append(trainer)
    db.session.commit()
    page = rita.get("/calendar").text
    (bar,) = re.findall(r'<nav class="navigation.*?</nav>', page, re.DOTALL)
    assert bar.count('href="/calendar"') == 1
