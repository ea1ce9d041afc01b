"""What feeds tell of days on which a lab is out of service or a trainer away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import ics
import pytest
import sqlalchemy as sa
import vobject
from flask.testing import FlaskClient

from labtracker.extensions import db
from labtracker.feeds.rules import FeedKind
from labtracker.fleet import services
from labtracker.fleet.models import Closure, Leave
from labtracker.fleet.rules import ClosureKind
from labtracker.kit.time import local_day, utc_now
from tests.cast import Cast
from tests.feeds.builders import address_of, read, text_of, told
from tests.fleet import builders

ZONE = "America/Denver"


@pytest.fixture
def now() -> datetime:
    """A feed tells of the months around the real present."""
    return utc_now().replace(microsecond=0)


@pytest.fixture
def first(now: datetime) -> date:
    return local_day(now, ZONE) + timedelta(days=30)


def shut(cast: Cast, first: date, last: date, now: datetime, kind: ClosureKind) -> Closure:
    made = services.add_closure(
        cast.welding_lab,
        kind=kind,
        first=first,
        last=last,
        note="New brakes; spindle, too",
        broke=(),
        actor=cast.cora,
        now=now,
    )
    db.session.commit()
    return made


def away(cast: Cast, first: date, last: date, now: datetime) -> Leave:
    made = services.enter_leave(cast.tom, first=first, last=last, zone=ZONE, actor=cast.tom, now=now)
    db.session.commit()
    return made


@pytest.mark.parametrize("kind", list(ClosureKind))
def test_a_closure_is_whole_days_in_the_labs_feed_alone(
    cast: Cast, client: FlaskClient, now: datetime, first: date, kind: ClosureKind
) -> None:
    closure = shut(cast, first, first + timedelta(days=4), now, kind)
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.tom, now)
    (event,) = told(client, address).values()
    assert event["UID"] == f"{closure.id}@labtracker"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (first, first + timedelta(days=5))
    assert event["SUMMARY"] == f"Out of service: {cast.welding_lab.name} ({kind})"
    assert "New brakes; spindle, too" in event["DESCRIPTION"]
    assert event["URL"].endswith(f"/fleet/closures/{closure.id}")
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert "VTIMEZONE" not in text_of(client, address)
    for strange in (
        address_of(FeedKind.LAB, cast.wiring_lab.id, cast.cora, now),
        address_of(FeedKind.TRAINER, cast.tom.id, cast.tom, now),
        address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now),
        address_of(FeedKind.WORKSITE, cast.steel_site.id, cast.emil, now),
    ):
        assert told(client, strange) == {}


def test_a_closure_that_changes_keeps_its_event(
    cast: Cast, client: FlaskClient, now: datetime, first: date
) -> None:
    closure = shut(cast, first, first + timedelta(days=4), now, ClosureKind.REPAIR)
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    (planned,) = told(client, address).values()
    services.change_last_day(
        closure, last=first + timedelta(days=9), broke=(), version=None, actor=cast.cora, now=now
    )
    db.session.commit()
    (longer,) = told(client, address).values()
    services.end_closure(closure, actor=cast.cora, now=closure.starts_at + timedelta(days=2, hours=9))
    db.session.commit()
    (shorter,) = told(client, address).values()
    assert longer["DTEND"].dt == first + timedelta(days=10)
    assert (shorter["DTSTART"].dt, shorter["DTEND"].dt) == (first, first + timedelta(days=3))
    assert shorter["STATUS"] == "CONFIRMED"
    in_turn = (planned, longer, shorter)
    assert len({one["UID"] for one in in_turn}) == 1
    assert planned["SEQUENCE"] < longer["SEQUENCE"] < shorter["SEQUENCE"]
    stamps = [one["LAST-MODIFIED"].dt for one in in_turn]
    assert stamps == sorted(stamps)


def test_what_is_taken_back_stays_as_cancelled(
    cast: Cast, client: FlaskClient, now: datetime, first: date
) -> None:
    closure = shut(cast, first, first + timedelta(days=4), now, ClosureKind.INSPECTION)
    leave = away(cast, first, first, now)
    lab = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    trainer = address_of(FeedKind.TRAINER, cast.tom.id, cast.tom, now)
    before = told(client, lab) | told(client, trainer)
    services.end_closure(closure, actor=cast.cora, now=now)
    services.withdraw_leave(leave, actor=cast.tom, now=now)
    db.session.commit()
    after = told(client, lab) | told(client, trainer)
    assert set(after) == set(before) == {f"{closure.id}@labtracker", f"{leave.id}@labtracker"}
    for uid, event in after.items():
        assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
        assert event["SUMMARY"].startswith("Cancelled: ")
        assert event["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (
            before[uid]["DTSTART"].dt,
            before[uid]["DTEND"].dt,
        )


def test_leave_is_told_to_the_person_and_the_office(
    cast: Cast, client: FlaskClient, now: datetime, first: date
) -> None:
    leave = away(cast, first, first + timedelta(days=2), now)
    for owner in (cast.tom, cast.cora, cast.ada):
        address = address_of(FeedKind.TRAINER, cast.tom.id, owner, now)
        (event,) = told(client, address).values()
        assert event["UID"] == f"{leave.id}@labtracker"
        assert event["SUMMARY"] == f"Away: {cast.tom.name}"
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (first, first + timedelta(days=3))
        assert event["DESCRIPTION"] == event["URL"]
    for strange in (
        address_of(FeedKind.TRAINER, cast.tess.id, cast.tess, now),
        address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now),
    ):
        assert told(client, strange) == {}


def test_long_past_days_are_told_no_more(cast: Cast, client: FlaskClient, now: datetime, first: date) -> None:
    old, past = first - timedelta(days=124), first - timedelta(days=116)
    builders.closure(cast, old, old)
    known = builders.closure(cast, past, past)
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    assert set(told(client, address)) == {f"{known.id}@labtracker"}


def test_a_feed_speaks_its_owners_language(
    cast: Cast, client: FlaskClient, now: datetime, first: date
) -> None:
    cast.tom.language = "es"
    shut(cast, first, first, now, ClosureKind.REPAIR)
    away(cast, first, first, now)
    (closed,) = told(client, address_of(FeedKind.LAB, cast.welding_lab.id, cast.tom, now)).values()
    (gone,) = told(client, address_of(FeedKind.TRAINER, cast.tom.id, cast.tom, now)).values()
    assert closed["SUMMARY"] == f"Fuera de servicio: {cast.welding_lab.name} (reparación)"
    assert gone["SUMMARY"] == f"Ausente: {cast.tom.name}"


def test_other_parsers_find_the_same_days_across_a_change_of_clocks(
    cast: Cast, client: FlaskClient, now: datetime
) -> None:
    # Clocks go forward on the second Sunday of March; a week around it begins and ends at other offsets.
    march = date(local_day(now, ZONE).year + 1, 3, 1)
    sunday = march + timedelta(days=(6 - march.weekday()) % 7 + 7)
    days = (sunday - timedelta(days=3), sunday + timedelta(days=3))
    shut(cast, *days, now, ClosureKind.MAINTENANCE)
    away(cast, *days, now)
    for kind, subject in ((FeedKind.LAB, cast.welding_lab), (FeedKind.TRAINER, cast.tom)):
        file = read(client, address_of(kind, subject.id, cast.cora, now)).text
        (theirs,) = vobject.readOne(file).vevent_list
        (others,) = ics.Calendar(file).events
        assert (theirs.dtstart.value, theirs.dtend.value) == (days[0], days[1] + timedelta(days=1))
        assert others.all_day
        assert (others.begin.date(), others.end.date()) == (days[0], days[1] + timedelta(days=1))
        assert theirs.uid.value == others.uid
        assert int(theirs.sequence.value) > 0


def test_as_many_statements_are_sent_however_many_days_there_are(
    cast: Cast, client: FlaskClient, now: datetime, first: date
) -> None:
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)

    def statements() -> int:
        read(client, address)
        sent: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", note := lambda *told: sent.append(told[2]))
        read(client, address)
        sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    shut(cast, first, first, now, ClosureKind.REPAIR)
    before = statements()
    for week in range(1, 5):
        shut(cast, first + timedelta(weeks=week), first + timedelta(weeks=week), now, ClosureKind.REPAIR)
    assert statements() == before
