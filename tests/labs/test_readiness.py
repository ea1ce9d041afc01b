"""Checks of worksites: drafts, final ones, conditions, and what they mean to the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from labtracker.accounts.models import AuditEntry
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import SiteReadiness
from labtracker.labs.queries.readiness import answers_known, lapsing, open_drafts
from labtracker.labs.services.readiness import (
    Told,
    accept_condition,
    begin_check,
    discard_check,
    finalise_check,
    keep_check,
)
from labtracker.labs.wording import amount
from tests.cast import Cast
from tests.labs.checks import GOOD, NEEDS, checked, welding_needs


def refusal(error: pytest.ExceptionInfo[DomainError]) -> tuple[str, int]:
    return error.value.code, error.value.status


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.at, AuditEntry.id)))


def test_a_draft_is_kept_changed_and_made_final(cast: Cast, now: datetime) -> None:
    welding_needs(cast)
    told = Told({"pad_length_ft": 60, "moon": 1}, now.date(), notes=" By the north gate. ")
    draft = begin_check(worksite=cast.steel_site, lab=cast.welding_lab, told=told, actor=cast.emil, now=now)
    assert (draft.answers, draft.notes, draft.expires_on.year) == (
        {"pad_length_ft": 60},
        "By the north gate.",
        now.year + 1,
    )
    assert [one.id for one in db.session.scalars(open_drafts())] == [draft.id]
    with pytest.raises(DomainError) as unanswered:
        finalise_check(check=draft, actor=cast.cora, now=now)
    assert refusal(unanswered) == ("check_incomplete", 409)
    assert "Surface" in unanswered.value.message
    keep_check(check=draft, told=Told(GOOD, now.date()), actor=cast.emil, now=now)
    final = finalise_check(check=draft, actor=cast.cora, now=now)
    assert (final.verdict, final.judged) == ("ready", {"conditions": [], "reasons": []})
    for change in (
        lambda: keep_check(check=final, told=Told({}, now.date()), actor=cast.cora, now=now),
        lambda: finalise_check(check=final, actor=cast.cora, now=now),
        lambda: discard_check(check=final, actor=cast.cora, now=now),
    ):
        with pytest.raises(DomainError) as refused:
            change()
        assert refusal(refused) == ("check_final", 409)
    assert answers_known(cast.steel_site)["pad_length_ft"] == GOOD["pad_length_ft"]


def test_only_coordinators_make_final_and_accept(cast: Cast, now: datetime) -> None:
    check = checked(cast, now, {"restrooms": False}, final=False)
    with pytest.raises(DomainError) as refused:
        finalise_check(check=check, actor=cast.emil, now=now)
    assert refusal(refused) == ("not_allowed", 403)
    finalise_check(check=check, actor=cast.cora, now=now)
    with pytest.raises(DomainError) as refused:
        accept_condition(check=check, key="restrooms", note="Rented.", actor=cast.emil, now=now)
    assert refusal(refused) == ("not_allowed", 403)


def test_each_condition_is_accepted_once_with_a_note(cast: Cast, now: datetime) -> None:
    check = checked(cast, now, {"restrooms": False, "pad_length_ft": 48})
    assert check.verdict == "conditions"
    accepted = accept_condition(
        check=check, key="restrooms", note=" Two are  rented. ", actor=cast.cora, now=now
    )
    again = accept_condition(check=check, key="restrooms", note="Again", actor=cast.ada, now=now)
    assert (accepted.note, again.id) == ("Two are rented.", accepted.id)
    with pytest.raises(DomainError) as empty:
        accept_condition(check=check, key="pad_length_ft", note="  ", actor=cast.cora, now=now)
    assert empty.value.field == "note"
    with pytest.raises(DomainError) as unknown:
        accept_condition(check=check, key="surface", note="Well.", actor=cast.cora, now=now)
    assert refusal(unknown) == ("no_such_condition", 404)
    assert actions().count("site_readiness_condition_accepted") == 1


@pytest.mark.parametrize(
    ("days", "expires", "code"),
    [(1, None, "checked_in_future"), (0, 0, "expires_before_check"), (0, -5, "expires_before_check")],
)
def test_days_that_cannot_be_are_refused(
    cast: Cast, now: datetime, days: int, expires: int | None, code: str
) -> None:
    welding_needs(cast)
    on = now.date() + timedelta(days=days)
    told = Told(GOOD, on, None if expires is None else on + timedelta(days=expires))
    with pytest.raises(DomainError) as refused:
        begin_check(worksite=cast.steel_site, lab=cast.welding_lab, told=told, actor=cast.emil, now=now)
    assert refused.value.code == code


def test_a_lab_without_a_profile_asks_for_no_check(cast: Cast, now: datetime) -> None:
    with pytest.raises(DomainError) as refused:
        begin_check(
            worksite=cast.steel_site,
            lab=cast.wiring_lab,
            told=Told({}, now.date()),
            actor=cast.cora,
            now=now,
        )
    assert refused.value.code == "nothing_asked"


def test_whoever_comes_second_overwrites_nothing(cast: Cast, now: datetime) -> None:
    draft = checked(cast, now, {}, final=False)
    seen = draft.version
    keep_check(
        check=draft, told=Told({"wifi": True}, now.date()), actor=cast.emil, now=now, expected_version=seen
    )
    for late in (
        lambda: keep_check(
            check=draft, told=Told({}, now.date()), actor=cast.cora, now=now, expected_version=seen
        ),
        lambda: finalise_check(check=draft, actor=cast.cora, now=now, expected_version=seen),
    ):
        with pytest.raises(DomainError) as refused:
            late()
        assert refused.value.code == "changed_meanwhile"
    assert draft.answers == {"wifi": True}


def test_a_draft_is_thrown_away(cast: Cast, now: datetime) -> None:
    draft = checked(cast, now, {}, final=False)
    discard_check(check=draft, actor=cast.emil, now=now)
    assert db.session.scalar(sa.select(sa.func.count(SiteReadiness.id))) == 0
    assert "site_readiness_discarded" in actions()


def test_what_lapses_within_thirty_days_is_due_unless_a_newer_check_holds(cast: Cast, now: datetime) -> None:
    today = now.date()
    soon = checked(cast, now, {}, expires_on=today + timedelta(days=20))
    checked(cast, now, {}, worksite=cast.dairy_site, expires_on=today + timedelta(days=40))
    assert [one.id for one in lapsing(today)] == [soon.id]
    checked(cast, now + timedelta(hours=1), {})
    assert lapsing(today) == []


def test_the_profile_is_a_dated_fact_of_the_lab(cast: Cast, now: datetime) -> None:
    final = checked(cast, now, {})
    cast.welding_lab.needs = {**NEEDS, "drain": True}
    again = begin_check(
        worksite=cast.steel_site,
        lab=cast.welding_lab,
        told=Told(answers_known(cast.steel_site), now.date()),
        actor=cast.cora,
        now=now,
    )
    with pytest.raises(DomainError) as refused:
        finalise_check(check=again, actor=cast.cora, now=now)
    assert refused.value.message == "These are not answered yet: Drain."
    assert final.verdict == "ready"


def test_feet_are_pies_in_spanish_and_other_units_stay(app: Flask) -> None:
    with app.test_request_context(), force_locale("es"):
        asked = {"pad_length_ft": 1200, "amps": 100, "slope_percent": 2, "phase": 3}
        words = [amount(key, value) for key, value in asked.items()]
    assert words == ["1,200 pies", "100 A", "2%", "3"]
