"""Which known workers may be one person, and the page on which a coordinator compares two."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import AuditEntry, Person
from labtracker.extensions import db
from labtracker.roster import queries, services
from labtracker.roster.models import Worker, WorkerMerge
from labtracker.roster.rules.duplicates import Known, Sign, likely_pairs
from labtracker.roster.rules.matching import Facts, Register, Verdict, match
from labtracker.roster.services import Taken, WorkerFacts
from tests.cast import NOW, Cast
from tests.roster.conftest import make_cohort

SignedInAs = Callable[[Person], FlaskClient]
HIRED = date(2025, 3, 1)
PHONE = "+17195550100"
NEAR = Sign.NEAR_NAME_AND_DATE


def known(number: int, name: str, employer: str = "steel", **more: object) -> Known:
    given, _space, family = name.partition(" ")
    return Known(Facts(id=number, given_name=given, family_name=family, **more), employer)  # type: ignore[arg-type]


def signs(
    *people: Known, distinct: frozenset[frozenset[int]] = frozenset()
) -> dict[tuple[int, int], list[str]]:
    return {
        (pair.one.facts.id, pair.other.facts.id): [*pair.signs] for pair in likely_pairs(people, distinct)
    }


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (known(1, "Ana Vigil", email="a@x.example"), known(2, "A V", email="a@x.example"), [Sign.MAIL]),
        (known(1, "Ana Vigil", email="a@x.example"), known(2, "B", "x", email="a@x.example"), [Sign.MAIL]),
        (known(1, "Ana Vigil", employee_number="S-7"), known(2, "Bo", employee_number="s-7"), [Sign.NUMBER]),
        (known(1, "Ana Vigil", employee_number="7"), known(2, "Bo Lee", "dairy", employee_number="7"), None),
        (known(1, "Ana Vigil", hired_on=HIRED), known(2, "Vigil Ana", hired_on=HIRED), [Sign.NAME_AND_DATE]),
        (known(1, "Ana Vigil", hired_on=HIRED), known(2, "Anna Vigill", hired_on=HIRED), [NEAR]),
        (known(1, "Ana Vigil", hired_on=HIRED), known(2, "Anna Vigill", "dairy", hired_on=HIRED), None),
        (known(1, "Ana Vigil", hired_on=HIRED), known(2, "Bo Lee", hired_on=HIRED), None),
        (known(1, "Ana Vigil", phone=PHONE), known(2, "Ana Vigil Ruiz", "dairy", phone=PHONE), [Sign.PHONE]),
        (known(1, "Ana Vigil", phone=PHONE), known(2, "Bo Lee", phone=PHONE), None),
        (known(1, "Ana Vigil"), known(2, "ANA VIGÍL"), [Sign.NAME]),
        (known(1, "Ana Vigil"), known(2, "Ana Vigil", "dairy"), None),
        (known(1, "Ana Vigil", employee_number="1"), known(2, "Ana Vigil", employee_number="2"), None),
    ],
)  # fmt: skip
def test_signs_that_two_are_one(one: Known, other: Known, why: list[Sign] | None) -> None:
    assert signs(one, other) == ({(1, 2): why} if why else {})
    assert signs(other, one) == ({(1, 2): why} if why else {})
    assert signs(one, other, distinct=frozenset([frozenset((1, 2))])) == {}


def test_a_mailbox_of_the_whole_company_tells_nobody_apart() -> None:
    people = [known(n, name, email="office@x.example") for n, name in enumerate(
        ("Ana Vigil", "Bo Lee", "Chidi Eze", "Dee Fox", "Eve Nguyen", "Anna Vigil")
    )]  # fmt: skip
    assert signs(*people) == {(0, 5): [Sign.MAIL]}


def test_a_whole_shift_hired_on_one_day_is_compared_in_good_time() -> None:
    people = [known(n, f"Worker{n:04} Nobody{n * 7919 % 10007:05}", hired_on=HIRED) for n in range(400)]
    twin = known(999, f"{people[3].facts.given_name} {people[3].facts.family_name}x", hired_on=HIRED)
    assert (3, 999) in signs(*people, twin)


@pytest.fixture
def twins(cast: Cast) -> tuple[Worker, Worker]:
    """Ana Vigil and Anna Vigill of the steel works, hired on one day, both on one roster; Anna left it."""
    cohort = make_cohort(cast)
    ana = services.add_worker(WorkerFacts("Ana", "Vigil", hired_on=HIRED), employer=cast.steel, now=NOW)
    anna = services.add_worker(
        WorkerFacts("Anna", "Vigill", email="anna@steel.example", hired_on=HIRED),
        employer=cast.steel,
        now=NOW,
    )
    services.enroll(ana, cohort, now=NOW)
    left = services.enroll(anna, cohort, now=NOW)
    services.withdraw(left, on=NOW.date(), reason="Twice", now=NOW, today=NOW.date())
    db.session.commit()
    return ana, anna


def test_a_pair_is_proposed_until_somebody_decides(
    cast: Cast, signed_in_as: SignedInAs, twins: tuple[Worker, Worker]
) -> None:
    ana, anna = twins
    cora = signed_in_as(cast.cora)
    first, second = sorted(twins, key=lambda one: one.id)
    pair = f"/workers/{first.id}/comparison/{second.id}"
    page = cora.get("/workers/duplicates").text
    assert f'href="{pair}"' in page
    assert "similar name, same hire date" in page
    assert 'href="/workers/duplicates"' in cora.get("/workers").text
    answer = cora.post(f"{pair}/distinction", follow_redirects=True)
    assert "stay two people" in answer.text
    assert "Nobody seems to be here twice" in answer.text
    assert cora.post(f"{pair}/distinction").status_code == 303
    assert cora.get(f"/workers/{ana.id}/alike").text.count(f"/comparison/{anna.id}") == 1
    assert [one.id for one in queries.likely_of(ana, "vigill")] == [anna.id]


def test_two_are_merged_field_by_field(
    cast: Cast, signed_in_as: SignedInAs, twins: tuple[Worker, Worker]
) -> None:
    ana, anna = twins
    cora = signed_in_as(cast.cora)
    pair = f"/workers/{ana.id}/comparison/{anna.id}"
    page = cora.get(pair).text
    # What only one of them says is chosen, and so is whoever is still enrolled.
    assert page.count("checked") == 3
    standing = re.findall(r'name="(cohort_[0-9a-f]+)"', page)[0]
    assert cora.post(pair, data={"name": "other"}).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WorkerMerge)) == 0
    answer = cora.post(pair, data={"name": "other", "email": "other", standing: "one"})
    assert (answer.status_code, answer.location) == (303, f"/workers/{ana.id}")
    db.session.expire_all()
    assert (ana.name, ana.email, anna.merged_into_id) == ("Anna Vigill", "anna@steel.example", ana.id)
    shown = cora.get(f"/workers/{ana.id}").text
    assert "A second record, Anna Vigill, was merged into this one." in shown
    # What names the other record, such as the audit trail, leads on.
    assert cora.get(f"/workers/{anna.id}").location == f"/workers/{ana.id}"
    assert signed_in_as(cast.emil).get(f"/workers/{anna.id}").status_code == 404
    assert (
        db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "workers_merged"
    )


def test_two_of_one_name_are_told_apart_by_their_place(
    cast: Cast, signed_in_as: SignedInAs, twins: tuple[Worker, Worker]
) -> None:
    ana, anna = twins
    anna.given_name, anna.family_name = ana.given_name, ana.family_name
    db.session.commit()
    page = signed_in_as(cast.cora).get(f"/workers/{ana.id}/comparison/{anna.id}").text
    for place in ("(1)", "(2)"):
        assert page.count(f"{ana.name} {place}</a></th>") == 1
        assert page.count(f'data-label="{ana.name} {place}"') >= 5


def test_a_sheet_that_still_has_the_other_record_finds_the_one_person(
    cast: Cast, twins: tuple[Worker, Worker]
) -> None:
    ana, anna = twins
    cohorts = [row.enrollment.cohort_id for row in queries.standings(ana, anna)]
    taken = Taken(cohorts=cohorts)
    merged = services.merge_duplicates(anna, ana, taken=taken, actor=cast.cora, now=NOW)
    db.session.commit()

    def found(facts: Facts) -> tuple[Verdict, object, dict[str, object]]:
        made = match(facts, Register(queries.known_facts(cast.steel.id)), Register())
        return made.verdict, made.known, made.changes

    row = Facts(1, "Anna", "Vigill", email="anna@steel.example")
    assert found(row) == (Verdict.SAME, ana.id, {})
    later = Facts(1, "Anna", "Vigill", email="anna@steel.example", job_title="Welder")
    assert found(later) == (Verdict.UPDATED, ana.id, {"job_title": "Welder"})
    services.undo_merge(merged, actor=cast.cora, now=NOW)
    db.session.commit()
    assert found(row) == (Verdict.SAME, anna.id, {})


def test_across_employers_it_is_asked_which_is_right_and_nothing_is_told(
    cast: Cast, signed_in_as: SignedInAs, twins: tuple[Worker, Worker]
) -> None:
    ana, anna = twins
    anna.employer = cast.dairy
    db.session.commit()
    cora = signed_in_as(cast.cora)
    pair = f"/workers/{ana.id}/comparison/{anna.id}"
    page = cora.get(pair).text
    assert "Two employers" in page
    standing = re.findall(r'name="(cohort_[0-9a-f]+)"', page)[0]
    said = {"name": "one", "email": "one", standing: "one"}
    refused = cora.post(pair, data=said)
    assert refused.status_code == 422
    assert "Say first which is right." in refused.text
    assert cora.post(pair, data={**said, "employment": "both"}).status_code == 303
    assert f'href="/workers/{anna.id}"' in cora.get(f"/workers/{ana.id}").text
    assert f'href="/workers/{ana.id}"' in cora.get(f"/workers/{anna.id}").text
    emil, stella = signed_in_as(cast.emil), signed_in_as(cast.stella)
    for page in (emil.get("/workers").text, emil.get(f"/workers/{ana.id}").text):
        assert "Plains Dairy" not in page
        assert str(anna.id) not in page
    assert str(ana.id) not in stella.get(f"/workers/{anna.id}").text
    assert emil.get(f"/workers/{anna.id}").status_code == 404
    # Undone, and then said that the dairy was written down wrongly: all counts for the steel works' record.
    link = db.session.scalars(sa.select(WorkerMerge)).one()
    assert cora.post(f"/recognitions/{link.id}/undoing").status_code == 303
    assert cora.post(pair, data={**said, "employment": "one"}).status_code == 303
    db.session.expire_all()
    assert anna.merged_into_id == ana.id
    assert stella.get(f"/workers/{anna.id}").status_code == 404
