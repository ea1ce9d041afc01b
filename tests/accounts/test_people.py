"""People and organizations: who may invite, end, archive; what strangers get."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Membership, Organization, Person
from labtracker.accounts.rules import Role
from labtracker.accounts.trail_words import PAGES
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.kit.time import utc_now
from tests.cast import Cast

SignedInAs = Callable[[Person], FlaskClient]
NOBODY = "01957f2e-0000-7000-8000-000000000000"
PASSWORD = "eight doors of copper"


def newest_mail() -> MailMessage:
    return db.session.execute(sa.select(MailMessage).order_by(MailMessage.id.desc())).scalars().first()


def path_in(mail: MailMessage) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.text)
    assert found
    return found.group(1)


def invitation(cast: Cast, **changes: str) -> dict[str, str]:
    facts = {
        "name": "Nora Beck",
        "email": "nora@steelworks.example",
        "organization_id": str(cast.steel.id),
        "role": "employer",
        "language": "es",
    }
    return {**facts, **changes}


# --- Lists and pages, by role ---


OFFICE_PAGES = (
    "/people",
    "/organizations",
    "/account-requests",
    "/audit",
    "/invitations/new",
    "/organizations/new/employer",
)


@pytest.mark.parametrize("page", OFFICE_PAGES)
@pytest.mark.parametrize("who", ["ada", "cora"])
def test_the_office_sees_its_lists(cast: Cast, signed_in_as: SignedInAs, page: str, who: str) -> None:
    assert signed_in_as(getattr(cast, who)).get(page).status_code == 200


@pytest.mark.parametrize("page", OFFICE_PAGES)
@pytest.mark.parametrize("who", ["tom", "emil", "rita"])
def test_others_do_not(cast: Cast, signed_in_as: SignedInAs, page: str, who: str) -> None:
    assert signed_in_as(getattr(cast, who)).get(page).status_code == 403


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_strangers_are_asked_to_sign_in(cast: Cast, client: FlaskClient, page: str) -> None:
    assert client.get(page).location.startswith("/sign-in?next=")
    assert client.put(page).status_code == 405


def test_people_are_found_by_role_and_name(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    trainers = cora.get("/people?show=trainer").text
    assert "Tom Baca" in trainers
    assert "Emil Kovacs" not in trainers
    found = cora.get("/people?q=kovacs").text
    assert "Emil Kovacs" in found
    assert "Tom Baca" not in found
    assert "Nobody is like that" in cora.get("/people?q=100%25").text


def test_organizations_are_found_by_kind_and_name(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    centers = cora.get("/organizations?show=workforce_center").text
    assert "Pueblo Workforce Center" in centers
    assert "Plains Dairy" not in centers
    assert "Plains Dairy" in cora.get("/organizations?q=dairy").text


# --- Inviting ---


def test_invited_by_mail_into_an_account(cast: Cast, signed_in_as: SignedInAs, client: FlaskClient) -> None:
    answer = signed_in_as(cast.cora).post("/invitations/new", data=invitation(cast))
    assert answer.status_code == 303
    mail = newest_mail()
    assert mail.recipient == "nora@steelworks.example"
    assert mail.language == "es"
    path = path_in(mail)
    assert client.get(path).status_code == 200
    weak = client.post(path, data={"name": "Nora", "language": "es", "password": "password1234"})
    assert weak.status_code == 422
    done = client.post(path, data={"name": "Nora Beck", "language": "es", "password": PASSWORD})
    assert done.location == "/home"
    nora = db.session.execute(sa.select(Person).where(Person.name == "Nora Beck")).scalar_one()
    assert nora.has(Role.EMPLOYER)
    assert nora.organization_ids() == {cast.steel.id}
    assert client.get(path).status_code == 410
    assert client.post("/sign-out").status_code == 303
    signed = client.post("/sign-in", data={"email": nora.email, "password": PASSWORD})
    assert signed.status_code == 303


def test_inviting_again_voids_the_earlier_link(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    cora = signed_in_as(cast.cora)
    location = cora.post("/invitations/new", data=invitation(cast)).location
    first = path_in(newest_mail())
    assert cora.post(f"{location}/invitation").status_code == 303
    assert client.get(first).status_code == 410
    assert client.get(path_in(newest_mail())).status_code == 200


def test_inviting_somebody_known_adds_a_role(cast: Cast, signed_in_as: SignedInAs) -> None:
    cast.emil.password_hash = "set"
    db.session.commit()
    cora = signed_in_as(cast.cora)
    wishes = invitation(cast, email="EMIL@steelworks.example", organization_id=str(cast.dairy.id))
    assert cora.post("/invitations/new", data=wishes).status_code == 303
    db.session.refresh(cast.emil)
    assert cast.emil.organization_ids(Role.EMPLOYER) == {cast.steel.id, cast.dairy.id}
    assert cast.emil.name == "Emil Kovacs"
    assert path_in(newest_mail()) == "/sign-in"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"role": "trainer"}, "no people in this role"),
        ({"role": "king"}, "Not a valid choice"),
        ({"email": "nora"}, "Enter an e-mail address"),
        ({"name": ""}, "Enter a name"),
        ({"organization_id": NOBODY}, "Not a valid choice"),
    ],
)
def test_invitations_that_do_not_fit_are_explained(
    cast: Cast, signed_in_as: SignedInAs, changes: dict[str, str], says: str
) -> None:
    answer = signed_in_as(cast.cora).post("/invitations/new", data=invitation(cast, **changes))
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.execute(sa.select(MailMessage)).first() is None


def test_only_administrators_make_administrators(cast: Cast, signed_in_as: SignedInAs) -> None:
    wishes = invitation(cast, role="administrator", organization_id=str(cast.college.id))
    refused = signed_in_as(cast.cora).post("/invitations/new", data=wishes)
    assert refused.status_code == 422
    assert "Only an administrator" in refused.text
    assert signed_in_as(cast.ada).post("/invitations/new", data=wishes).status_code == 303


def test_employers_invite_nobody(cast: Cast, signed_in_as: SignedInAs, client: FlaskClient) -> None:
    assert signed_in_as(cast.emil).post("/invitations/new", data=invitation(cast)).status_code == 403
    assert client.post("/invitations/new", data=invitation(cast)).status_code == 302
    assert client.get("/invitations/guess").status_code == 410
    assert client.post("/invitations/guess", data={"password": PASSWORD}).status_code == 410


# --- One person ---


PERSON_POSTS = ("archiving", "restoring", "invitation", "roles")


@pytest.mark.parametrize("verb", PERSON_POSTS)
def test_verbs_on_people_are_the_offices(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient, verb: str
) -> None:
    page = f"/people/{cast.tom.id}/{verb}"
    assert client.post(page).status_code == 302
    assert signed_in_as(cast.emil).post(page).status_code == 403
    assert signed_in_as(cast.cora).get(page).status_code == 405
    assert signed_in_as(cast.cora).post(f"/people/{NOBODY}/{verb}").status_code == 404


@pytest.mark.parametrize("page", ["", "/edit"])
def test_pages_of_one_person(cast: Cast, signed_in_as: SignedInAs, client: FlaskClient, page: str) -> None:
    address = f"/people/{cast.tom.id}{page}"
    assert "Tom Baca" in signed_in_as(cast.cora).get(address).text
    assert signed_in_as(cast.tom).get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert signed_in_as(cast.cora).get(f"/people/{NOBODY}{page}").status_code == 404


def test_somebody_is_edited(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    page = f"/people/{cast.tom.id}/edit"
    assert cora.post(page, data={"name": "", "language": "en"}).status_code == 422
    assert cora.post(page, data={"name": "Thomas Baca", "language": "es"}).status_code == 303
    db.session.refresh(cast.tom)
    assert (cast.tom.name, cast.tom.language) == ("Thomas Baca", "es")


def test_archived_people_are_out_at_once_and_can_come_back(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora, tom = signed_in_as(cast.cora), signed_in_as(cast.tom)
    assert tom.get("/settings").status_code == 200
    assert cora.post(f"/people/{cast.tom.id}/archiving").status_code == 303
    assert tom.get("/settings").status_code == 302
    assert "Tom Baca" not in cora.get("/people").text
    assert "Tom Baca" in cora.get("/people?show=archived").text
    refused = cora.post("/invitations/new", data=invitation(cast, email=cast.tom.email))
    assert refused.status_code == 422
    assert cora.post(f"/people/{cast.tom.id}/restoring").status_code == 303
    assert signed_in_as(cast.tom).get("/settings").status_code == 200


def test_nobody_archives_themselves_or_the_last_administrator(cast: Cast, signed_in_as: SignedInAs) -> None:
    assert signed_in_as(cast.cora).post(f"/people/{cast.cora.id}/archiving").status_code == 400
    assert signed_in_as(cast.cora).post(f"/people/{cast.ada.id}/archiving").status_code == 403
    membership = cast.ada.memberships[0]
    assert signed_in_as(cast.cora).post(f"/roles/{membership.id}/ending").status_code == 403
    ada = signed_in_as(cast.ada)
    assert ada.post(f"/roles/{membership.id}/ending").status_code == 400
    second = Membership(
        person=cast.tess, organization=cast.college, role="administrator", started_at=utc_now()
    )
    db.session.add(second)
    db.session.commit()
    assert ada.post(f"/roles/{membership.id}/ending").status_code == 303
    assert ada.get("/people").status_code == 403


def test_a_role_is_given_and_ended(cast: Cast, signed_in_as: SignedInAs, client: FlaskClient) -> None:
    cora = signed_in_as(cast.cora)
    page = f"/people/{cast.tom.id}/roles"
    unfit = cora.post(page, data={"organization_id": str(cast.steel.id), "role": "coordinator"})
    assert unfit.status_code == 422
    assert "no people in this role" in unfit.text
    fit = {"organization_id": str(cast.college.id), "role": "coordinator"}
    assert cora.post(page, data=fit).status_code == 303
    assert cora.post(page, data=fit).status_code == 303
    rows = db.session.execute(sa.select(Membership).where(Membership.role == "coordinator")).scalars().all()
    toms = [row for row in rows if row.person_id == cast.tom.id]
    assert len(toms) == 1
    ending = f"/roles/{toms[0].id}/ending"
    assert client.post(ending).status_code == 302
    assert signed_in_as(cast.emil).post(ending).status_code == 403
    assert cora.get(ending).status_code == 405
    assert cora.post(f"/roles/{NOBODY}/ending").status_code == 404
    assert cora.post(ending).status_code == 303
    db.session.refresh(toms[0])
    assert toms[0].ended_at is not None
    actions = db.session.execute(sa.select(AuditEntry.action).order_by(AuditEntry.id)).scalars().all()
    assert actions == ["role_given", "role_ended"]


# --- Organizations ---


def test_an_employer_is_added_and_edited(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    facts = {"name": "Mesa Machining <b>", "city": "Rifle", "employee_count": "44", "naics": "332710"}
    added = cora.post("/organizations/new/employer", data=facts)
    assert added.status_code == 303
    page = cora.get(added.location).text
    assert "Mesa Machining &lt;b&gt;" in page
    assert "44" in page
    edited = cora.post(f"{added.location}/edit", data={**facts, "name": "Mesa Machining", "naics": "33"})
    assert edited.status_code == 303
    row = db.session.execute(sa.select(Organization).where(Organization.city == "Rifle")).scalar_one()
    assert (row.name, row.naics, row.employee_count) == ("Mesa Machining", "33", 44)
    entry = db.session.execute(
        sa.select(AuditEntry).where(AuditEntry.action == "organization_edited")
    ).scalar_one()
    assert entry.detail == {"fields": ["name", "naics"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("naics", "wood"),
        ("fein", "12"),
        ("employee_count", "0"),
        ("website", "javascript:alert(1)"),
    ],
)
def test_facts_that_cannot_be_are_refused_and_kept(
    cast: Cast, signed_in_as: SignedInAs, field: str, value: str
) -> None:
    answer = signed_in_as(cast.cora).post(
        "/organizations/new/employer", data={"name": "Mesa", "city": "Rifle", field: value}
    )
    assert answer.status_code == 422
    assert 'value="Rifle"' in answer.text


def test_a_workforce_center_keeps_its_areas(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    page = f"/organizations/{cast.pueblo_center.id}"
    assert re.search(
        r'value="CRWC / Pueblo"[^>]*checked|checked[^>]*value="CRWC / Pueblo"', cora.get(f"{page}/edit").text
    )
    wishes = {"name": "Pueblo Workforce Center", "areas": ["CRWC / Pueblo", "Mesa County"]}
    assert cora.post(f"{page}/edit", data=wishes).status_code == 303
    db.session.refresh(cast.pueblo_center)
    areas = {(row.local_area, row.sub_area) for row in cast.pueblo_center.areas}
    assert areas == {("CRWC", "Pueblo"), ("Mesa County", None)}
    assert cora.post(f"{page}/edit", data={"name": "Pueblo Workforce Center"}).status_code == 303
    db.session.refresh(cast.pueblo_center)
    assert cast.pueblo_center.areas == []


def test_employers_see_their_own_organization_only(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    emil = signed_in_as(cast.emil)
    assert "Emil Kovacs" in emil.get(f"/organizations/{cast.steel.id}").text
    assert emil.get(f"/organizations/{cast.dairy.id}").status_code == 404
    assert emil.get(f"/organizations/{cast.steel.id}/edit").status_code == 403
    assert client.get(f"/organizations/{cast.steel.id}").status_code == 302
    assert signed_in_as(cast.cora).get("/organizations/new/guild").status_code == 404


@pytest.mark.parametrize("verb", ["archiving", "restoring"])
def test_archiving_organizations_is_the_offices(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient, verb: str
) -> None:
    page = f"/organizations/{cast.steel.id}/{verb}"
    assert client.post(page).status_code == 302
    assert signed_in_as(cast.emil).post(page).status_code == 403
    cora = signed_in_as(cast.cora)
    assert cora.get(page).status_code == 405
    assert cora.post(f"/organizations/{NOBODY}/{verb}").status_code == 404
    assert cora.post(page).status_code == 303


def test_archived_organizations_take_nobody_in_and_come_back(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    assert cora.post(f"/organizations/{cast.steel.id}/archiving").status_code == 303
    assert cora.post("/invitations/new", data=invitation(cast)).status_code == 422
    assert cora.post(f"/organizations/{cast.steel.id}/restoring").status_code == 303
    assert cora.post("/invitations/new", data=invitation(cast)).status_code == 303
    assert cora.post(f"/organizations/{cast.college.id}/archiving").status_code == 400


# --- The trail ---


def test_the_trail_is_narrowed_by_what_who_and_when(cast: Cast, signed_in_as: SignedInAs) -> None:
    cora = signed_in_as(cast.cora)
    cora.post(f"/people/{cast.tom.id}/archiving")
    cora.post("/organizations/new/employer", data={"name": "Mesa Machining"})
    everything = cora.get("/audit").text
    assert everything.count("<td data-label") >= 6
    rows = re.compile(r'<th scope="row"[^>]*>([^<]+)</th>')
    assert set(rows.findall(everything)) == {"Person archived", "Organization added"}
    assert rows.findall(cora.get("/audit?action=person_archived").text) == ["Person archived"]
    assert rows.findall(cora.get(f"/audit?who={cast.tom.id}").text) == []
    assert len(rows.findall(cora.get(f"/audit?who={cast.cora.id}").text)) == 2
    assert rows.findall(cora.get("/audit?to=2020-01-01").text) == []
    assert len(rows.findall(cora.get("/audit?from=2020-01-01&action=nonsense&who=x").text)) == 2
    assert cora.post("/audit").status_code == 405


def test_the_trail_speaks_in_words_and_leads_to_what_it_is_about(
    cast: Cast, signed_in_as: SignedInAs
) -> None:
    cora = signed_in_as(cast.cora)
    role = {"organization_id": str(cast.college.id), "role": "coordinator"}
    cora.post(f"/people/{cast.tom.id}/roles", data=role)
    cora.post(f"/people/{cast.tom.id}/edit", data={"name": "Thomas Baca", "language": "en"})
    page = cora.get("/audit").text
    assert f'<a href="/people/{cast.tom.id}">person</a>' in page
    assert "Coordinator" in page
    assert "changed: name" in page
    assert str(cast.college.id) not in page
    cast.cora.language = "es"
    db.session.commit()
    assert "Sobre qué" in cora.get("/audit").text


def test_every_page_that_the_trail_leads_to_is_there(app: Flask) -> None:
    for endpoint, argument in PAGES.values():
        rules = list(app.url_map.iter_rules(endpoint))
        assert [rule.arguments for rule in rules] == [{argument}], endpoint


@pytest.mark.parametrize("who", ["ada", "cora", "tom", "emil", "rita"])
def test_first_steps_are_the_administrators(cast: Cast, signed_in_as: SignedInAs, who: str) -> None:
    answer = signed_in_as(getattr(cast, who)).get("/start")
    assert answer.status_code == (200 if who == "ada" else 403)


def test_places_without_room_in_the_bar_stand_in_the_menu(cast: Cast, signed_in_as: SignedInAs) -> None:
    for who in (cast.cora, cast.ada):
        menu = signed_in_as(who).get("/settings").text.split('class="menu__panel"')[1].split("</details>")[0]
        assert 'href="/people"' in menu
        assert 'href="/audit"' in menu
    menu = signed_in_as(cast.emil).get("/settings").text
    assert 'href="/audit"' not in menu
    assert 'href="/start"' not in menu


def test_first_steps_follow_the_data(cast: Cast, signed_in_as: SignedInAs) -> None:
    ada = signed_in_as(cast.ada)
    before = ada.get("/start").text
    cast.college.city, cast.college.phone = "Pueblo", "719 555 0100"
    db.session.commit()
    after = ada.get("/start").text
    assert after.count("chip--in") == before.count("chip--in") + 1
