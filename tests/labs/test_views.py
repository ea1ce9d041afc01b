"""Screens of labs, courses and worksites: who may, what happens, what is refused."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.labs.models import Course, Lab, Worksite
from labtracker.scheduling.models import Deployment
from tests.cast import Cast

Signer = Callable[[Person], FlaskClient]

LAB = {
    "name": "Robotics lab",
    "seats": "6",
    "home_zip": "81501",
    "setup_hours": "3.5",
    "teardown_hours": "3",
    "mph": "45",
}
SITE = {"name": "Feed store lot", "address": "12 Main Street", "zip": "81052"}
COURSE = {
    "code": "ROB-1",
    "title": "Robot cells",
    "title_es": "Celdas robóticas",
    "contact_hours": "16",
    "minimum_percent": "75",
    "pass_mark": "60",
    "grace_minutes": "5",
    "skills-0-code": "STOP",
    "skills-0-title": "Emergency stop",
    "skills-0-required": "y",
    "skills-1-code": "",
    "skills-1-title": "",
}


def _pages(cast: Cast) -> dict[str, tuple[str, ...]]:
    lab, course, site = cast.welding_lab.id, cast.welding.id, cast.dairy_site.id
    return {
        "staff": ("/labs", f"/labs/{lab}"),
        "everybody": ("/courses", f"/courses/{course}", "/worksites"),
        "own": (f"/worksites/{site}",),
        "coordinators": (
            "/labs/new",
            f"/labs/{lab}/edit",
            "/courses/new",
            f"/courses/{course}/edit",
            "/imports/labs",
            "/imports/courses",
            "/imports/worksites",
        ),
        "editors": ("/worksites/new", f"/worksites/{site}/edit"),
    }


def test_each_role_opens_what_is_its_own(cast: Cast, signed_in_as: Signer) -> None:
    pages = _pages(cast)
    expected = {
        "cora": {"staff": 200, "everybody": 200, "own": 200, "coordinators": 200, "editors": 200},
        "ada": {"staff": 200, "everybody": 200, "own": 200, "coordinators": 200, "editors": 200},
        "tom": {"staff": 200, "everybody": 200, "own": 200, "coordinators": 403, "editors": 403},
        "stella": {"staff": 403, "everybody": 200, "own": 200, "coordinators": 403, "editors": 200},
        "rita": {"staff": 403, "everybody": 200, "own": 404, "coordinators": 403, "editors": 403},
    }
    for name, answers in expected.items():
        browser = signed_in_as(getattr(cast, name))
        for group, status in answers.items():
            for path in pages[group]:
                assert browser.get(path).status_code == status, (name, path)


def test_strangers_are_led_to_the_sign_in_or_find_nothing(
    cast: Cast, client: FlaskClient, signed_in_as: Signer
) -> None:
    for group in _pages(cast).values():
        for path in group:
            assert client.get(path).status_code in (302, 401), path
    emil = signed_in_as(cast.emil)
    site = f"/worksites/{cast.dairy_site.id}"
    assert emil.get(site).status_code == 404
    assert emil.get(f"{site}/edit").status_code == 404
    assert emil.post(f"{site}/archiving").status_code == 404
    assert "Milking barn lot" not in emil.get("/worksites").text


def test_what_posts_only_posts(cast: Cast, signed_in_as: Signer) -> None:
    cora = signed_in_as(cast.cora)
    for path in (
        f"/labs/{cast.welding_lab.id}/retirement",
        f"/labs/{cast.welding_lab.id}/restoration",
        f"/labs/{cast.welding_lab.id}/deletion",
        f"/courses/{cast.welding.id}/archiving",
        f"/worksites/{cast.dairy_site.id}/rurality",
    ):
        assert cora.get(path).status_code == 405
        assert signed_in_as(cast.tom).post(path).status_code == 403
    assert cora.post("/labs").status_code == 405
    assert cora.get("/imports/people").status_code == 404


def test_a_coordinator_adds_a_lab(cast: Cast, signed_in_as: Signer) -> None:
    cora = signed_in_as(cast.cora)
    answer = cora.post("/labs/new", data={**LAB, "courses": [str(cast.wiring.id)]}, follow_redirects=True)
    assert answer.status_code == 200
    added = db.session.scalars(sa.select(Lab).where(Lab.name == "Robotics lab")).one()
    assert (added.home_city, added.latitude is not None, added.courses) == (
        "Grand Junction",
        True,
        [cast.wiring],
    )
    assert "Robotics lab is in service." in answer.text


def test_what_was_typed_stays_when_something_is_wrong(cast: Cast, signed_in_as: Signer) -> None:
    wrong = {**LAB, "seats": "0", "home_zip": "8105", "name": "<script>alert(1)</script>"}
    answer = signed_in_as(cast.cora).post("/labs/new", data=wrong)
    assert answer.status_code == 422
    assert "A number from 1 to 60." in answer.text
    assert "A ZIP code has five digits" in answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Lab)) == 2


def test_two_people_edit_one_lab(cast: Cast, signed_in_as: Signer) -> None:
    path = f"/labs/{cast.welding_lab.id}/edit"
    cora, ada = signed_in_as(cast.cora), signed_in_as(cast.ada)
    first, second = _form_of(cora.get(path).text), _form_of(ada.get(path).text)
    assert cora.post(path, data={**first, "seats": "10"}).status_code == 303
    refused = ada.post(path, data={**second, "mph": "40"})
    assert refused.status_code == 409
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", refused.text)).split())
    assert "Cora Lindqvist saved it last" in words
    assert "Seats 10 8" in words
    assert "Speed on the road, miles per hour 50 40" in words
    db.session.expire_all()
    assert (cast.welding_lab.seats, cast.welding_lab.mph) == (10, 50)
    again = {**_form_of(refused.text), "seats": "10"}
    assert again["mph"] == "40"
    assert ada.post(path, data=again).status_code == 303
    db.session.expire_all()
    assert (cast.welding_lab.seats, cast.welding_lab.mph) == (10, 40)


def _form_of(page: str) -> dict[str, str]:
    found = re.findall(r"<input[^>]*>", page.split('<form class="form"')[1])
    values = {}
    for tag in found:
        attributes = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in attributes:
            values[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return values


def test_a_lab_in_use_is_retired_and_comes_back(cast: Cast, signed_in_as: Signer, now: datetime) -> None:
    lab = cast.welding_lab
    db.session.add(
        Deployment(lab=lab, worksite=cast.campus, blocks_from=now, blocks_until=now.replace(hour=20),
                   created_at=now)
    )  # fmt: skip
    db.session.commit()
    cora = signed_in_as(cast.cora)
    refused = cora.post(f"/labs/{lab.id}/deletion")
    assert refused.status_code == 409
    assert "It can be retired" in refused.text
    assert cora.post(f"/labs/{lab.id}/retirement", follow_redirects=True).status_code == 200
    assert "Welding lab" not in _main(cora.get("/labs").text)
    assert "Welding lab" in _main(cora.get("/labs?show=retired").text)
    cora.post(f"/labs/{lab.id}/restoration")
    assert "Welding lab" in _main(cora.get("/labs").text)
    assert cora.post(f"/labs/{cast.wiring_lab.id}/deletion", follow_redirects=True).status_code == 200
    assert db.session.get(Lab, cast.wiring_lab.id, populate_existing=True) is None


def _main(page: str) -> str:
    return page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""


def test_a_course_with_skills_is_added_and_changed(cast: Cast, signed_in_as: Signer) -> None:
    cora = signed_in_as(cast.cora)
    more = cora.post("/courses/new", data={**COURSE, "more": "1"})
    assert more.status_code == 200
    assert 'value="Emergency stop"' in more.text
    assert "skills-3-code" in more.text
    assert cora.post("/courses/new", data=COURSE).status_code == 303
    course = db.session.scalars(sa.select(Course).where(Course.code == "ROB-1")).one()
    assert (float(course.minimum_share), course.assessment_required) == (0.75, False)
    assert [skill.code for skill in course.skills] == ["STOP"]
    path = f"/courses/{course.id}/edit"
    form = _form_of(cora.get(path).text)
    assert form["minimum_percent"] == "75"
    form["skills-1-code"] = "HOME"
    refused = cora.post(path, data=form)
    assert refused.status_code == 422
    assert "A skill needs a code and an English title." in refused.text
    form["skills-1-title"] = "Homing"
    assert cora.post(path, data=form).status_code == 303
    db.session.expire_all()
    assert [skill.code for skill in course.skills] == ["STOP", "HOME"]
    assert (
        "Celdas robóticas"
        in signed_in_as(cast.tom).get(f"/courses/{course.id}", headers={"Accept-Language": "es"}).text
    )


def test_a_taken_course_code_is_refused_beside_its_field(cast: Cast, signed_in_as: Signer) -> None:
    answer = signed_in_as(cast.cora).post("/courses/new", data={**COURSE, "code": "WLD-101"})
    assert answer.status_code == 422
    assert "There is already a course with this code." in answer.text


def test_an_archived_course_is_seen_by_staff_only(cast: Cast, signed_in_as: Signer) -> None:
    cora, stella = signed_in_as(cast.cora), signed_in_as(cast.stella)
    page = f"/courses/{cast.welding.id}"
    assert cora.post(f"{page}/archiving").status_code == 303
    assert (cora.get(page).status_code, stella.get(page).status_code) == (200, 404)
    assert cora.post(f"{page}/restoration").status_code == 303
    assert stella.get(page).status_code == 200


def test_an_employer_adds_and_archives_its_own_worksite(cast: Cast, signed_in_as: Signer) -> None:
    stella = signed_in_as(cast.stella)
    page = stella.post("/worksites/new", data={**SITE, "organization_id": str(cast.dairy.id)},
                       follow_redirects=True)  # fmt: skip
    assert page.status_code == 200
    assert "Prowers County is RUCC 7" in page.text
    assert "Please confirm with your local area" in page.text
    assert "Decide otherwise" not in page.text
    site = db.session.scalars(sa.select(Worksite).where(Worksite.name == SITE["name"])).one()
    assert stella.post(f"/worksites/{site.id}/rurality").status_code == 403
    for verb, gone in (("archiving", True), ("restoration", False)):
        assert stella.post(f"/worksites/{site.id}/{verb}").status_code == 303
        db.session.expire_all()
        assert (site.archived_at is not None) is gone
    assert stella.post(f"/worksites/{site.id}/deletion").status_code == 303
    other = stella.post("/worksites/new", data={**SITE, "organization_id": str(cast.steel.id)})
    assert other.status_code == 422


def test_a_zip_that_does_not_exist_is_refused_beside_its_field(cast: Cast, signed_in_as: Signer) -> None:
    data = {**SITE, "zip": "80000", "organization_id": str(cast.dairy.id)}
    answer = signed_in_as(cast.stella).post("/worksites/new", data=data)
    assert answer.status_code == 422
    assert "There is no ZIP code 80000." in answer.text
    assert 'value="Feed store lot"' in answer.text


def test_a_coordinator_decides_about_rurality(cast: Cast, signed_in_as: Signer) -> None:
    cora, page = signed_in_as(cast.cora), f"/worksites/{cast.steel_site.id}"
    refused = cora.post(f"{page}/rurality", data={"is_rural": "yes", "reason": ""})
    assert refused.status_code == 422
    assert "Please fill this in." in refused.text
    cora.post(f"{page}/rurality", data={"is_rural": "yes", "reason": "RUCA 10 tract"})
    shown = cora.get(page).text
    assert "Counted as rural by decision: RUCA 10 tract" in shown
    assert "Decided by Cora Lindqvist" in shown
    assert "Mill gate 3" in _main(cora.get("/worksites?show=rural").text)
    cora.post(f"{page}/rurality/withdrawal")
    assert "Mill gate 3" in _main(cora.get("/worksites?show=metro").text)


@pytest.mark.parametrize("path", ["/labs", "/courses", "/worksites"])
def test_an_empty_list_says_what_to_do(cast: Cast, signed_in_as: Signer, path: str, now: datetime) -> None:
    for model in (Lab, Course, Worksite):
        column = model.retired_at if model is Lab else model.archived_at
        db.session.execute(sa.update(model).values({column: now}))
    db.session.commit()
    assert "yet" in signed_in_as(cast.cora).get(path).text
