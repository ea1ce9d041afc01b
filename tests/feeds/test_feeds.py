"""What a feed tells, to whom, and when it stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from labtracker.accounts import services as accounts
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.app import create_app
from labtracker.errors import DomainError
from labtracker.extensions import db, limiter
from labtracker.feeds import services
from labtracker.feeds.models import CalendarFeed
from labtracker.feeds.rules import FeedKind
from labtracker.kit.ids import fingerprint
from labtracker.kit.time import utc_now
from labtracker.scheduling import services as scheduling
from labtracker.scheduling.models import Deployment
from tests.cast import Cast
from tests.feeds.builders import address_of, read, text_of, told
from tests.scheduling.builders import planned, quiet_monday

Signer = Callable[[Person], FlaskClient]


@pytest.fixture
def now() -> datetime:
    """A feed tells of the months around the real present."""
    return utc_now().replace(microsecond=0)


@pytest.fixture
def stay(cast: Cast, now: datetime) -> Deployment:
    """The steel works' visit, planned and not confirmed yet; Tess drives."""
    monday = quiet_monday(now)
    window = (monday, monday + timedelta(days=24))
    deployment = planned(cast, now, first_on=monday, windows=[window], drivers=[cast.tess])
    db.session.commit()
    return deployment


def other_visit(cast: Cast, now: datetime) -> Deployment:
    """A visit of the dairy's, with the other lab, its trainer Tess."""
    monday = quiet_monday(now) + timedelta(days=21)
    window: tuple[date, date] = (monday, monday + timedelta(days=24))
    deployment = planned(
        cast,
        now,
        actor=cast.stella,
        employer=cast.dairy,
        worksite=cast.dairy_site,
        course=cast.wiring,
        lab=cast.wiring_lab,
        trainers=[cast.tess],
        first_on=monday,
        windows=[window],
    )
    db.session.commit()
    return deployment


def confirm(cast: Cast, deployment: Deployment, now: datetime) -> None:
    booking = deployment.cohorts[0].booking
    assert booking is not None
    scheduling.confirm_booking(booking=booking, actor=cast.cora, now=now)
    db.session.commit()


def test_a_lab_feed_tells_sessions_and_every_leg(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    events = told(client, address)
    sessions = {f"{one.id}@labtracker" for one in stay.cohorts[0].sessions}
    legs = {f"{stay.id}-{leg}@labtracker" for leg in ("travel-in", "setup", "teardown", "travel-out")}
    assert set(events) == sessions | legs
    first = events[f"{stay.cohorts[0].sessions[0].id}@labtracker"]
    assert first["SUMMARY"] == "Welding basics · Pueblo"
    assert first["LOCATION"] == "Mill gate 3, 1 Mill Road, Pueblo, CO 81004"
    assert first["STATUS"] == "TENTATIVE"
    assert first["URL"].endswith(f"/sessions/{stay.cohorts[0].sessions[0].id}")
    assert "Trainers: Tom Baca" in first["DESCRIPTION"]
    assert "Contact at the site: Gate guard, 719 555 0100" in first["DESCRIPTION"]
    assert events[f"{stay.id}-travel-in@labtracker"].start == stay.blocks_from
    assert events[f"{stay.id}-travel-out@labtracker"].end == stay.blocks_until
    assert text_of(client, address).count("BEGIN:VTIMEZONE") == 1


def test_what_each_kind_may_see(cast: Cast, stay: Deployment, client: FlaskClient, now: datetime) -> None:
    other = other_visit(cast, now)
    steel_sessions = {f"{one.id}@labtracker" for one in stay.cohorts[0].sessions}
    dairy_sessions = {f"{one.id}@labtracker" for one in other.cohorts[0].sessions}
    trainer = address_of(FeedKind.TRAINER, cast.tom.id, cast.tom, now)
    driver = address_of(FeedKind.TRAINER, cast.tess.id, cast.tess, now)
    employer = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    office = address_of(FeedKind.EMPLOYER, cast.dairy.id, cast.cora, now)
    site = address_of(FeedKind.WORKSITE, cast.steel_site.id, cast.cora, now)
    assert set(told(client, trainer)) == steel_sessions
    drives = {uid for uid in told(client, driver) if uid.startswith(f"{stay.id}-")}
    assert drives == {
        f"{stay.id}-{leg}@labtracker" for leg in ("travel-in", "setup", "teardown", "travel-out")
    }
    assert set(told(client, driver)) == steel_sessions | drives | dairy_sessions
    assert set(told(client, employer)) == set(told(client, site)) == steel_sessions
    assert set(told(client, office)) == dairy_sessions
    for address in (employer, site, office):
        text = text_of(client, address)
        assert "Gate guard" not in text
        assert "719 555 0100" not in text
        assert "Tom Baca" not in text
    assert cast.steel.name not in text_of(client, site)
    assert cast.steel.name not in text_of(client, office)
    assert cast.dairy.name not in text_of(client, employer)


def test_a_trainers_feed_of_a_lab_holds_only_their_own_crews(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    own = address_of(FeedKind.LAB, cast.welding_lab.id, cast.tom, now)
    strange = address_of(FeedKind.LAB, cast.wiring_lab.id, cast.tom, now)
    other_visit(cast, now)
    assert len(told(client, own)) == len(stay.cohorts[0].sessions) + 4
    assert told(client, strange) == {}


def test_a_sequence_rises_with_every_change_and_the_id_stays(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    session = stay.cohorts[0].sessions[0]
    uid = f"{session.id}@labtracker"
    asked = told(client, address)[uid]
    confirm(cast, stay, now)
    sure = told(client, address)[uid]
    assert (asked["STATUS"], sure["STATUS"]) == ("TENTATIVE", "CONFIRMED")
    scheduling.move_session(
        session=session,
        starts_at=session.starts_at + timedelta(hours=1),
        ends_at=session.ends_at + timedelta(hours=1),
        break_minutes=30,
        actor=cast.cora,
        now=now,
    )
    db.session.commit()
    moved = told(client, address)[uid]
    assert moved.start == sure.start + timedelta(hours=1)
    scheduling.cancel_session(session=session, reason="Snow; roads, closed", actor=cast.cora, now=now)
    db.session.commit()
    gone = told(client, address)[uid]
    assert gone["STATUS"] == "CANCELLED"
    assert gone["TRANSP"] == "TRANSPARENT"
    assert gone["SUMMARY"] == "Cancelled: Welding basics · Pueblo"
    assert "Snow; roads, closed" in gone["DESCRIPTION"]
    told_in_turn = (asked, sure, moved, gone)
    assert sorted({one["SEQUENCE"] for one in told_in_turn}) == [one["SEQUENCE"] for one in told_in_turn]
    stamps = [one["LAST-MODIFIED"].dt for one in told_in_turn]
    assert stamps == sorted(stamps)


def test_a_visit_that_moves_keeps_its_events(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    before = told(client, address)
    scheduling.move_deployment(
        deployment=stay,
        actor=cast.cora,
        now=now,
        expected_version=None,
        first_on=quiet_monday(now) + timedelta(days=7),
    )
    after = told(client, address)
    assert set(after) == set(before)
    for uid, event in after.items():
        assert event["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert event.start - before[uid].start == timedelta(days=7)


def test_a_new_address_of_the_site_is_a_change_too(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.WORKSITE, cast.steel_site.id, cast.emil, now)
    before = told(client, address)
    cast.steel_site.address = "2 Mill Road; rear, gate\nring twice"
    db.session.commit()
    after = told(client, address)
    for uid, event in after.items():
        assert event["SEQUENCE"] > before[uid]["SEQUENCE"]
        assert event["LOCATION"] == "Mill gate 3, 2 Mill Road; rear, gate ring twice, Pueblo, CO 81004"


def test_a_cancelled_visit_stays_as_cancelled(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    before = told(client, address)
    scheduling.cancel_deployment(deployment=stay, reason="The lab broke down", actor=cast.cora, now=now)
    db.session.commit()
    after = told(client, address)
    assert set(after) == set(before)
    assert {event["STATUS"] for event in after.values()} == {"CANCELLED"}


def test_ninety_days_back_and_two_years_ahead(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    past, old, ahead = stay.cohorts[0].sessions[:3]
    length = past.ends_at - past.starts_at
    for session, starts_at in (
        (past, -timedelta(days=88)),
        (old, -timedelta(days=92)),
        (ahead, timedelta(days=732)),
    ):
        session.starts_at, session.ends_at = now + starts_at, now + starts_at + length
    past.cancelled_at = now - timedelta(days=95)
    db.session.commit()
    uids = set(told(client, address))
    assert f"{past.id}@labtracker" in uids
    assert not uids & {f"{old.id}@labtracker", f"{ahead.id}@labtracker"}


def test_a_feed_speaks_its_owners_language(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    cast.emil.language = "es"
    address = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    client.set_cookie("language", "en")
    event = next(iter(told(client, address).values()))
    assert event["SUMMARY"] == "Soldadura básica · Pueblo"
    assert "Grupo:" in event["DESCRIPTION"]


def test_nothing_new_is_answered_without_the_file(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    first = read(client, address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.mimetype == "text/calendar"
    assert first.content_type == "text/calendar; charset=utf-8"
    for asked in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        same = read(client, address, asked)
        assert (same.status_code, same.data) == (304, b"")
        assert same.headers["ETag"] == first.headers["ETag"]
    confirm(cast, stay, now)
    db.session.execute(sa.update(CalendarFeed).values(changed_at=now - timedelta(hours=3)))
    db.session.commit()
    for asked in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": (now - timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")},
    ):
        assert read(client, address, asked).status_code == 200


def test_whoever_loses_the_role_loses_the_feed_for_good(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.TRAINER, cast.tom.id, cast.tom, now)
    (held,) = cast.tom.memberships
    accounts.end_role(held, actor=cast.ada, now=now)
    db.session.commit()
    assert read(client, address).status_code == 410
    later = now + timedelta(minutes=1)
    accounts.give_role(cast.tom, organization=cast.college, role=Role.TRAINER, actor=cast.ada, now=later)
    db.session.commit()
    assert read(client, address).status_code == 410


def test_the_archived_lose_their_feeds_also_when_restored(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    accounts.archive_person(cast.emil, actor=cast.ada, now=now)
    db.session.commit()
    assert read(client, address).status_code == 410
    accounts.restore_person(cast.emil, actor=cast.ada, now=now)
    db.session.commit()
    assert read(client, address).status_code == 410


def test_an_archived_employer_has_no_feed(
    cast: Cast, stay: Deployment, client: FlaskClient, now: datetime
) -> None:
    address = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    cast.steel.archived_at = now
    db.session.commit()
    assert read(client, address).status_code == 410


@pytest.mark.parametrize(
    ("who", "kind", "whose"),
    [
        ("tom", FeedKind.TRAINER, "tess"),
        ("tom", FeedKind.EMPLOYER, "steel"),
        ("tom", FeedKind.WORKSITE, "steel_site"),
        ("emil", FeedKind.EMPLOYER, "dairy"),
        ("emil", FeedKind.WORKSITE, "dairy_site"),
        ("emil", FeedKind.LAB, "welding_lab"),
        ("emil", FeedKind.TRAINER, "tom"),
        ("rita", FeedKind.LAB, "welding_lab"),
        ("cora", FeedKind.TRAINER, "emil"),
    ],
)
def test_nobody_subscribes_to_what_is_not_theirs(
    cast: Cast, now: datetime, who: str, kind: FeedKind, whose: str
) -> None:
    with pytest.raises(DomainError) as refused:
        services.make_feed(kind=kind, subject_id=getattr(cast, whose).id, actor=getattr(cast, who), now=now)
    assert refused.value.code == "not_yours"


def test_only_a_mark_of_an_address_is_kept(cast: Cast, app: Flask, now: datetime) -> None:
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    secret = address.removeprefix("/feeds/").removesuffix(".ics")
    feed = db.session.scalars(sa.select(CalendarFeed)).one()
    assert feed.fingerprint == fingerprint(secret)
    assert len(secret) == 22
    assert not [column for column in feed.__table__.columns if getattr(feed, column.name) == secret]


def test_addresses_are_not_collected_without_end(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_FEEDS", 2)
    for _turn in range(2):
        address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    with pytest.raises(DomainError) as refused:
        address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, now)
    assert refused.value.code == "too_many_feeds"


def test_an_address_is_asked_for_renewed_and_stopped(
    cast: Cast, stay: Deployment, signed_in_as: Signer, client: FlaskClient
) -> None:
    browser = signed_in_as(cast.emil)
    assert "No address yet" in browser.get("/calendar/feeds").text
    offered = browser.get("/calendar/feeds/new").text
    assert "Steel Works" in offered
    assert "Mill gate 3" in offered
    assert "Plains Dairy" not in offered
    made = browser.post("/calendar/feeds/new", data={"subject": f"employer:{cast.steel.id}"}).text
    assert "Copy it now" in made
    first = shown_address(made)
    assert "webcal://" in made
    assert ">never<" in browser.get("/calendar/feeds").text
    assert len(told(client, first)) == len(stay.cohorts[0].sessions)
    listed = browser.get("/calendar/feeds").text
    assert first not in listed
    assert ">never<" not in listed
    feed = db.session.scalars(sa.select(CalendarFeed)).one()
    second = shown_address(browser.post(f"/calendar/feeds/{feed.id}/renewal").text)
    assert read(client, first).status_code == 410
    assert read(client, second).status_code == 200
    newer = db.session.scalars(sa.select(CalendarFeed).where(CalendarFeed.stopped_at.is_(None))).one()
    answer = browser.post(f"/calendar/feeds/{newer.id}/ending")
    assert answer.status_code == 303
    assert read(client, second).status_code == 410
    assert "The address is stopped" in browser.get("/calendar/feeds").text


def test_feeds_of_others_and_wrong_wishes(cast: Cast, signed_in_as: Signer, now: datetime) -> None:
    address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, now)
    feed = db.session.scalars(sa.select(CalendarFeed)).one()
    stranger = signed_in_as(cast.stella)
    assert stranger.post(f"/calendar/feeds/{feed.id}/ending").status_code == 404
    assert stranger.post(f"/calendar/feeds/{feed.id}/renewal").status_code == 404
    assert stranger.get(f"/calendar/feeds/{feed.id}/ending").status_code == 405
    assert (
        stranger.post("/calendar/feeds/new", data={"subject": f"employer:{cast.steel.id}"}).status_code == 422
    )
    assert stranger.post("/calendar/feeds/new", data={"subject": "nonsense"}).status_code == 422
    assert signed_in_as(cast.rita).get("/calendar/feeds").status_code == 403
    assert stranger.post("/feeds/unknown.ics").status_code == 405
    assert stranger.get("/feeds/unknown.ics").status_code == 410


def shown_address(page: str) -> str:
    """The path of the address on the page that shows it once."""
    value = page.partition('id="address" value="')[2].partition('"')[0]
    return "/" + value.split("/", 3)[3]


@pytest.mark.one_database
@pytest.mark.usefixtures("app")
def test_whoever_guesses_is_slowed_down(database_url: str, tmp_path: Path) -> None:
    strict = create_app(
        DATABASE_URL=database_url, INSTANCE_DIR=str(tmp_path), SECRET_KEY="x", RATELIMIT_ENABLED=True
    )
    try:
        with strict.app_context():
            guesser = strict.test_client()
            answers = [guesser.get(f"/feeds/guess-{number}.ics").status_code for number in range(125)]
            db.session.remove()
            db.engine.dispose()
    finally:
        limiter.enabled = False
    assert set(answers[:100]) == {410}
    assert answers[-1] == 429
