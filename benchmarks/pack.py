"""B3: the pack of 2,000 people, first and after ten changes. `python -m benchmarks.pack [sqlite|postgresql]`

Bytes are those that travel, compressed as a browser asks for them; seconds are from the first question to
the last answer. Three sizes show how it grows.
"""

from __future__ import annotations

import gzip
import http.client
import json
import statistics
import time
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlencode

import sqlalchemy as sa

from benchmarks.timing import ROUNDS, Report
from benchmarks.world import WORKERS, World, build, kinds_asked_for, measured_database, serving
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import services as roster
from labtracker.roster.models import Enrollment

PEOPLE = (500, 1000, 2000)
SESSIONS = 4
CHANGES = 10


@dataclass
class Fetched:
    """What fetching a pack came to."""

    requests: int = 0
    sent: int = 0
    seconds: float = 0.0
    enrollments: int = 0
    epoch: str = ""
    cursor: str = ""


def fetch(connection: http.client.HTTPConnection, token: str, epoch: str = "", cursor: str = "") -> Fetched:
    """Ask for page after page until there are no more."""
    found = Fetched(epoch=epoch, cursor=cursor)
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
    begun = time.perf_counter()
    more = True
    while more:
        query = urlencode({"epoch": found.epoch, "cursor": found.cursor})
        connection.request("GET", f"/api/v1/pack?{query}", headers=headers)
        answer = connection.getresponse()
        raw = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {raw[:300]!r}")
        packed = answer.headers.get("Content-Encoding") == "gzip"
        page = json.loads(gzip.decompress(raw) if packed else raw)
        found.requests += 1
        found.sent += len(raw)
        found.enrollments += len(page["enrollments"])
        found.epoch, found.cursor, more = page["epoch"], str(page["cursor"]), page["more"]
    found.seconds = time.perf_counter() - begun
    return found


def change(world: World) -> None:
    """Ten workers leave their cohorts."""
    app = create_app(**world.settings)
    with app.app_context():
        now = utc_now()
        for enrollment in db.session.scalars(sa.select(Enrollment).limit(CHANGES)).all():
            roster.withdraw(enrollment, on=now.date(), reason="left", now=now, today=now.date())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def measure(kind: str) -> None:
    """Build worlds of three sizes, fetch, report."""
    report = Report(f"B3 pack on {kind}", {"people": PEOPLE[-1], "sessions": SESSIONS, "rounds": ROUNDS})
    seconds = []
    for people in PEOPLE:
        first, delta = _one_size(kind, people)
        seconds.append(statistics.median(one.seconds for one in first))
        if first[0].enrollments != people:
            raise RuntimeError(f"{first[0].enrollments} people came instead of {people}")
    report.figure("requests", first[0].requests)
    report.figure("bytes_per_person", first[0].sent / PEOPLE[-1])
    report.figure("first_seconds", seconds[-1])
    report.figure("delta_bytes", delta.sent)
    report.figure("delta_seconds", delta.seconds)
    for before, after in pairwise(range(len(PEOPLE))):
        name = f"times_from_{PEOPLE[before]}_to_{PEOPLE[after]}_people"
        report.figure(name, seconds[after] / seconds[before])
    report.goal("at most 80 bytes a person", first[0].sent <= 80 * PEOPLE[-1])
    report.goal("at most 0.3 seconds", seconds[-1] <= 0.3)
    report.goal(f"at most 2 kilobytes for {CHANGES} changes", delta.sent <= 2048)
    report.show()


def _one_size(kind: str, people: int) -> tuple[list[Fetched], Fetched]:
    with measured_database(kind) as (folder, new_database):
        world = build(new_database(), folder, groups=people // WORKERS, sessions=SESSIONS, ahead=True)
        with serving(world) as server:
            connection = server.connect()
            fetch(connection, world.token)
            first = [fetch(connection, world.token) for _round in range(ROUNDS)]
            change(world)
            delta = fetch(connection, world.token, first[0].epoch, first[0].cursor)
        return first, delta


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
