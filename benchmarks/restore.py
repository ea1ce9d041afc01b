"""B14: from the loss of a million events to phones refilled. `python -m benchmarks.restore [sqlite]`

The first phone's chain goes through the intake; 124 more phones tell of the same sessions, and their frames
(each with bytes, hash and chain of its own) and events are written to the tables directly, as nothing is
measured then. After the backup every phone records some more, of other cohorts, which only the phones still
have when the database is lost.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks.one_check_in import send
from benchmarks.pack import fetch
from benchmarks.projection import Intake
from benchmarks.timing import Report
from benchmarks.upload import BATCH, body_of
from benchmarks.world import (
    ROOT,
    Frame,
    Server,
    World,
    build,
    frames,
    kinds_asked_for,
    measured_database,
    serving,
)
from labtracker.app import create_app
from labtracker.checkin.models import EVENTS, FRAMES, WATERMARKS
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.time import utc_now

PHONES = 125
GROUPS = 20
LATER_GROUPS = 25
AFTERWARDS = 200
SECONDS = 60


def fill(world: World) -> int:
    """Write what the phones recorded before the backup; gives the number of events."""
    app = create_app(**world.settings)
    with app.app_context():
        chain = frames(world, world.groups[:GROUPS], "1")
        intake = Intake(app, world)
        intake.send(
            [body_of(world, chain[start : start + BATCH], "1") for start in range(0, len(chain), BATCH)]
        )
        db.session.remove()
        template = [
            dict(row) for row in db.session.execute(sa.select(EVENTS).order_by(EVENTS.c.frame_id)).mappings()
        ]
        for number in range(1, PHONES):
            phone = world.on_phone(number)
            _write(phone, frames(phone, world.groups[:GROUPS], "1"), template)
        if db.engine.name == "postgresql":
            # It gives out numbers by itself, and knows nothing of those that were written down here.
            db.session.execute(sa.text(f"SELECT setval('{FRAMES.name}_id_seq', max(id)) FROM {FRAMES.name}"))
        db.session.commit()
        held = db.session.scalar(sa.select(sa.func.count()).select_from(EVENTS))
        db.session.remove()
        db.engine.dispose()
    return held or 0


def _write(phone: World, chain: list[Frame], template: list[dict[str, Any]]) -> None:
    now, device, prev = utc_now(), UUID(phone.device), None
    first = (db.session.scalar(sa.select(sa.func.max(FRAMES.c.id))) or 0) + 1
    stored, events = [], []
    for number, (frame, told) in enumerate(zip(chain, template, strict=True), first):
        event_id = uuid7()
        key = bytes.fromhex(frame.hash)
        stored.append(
            {
                "id": number,
                "hash": key,
                "device_id": device,
                "incarnation": "1",
                "seq": frame.seq,
                "prev": prev,
                "raw": frame.raw,
                "event_id": event_id,
                "arrived_at": now,
                "uploaded_by_id": device,
                "verdict": "stored",
            }
        )
        events.append({**told, "frame_id": number, "id": event_id})
        prev = key
    connection = db.session.connection()
    connection.execute(sa.insert(FRAMES), stored)
    connection.execute(sa.insert(EVENTS), events)
    mark = {"have_seq": len(chain), "have_hash": prev, "highest_seq": len(chain), "uploads": 1}
    connection.execute(
        sa.insert(WATERMARKS), {"device_id": device, "incarnation": "1", "updated_at": now, **mark}
    )


def command(world: World, *words: str) -> str:
    """Run `labtracker` with these words; gives what it said."""
    told = subprocess.run(
        [sys.executable, "-m", "labtracker", *words],
        cwd=ROOT,
        env={**os.environ, **world.settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        raise RuntimeError(told.stdout + told.stderr)
    return told.stdout


def refill(world: World, server: Server, number: int) -> float:
    """One phone fetches its whole pack and sends what no backup has; gives the seconds."""
    begun = time.perf_counter()
    phone, connection = world.on_phone(number), server.connect()
    connection.timeout = 600
    fetch(connection, phone.token)
    group = phone.groups[GROUPS + number % LATER_GROUPS]
    chain = frames(phone, [group], "2")[:AFTERWARDS]
    if (statuses := send(connection, phone.token, [body_of(phone, chain, "2")])) != [200]:
        raise RuntimeError(f"a phone could not send what it had: {statuses}")
    connection.close()
    return time.perf_counter() - begun


def measure(kind: str) -> None:
    """Fill, back up, lose, restore, serve, refill; report."""
    with measured_database(kind) as (folder, new_database):
        target = folder / "elsewhere"
        target.mkdir()
        world = build(new_database(), folder, groups=GROUPS + LATER_GROUPS, phones=PHONES, ahead=True)
        world.settings["BACKUP_TARGETS"] = str(target)
        held = fill(world)
        begun = time.perf_counter()
        command(world, "backup")
        steps = {"backup": time.perf_counter() - begun}
        steps |= _restored(world, target)
    report = Report(f"B14 restore on {kind}", {"events": held, "phones": PHONES, "afterwards": AFTERWARDS})
    for name, seconds in steps.items():
        report.figure(f"{name}_seconds", seconds)
    whole = steps["restore"] + steps["start"] + steps["refill"]
    report.figure("seconds_in_all", whole)
    report.goal(f"serving again with phones refilled within {SECONDS} seconds", whole <= SECONDS)
    report.show()


def _restored(world: World, target: Path) -> dict[str, float]:
    newest = max(path.name for path in target.iterdir() if not path.name.endswith(".json"))
    steps, begun = {}, time.perf_counter()
    command(world, "restore", newest, "--replace")
    steps["restore"] = time.perf_counter() - begun
    begun = time.perf_counter()
    with serving(world) as server:
        steps["start"] = time.perf_counter() - begun
        begun = time.perf_counter()
        with ThreadPoolExecutor(PHONES) as threads:
            waited = list(threads.map(lambda number: refill(world, server, number), range(PHONES)))
        steps["refill"] = time.perf_counter() - begun
        steps["slowest_phone"] = max(waited)
    return steps


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
