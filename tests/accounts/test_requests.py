"""Asking for an account: anybody may, a coordinator decides, everybody gets a mail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AccountRequest, Organization, Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from tests.cast import Cast

SignedInAs = Callable[[Person], FlaskClient]
FACTS = {
    "organization_name": "Steel & Sons <b>",
    "city": "Walsenburg",
    "person_name": "Nora Beck",
    "email": "Nora@Sons.example",
    "phone": "719 555 0100",
    "message": "Welding,\n12 people",
}
NOBODY = "01957f2e-0000-7000-8000-000000000000"


@pytest.fixture
def asked(cast: Cast, client: FlaskClient) -> AccountRequest:
    assert client.post("/account-requests/new", data=FACTS).location == "/account-requests/thanks"
    return db.session.execute(sa.select(AccountRequest)).scalar_one()


def recipients() -> list[str]:
    return sorted(db.session.execute(sa.select(MailMessage.recipient)).scalars())


def test_asking_is_open_to_everybody(cast: Cast, client: FlaskClient) -> None:
    assert client.get("/account-requests/new").status_code == 200
    assert client.get("/account-requests/thanks").status_code == 200
    assert client.put("/account-requests/new").status_code == 405
    assert "/account-requests/new" in client.get("/").text


def test_asking_mails_both_sides(cast: Cast, asked: AccountRequest) -> None:
    assert asked.email == "nora@sons.example"
    assert asked.message == "Welding,\n12 people"
    assert recipients() == ["ada@college.example", "cora@college.example", "nora@sons.example"]


def test_asking_twice_is_one_request_and_looks_the_same(client: FlaskClient, asked: AccountRequest) -> None:
    again = client.post("/account-requests/new", data=FACTS)
    assert again.location == "/account-requests/thanks"
    assert len(db.session.execute(sa.select(AccountRequest)).all()) == 1
    assert len(recipients()) == 3


def test_asking_without_end_is_stopped(cast: Cast, client: FlaskClient) -> None:
    answers = [
        client.post("/account-requests/new", data={**FACTS, "email": f"n{number}@sons.example"}).status_code
        for number in range(7)
    ]
    assert answers == [303] * 6 + [429]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("organization_name", "", "Enter your company"),
        ("person_name", " ", "Enter your name"),
        ("email", "nora", "Enter an e-mail address"),
        ("message", "my number is 123-45-6789", "Social Security"),
        ("message", "x" * 1001, "at most 1000"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    cast: Cast, client: FlaskClient, field: str, value: str, says: str
) -> None:
    answer = client.post("/account-requests/new", data={**FACTS, field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Walsenburg"' in answer.text
    assert db.session.execute(sa.select(AccountRequest)).first() is None


def test_approved_into_a_new_employer(
    cast: Cast, signed_in_as: SignedInAs, asked: AccountRequest, client: FlaskClient
) -> None:
    cora = signed_in_as(cast.cora)
    page = cora.get(f"/account-requests/{asked.id}").text
    assert "Steel &amp; Sons &lt;b&gt;" in page
    done = cora.post(f"/account-requests/{asked.id}/approval", data={"name": "Steel and Sons"})
    assert done.status_code == 303
    nora = db.session.execute(sa.select(Person).where(Person.email == "nora@sons.example")).scalar_one()
    employer = db.session.execute(
        sa.select(Organization).where(Organization.name == "Steel and Sons")
    ).scalar_one()
    assert nora.organization_ids(Role.EMPLOYER) == {employer.id}
    mail = db.session.execute(sa.select(MailMessage).order_by(MailMessage.id.desc())).scalars().first()
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/\S+)", mail.text)
    assert found
    assert client.get(found.group(1)).status_code == 200
    again = cora.post(f"/account-requests/{asked.id}/approval", data={"name": "Steel and Sons"})
    assert again.status_code == 422
    assert "decided this already" in again.text


def test_merged_into_an_employer_with_a_similar_name(
    cast: Cast, signed_in_as: SignedInAs, asked: AccountRequest
) -> None:
    cora = signed_in_as(cast.cora)
    assert "similar name: Steel Works" in cora.get(f"/account-requests/{asked.id}").text
    page = f"/account-requests/{asked.id}/merging"
    assert cora.post(page, data={"organization_id": ""}).status_code == 422
    assert cora.post(page, data={"organization_id": str(cast.college.id)}).status_code == 422
    assert cora.post(page, data={"organization_id": str(cast.steel.id)}).status_code == 303
    nora = db.session.execute(sa.select(Person).where(Person.email == "nora@sons.example")).scalar_one()
    assert nora.organization_ids(Role.EMPLOYER) == {cast.steel.id}
    db.session.refresh(asked)
    assert (asked.status, asked.organization_id) == ("merged", cast.steel.id)


def test_declined_with_a_reason(cast: Cast, signed_in_as: SignedInAs, asked: AccountRequest) -> None:
    cora = signed_in_as(cast.cora)
    page = f"/account-requests/{asked.id}/refusal"
    assert cora.post(page, data={"reason": " "}).status_code == 422
    assert cora.post(page, data={"reason": "Out of state."}).status_code == 303
    mail = db.session.execute(sa.select(MailMessage).order_by(MailMessage.id.desc())).scalars().first()
    assert mail.recipient == "nora@sons.example"
    assert "Out of state." in mail.text
    assert db.session.execute(sa.select(Person).where(Person.email == "nora@sons.example")).first() is None
    assert "Out of state." in cora.get(f"/account-requests/{asked.id}").text


@pytest.mark.parametrize("verb", ["", "/approval", "/merging", "/refusal"])
def test_deciding_is_the_offices(
    cast: Cast, signed_in_as: SignedInAs, asked: AccountRequest, client: FlaskClient, verb: str
) -> None:
    page = f"/account-requests/{asked.id}{verb}"

    def knock(browser: FlaskClient, address: str) -> int:
        return (browser.post(address) if verb else browser.get(address)).status_code

    assert knock(client, page) == 302
    assert knock(signed_in_as(cast.emil), page) == 403
    assert knock(signed_in_as(cast.rita), page) == 403
    cora = signed_in_as(cast.cora)
    assert knock(cora, f"/account-requests/{NOBODY}{verb}") == 404
    assert (cora.get(page) if verb else cora.post(page)).status_code == 405


def test_asking_in_spanish_is_answered_in_spanish(cast: Cast, client: FlaskClient) -> None:
    client.post("/account-requests/new", data=FACTS, headers={"Accept-Language": "es"})
    mails = {row.recipient: row.language for row in db.session.execute(sa.select(MailMessage)).scalars()}
    assert mails["nora@sons.example"] == "es"
    assert mails["cora@college.example"] == "en"
