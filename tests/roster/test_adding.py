"""One person put on a roster by hand: known, alike, or new."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries, services
from labtracker.roster.models import Worker
from labtracker.roster.services import WorkerFacts
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_worker

SignIn = Callable[[Person], FlaskClient]


def add(cast: Cast, cohort: Cohort, now: datetime, facts: WorkerFacts, same_as: str | None = None) -> Worker:
    """Put somebody on the steel works' roster."""
    enrollment = services.enroll_by_hand(
        facts, employer=cast.steel, cohort=cohort, same_as=same_as, now=now, actor=cast.emil
    )
    return enrollment.worker


def count() -> int:
    """How many workers there are."""
    return db.session.scalar(sa.select(sa.func.count(Worker.id))) or 0


def test_somebody_known_is_put_on_the_roster_and_keeps_what_is_known(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    known = make_worker(cast, "Ana", "Vigil", email="ana@steel.example", employee_number="7")
    found = add(cast, cohort, now, WorkerFacts("Ana", "Vigil", email="ana@steel.example", language="es"))
    assert found is known
    assert (known.employee_number, known.language, known.hired_on) == ("7", "es", date(2020, 1, 6))
    assert (count(), queries.enrolled_count(cohort)) == (1, 1)
    assert add(cast, cohort, now, WorkerFacts("ANA", "VIGIL", email="ana@steel.example")) is known
    assert known.given_name == "Ana"
    assert queries.enrolled_count(cohort) == 1


def test_somebody_alike_is_asked_about(cast: Cast, cohort: Cohort, now: datetime) -> None:
    known = make_worker(cast, "Ana", "Vigil", hired_on=None, employee_number="7")
    facts = WorkerFacts("Ana", "Vigil", phone="719 555 0100")
    with pytest.raises(DomainError) as asked:
        add(cast, cohort, now, facts)
    assert (asked.value.code, asked.value.details["candidates"]) == ("looks_known", [str(known.id)])
    with pytest.raises(DomainError):
        add(cast, cohort, now, facts, same_as=str(make_worker(cast, "Bo", "Lee").id))
    assert queries.enrolled_count(cohort) == 0
    assert add(cast, cohort, now, facts, same_as="new") is not known
    assert (
        add(cast, cohort, now, WorkerFacts("Ana", "Vigil", job_title="Welder"), same_as=str(known.id))
        is known
    )
    assert known.job_title == "Welder"


def test_another_employers_worker_is_never_meant(cast: Cast, cohort: Cohort, now: datetime) -> None:
    theirs = make_worker(cast, "Ana", "Vigil", email="ana@x.example", employer=cast.dairy)
    assert add(cast, cohort, now, WorkerFacts("Ana", "Vigil", email="ana@x.example")) is not theirs


def test_whoever_left_the_company_or_the_cohort_comes_back(cast: Cast, cohort: Cohort, now: datetime) -> None:
    known = make_worker(cast, "Ana", "Vigil", email="ana@steel.example")
    facts = WorkerFacts("Ana", "Vigil", email="ana@steel.example")
    enrollment = services.enroll(known, cohort, now=now)
    services.withdraw(enrollment, on=now.date(), reason="moved", now=now, today=now.date())
    services.archive_worker(known, now=now)
    with pytest.raises(DomainError) as asked:
        add(cast, cohort, now, facts)
    assert asked.value.code == "looks_known"
    assert add(cast, cohort, now, facts, same_as=str(known.id)) is known
    assert (known.archived_at, enrollment.status) == (None, "enrolled")


def test_the_page_asks_and_keeps_what_was_typed(
    cast: Cast, cohort: Cohort, now: datetime, signed_in_as: SignIn
) -> None:
    known = make_worker(cast, "Ana", "Vigil", hired_on=None, employee_number="7", email="ana@steel.example")
    db.session.commit()
    browser, url = signed_in_as(cast.emil), f"/cohorts/{cohort.id}/roster/new"
    assert "Is it the same person?" not in browser.get(url).text
    data = {
        "employer_id": str(cast.steel.id),
        "given_name": "Ana",
        "family_name": "Vigil",
        "phone": "7195550100",
    }
    page = browser.post(url, data=data)
    assert page.status_code == 422
    assert "Yes: Ana Vigil, no. 7, ana@steel.example" in page.text
    assert 'value="7195550100"' in page.text
    choices = re.findall(r'name="same_as" type="radio" value="([^"]+)"', page.text)
    assert choices == [str(known.id), "new"]
    done = browser.post(url, data={**data, "same_as": str(known.id)}, follow_redirects=True).text
    assert "Ana Vigil is on the roster." in done
    db.session.expire_all()
    assert (known.phone, count()) == ("+17195550100", 1)
