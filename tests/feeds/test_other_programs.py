"""Programs that did not write our calendars read them: vobject, ics, dateutil, and vdirsyncer over HTTP."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import ics
import pytest
import vobject
from dateutil.tz import tzical
from flask import Flask
from flask.testing import FlaskClient

from labtracker.extensions import db
from labtracker.feeds import services
from labtracker.feeds.ics import Heading, calendar_file
from labtracker.feeds.models import CalendarFeed
from labtracker.feeds.rules import FeedEvent, FeedKind, Status
from labtracker.kit.time import utc_now
from labtracker.scheduling import services as scheduling
from labtracker.scheduling.models import Deployment
from tests.browser.site import Site, serving
from tests.cast import Cast
from tests.feeds.builders import address_of, read
from tests.scheduling.builders import planned, quiet_monday

HEADING = Heading("Everything; at once, ñandú", "en")
CHANGED = datetime(2026, 2, 1, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
# The nights on which clocks change in Denver, from before the change to after it.
NIGHTS = (datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC))
HARD = ("Welding; basics, first\\second", "Soldadura básica: ñ, ü, “comillas”", "溶接 " * 40, "x" * 200)


def event_at(start: datetime, number: int = 0, zone: str = "America/Denver") -> FeedEvent:
    return FeedEvent(
        uid=f"{number}-{start:%Y%m%dT%H%M}@labtracker",
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        zone=zone,
        title=HARD[number % len(HARD)],
        status=list(Status)[number % 3],
        sequence=number,
        changed_at=CHANGED,
        place="Mill gate 3, 1 Mill Road; rear",
        lines=("first; line", "second, line", "third \\ line"),
        url="https://labs.example/sessions/1",
    )


def every_half_hour() -> list[FeedEvent]:
    """Shifts of eight hours that begin at every half hour of the nights on which clocks change."""
    starts = [night + step * HALF_AN_HOUR for night in NIGHTS for step in range(12)]
    return [event_at(start, number) for number, start in enumerate(starts)]


def test_other_parsers_find_the_same_instants_when_clocks_change() -> None:
    events = every_half_hour()
    file = calendar_file(HEADING, events).decode()
    wanted = {one.uid: (one.starts_at, one.ends_at) for one in events}
    by_vobject = {
        one.uid.value: (one.dtstart.value.astimezone(UTC), one.dtend.value.astimezone(UTC))
        for one in vobject.readOne(file).vevent_list
    }
    by_ics = {
        one.uid: (one.begin.datetime.astimezone(UTC), one.end.datetime.astimezone(UTC))
        for one in ics.Calendar(file).events
    }
    assert by_vobject == wanted
    assert by_ics == wanted


@pytest.mark.parametrize("zone", ["America/Denver", "America/Phoenix", "America/Chicago"])
def test_the_rules_of_a_zone_are_those_of_the_zone(zone: str) -> None:
    file = calendar_file(HEADING, [event_at(NIGHTS[0], zone=zone), event_at(NIGHTS[1], zone=zone)]).decode()
    rules = tzical(io.StringIO(file)).get(zone)
    for night in NIGHTS:
        for step in range(-96, 96):
            instant = night + step * HALF_AN_HOUR
            there = instant.astimezone(ZoneInfo(zone))
            assert there.replace(tzinfo=rules).utcoffset() == there.utcoffset() or there.fold, instant


def test_other_parsers_read_every_sign_and_state() -> None:
    events = every_half_hour()
    file = calendar_file(HEADING, events)
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert file == calendar_file(HEADING, events)
    theirs = {one.uid.value: one for one in vobject.readOne(file.decode()).vevent_list}
    others = {one.uid: one for one in ics.Calendar(file.decode()).events}
    for one in events:
        mine = (" ".join(one.title.split()), one.place, "\n".join(one.lines), str(one.status))
        by_vobject = theirs[one.uid]
        assert (
            by_vobject.summary.value,
            by_vobject.location.value,
            by_vobject.description.value,
            by_vobject.status.value,
        ) == mine
        by_ics = others[one.uid]
        assert (by_ics.name, by_ics.location, by_ics.description, str(by_ics.status)) == mine
        assert int(by_vobject.sequence.value) == one.sequence
        assert by_vobject.last_modified.value == CHANGED


@pytest.fixture
def stay(cast: Cast) -> Deployment:
    now = utc_now()
    monday = quiet_monday(now)
    deployment = planned(cast, now, first_on=monday, windows=[(monday, monday + timedelta(days=24))])
    db.session.commit()
    return deployment


def test_other_parsers_find_every_event_of_a_feed(cast: Cast, stay: Deployment, client: FlaskClient) -> None:
    address = address_of(FeedKind.LAB, cast.welding_lab.id, cast.cora, utc_now())
    session = stay.cohorts[0].sessions[1]
    scheduling.cancel_session(session=session, reason="Snow, all day", actor=cast.cora, now=utc_now())
    file = read(client, address).text
    wanted = {(one.starts_at, one.ends_at) for one in stay.cohorts[0].sessions}
    theirs = vobject.readOne(file).vevent_list
    others = ics.Calendar(file).events
    assert len(theirs) == len(others) == len(wanted) + 4
    assert wanted < {(one.dtstart.value, one.dtend.value) for one in theirs}
    assert {one.uid.value for one in theirs} == {one.uid for one in others}
    cancelled = f"{session.id}@labtracker"
    assert [one.uid.value for one in theirs if one.status.value == "CANCELLED"] == [cancelled]
    assert [one.uid for one in others if one.status == "CANCELLED"] == [cancelled]


class Vdirsyncer:
    """vdirsyncer with one subscription, and the folder to which it copies."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.copies = folder, folder / "copies"
        self.copies.mkdir()
        (folder / "config").write_text(
            f"""[general]
status_path = "{folder}/status"
[pair feed]
a = "ours"
b = "theirs"
collections = null
conflict_resolution = "a wins"
partial_sync = "ignore"
[storage ours]
type = "http"
url = "{url}"
[storage theirs]
type = "filesystem"
path = "{self.copies}"
fileext = ".ics"
"""
        )
        assert self.run("discover").returncode == 0

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [sys.executable, "-m", "vdirsyncer", "-c", str(self.folder / "config"), command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def starts(self) -> dict[str, datetime]:
        """When each event that was copied begins, by the page it leads to."""
        events = [vobject.readOne(path.read_text()).vevent for path in self.copies.glob("*.ics")]
        return {one.url.value: one.dtstart.value.astimezone(UTC) for one in events}


@pytest.mark.slow
@pytest.mark.one_database
def test_vdirsyncer_subscribes_follows_changes_and_is_shut_out(
    cast: Cast, app: Flask, stay: Deployment, tmp_path: Path
) -> None:
    address = address_of(FeedKind.EMPLOYER, cast.steel.id, cast.emil, utc_now())
    sessions = stay.cohorts[0].sessions
    with serving(Site(app)) as site:
        program = Vdirsyncer(tmp_path, f"{site.address}{address}")
        first = program.run("sync")
        assert first.returncode == 0, first.stderr
        assert sorted(program.starts().values()) == sorted(one.starts_at for one in sessions)
        moved_to = sessions[0].starts_at + timedelta(hours=2)
        scheduling.move_session(
            session=sessions[0],
            starts_at=moved_to,
            ends_at=sessions[0].ends_at + timedelta(hours=2),
            break_minutes=30,
            actor=cast.cora,
            now=utc_now(),
        )
        db.session.commit()
        assert program.run("sync").returncode == 0
        starts = program.starts()
        assert len(starts) == len(sessions)
        assert [at for url, at in starts.items() if url.endswith(str(sessions[0].id))] == [moved_to]
        feed = db.session.query(CalendarFeed).one()
        services.stop_feed(feed, actor=cast.emil, now=utc_now())
        db.session.commit()
        shut_out = program.run("sync")
        assert shut_out.returncode != 0
        assert "GONE" in shut_out.stderr.upper()
        assert len(program.starts()) == len(sessions)
