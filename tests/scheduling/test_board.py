"""The board's page, what its script asks and does, and the plain page that does the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.scheduling import queries, services
from labtracker.scheduling.models import BookingRequest, Deployment, DeploymentMove
from tests.cast import Cast
from tests.fleet.builders import closure
from tests.scheduling.builders import planned, quiet_monday, submitted

Signer = Callable[[Person], FlaskClient]
JSON = {"Accept": "application/json"}


@pytest.fixture
def now() -> datetime:
    """Views read the clock, so here the story happens today."""
    return utc_now()


@pytest.fixture
def monday(now: datetime) -> date:
    return quiet_monday(now)


@pytest.fixture
def stay(cast: Cast, now: datetime, monday: date) -> Deployment:
    deployment = another(cast, now, monday)
    db.session.commit()
    return deployment


@pytest.fixture
def asked(cast: Cast, now: datetime, monday: date) -> BookingRequest:
    booking = submitted(cast, now, windows=[(monday, monday + timedelta(days=24))])
    db.session.commit()
    return booking


@pytest.fixture
def cora(cast: Cast, signed_in_as: Signer) -> FlaskClient:
    return signed_in_as(cast.cora)


def another(cast: Cast, now: datetime, first_on: date) -> Deployment:
    """One more of the same, with the same lab and trainer."""
    return planned(cast, now, first_on=first_on, windows=[(first_on, first_on + timedelta(days=24))])


def first_day(stay: Deployment) -> date:
    db.session.expire_all()
    rows = queries.standing_sessions(stay)
    return local_day(rows[0][0].starts_at, stay.worksite.zone)


def place(cast: Cast, first_on: date, version: int, **more: Any) -> dict[str, Any]:
    return {
        "lab": cast.welding_lab.id,
        "first_on": first_on.isoformat(),
        "trainers": [str(cast.tom.id)],
        "version": version,
        **more,
    }


def check(browser: FlaskClient, **asked: Any) -> Any:
    answer = browser.get("/board/check", query_string=asked, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json


# --- the page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks", [6, 13, 26, 52])
def test_a_board_shows_as_many_weeks_as_are_asked_for(
    cora: FlaskClient, stay: Deployment, monday: date, weeks: int
) -> None:
    page = cora.get(f"/board?from={monday}&weeks={weeks}").text
    assert f'colspan="{weeks}"' in page
    assert f'/deployments/{stay.id}" data-day="{monday}"' in page
    assert "Mill gate 3, Pueblo:" in page


def test_what_nobody_means_shows_the_usual_board(cora: FlaskClient) -> None:
    page = cora.get("/board?weeks=7&lab=x&course=&status=cancelled&county=%25&from=0001-01-01")
    assert page.status_code == 200
    assert 'colspan="6"' in page.text


@pytest.mark.parametrize(
    ("asked", "is_shown"),
    [
        ({"status": "tentative"}, True),
        ({"status": "confirmed"}, False),
        ({"county": "08101"}, True),
        ({"county": "08099"}, False),
        ({"q": "mill GATE"}, True),
        ({"q": "steel works"}, True),
        ({"q": "100%"}, False),
    ],
)
def test_filters_narrow_the_board_and_keep_what_is_taken(
    cora: FlaskClient, stay: Deployment, monday: date, asked: dict[str, str], is_shown: bool
) -> None:
    page = cora.get("/board", query_string={"from": monday, **asked}).text
    assert (f"/deployments/{stay.id}" in page) is is_shown
    # Its lab is not free, though nobody asked for who takes it.
    assert ("lane__others" in page) is not is_shown


def test_lab_and_course_narrow_it_too(cora: FlaskClient, cast: Cast, stay: Deployment, monday: date) -> None:
    here = cora.get(f"/board?from={monday}&lab={cast.wiring_lab.id}").text
    assert f'data-lab="{cast.wiring_lab.id}"' in here
    assert f'data-lab="{cast.welding_lab.id}"' not in here
    assert f"/deployments/{stay.id}" in cora.get(f"/board?from={monday}&course={cast.welding.id}").text
    assert f"/deployments/{stay.id}" not in cora.get(f"/board?from={monday}&course={cast.wiring.id}").text


def test_the_same_as_a_list_leads_to_a_plain_page_for_each(
    cora: FlaskClient, stay: Deployment, monday: date
) -> None:
    page = cora.get(f"/board?from={monday}&view=list").text
    assert f"/deployments/{stay.id}/move" in page
    assert "<table" not in page
    assert "board.js" not in page


def test_days_on_which_a_lab_is_out_of_service_are_drawn_and_listed(
    cora: FlaskClient, cast: Cast, now: datetime, monday: date
) -> None:
    shut = closure(cast, monday + timedelta(days=2), monday + timedelta(days=3))
    cast.wiring_lab.retired_at = now
    db.session.commit()
    page = cora.get(f"/board?from={monday}&weeks=6").text
    # A week is 112 units wide: the third and the fourth day are the two behind 32.
    assert f'href="/fleet/closures/{shut.id}" aria-label="Out of service (repair): Wed' in page
    assert re.search(r'fill="url\(#shut\)" x="32.0" width="32.0"', page)
    assert "Mon" not in page.partition("Out of service (repair): ")[2][:40]
    assert f"/fleet/closures/{shut.id}" in cora.get(f"/board?from={monday}&view=list").text
    assert f"/fleet/closures/{shut.id}" not in cora.get(f"/board?from={monday + timedelta(weeks=7)}").text


def test_a_year_takes_no_more_questions_than_a_week(
    app: Flask, cora: FlaskClient, cast: Cast, stay: Deployment, monday: date, now: datetime
) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    cora.get(f"/board?from={monday}&weeks=6")
    few = len(asked)
    for week in (3, 6, 9):
        another(cast, now, monday + timedelta(weeks=week))
    db.session.commit()
    asked.clear()
    cora.get(f"/board?from={monday}&weeks=52")
    sa.event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == few


# --- what would be in the way ---------------------------------------------------------------------------


def test_where_it_stands_nothing_is_in_the_way(cora: FlaskClient, stay: Deployment, monday: date) -> None:
    found = check(cora, deployment=stay.id)
    assert found["target"] == found["subject"]["stands"]
    assert found["target"]["first_on"] == monday.isoformat()
    assert not found["blocked"]
    assert found["subject"]["version"] == stay.version
    assert found["subject"]["weekdays"] == [1, 2, 3, 4]
    assert [one["name"] for one in found["trainers"] if one["chosen"]] == ["Tom Baca"]


def test_a_conflict_says_what_with_whom_and_what_would_work(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date, now: datetime
) -> None:
    another(cast, now, monday + timedelta(days=14))
    db.session.commit()
    found = check(cora, deployment=stay.id, first_on=monday + timedelta(days=15))
    assert found["blocked"]
    conflict = next(one for one in found["conflicts"] if one["kind"] == "lab_taken")
    assert "Welding lab is taken by the deployment at Mill gate 3" in conflict["message"]
    assert conflict["message"] in found["says"]
    way = next(one for one in conflict["ways_out"] if one["kind"] == "other_day")
    again = check(cora, deployment=stay.id, to_lab=way["target"]["lab"], first_on=way["target"]["first_on"])
    assert not again["blocked"]
    assert first_day(stay) == monday


def test_somebody_else_can_stand_in(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date, now: datetime
) -> None:
    week = monday + timedelta(days=14)
    planned(
        cast,
        now,
        first_on=week,
        lab=cast.wiring_lab,
        course=cast.wiring,
        windows=[(week, week + timedelta(7))],
    )
    db.session.commit()
    (conflict,) = (
        one for one in check(cora, deployment=stay.id, first_on=week)["conflicts"] if one["blocks"]
    )
    assert conflict["kind"] == "person_taken"
    way = next(one for one in conflict["ways_out"] if one["kind"] == "other_person")
    assert way["target"]["trainers"] == [str(cast.tess.id)]
    assert not check(cora, deployment=stay.id, first_on=week, trainers=[cast.tess.id])["blocked"]


def test_a_waiting_request_gets_a_place_suggested(
    cora: FlaskClient, cast: Cast, asked: BookingRequest, monday: date
) -> None:
    found = check(cora, booking=asked.id)
    assert found["target"]["lab"] == str(cast.welding_lab.id)
    assert found["target"]["first_on"] == monday.isoformat()
    assert found["outline"]["train_width"] > 0
    assert len(found["target"]["trainers"]) == 1
    busy = check(cora, booking=asked.id, trainers=[cast.tom.id, cast.tess.id], first_on="2020-01-06")
    assert {one["kind"] for one in busy["conflicts"]} >= {"in_the_past"}


def test_what_has_begun_is_told_and_not_offered(
    cora: FlaskClient, cast: Cast, stay: Deployment, now: datetime
) -> None:
    queries.standing_sessions(stay)[0][0].opened_at = now
    db.session.commit()
    found = check(cora, deployment=stay.id)
    assert "Training has begun here" in found["fixed"]
    assert "target" not in found
    assert cora.get(f"/deployments/{stay.id}/move").status_code == 303
    assert ">Move<" not in cora.get(f"/deployments/{stay.id}").text


def test_questions_about_nothing_are_answered_in_the_one_shape(
    cora: FlaskClient, cast: Cast, stay: Deployment, signed_in_as: Signer
) -> None:
    for asked in ({}, {"deployment": cast.tom.id}, {"booking": cast.tom.id}, {"booking": "x"}):
        answer = cora.get("/board/check", query_string=asked, headers=JSON)
        assert answer.status_code == 404
        assert answer.json["errors"][0]["code"] == "not_found"
    assert cora.post("/board/check", headers=JSON).status_code == 405
    for somebody in (cast.tom, cast.emil, cast.rita):
        answer = signed_in_as(somebody).get(f"/board/check?deployment={stay.id}", headers=JSON)
        assert answer.status_code == 403
        assert answer.json["ok"] is False


# --- moving, placing, undoing ---------------------------------------------------------------------------


def test_the_script_moves_a_deployment_and_undoes_it(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date
) -> None:
    later = monday + timedelta(days=7)
    answer = cora.post(
        f"/deployments/{stay.id}/moves?from={monday}", data=place(cast, later, stay.version), headers=JSON
    )
    assert answer.status_code == 200
    assert answer.json["says"].startswith("Moved: Mill gate 3, Pueblo with Welding lab from")
    assert f'data-day="{later}"' in answer.json["lanes"][str(cast.welding_lab.id)]
    assert first_day(stay) == later
    assert "Undo" in cora.get("/board").text
    undone = cora.post(answer.json["undo"]["url"], headers=JSON)
    assert undone.status_code == 200
    assert undone.json["undo"] is None
    assert first_day(stay) == monday
    assert cora.post(answer.json["undo"]["url"], headers=JSON).status_code == 409


def test_the_script_places_a_request_and_takes_it_back(
    cora: FlaskClient, cast: Cast, asked: BookingRequest, monday: date
) -> None:
    answer = cora.post(
        f"/bookings/{asked.id}/placements?from={monday}",
        data=place(cast, monday, asked.version),
        headers=JSON,
    )
    assert answer.status_code == 200
    assert str(asked.id) not in answer.json["tray"]
    placed = db.session.scalars(sa.select(Deployment)).one()
    assert placed.status == "tentative"
    undone = cora.post(answer.json["undo"]["url"], headers=JSON)
    assert str(asked.id) in undone.json["tray"]
    db.session.expire_all()
    assert placed.status == "cancelled"
    assert asked.status == "under_review"


def test_whoever_comes_second_is_told_what_changed(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date, now: datetime
) -> None:
    seen = stay.version
    services.move_deployment(
        deployment=stay,
        actor=cast.ada,
        now=now,
        expected_version=seen,
        first_on=monday + timedelta(days=7),
    )
    db.session.commit()
    answer = cora.post(
        f"/deployments/{stay.id}/moves", data=place(cast, monday + timedelta(days=1), seen), headers=JSON
    )
    assert answer.status_code == 409
    (error,) = answer.json["errors"]
    assert error["code"] == "changed_meanwhile"
    assert "Ada Okafor" in error["message"]
    assert first_day(stay) == monday + timedelta(days=7)


def test_a_clash_is_refused_as_data(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date, now: datetime
) -> None:
    other = another(cast, now, monday + timedelta(days=14))
    db.session.commit()
    clash = place(cast, monday + timedelta(days=15), stay.version)
    answer = cora.post(f"/deployments/{stay.id}/moves", data=clash, headers=JSON)
    assert answer.status_code == 409
    (error,) = answer.json["errors"]
    assert error["code"] == "conflict"
    assert {one["kind"] for one in error["conflicts"]} == {"lab_taken", "person_taken"}
    assert {one["other"]["id"] for one in error["conflicts"]} == {str(other.id)}


@pytest.mark.parametrize("wrong", [{"lab": "x"}, {"first_on": "soon"}, {"trainers": []}])
def test_what_is_no_place_is_refused_by_field(
    cora: FlaskClient,
    cast: Cast,
    stay: Deployment,
    asked: BookingRequest,
    monday: date,
    wrong: dict[str, Any],
) -> None:
    data = {**place(cast, monday, stay.version), **wrong}
    for address in (f"/deployments/{stay.id}/moves", f"/bookings/{asked.id}/placements"):
        answer = cora.post(address, data=data, headers=JSON)
        assert answer.status_code == 422
        assert answer.json["errors"][0]["code"] == "not_valid"
    assert cora.post(f"/deployments/{stay.id}/moves", data=data).status_code == 422


def test_nobody_else_moves_places_or_undoes(
    cast: Cast, stay: Deployment, asked: BookingRequest, monday: date, now: datetime, signed_in_as: Signer
) -> None:
    made = services.move_deployment(
        deployment=stay, actor=cast.cora, now=now, expected_version=None, first_on=monday + timedelta(days=7)
    )
    db.session.commit()
    for somebody in (cast.tom, cast.emil, cast.stella):
        browser = signed_in_as(somebody)
        assert browser.get(f"/deployments/{stay.id}/move").status_code == 403
        for address in (
            f"/deployments/{stay.id}/moves",
            f"/bookings/{asked.id}/placements",
            f"/moves/{made.id}/undoing",
        ):
            assert browser.post(address, data=place(cast, monday, stay.version)).status_code == 403
    ada = signed_in_as(cast.ada)
    assert ada.post(f"/moves/{made.id}/undoing").status_code == 404
    assert ada.get(f"/moves/{made.id}/undoing").status_code == 405
    assert ada.get(f"/deployments/{stay.id}/moves").status_code == 405
    assert ada.get(f"/bookings/{asked.id}/placements").status_code == 405


def test_without_a_script_one_chooses_looks_and_moves(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date, now: datetime
) -> None:
    another(cast, now, monday + timedelta(days=14))
    db.session.commit()
    home = f"/deployments/{stay.id}/move"
    assert f'href="{home}"' in cora.get(f"/deployments/{stay.id}").text
    assert "Choose another lab, first day or crew" in cora.get(home).text
    page = cora.get(home, query_string=place(cast, monday + timedelta(days=15), stay.version))
    assert "Welding lab is taken" in page.text
    assert "Move it and tell everybody" not in page.text
    way = re.search(rf'href="({home}[^"]+)"', page.text)
    assert way
    page = cora.get(way[1].replace("&amp;", "&"))
    assert "Move it and tell everybody" in page.text
    form = page.text.partition(f'/deployments/{stay.id}/moves"')[2].partition("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    answer = cora.post(f"/deployments/{stay.id}/moves", data=dict(fields))
    assert answer.status_code == 303
    assert "Moved. Everybody concerned is told." in cora.get(answer.location).text
    assert first_day(stay) > monday + timedelta(days=15)
    assert cora.get(home, query_string={"lab": "x"}).status_code == 422
    made = db.session.scalars(sa.select(DeploymentMove)).one()
    assert cora.post(f"/moves/{made.id}/undoing").location == "/board"
    assert first_day(stay) == monday


def test_without_a_script_a_refusal_keeps_what_was_chosen(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date
) -> None:
    wrong = place(cast, monday + timedelta(days=7), 99)
    answer = cora.post(f"/deployments/{stay.id}/moves", data=wrong)
    assert answer.status_code == 409
    assert "Somebody changed this in the meantime" in answer.text
    assert f'value="{monday + timedelta(days=7)}"' in answer.text


def test_what_cannot_be_as_it_stands_is_told(
    cora: FlaskClient, cast: Cast, stay: Deployment, monday: date, signed_in_as: Signer
) -> None:
    address = f"/board/troubles?from={monday}"
    assert cora.get(address).json == {"ok": True, "troubles": []}
    closure(cast, monday, monday + timedelta(days=2))
    db.session.commit()
    (trouble,) = cora.get(address).json["troubles"]
    assert trouble["id"] == str(stay.id)
    assert trouble["lab"] == "Welding lab"
    assert trouble["messages"]
    assert cora.get(f"/board/troubles?from={monday + timedelta(weeks=8)}").json["troubles"] == []
    assert signed_in_as(cast.tom).get(address, headers=JSON).status_code == 403
    assert cora.post(address, headers=JSON).status_code == 405
