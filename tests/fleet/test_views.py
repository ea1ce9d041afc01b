"""Screens of the fleet: who may, what happens, what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import (
    ClosedDay,
    Closure,
    DriverLicence,
    EquipmentItem,
    Inspection,
    Leave,
    TaughtCourse,
    TowVehicle,
)
from labtracker.kit.time import utc_now
from labtracker.scheduling.models import Deployment
from tests.cast import Cast
from tests.fleet.builders import broken_item, closed_day, closure, inspection, leave, licence, tractor
from tests.scheduling.builders import planned, quiet_monday

Signer = Callable[[Person], FlaskClient]
FAR = date(2031, 3, 3)


def one(model: Any) -> Any:
    db.session.expire_all()
    return db.session.scalars(sa.select(model)).one()


def fresh(model: Any, key: UUID) -> Any:
    db.session.expire_all()
    return db.session.get(model, key)


def seen_by(deployment: Deployment) -> dict[str, str]:
    """The version that a form carries."""
    return {"version": str(fresh(Deployment, deployment.id).version)}


def test_each_role_opens_what_is_its_own(cast: Cast, client: FlaskClient, signed_in_as: Signer) -> None:
    truck, item, due = tractor(cast), broken_item(cast, FAR), inspection(cast, FAR)
    days = closure(cast, FAR, FAR)
    db.session.commit()
    lab = cast.welding_lab.id
    lists = [
        "",
        "/vehicles",
        "/vehicles/new",
        "/crew",
        "/equipment",
        "/closures",
        "/closures/new",
        "/mileage",
    ]
    edits = [
        f"/vehicles/{truck.id}/edit", f"/equipment/{item.id}", f"/labs/{lab}/equipment/new",
        f"/labs/{lab}/inspections/new", f"/vehicles/{truck.id}/inspections/new", f"/inspections/{due.id}",
        f"/crew/{cast.tess.id}",
    ]  # fmt: skip
    seen = [
        f"/vehicles/{truck.id}",
        f"/labs/{lab}",
        f"/closures/{days.id}",
        "/closed-days",
        f"/crew/{cast.tom.id}",
    ]
    expected = {cast.cora: (200, 200), cast.ada: (200, 200), cast.tom: (403, 200), cast.emil: (403, 403)}
    for person, (changes, looks) in expected.items():
        browser = signed_in_as(person)
        for path in lists + edits:
            status = 404 if person is cast.tom and path == f"/crew/{cast.tess.id}" else changes
            assert browser.get(f"/fleet{path}").status_code == status, (person.name, path)
        for path in seen:
            assert browser.get(f"/fleet{path}").status_code == looks, (person.name, path)
    assert signed_in_as(cast.tom).get("/fleet/me").status_code == 200
    assert all(client.get(f"/fleet{path}").status_code == 302 for path in [*lists, *edits, *seen, "/me"])


def test_what_posts_only_posts_and_only_for_coordinators(cast: Cast, signed_in_as: Signer) -> None:
    truck, item, due, days = (
        tractor(cast),
        broken_item(cast, FAR),
        inspection(cast, FAR),
        closure(cast, FAR, FAR),
    )
    day, deployment = closed_day(cast, FAR), planned(cast, utc_now(), **_coming())
    db.session.commit()
    cora, tom = signed_in_as(cast.cora), signed_in_as(cast.tom)
    for path in (
        f"/fleet/vehicles/{truck.id}/retirement", f"/fleet/vehicles/{truck.id}/restoration",
        f"/fleet/crew/{cast.tom.id}/licence", f"/fleet/crew/{cast.tom.id}/courses",
        f"/fleet/equipment/{item.id}/outage", f"/fleet/equipment/{item.id}/repair",
        f"/fleet/equipment/{item.id}/removal", f"/fleet/inspections/{due.id}/ending",
        f"/fleet/closed-days/{day.id}/removal", f"/fleet/closures/{days.id}/ending",
        f"/fleet/closures/{days.id}/last-day", f"/deployments/{deployment.id}/vehicle",
        f"/deployments/{deployment.id}/odometer", f"/deployments/{deployment.id}/way-out",
    ):  # fmt: skip
        assert cora.get(path).status_code == 405, path
        assert tom.post(path).status_code == 403, path
    assert tom.post("/fleet/closed-days", data={"closed_on": "2031-03-04", "name": "Mine"}).status_code == 403


def _coming() -> dict[str, Any]:
    monday = quiet_monday(utc_now())
    return {"first_on": monday, "windows": [(monday, monday + timedelta(days=18))]}


def test_a_vehicle_is_added_changed_and_retired(cast: Cast, signed_in_as: Signer) -> None:
    cora = signed_in_as(cast.cora)
    said = {"name": "Tractor 1", "plate": "dzm 418", "weight_lb": "18000", "mph": "55"}
    refused = cora.post("/fleet/vehicles/new", data={**said, "weight_lb": "12"})
    assert refused.status_code == 422
    assert 'value="Tractor 1"' in refused.text, "nothing typed is lost"
    answer = cora.post("/fleet/vehicles/new", data={**said, "labs": [str(cast.welding_lab.id)]})
    assert answer.status_code == 303
    truck = one(TowVehicle)
    page = cora.get(f"/fleet/vehicles/{truck.id}")
    assert "DZM 418" in page.text
    assert "49 CFR 383.5" in page.text
    edit = f"/fleet/vehicles/{truck.id}/edit"
    version = str(truck.version)
    assert cora.post(edit, data={**said, "mph": "50", "version": version}).status_code == 303
    late = cora.post(edit, data={**said, "mph": "45", "version": version})
    assert (late.status_code, "Somebody else changed this" in late.text) == (422, True)
    assert cora.post(f"/fleet/vehicles/{truck.id}/retirement").status_code == 303
    link = f'href="/fleet/vehicles/{truck.id}"'
    assert link not in cora.get("/fleet/vehicles").text
    assert link in cora.get("/fleet/vehicles?show=retired").text
    assert cora.post(f"/fleet/vehicles/{truck.id}/restoration").status_code == 303
    assert fresh(TowVehicle, truck.id).retired_at is None


def test_a_coordinator_notes_license_and_courses(cast: Cast, signed_in_as: Signer) -> None:
    cora, page = signed_in_as(cast.cora), f"/fleet/crew/{cast.tom.id}"
    assert cora.post(f"{page}/licence", data={"licence_class": "A", "expires_on": ""}).status_code == 422
    assert (
        cora.post(f"{page}/licence", data={"licence_class": "A", "expires_on": "2031-01-02"}).status_code
        == 303
    )
    assert one(DriverLicence).expires_on == date(2031, 1, 2)
    assert cora.post(f"{page}/courses", data={"courses": [str(cast.wiring.id)]}).status_code == 303
    taught = sa.select(TaughtCourse.course_id).where(TaughtCourse.person_id == cast.tom.id)
    assert list(db.session.scalars(taught)) == [cast.wiring.id]
    assert cora.post(f"{page}/courses", data={"courses": ["nothing"]}).status_code == 422
    assert cora.get(f"/fleet/crew/{cast.emil.id}").status_code == 404, "an employer is no crew"


def test_the_first_page_says_what_is_due(cast: Cast, signed_in_as: Signer) -> None:
    cora = signed_in_as(cast.cora)
    assert "Nothing is due" in cora.get("/fleet").text
    today = utc_now().date()
    licence(cast.tom, until=today + timedelta(days=20))
    inspection(cast, today - timedelta(days=3))
    broken_item(cast, today)
    closure(cast, today, today)
    db.session.commit()
    text = cora.get("/fleet").text
    for words in (
        "Tom Baca",
        "Annual federal",
        "Annual safety inspection",
        "overdue",
        "stops WLD-101",
        "repair",
    ):
        assert (words in text) is (words != "Annual federal"), words


def test_equipment_goes_on_the_list_and_out_of_order(cast: Cast, signed_in_as: Signer) -> None:
    cora, lab = signed_in_as(cast.cora), cast.welding_lab
    said = {"name": "Fume extraction", "count": "1", "courses": [str(cast.welding.id)]}
    assert cora.post(f"/fleet/labs/{lab.id}/equipment/new", data={**said, "count": "0"}).status_code == 422
    assert cora.post(f"/fleet/labs/{lab.id}/equipment/new", data=said).status_code == 303
    item = one(EquipmentItem)
    page = f"/fleet/equipment/{item.id}"
    wrong = {"since": "2031-03-03", "until": "2031-03-01", "note": "Fan bearing"}
    refused = cora.post(f"{page}/outage", data=wrong)
    assert (refused.status_code, "Fan bearing" in refused.text) == (422, True)
    assert cora.post(f"{page}/outage", data={**wrong, "until": ""}).status_code == 303
    assert "Fan bearing" in cora.get(f"/fleet/labs/{lab.id}").text or fresh(EquipmentItem, item.id).out_note
    for path in (f"/labs/{lab.id}", f"/fleet/labs/{lab.id}"):
        assert "Fume extraction" in signed_in_as(cast.tom).get(path).text
    assert cora.post(f"{page}/repair").status_code == 303
    assert fresh(EquipmentItem, item.id).out_since is None
    assert cora.post(page, data={**said, "count": "2", "version": str(item.version)}).status_code == 303
    assert fresh(EquipmentItem, item.id).count == 2
    assert cora.post(f"{page}/removal").status_code == 303
    assert cora.get(page).status_code == 404


def test_an_inspection_comes_round_until_it_is_ended(cast: Cast, signed_in_as: Signer) -> None:
    cora, truck, today = signed_in_as(cast.cora), tractor(cast), utc_now().date()
    db.session.commit()
    new = f"/fleet/vehicles/{truck.id}/inspections/new"
    said = {"name": "Brakes", "every_months": "6"}
    tomorrow = (today + timedelta(days=2)).isoformat()
    assert cora.post(new, data={**said, "done_on": tomorrow}).status_code == 422
    long_ago = (today - timedelta(days=400)).isoformat()
    assert cora.post(new, data={**said, "done_on": long_ago}).status_code == 303
    due = one(Inspection)
    assert "overdue" in cora.get(f"/fleet/vehicles/{truck.id}").text
    page = f"/fleet/inspections/{due.id}"
    stale = {"done_on": (today - timedelta(days=900)).isoformat(), "version": str(due.version)}
    assert cora.post(page, data=stale).status_code == 422
    done = {"done_on": (today - timedelta(days=1)).isoformat(), "version": str(due.version)}
    assert cora.post(page, data=done).status_code == 303
    assert fresh(Inspection, due.id).next_due_on > today
    assert cora.post(f"{page}/ending").status_code == 303
    assert cora.get(page).status_code == 404
    assert cora.get(f"/fleet/labs/{cast.welding_lab.id}/inspections/new").status_code == 200


def test_closed_days_stand_beside_the_holidays_of_a_state(cast: Cast, signed_in_as: Signer) -> None:
    cora = signed_in_as(cast.cora)
    page = "/fleet/closed-days?state=CO&year=2031"
    assert "Independence Day" in cora.get(page).text
    holiday = cora.post(page, data={"closed_on": "2031-07-04", "name": "Fireworks"})
    assert (holiday.status_code, "Fireworks" in holiday.text) == (422, True)
    assert cora.post(page, data={"closed_on": "2031-03-03", "name": "Staff day"}).status_code == 303
    assert "Staff day" in signed_in_as(cast.tom).get(page).text
    assert cora.post(f"/fleet/closed-days/{one(ClosedDay).id}/removal").status_code == 303
    assert db.session.scalars(sa.select(ClosedDay)).all() == []
    for odd in ("?state=XX", "?year=abc", "?year=9999", "?year=-5"):
        assert cora.get(f"/fleet/closed-days{odd}").status_code == 200


def test_days_off_show_what_they_break_before_they_are_saved(cast: Cast, signed_in_as: Signer) -> None:
    coming = _coming()
    planned(cast, utc_now(), **coming)
    db.session.commit()
    tom, path = signed_in_as(cast.tom), f"/fleet/crew/{cast.tom.id}/leave/new"
    tuesday = (coming["first_on"] + timedelta(days=1)).isoformat()
    said = {"starts_on": tuesday, "ends_on": tuesday}
    shown = tom.post(path, data=said)
    assert (shown.status_code, "1 deployment lies in these days" in shown.text) == (422, True)
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', shown.text)
    assert seen is not None
    assert db.session.scalars(sa.select(Leave)).all() == []
    assert tom.post(path, data={**said, "seen": seen[1]}).status_code == 303
    mine = one(Leave)
    assert mine.starts_on.isoformat() == tuesday
    tess = signed_in_as(cast.tess)
    assert tess.get(path).status_code == 404
    assert tess.post(path, data=said).status_code == 404
    assert tess.post(f"/fleet/leave/{mine.id}/withdrawal").status_code == 404
    assert tom.get(f"/fleet/leave/{mine.id}/withdrawal").status_code == 405
    backwards = {"starts_on": "2031-03-03", "ends_on": "2031-03-01"}
    refused = tom.post(path, data=backwards)
    assert (refused.status_code, "The last day is before the first" in refused.text) == (422, True)
    assert tom.post(f"/fleet/leave/{mine.id}/withdrawal").status_code == 303
    assert fresh(Leave, mine.id).withdrawn_at is not None


@pytest.mark.parametrize("what", ["lab", "vehicle"])
def test_a_closure_is_shown_first_saved_anyway_and_listed_until_it_is_dealt_with(
    cast: Cast, signed_in_as: Signer, what: str
) -> None:
    truck, spare = tractor(cast, weight_lb=9000), tractor(cast, name="Spare", weight_lb=9000)
    cast.welding_lab.weight_lb = 9000
    coming = _coming()
    deployment = planned(cast, utc_now(), vehicle=truck, **coming)
    db.session.commit()
    cora = signed_in_as(cast.cora)
    first = deployment.blocks_from.date().isoformat()
    of = cast.welding_lab if what == "lab" else truck
    said = {"of": str(of.id), "kind": "repair", "starts_on": first, "ends_on": first, "note": "Axle"}
    shown = cora.post("/fleet/closures/new", data=said)
    assert (shown.status_code, "1 deployment lies in these days" in shown.text) == (422, True)
    assert db.session.scalars(sa.select(Closure)).all() == []
    assert cora.post("/fleet/closures/new", data={**said, "seen": str(deployment.id)}).status_code == 303
    days = one(Closure)
    page = f"/fleet/closures/{days.id}"
    assert "1 deployment has to be re-planned" in cora.get(page).text
    assert "1 deployment" in cora.get("/fleet/closures").text
    assert "Out of service" not in signed_in_as(cast.tom).get(page).text.partition("<main")[0]
    assert f"/deployments/{deployment.id}" in signed_in_as(cast.tom).get(page).text
    assert "None of your deployments lies in these days." in signed_in_as(cast.tess).get(page).text
    if what == "lab":
        way = re.search(r'name="first_on" value="([^"]+)"', cora.get(page).text)
        assert way is not None, "another day was checked to work"
        took = {
            "first_on": way[1],
            "version": str(fresh(Deployment, deployment.id).version),
            "closure": days.id,
        }
        moved = cora.post(f"/deployments/{deployment.id}/way-out", data=took)
        outcome = "goes on other days"
    else:
        assert f'value="{spare.id}"' in cora.get(page).text
        took = {
            "vehicle": str(spare.id),
            "version": str(fresh(Deployment, deployment.id).version),
            "closure": days.id,
        }
        moved = cora.post(f"/deployments/{deployment.id}/vehicle", data=took)
        outcome = "goes with another vehicle"
    assert moved.status_code == 303
    assert moved.location.endswith(page)
    text = cora.get(page).text
    assert "All of it is dealt with" in text
    assert outcome in text


def test_a_closure_is_lengthened_and_ended(cast: Cast, signed_in_as: Signer) -> None:
    today = utc_now().date()
    days = closure(cast, today - timedelta(days=2), today + timedelta(days=3))
    db.session.commit()
    cora, page = signed_in_as(cast.cora), f"/fleet/closures/{days.id}"
    longer = (today + timedelta(days=9)).isoformat()
    assert cora.post(f"{page}/last-day", data={"ends_on": longer, "version": "99"}).status_code == 422
    assert cora.post(f"{page}/last-day", data={"ends_on": longer, "version": "1"}).status_code == 303
    assert fresh(Closure, days.id).ends_on == today + timedelta(days=9)
    assert cora.post(f"{page}/ending").status_code == 303
    assert cora.post(f"{page}/ending").status_code == 409
    assert "Welding lab" in cora.get("/fleet/closures?show=past").text


def test_the_plan_page_offers_vehicles_and_a_deployment_takes_one(cast: Cast, signed_in_as: Signer) -> None:
    truck = tractor(cast)
    deployment = planned(cast, utc_now(), **_coming())
    db.session.commit()
    cora, page = signed_in_as(cast.cora), f"/deployments/{deployment.id}"
    assert "No tow vehicle is chosen" in cora.get(page).text
    said = {"vehicle": str(truck.id), "vehicle_stays": "y", "version": str(deployment.version)}
    assert cora.post(f"{page}/vehicle", data=said).status_code == 303
    towed = fresh(Deployment, deployment.id)
    assert (towed.vehicle_id, towed.vehicle_stays) == (truck.id, True)
    assert "need a commercial license of class A" in cora.get(page).text
    assert cora.post(f"{page}/vehicle", data={**said, "vehicle": str(cast.tom.id)}).status_code == 422
    assert (
        cora.post(f"{page}/vehicle", data={"vehicle": "", "version": str(towed.version)}).status_code == 303
    )
    assert fresh(Deployment, deployment.id).vehicle_id is None


def test_miles_are_reckoned_until_the_odometer_is_read(cast: Cast, signed_in_as: Signer) -> None:
    deployment = planned(
        cast, utc_now(), worksite=cast.dairy_site, employer=cast.dairy, actor=cast.stella, **_coming()
    )
    left = utc_now() - timedelta(days=3)
    deployment.blocks_from, deployment.blocks_until = left, left + timedelta(days=1)
    db.session.commit()
    cora, page = signed_in_as(cast.cora), f"/deployments/{deployment.id}"
    reckoned = cora.get("/fleet/mileage").text
    assert "Welding lab: 282 miles" in reckoned
    assert "reckoned" in reckoned
    assert cora.post(f"{page}/odometer", data={"miles": "-4"}).status_code == 422
    assert cora.post(f"{page}/odometer", data={"miles": "295"}).status_code == 303
    read = cora.get("/fleet/mileage").text
    assert "Welding lab: 295 miles" in read
    assert "read off" in read
    assert cora.get("/fleet/mileage?year=abc").status_code == 200
    assert "Welding lab" not in cora.get("/fleet/mileage?year=2001").text


def test_ways_out_that_are_no_ways_are_refused(cast: Cast, signed_in_as: Signer) -> None:
    deployment = planned(cast, utc_now(), **_coming())
    closure(cast, deployment.blocks_from.date(), deployment.blocks_until.date())
    db.session.commit()
    cora, path = signed_in_as(cast.cora), f"/deployments/{deployment.id}/way-out"
    was = deployment.blocks_from
    for said in ({"lab": str(cast.wiring_lab.id)}, {"first_on": "2020-01-06"}, {"version": "1"}):
        answer = cora.post(path, data=said, follow_redirects=True)
        assert answer.status_code == 200, said
        assert fresh(Deployment, deployment.id).blocks_from == was
    for said, words in (
        ({"lab": "no lab"}, "no such lab"),
        ({"first_on": "soon"}, "no day"),
        ({"first_on": "0001-01-01"}, "no day"),
        ({"first_on": "9999-12-31"}, "no day"),
    ):
        assert words in cora.post(path, data=said, follow_redirects=True).text


def test_leave_of_somebody_who_left_the_crew_is_not_shown(cast: Cast, signed_in_as: Signer) -> None:
    leave(cast.tess, FAR, FAR)
    cast.tess.memberships[0].ended_at = utc_now()
    db.session.commit()
    assert "Tess Nakai" not in signed_in_as(cast.cora).get("/fleet/crew").text
