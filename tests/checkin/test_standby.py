"""A commit at which the database warns is none: an upload is asked for again, and a later one is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.checkin.api import events
from labtracker.extensions import db
from tests.checkin.conftest import Day
from tests.checkin.phone import Phone, verdicts

# PostgreSQL says so when the wait for a synchronous standby was cut off.
WORDS = "canceling wait for synchronous replication due to user request"

pytestmark = pytest.mark.on_postgresql


@pytest.fixture
def warned(app: Flask) -> Iterator[None]:
    """At the end of each transaction that writes a watermark there is a warning."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE WARNING '{WORDS}'; RETURN NULL; END $$"
        )
        connection.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER warn AFTER INSERT OR UPDATE ON watermark"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()"
        )
    yield
    _take_away()


def _take_away() -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS warn CASCADE")


def test_an_upload_that_no_standby_has_is_not_acknowledged(
    warned: None, phone: Phone, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "TRIES", 2)
    phone.record("check_in", day.at(0), session=str(day.session.id), badge_hash=day.badges[0].badge_hash)
    answer = phone.post(phone.envelope())
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (503, "busy")
    _take_away()
    # What this server has kept meanwhile is acknowledged once a commit of its own went well.
    answer = phone.upload()
    assert verdicts(answer) == ["duplicate"]
    assert answer["have"] == {"seq": 1, "hash": phone.last_hash}


def test_what_the_database_says_in_the_middle_of_a_transaction_is_no_failure(app: Flask) -> None:
    db.session.execute(sa.text("DO $$ BEGIN RAISE WARNING 'passing'; END $$"))
    db.session.commit()
