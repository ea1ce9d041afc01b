"""B1, B12: upload of 10,000 queued check-ins in batches of 500. `python -m benchmarks.upload [sqlite]`

The floor writes the same frames in the same batches to the same kind of database with the same durability,
by one prepared INSERT and without HTTP.
"""

from __future__ import annotations

import http.client
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import sqlalchemy as sa

from benchmarks.timing import ROUNDS, Report, growth, in_turns
from benchmarks.world import (
    SESSIONS,
    WORKERS,
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
from labtracker.extensions import db

EVENTS = 10_000
BATCH = 500
GROUPS = EVENTS // (2 * WORKERS * SESSIONS)
MEGABYTES = 120
GOALS = {"sqlite": 3, "postgresql": 4}
TABLE = "CREATE TABLE floor (hash {bytes} PRIMARY KEY, device TEXT, seq BIGINT, raw {bytes} NOT NULL)"
INSERT = "INSERT INTO floor VALUES ({0}, {0}, {0}, {0}) ON CONFLICT DO NOTHING"


class Floor:
    """The bare insert, and the processor time it took."""

    def __init__(self, kind: str, folder: Path, url: str) -> None:
        self.cpu = 0.0
        if kind == "sqlite":
            lite = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
            lite.execute("PRAGMA journal_mode=WAL")
            lite.execute("PRAGMA synchronous=FULL")
            lite.execute(TABLE.format(bytes="BLOB"))
            self._write = self._by_sqlite(lite)
        else:
            post = psycopg.connect(url.replace("+psycopg", ""))
            post.execute(TABLE.format(bytes="BYTEA"))
            post.commit()
            self._write = self._by_postgres(post)

    def write(self, batches: list[list[Frame]], device: str) -> float:
        """Write all batches, a transaction each; gives the seconds."""
        rows = [[(bytes.fromhex(one.hash), device, one.seq, one.raw) for one in batch] for batch in batches]
        begun, used = time.perf_counter(), time.process_time()
        for batch in rows:
            self._write(batch)
        self.cpu += time.process_time() - used
        return time.perf_counter() - begun

    @staticmethod
    def _by_sqlite(connection: sqlite3.Connection) -> Callable[[list[tuple[bytes, str, int, bytes]]], None]:
        def write(rows: list[tuple[bytes, str, int, bytes]]) -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT.format("?"), rows)
            connection.execute("COMMIT")

        return write

    @staticmethod
    def _by_postgres(
        connection: psycopg.Connection,
    ) -> Callable[[list[tuple[bytes, str, int, bytes]]], None]:
        def write(rows: list[tuple[bytes, str, int, bytes]]) -> None:
            with connection.cursor() as cursor:
                cursor.executemany(INSERT.format("%s"), rows)
            connection.commit()

        return write


class Uploader:
    """Sends prepared uploads to the server, and the processor time that the server took."""

    def __init__(self, server: Server, world: World) -> None:
        self.server, self.world = server, world
        self.connection = server.connect()
        self.cpu = 0.0
        self.steps: list[list[float]] = []
        self.memory: list[float] = []

    def send(self, bodies: list[bytes]) -> float:
        """Send all, one after another, insisting on a verdict `stored` for each item; gives the seconds."""
        used = self.server.cpu_seconds()
        begun = time.perf_counter()
        answers, steps = [], []
        for body in bodies:
            answers.append(self._post(body))
            steps.append(time.perf_counter() - begun)
        self.steps.append(steps)
        self.memory.append(self.server.megabytes())
        self.cpu += self.server.cpu_seconds() - used
        verdicts = {one["verdict"] for answer in answers for one in json.loads(answer)["results"]}
        if verdicts != {"stored"}:
            raise RuntimeError(f"not all were stored: {verdicts}")
        return steps[-1]

    def _post(self, body: bytes) -> bytes:
        headers = {"Authorization": f"Bearer {self.world.token}", "Content-Type": "application/json"}
        self.connection.request("POST", "/api/v1/events", body=body, headers=headers)
        answer: http.client.HTTPResponse = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {text[:500]!r}")
        return text


def rounds_of(world: World, first: int, count: int) -> Iterator[tuple[list[list[Frame]], list[bytes]]]:
    """For each round its own cohorts and a chain of its own: the batches, and the uploads made of them."""
    for number in range(first, first + count):
        incarnation = f"{number:016x}"
        chain = frames(world, world.groups[number * GROUPS : (number + 1) * GROUPS], incarnation)
        batches = [chain[start : start + BATCH] for start in range(0, len(chain), BATCH)]
        yield batches, [body_of(world, batch, incarnation) for batch in batches]


def body_of(world: World, batch: list[Frame], incarnation: str) -> bytes:
    """The upload of a batch of frames."""
    items = [one.item for one in batch]
    return json.dumps({"device": world.device, "incarnation": incarnation, "items": items}).encode()


def statements_per_batch(world: World) -> dict[int, int]:
    """SQL statements that one upload takes, by the number of its items."""
    counts = {}
    app = create_app(**world.settings)
    with app.app_context():
        for number, size in enumerate((20, 100, 400)):
            incarnation = f"{0xFFFF + number:016x}"
            groups = world.groups[-1 - number : len(world.groups) - number]
            body = body_of(world, frames(world, groups, incarnation)[:size], incarnation)
            seen: list[str] = []
            sa.event.listen(db.engine, "before_cursor_execute", lambda *told, seen=seen: seen.append(told[2]))
            headers = {"Authorization": f"Bearer {world.token}", "Content-Type": "application/json"}
            answer = app.test_client().post("/api/v1/events", data=body, headers=headers)
            if answer.status_code != 200:
                raise RuntimeError(answer.text)
            counts[size] = len(seen)
        db.engine.dispose()
    return counts


def measure(kind: str) -> None:
    """Build a world, measure in turns, report."""
    with measured_database(kind) as (folder, new_database):
        world = build(new_database(), folder, groups=(ROUNDS + 1) * GROUPS + 3)
        floor = Floor(kind, folder, new_database())
        made = iter(list(rounds_of(world, 0, ROUNDS + 1)))
        batches: list[list[Frame]] = []
        with serving(world) as server:
            uploader, at_rest = Uploader(server, world), server.megabytes()

            def upload() -> float:
                nonlocal batches
                batches, bodies = next(made)
                return uploader.send(bodies)

            samples = in_turns({"labtracker": upload, "floor": lambda: floor.write(batches, world.device)})
        counts = statements_per_batch(world)
    report = Report(f"B1 upload on {kind}", {"events": EVENTS, "batch": BATCH, "rounds": ROUNDS})
    for contender, sample in samples.items():
        report.sample(contender, sample, EVENTS)
    share = samples["floor"].median / samples["labtracker"].median
    report.figure("share_of_floor", share)
    report.figure("cpu_times_floor", uploader.cpu / floor.cpu)
    report.figure(
        "last_round_over_first", samples["labtracker"].seconds[-1] / samples["labtracker"].seconds[0]
    )
    for name, value in growth(uploader.steps, EVENTS).items():
        report.figure(name, value)
    report.figure("megabytes_at_rest", at_rest)
    report.figure("megabytes_after_the_first_round", uploader.memory[0])
    report.figure("megabytes_after_the_last_round", uploader.memory[-1])
    for size, count in counts.items():
        report.figure(f"statements_for_{size}_items", count)
    report.goal(f"at least 1/{GOALS[kind]} of the floor's events per second", share >= 1 / GOALS[kind])
    report.goal("at most 5 times the floor's processor time", uploader.cpu <= 5 * floor.cpu)
    report.goal(f"at most {MEGABYTES} MB in the web process", max(at_rest, *uploader.memory) <= MEGABYTES)
    report.goal("statements do not grow with the batch", len(set(counts.values())) == 1)
    report.show()


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
