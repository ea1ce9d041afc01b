"""An employer lets its own people in: only there, only as employer, on record, and never anybody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts import services
from labtracker.accounts.models import AuditEntry, Membership, Person
from labtracker.accounts.queries import person_with_email
from labtracker.accounts.rules import LIMITS, Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.kit.time import utc_now
from tests.accounts.test_people import PASSWORD, newest_mail, path_in
from tests.cast import Cast, person

SignedInAs = Callable[[Person], FlaskClient]
NORA = {"name": "Nora Beck", "email": "nora@steelworks.example", "language": "es"}


def count(table: type) -> int:
    """How many rows a table has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def nora() -> Person:
    """Who was invited, read afresh."""
    db.session.expire_all()
    found = person_with_email(NORA["email"])
    assert found
    return found


def test_a_colleague_is_invited_comes_in_and_sees_the_same(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    emil = signed_in_as(cast.emil)
    page = emil.post("/colleagues", data=NORA, follow_redirects=True).text
    assert "Nora Beck gets a mail" in page
    assert "invited" in page
    mail = newest_mail()
    assert mail.recipient == NORA["email"]
    assert "Emil Kovacs" in mail.text
    assert "Steel Works" in mail.text
    assert "contraseña" in mail.text
    accepted = client.post(path_in(mail), data={"name": "Nora Beck", "language": "en", "password": PASSWORD})
    assert accepted.status_code == 303
    assert client.get("/bookings").status_code == 200
    assert client.get("/people").status_code == 403
    (held,) = nora().memberships
    assert (held.role, held.organization_id) == ("employer", cast.steel.id)
    assert "Emil Kovacs" in client.get("/colleagues").text


def test_nothing_in_the_form_gives_another_role_or_organization(cast: Cast, signed_in_as: SignedInAs) -> None:
    greedy = {**NORA, "role": "administrator", "organization_id": str(cast.college.id)}
    assert signed_in_as(cast.emil).post("/colleagues", data=greedy).status_code == 303
    (held,) = nora().memberships
    assert (held.role, held.organization_id) == ("employer", cast.steel.id)
    with pytest.raises(DomainError) as refused:
        services.invite_colleague(
            email="x@x.example",
            name="X",
            language="en",
            organization=cast.dairy,
            actor=cast.emil,
            now=utc_now(),
        )
    assert (refused.value.code, refused.value.status) == ("not_yours", 404)


def test_who_stands_for_two_employers_chooses_between_them_alone(
    cast: Cast, signed_in_as: SignedInAs
) -> None:
    cast.emil.memberships.append(
        Membership(organization=cast.dairy, role=Role.EMPLOYER, started_at=utc_now())
    )
    db.session.commit()
    emil = signed_in_as(cast.emil)
    for wrong in ("", str(cast.college.id)):
        assert emil.post("/colleagues", data={**NORA, "organization_id": wrong}).status_code == 422
    assert emil.post("/colleagues", data={**NORA, "organization_id": str(cast.dairy.id)}).status_code == 303
    assert nora().memberships[0].organization_id == cast.dairy.id


@pytest.mark.parametrize("who", ["tom@college.example", "stella@dairy.example", "ada@college.example"])
def test_an_address_that_is_known_elsewhere_is_not_told_apart(
    cast: Cast, signed_in_as: SignedInAs, who: str
) -> None:
    former = person("former@steelworks.example", "Former Colleague", cast.steel, Role.EMPLOYER)
    former.memberships[0].ended_at = utc_now()
    archived = person("gone@steelworks.example", "Gone Colleague", cast.steel, Role.EMPLOYER)
    archived.archived_at = utc_now()
    db.session.commit()
    before = (count(Membership), count(MailMessage), count(AuditEntry))
    emil = signed_in_as(cast.emil)
    before_names = count(Person)
    for email in (who, former.email, archived.email):
        page = emil.post("/colleagues", data={**NORA, "email": email})
        assert page.status_code == 422
        assert "This address cannot be invited from here." in page.text
        assert f'value="{email}"' in page.text
    db.session.expire_all()
    assert (count(Membership), count(MailMessage), count(AuditEntry)) == before
    assert count(Person) == before_names


def test_a_colleague_who_signs_in_already_gets_no_mail_and_one_who_waits_gets_another(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    emil = signed_in_as(cast.emil)
    emil.post("/colleagues", data=NORA)
    lost = path_in(newest_mail())
    emil.post("/colleagues", data=NORA)
    assert count(MailMessage) == 2
    assert client.get(lost).status_code == 410
    assert client.get(path_in(newest_mail())).status_code == 200
    assert len(nora().memberships) == 1
    services.set_password(nora(), PASSWORD, now=utc_now())
    db.session.commit()
    again = emil.post("/colleagues", data=NORA)
    assert (again.status_code, count(MailMessage)) == (422, 2)
    assert "can sign in already" in again.text


def test_an_invitation_that_went_astray_is_taken_back(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    emil = signed_in_as(cast.emil)
    emil.post("/colleagues", data=NORA)
    link, held = path_in(newest_mail()), nora().memberships[0]
    url = f"/colleagues/{held.id}/ending"
    for other, status in ((cast.stella, 404), (cast.tom, 403), (cast.cora, 403), (cast.rita, 403)):
        assert signed_in_as(other).post(url).status_code == status
    assert client.post(url).location.startswith("/sign-in")
    assert emil.get(url).status_code == 405
    assert "can no longer sign in" in emil.post(url, follow_redirects=True).text
    assert client.get(link).status_code == 410
    assert nora().memberships[0].ended_at is not None
    own = cast.emil.memberships[0].id
    assert "cannot end your own access" in emil.post(f"/colleagues/{own}/ending").text
    tom = cast.tom.memberships[0].id
    assert emil.post(f"/colleagues/{tom}/ending").status_code == 404


def test_who_lost_access_sees_nothing_more(cast: Cast, signed_in_as: SignedInAs) -> None:
    second = person("nora@steelworks.example", "Nora Beck", cast.steel, Role.EMPLOYER)
    db.session.commit()
    browser = signed_in_as(second)
    assert browser.get("/bookings").status_code == 200
    signed_in_as(cast.emil).post(f"/colleagues/{second.memberships[0].id}/ending")
    assert browser.get("/bookings").status_code == 403
    assert browser.get("/workers").status_code == 403


def test_the_coordinator_sees_who_was_invited_by_whom(cast: Cast, signed_in_as: SignedInAs) -> None:
    signed_in_as(cast.emil).post("/colleagues", data=NORA)
    trail = signed_in_as(cast.cora).get("/audit?action=colleague_invited").text
    row = re.search(r"<tbody>.*?</tbody>", trail, re.DOTALL)
    assert row
    for words in ("Colleague invited by an employer", "Emil Kovacs", "Nora Beck", "Steel Works"):
        assert words in row.group()
    assert "Nora Beck" in signed_in_as(cast.cora).get("/people").text


@pytest.mark.parametrize("who", ["cora", "tom", "rita"])
def test_other_roles_have_no_such_page(cast: Cast, signed_in_as: SignedInAs, who: str) -> None:
    browser = signed_in_as(getattr(cast, who))
    assert browser.get("/colleagues").status_code == 403
    assert browser.post("/colleagues", data=NORA).status_code == 403
    assert person_with_email(NORA["email"]) is None


def test_strangers_sign_in_first_and_each_employer_sees_its_own(
    cast: Cast, signed_in_as: SignedInAs, client: FlaskClient
) -> None:
    assert client.get("/colleagues").location.startswith("/sign-in?next=")
    assert client.post("/colleagues", data=NORA).location.startswith("/sign-in")
    assert signed_in_as(cast.emil).put("/colleagues").status_code == 405
    page = signed_in_as(cast.stella).get("/colleagues").text
    assert ("Stella Marchetti" in page, "Emil" in page) == (True, False)


def test_what_was_typed_stays_and_faults_are_named(cast: Cast, signed_in_as: SignedInAs) -> None:
    data = {"name": "<script>x</script>", "email": "no address", "language": "es"}
    page = signed_in_as(cast.emil).post("/colleagues", data=data)
    assert page.status_code == 422
    assert "E-mail at work: Enter an e-mail address" in re.sub(r"<[^>]+>", "", page.text)
    assert 'value="&lt;script&gt;x&lt;/script&gt;"' in page.text


def test_nobody_invites_without_end(cast: Cast, signed_in_as: SignedInAs) -> None:
    emil = signed_in_as(cast.emil)
    for number in range(LIMITS["invitation:person"].tries):
        assert emil.post("/colleagues", data={**NORA, "email": f"n{number}@x.example"}).status_code == 303
    page = emil.post("/colleagues", data={**NORA, "email": "last@x.example"})
    assert page.status_code == 429
    assert "many invitations for one day" in page.text
    assert 'value="last@x.example"' in page.text
