"""What an employer learns of its own people: by name what they released, otherwise totals of ten and more."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.completion.queries import MINIMUM_UNNAMED, own_people
from labtracker.completion.rules import Standing, is_at_risk, standing_of
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.services import enroll, enroll_walk_in, record_release, withdraw_release
from labtracker.scheduling.models import Cohort
from tests.cast import NOW, Cast
from tests.completion.builders import LATER, enrolled_cohort, hold, hold_all

SignedInAs = Callable[[Person], FlaskClient]


@pytest.fixture
def started(cast: Cast) -> tuple[Cohort, list[Enrollment]]:
    return enrolled_cohort(cast)


def release(cast: Cast, enrollment: Enrollment) -> None:
    """The worker tells a trainer that the employer may see attendance by name."""
    record_release(enrollment.worker, given_at=LATER, witnessed_by_id=cast.tom.id, event_id=None, now=LATER)
    db.session.commit()


def add_people(cast: Cast, cohort: Cohort, count: int) -> list[Enrollment]:
    """More workers of the steel works on the roster."""
    added = []
    for number in range(count):
        worker = Worker(
            given_name="Quiet", family_name=f"Worker{number:02}", employer=cast.steel, created_at=NOW
        )
        db.session.add(worker)
        added.append(enroll(worker, cohort, now=NOW))
    db.session.commit()
    return added


def names_in(page: str) -> list[str]:
    """Who is named in the table, in order."""
    return [html.unescape(name) for name in re.findall(r'href="/workers/[0-9a-f-]+">([^<]+)</a>', page)]


@pytest.mark.parametrize(
    ("credited", "held", "at_risk"),
    [(0, 0, False), (0, 480, True), (384, 480, False), (383, 480, True), (480, 480, False)],
)
def test_at_risk_is_who_missed_more_than_one_may(credited: int, held: int, at_risk: bool) -> None:
    assert is_at_risk(credited=credited, held=held, needed=1152, contact=1440) is at_risk


def test_standing_follows_the_state() -> None:
    assert standing_of("in_progress", at_risk=True) == Standing.AT_RISK
    assert standing_of("in_progress", at_risk=False) == Standing.IN_TRAINING
    assert standing_of("complete", at_risk=True) == Standing.COMPLETED
    for state in ("incomplete", "withdrawn", "no_show"):
        assert standing_of(state, at_risk=True) == Standing.NOT_COMPLETED


def test_those_at_risk_come_first_and_can_be_filtered(
    cast: Cast, started: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    cohort, (ana, bo, cy) = started
    for one in (ana, bo, cy):
        release(cast, one)
    emil = signed_in_as(cast.emil)
    assert "At risk ·" not in emil.get("/my-people").text
    hold(cast, cohort.sessions[0], [ana, cy])
    page = emil.get("/my-people").text
    assert names_in(page) == ["Bo Begay", "Ana Archuleta", "Cy Carter"]
    assert "At risk · 1" in page
    assert "In training · 2" in page
    assert names_in(emil.get("/my-people?show=at_risk").text) == ["Bo Begay"]
    assert names_in(emil.get("/my-people?show=in_training&q=ARCH+a").text) == ["Ana Archuleta"]
    assert "Nobody is like that." in emil.get("/my-people?q=zzz").text
    assert len(names_in(emil.get("/my-people?show=nonsense").text)) == 3


def test_a_session_that_is_still_open_puts_nobody_at_risk(
    cast: Cast, started: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    cohort, (ana, *_others) = started
    release(cast, ana)
    hold(cast, cohort.sessions[0], [])
    cohort.sessions[0].closed_at = None
    db.session.commit()
    assert "At risk ·" not in signed_in_as(cast.emil).get("/my-people").text


def test_nothing_leads_to_the_name_or_hours_of_who_released_nothing(
    cast: Cast, started: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    cohort, (ana, bo, _cy) = started
    hold_all(cast, cohort, [ana, bo])
    release(cast, ana)
    emil = signed_in_as(cast.emil)
    for address in ("/my-people", "/my-people?q=Begay", "/my-people?show=completed", "/my-people?page=2"):
        page = emil.get(address).text
        assert "Bo Begay" not in page
        assert "Everybody else, together" not in page
    assert "2 workers have not released" in emil.get("/my-people").text
    release(cast, bo)
    assert "Bo Begay" in emil.get("/my-people").text
    withdraw_release(bo.worker, now=LATER)
    db.session.commit()
    assert "Bo Begay" not in emil.get("/my-people").text
    assert names_in(signed_in_as(cast.stella).get("/my-people").text) == []


def test_totals_begin_with_ten_and_are_the_same_whatever_is_filtered(
    cast: Cast, started: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    cohort, people = started
    more = add_people(cast, cohort, MINIMUM_UNNAMED - len(people))
    hold(cast, cohort.sessions[0], people)
    emil = signed_in_as(cast.emil)
    assert own_people(cast.emil).unnamed is not None
    page = emil.get("/my-people").text
    assert "Everybody else, together" in page
    assert "10 workers" in page
    assert names_in(page) == []
    release(cast, more[0])
    assert own_people(cast.emil).unnamed is None
    add_people(cast, cohort, 1)
    totals = {
        re.search(r"Everybody else, together.*?</section>", emil.get(address).text, re.DOTALL)[0]  # type: ignore[index]
        for address in ("/my-people", "/my-people?q=Archuleta", "/my-people?show=completed")
    }
    assert len(totals) == 1


def test_many_people_come_in_pages(
    cast: Cast, started: tuple[Cohort, list[Enrollment]], signed_in_as: SignedInAs
) -> None:
    cohort, _people = started
    for one in add_people(cast, cohort, 26):
        release(cast, one)
    emil = signed_in_as(cast.emil)
    assert len(names_in(emil.get("/my-people").text)) == 25
    assert names_in(emil.get("/my-people?page=2").text) == ["Quiet Worker25"]


def test_the_two_lists_of_people_lead_to_each_other(cast: Cast, signed_in_as: SignedInAs) -> None:
    emil = signed_in_as(cast.emil)
    assert 'href="/workers"' in emil.get("/my-people").text
    assert 'href="/my-people"' in emil.get("/workers").text
    assert 'href="/my-people"' not in signed_in_as(cast.cora).get("/workers").text


def test_no_count_tells_of_a_walk_in(cast: Cast, started: tuple[Cohort, list[Enrollment]]) -> None:
    before = own_people(cast.emil).unnamed_count
    enroll_walk_in(
        walk_in_id=uuid7(), name="Wilma Door", employer=cast.steel.name, cohort=started[0], now=LATER
    )
    db.session.commit()
    assert own_people(cast.emil).unnamed_count == before
