"""A change that meets another one at the same moment: neither is lost, what was typed can be sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from sqlite3 import IntegrityError as SqliteIntegrityError
from sqlite3 import OperationalError as SqliteError
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from psycopg import errors as postgresql
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling.models import Session
from labtracker.web.overtaken import is_away, was_overtaken
from tests.cast import Cast
from tests.scheduling.builders import planned, quiet_monday, submitted

Signer = Callable[[Person], FlaskClient]
JSON = {"Accept": "application/json"}


@contextmanager
def somebody_comes_first() -> Iterator[None]:
    """After a request has read and before it writes, each row it is about to change gets a newer version."""

    def overtake(session: Any, _context: Any, _instances: Any) -> None:
        for row in session.dirty:
            table = type(row).__table__
            if "version" in table.c and session.is_modified(row):
                newer = sa.update(table).where(table.c.id == row.id).values(version=table.c.version + 1)
                session.connection().execute(newer)

    sa.event.listen(db.session, "before_flush", overtake)
    try:
        yield
    finally:
        sa.event.remove(db.session, "before_flush", overtake)


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture
def addresses(cast: Cast, now: datetime) -> dict[str, tuple[str, dict[str, Any]]]:
    """What a coordinator may send to rows that carry a version."""
    monday = quiet_monday(now)
    window = (monday, monday)
    deployment = planned(cast, now, first_on=monday, windows=[window])
    waiting = submitted(cast, now, windows=[window])
    session = db.session.scalars(sa.select(Session).order_by(Session.starts_at)).first()
    assert session
    db.session.commit()
    when = {"day": monday.isoformat(), "starts": "07:00", "ends": "13:00", "break_minutes": "0"}
    return {
        "decline": (f"/bookings/{waiting.id}/refusal", {"reason": "No pad <here>"}),
        "cancel deployment": (f"/deployments/{deployment.id}/cancellation", {"reason": "No pad <here>"}),
        "move session": (f"/sessions/{session.id}/time", when),
        "cancel session": (f"/sessions/{session.id}/cancellation", {"reason": "No pad <here>"}),
        "archive course": (f"/courses/{cast.wiring.id}/archiving", {}),
        "retire lab": (f"/labs/{cast.wiring_lab.id}/retirement", {}),
        "archive worksite": (f"/worksites/{cast.campus.id}/archiving", {}),
    }


@pytest.mark.parametrize(
    "what",
    [
        "decline",
        "cancel deployment",
        "move session",
        "cancel session",
        "archive course",
        "retire lab",
        "archive worksite",
    ],
)
def test_people_and_programs_are_told_and_can_send_it_again(
    cast: Cast, signed_in_as: Signer, addresses: dict[str, tuple[str, dict[str, Any]]], what: str
) -> None:
    cora = signed_in_as(cast.cora)
    address, typed = addresses[what]
    with somebody_comes_first():
        page = cora.post(address, data=typed)
        told = cora.post(address, data=typed, headers=JSON)
    assert page.status_code == 409
    assert "at the same moment" in page.text
    assert f'action="{address}"' in page.text
    for value in typed.values():
        assert f'value="{value}"' in unescape(page.text)
    assert told.status_code == 409
    assert told.get_json()["errors"][0]["code"] == "changed_meanwhile"
    assert set(told.get_json()["errors"][0]) == {"code", "message", "field"}
    assert cora.post(address, data=typed).status_code == 303


def test_a_form_that_was_refused_once_can_be_sent_again_knowingly(
    cast: Cast, signed_in_as: Signer, addresses: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    cora = signed_in_as(cast.cora)
    for what in ("cancel session", "cancel deployment", "decline"):
        address, typed = addresses[what]
        refused = cora.post(address, data={**typed, "version": "0"})
        assert refused.status_code == 409
        assert "No pad &lt;here&gt;" in refused.text
        form = refused.text.split(f'action="{address}"', 1)[1].split("</form>", 1)[0]
        newest = form.split('name="version"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        assert newest != "0"
        assert cora.post(address, data={**typed, "version": newest}).status_code == 303


def test_what_lies_behind_an_error_is_told_by_the_database(now: datetime) -> None:
    def wrapped(kind: Any, error: Exception) -> Any:
        return kind("UPDATE", {}, error)

    taken = SqliteIntegrityError("UNIQUE constraint failed: person.email")
    missing = SqliteIntegrityError("NOT NULL constraint failed: person.email")
    overtaken = [
        StaleDataError("1 expected, 0 matched"),
        wrapped(IntegrityError, taken),
        wrapped(IntegrityError, postgresql.UniqueViolation()),
        wrapped(OperationalError, postgresql.SerializationFailure()),
        wrapped(OperationalError, postgresql.DeadlockDetected()),
    ]
    away = [
        wrapped(OperationalError, SqliteError("database is locked")),
        wrapped(OperationalError, postgresql.OperationalError("connection refused")),
        wrapped(OperationalError, postgresql.AdminShutdown()),
    ]
    broken = [
        wrapped(IntegrityError, missing),
        wrapped(IntegrityError, postgresql.NotNullViolation()),
        wrapped(OperationalError, SqliteError("no such table: person")),
        RuntimeError("nobody saw this coming"),
    ]
    every = (*overtaken, *away, *broken)
    assert [was_overtaken(error) for error in every] == [True] * 5 + [False] * 7
    assert [is_away(error) for error in every] == [False] * 5 + [True] * 3 + [False] * 4
