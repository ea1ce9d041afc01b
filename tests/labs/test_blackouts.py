"""A worksite's closed days and gate hours: who keeps them, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.labs import services
from labtracker.labs.models import Worksite
from tests.cast import Cast

Signer = Callable[[Person], FlaskClient]


def close(cast: Cast, now: datetime, first: date, last: date, reason: str = "Shutdown") -> None:
    services.add_blackout(
        worksite=cast.steel_site, starts_on=first, ends_on=last, reason=reason, actor=cast.emil, now=now
    )


def test_days_are_closed_and_opened_again(cast: Cast, now: datetime) -> None:
    close(cast, now, date(2026, 5, 11), date(2026, 5, 13), "  Relining   the furnace ")
    (blackout,) = cast.steel_site.blackouts
    assert blackout.reason == "Relining the furnace"
    services.remove_blackout(blackout=blackout, actor=cast.emil, now=now)
    assert cast.steel_site.blackouts == []


@pytest.mark.parametrize(
    ("first", "last", "reason", "code"),
    [
        (date(2026, 5, 12), date(2026, 5, 11), "x", "blackout_ends_before_start"),
        (date(2026, 3, 2), date(2026, 3, 6), "x", "blackout_over"),
        (date(2026, 5, 11), date(2036, 5, 11), "x", "blackout_too_far"),
        (date(2026, 5, 11), date(2026, 5, 11), "  ", "reason_missing"),
    ],
)
def test_impossible_days_are_refused(
    cast: Cast, now: datetime, first: date, last: date, reason: str, code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        close(cast, now, first, last, reason)
    assert refused.value.code == code


def test_no_worksite_is_closed_for_ever(cast: Cast, now: datetime) -> None:
    for week in range(60):
        day = date(2026, 5, 4) + timedelta(weeks=week)
        close(cast, now, day, day)
    with pytest.raises(DomainError) as refused:
        close(cast, now, date(2027, 12, 1), date(2027, 12, 1))
    assert refused.value.code == "too_many_blackouts"


def test_an_employer_closes_days_on_its_page(cast: Cast, signed_in_as: Signer) -> None:
    emil, site = signed_in_as(cast.emil), f"/worksites/{cast.steel_site.id}"
    monday = utc_now().date() + timedelta(days=40)
    answers = {"starts_on": str(monday), "ends_on": str(monday), "reason": "Stock taking"}
    wrong = emil.post(f"{site}/blackouts", data={**answers, "ends_on": str(monday - timedelta(days=1))})
    assert wrong.status_code == 422
    assert "The last day is before the first." in wrong.text
    assert "Stock taking" in wrong.text
    assert emil.post(f"{site}/blackouts", data={**answers, "starts_on": ""}).status_code == 422
    assert emil.post(f"{site}/blackouts", data=answers).status_code == 303
    assert "Stock taking" in emil.get(site).text
    assert "Stock taking" in signed_in_as(cast.tom).get(site).text
    blackout = cast.steel_site.blackouts[0].id
    stella = signed_in_as(cast.stella)
    assert stella.post(f"{site}/blackouts/{blackout}/removal").status_code == 404
    assert stella.post(f"{site}/blackouts", data=answers).status_code == 404
    assert stella.get(f"{site}/blackouts").status_code == 405
    assert signed_in_as(cast.tom).post(f"{site}/blackouts", data=answers).status_code == 403
    cora = signed_in_as(cast.cora)
    for _press in range(2):
        assert cora.post(f"{site}/blackouts/{blackout}/removal").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Worksite, cast.steel_site.id).blackouts == []


def test_a_gate_has_both_times_in_their_order(cast: Cast, signed_in_as: Signer) -> None:
    emil, site = signed_in_as(cast.emil), f"/worksites/{cast.steel_site.id}"
    page = f"{site}/edit"
    answers = {
        "organization_id": str(cast.steel.id),
        "name": "Mill gate 3",
        "address": "1 Mill Road",
        "zip": "81004",
        "city": "Pueblo",
        "version": str(cast.steel_site.version),
    }
    half = emil.post(page, data={**answers, "gate_opens": "08:00"})
    assert half.status_code == 422
    assert "Give both times of the gate, or neither." in half.text
    upside_down = emil.post(page, data={**answers, "gate_opens": "15:00", "gate_closes": "08:00"})
    assert "The gate closes before it opens." in upside_down.text
    good = emil.post(page, data={**answers, "gate_opens": "08:00", "gate_closes": "15:00"})
    assert good.status_code == 303
    db.session.expire_all()
    site_row = db.session.get_one(Worksite, cast.steel_site.id)
    assert (site_row.gate_opens, site_row.gate_closes) == (time(8), time(15))
    assert "Gate hours" in emil.get(site).text
