"""Labs out of service and people away, in agenda, week and month: for those who may see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import Closure, Leave
from labtracker.kit.time import utc_now
from tests.cast import Cast
from tests.fleet.builders import closure, leave, tractor
from tests.scheduling.builders import quiet_monday

Signer = Callable[[Person], FlaskClient]
LOOKS = ("agenda", "week", "month")


@pytest.fixture
def monday() -> date:
    return quiet_monday(utc_now())


@pytest.fixture
def shut(cast: Cast, monday: date) -> Closure:
    made = closure(cast, monday, monday + timedelta(days=2))
    db.session.commit()
    return made


@pytest.fixture
def gone(cast: Cast, monday: date) -> Leave:
    made = leave(cast.tom, monday + timedelta(days=1), monday + timedelta(days=2))
    db.session.commit()
    return made


def told(browser: FlaskClient, **asked: object) -> list[str]:
    """What the calendar says of days off, each mention as one line."""
    page = browser.get("/calendar", query_string=asked).text
    lists = re.findall(r'<ul class="days-off">(.*?)</ul>', page, re.DOTALL)
    lines = re.findall(r"<li.*?</li>", "".join(lists), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in lines]


@pytest.mark.parametrize("look", LOOKS)
def test_each_look_tells_of_them(
    cast: Cast, shut: Closure, gone: Leave, monday: date, signed_in_as: Signer, look: str
) -> None:
    cora = signed_in_as(cast.cora)
    found = told(cora, view=look, day=monday)
    lab = [line for line in found if line.startswith(f"{cast.welding_lab.name} out of service (repair)")]
    tom = [line for line in found if line.startswith(f"{cast.tom.name} away")]
    assert (len(lab), len(tom)) == ((1, 1) if look == "agenda" else (3, 2))
    assert [" until " in line for line in lab] == [True, False, False][: len(lab)]
    page = cora.get("/calendar", query_string={"view": look, "day": monday}).text
    assert f"/fleet/closures/{shut.id}" in page
    assert f"/fleet/crew/{cast.tom.id}" in page
    # What began before the days that are shown stands on the first of them.
    later = told(cora, view=look, day=monday + timedelta(days=2))
    assert any(line.startswith(cast.welding_lab.name) for line in later)


@pytest.mark.parametrize("look", LOOKS)
def test_a_list_tells_of_each_once(
    cast: Cast, shut: Closure, monday: date, signed_in_as: Signer, look: str
) -> None:
    page = signed_in_as(cast.cora).get("/calendar", query_string={"view": look, "day": monday}).text
    lines = re.findall(r'<li( class="is-going-on")?>', "".join(re.findall(r'(?s)days-off">(.*?)</ul>', page)))
    assert lines.count("") == 1


def test_who_may_see_which(
    cast: Cast, shut: Closure, gone: Leave, monday: date, signed_in_as: Signer
) -> None:
    def names(person: Person) -> set[str]:
        lines = told(signed_in_as(person), day=monday)
        return {who for who in (cast.welding_lab.name, cast.tom.name) for line in lines if who in line}

    assert names(cast.cora) == {cast.welding_lab.name, cast.tom.name}
    assert names(cast.tom) == {cast.welding_lab.name, cast.tom.name}
    assert names(cast.tess) == {cast.welding_lab.name}
    assert names(cast.emil) == set()


def test_what_is_narrowed_leaves_them_out(
    cast: Cast, shut: Closure, gone: Leave, monday: date, signed_in_as: Signer
) -> None:
    cora = signed_in_as(cast.cora)
    (only,) = told(cora, day=monday, lab=cast.welding_lab.id)
    assert only.startswith(cast.welding_lab.name)
    assert told(cora, day=monday, lab=cast.wiring_lab.id) == []
    assert told(cora, day=monday, course=cast.welding.id) == []
    assert told(cora, day=monday, worksite=cast.steel_site.id) == []
    assert told(cora, day=monday, status="confirmed") == []


def test_what_was_taken_back_and_what_is_no_labs_stays_out(
    cast: Cast, shut: Closure, gone: Leave, monday: date, signed_in_as: Signer
) -> None:
    closure(cast, monday, monday, vehicle=tractor(cast))
    shut.ends_at = shut.starts_at
    gone.withdrawn_at = utc_now()
    db.session.commit()
    assert told(signed_in_as(cast.cora), day=monday) == []


def test_what_was_back_earlier_ends_on_that_day(
    cast: Cast, shut: Closure, monday: date, signed_in_as: Signer
) -> None:
    shut.ends_at = shut.starts_at + timedelta(hours=9)
    db.session.commit()
    cora = signed_in_as(cast.cora)
    (only,) = told(cora, view="week", day=monday)
    assert "until" not in only
    assert told(cora, day=monday + timedelta(days=1)) == []


@pytest.mark.parametrize("look", LOOKS)
def test_as_many_statements_are_sent_however_many_there_are(
    cast: Cast, shut: Closure, gone: Leave, monday: date, signed_in_as: Signer, look: str
) -> None:
    cora = signed_in_as(cast.cora)

    def statements() -> int:
        db.session.commit()
        db.session.expire_all()
        sent: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", note := lambda *told: sent.append(told[2]))
        assert cora.get("/calendar", query_string={"view": look, "day": monday}).status_code == 200
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    statements()
    before = statements()
    for number in range(4):
        closure(cast, monday, monday + timedelta(days=number), lab=cast.wiring_lab)
        leave(cast.tess, monday + timedelta(days=number), monday + timedelta(days=number))
    assert statements() == before
