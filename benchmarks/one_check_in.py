"""B2: one check-in a request, eight phones at once. `python -m benchmarks.one_check_in [sqlite|postgresql]`

The floor is a bare Flask application that reads JSON and answers it, under the same web server.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any

import sqlalchemy as sa
import waitress
from flask import Flask, request

from benchmarks.timing import ROUNDS, Report, in_turns
from benchmarks.world import World, build, frames, kinds_asked_for, measured_database, serving
from labtracker.app import create_app
from labtracker.extensions import db

PHONES = 8
EACH = 40
CROWD = 32
THREADS = 8
GOALS = {"sqlite": 6, "postgresql": 4}
STATEMENTS = 6


def echo(port: int) -> None:
    """The floor: reads JSON, answers it."""
    app = Flask("echo")

    @app.post("/api/v1/events")
    def answer() -> Any:
        return request.get_json()

    waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS)


@contextmanager
def echoing() -> Iterator[Callable[[], http.client.HTTPConnection]]:
    """Run the floor in a process of its own; gives what connects to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=echo, args=(port,), daemon=True)
    process.start()

    def connect() -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    try:
        for _try in range(600):
            try:
                connect().connect()
                break
            except OSError:
                time.sleep(0.1)
        yield connect
    finally:
        process.terminate()
        process.join()


def uploads(world: World, number: int, incarnation: str) -> Iterator[bytes]:
    """One check-in after another of a phone's chain, each as an upload of its own."""
    phone = world.on_phone(number)
    for frame in frames(phone, phone.groups[number : number + 1], incarnation):
        told = {"device": phone.device, "incarnation": incarnation, "items": [frame.item]}
        yield json.dumps(told).encode()


def send(connection: http.client.HTTPConnection, token: str, bodies: list[bytes]) -> list[int]:
    """Send one upload after another on one connection, later where told so; gives the last statuses."""
    statuses = []
    for body in bodies:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        while True:
            connection.request("POST", "/api/v1/events", body=body, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 429:
                break
            time.sleep(int(answer.headers["Retry-After"]))
        statuses.append(answer.status)
    return statuses


def all_at_once(
    connections: list[http.client.HTTPConnection], world: World, rounds: list[list[bytes]]
) -> list[int]:
    """Every phone sends its own at the same time; gives all statuses."""
    with ThreadPoolExecutor(len(rounds)) as threads:
        sent = [
            threads.submit(send, connection, world.phones[number][1], bodies)
            for number, (connection, bodies) in enumerate(zip(connections, rounds, strict=True))
        ]
        return [status for one in sent for status in one.result()]


def statements(world: World) -> int:
    """SQL statements that one check-in takes."""
    app = create_app(**world.settings)
    seen: list[str] = []
    with app.app_context():
        token = world.phones[0][1]
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        for number, body in enumerate(islice(uploads(world, 0, "f" * 16), 3)):
            if number == 1:
                sa.event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
            if number == 2:
                break
            app.test_client().post("/api/v1/events", data=body, headers=headers)
        db.session.remove()
        db.engine.dispose()
    return len([one for one in seen if not one.upper().startswith(("BEGIN", "COMMIT", "PRAGMA"))])


def measure(kind: str) -> None:
    """Build a world, measure in turns, report."""
    with measured_database(kind) as (folder, new_database):
        world = build(new_database(), folder, groups=CROWD, phones=CROWD)
        chains = [uploads(world, number, f"{number:016x}") for number in range(CROWD)]

        def next_of(phones: int) -> list[list[bytes]]:
            return [list(islice(chain, EACH)) for chain in chains[:phones]]

        with serving(world) as server, echoing() as connect:
            ours = [server.connect() for _number in range(CROWD)]
            floor = [connect() for _number in range(PHONES)]
            statuses: list[int] = []
            bodies: list[list[bytes]] = []

            def upload() -> float:
                nonlocal bodies
                bodies = next_of(PHONES)
                begun = time.perf_counter()
                statuses.extend(all_at_once(ours[:PHONES], world, bodies))
                return time.perf_counter() - begun

            samples = in_turns({"labtracker": upload, "echo": lambda: all_at_once(floor, world, bodies)})
            crowd: list[int] = []
            waited = {PHONES: samples["labtracker"].median}
            for phones in (CROWD // 2, CROWD):
                bodies, begun = next_of(phones), time.perf_counter()
                crowd += all_at_once(ours[:phones], world, bodies)
                waited[phones] = time.perf_counter() - begun
        count = statements(world)
    report = Report(f"B2 one check-in on {kind}", {"phones": PHONES, "each": EACH, "rounds": ROUNDS})
    for contender, sample in samples.items():
        report.sample(contender, sample, PHONES * EACH)
    share = samples["echo"].median / samples["labtracker"].median
    report.figure("share_of_echo", share)
    report.figure("statements", count)
    for phones in (CROWD // 2, CROWD):
        report.figure(f"times_from_{phones // 2}_to_{phones}_phones", waited[phones] / waited[phones // 2])
    report.figure(f"failed_of_{len(crowd)}_with_up_to_{CROWD}_phones", sum(status != 200 for status in crowd))
    report.goal(f"at least 1/{GOALS[kind]} of the echo's requests per second", share >= 1 / GOALS[kind])
    report.goal(f"at most {STATEMENTS} statements", count <= STATEMENTS)
    report.goal(f"no failure with {CROWD} phones at once", {*statuses, *crowd} == {200})
    report.show()


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
