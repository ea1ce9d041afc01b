"""B13, B12: 500 phones come back with 100,000 check-ins. `python -m benchmarks.drain [sqlite|postgresql]`

Each phone was away for three days and sends what it has as soon as there is signal; nobody waits for anybody.
First all come back in one instant, then, with as many new check-ins, each at some moment of one minute.
Memory is what the largest of the web server's processes holds at rest, in the middle and at the end.
"""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from dataclasses import dataclass, replace

from benchmarks.timing import Report
from benchmarks.world import Group, Server, World, build, frames, kinds_asked_for, measured_database, serving

PHONES = 500
GROUPS = 50
HALF = 4  # sessions of the eight that a cohort has: each phone was at one half
EVENTS = PHONES * 2 * HALF * 25
MINUTES = 5
SECONDS_P99 = 2
MEGABYTES = 120
# The seconds within which the phones come back.
WAVES = {"at_once": 0, "within_a_minute": 60}


class Phone(threading.Thread):
    """One phone: a chain made before, sent as one upload."""

    def __init__(self, world: World, number: int, wave: int, server: Server) -> None:
        super().__init__(daemon=True)
        here = world.on_phone(number)
        group, first = here.groups[number % GROUPS], HALF * (number // GROUPS % 2)
        half = replace(group, sessions=group.sessions[first : first + HALF])
        self.token = here.token
        self.count, self.body = _upload(here, half, f"{wave * PHONES + number:016x}")
        self.server = server
        self.begin, self.delay = threading.Event(), 0.0
        self.status, self.seconds, self.stored = 0, 0.0, 0
        self.refusals: list[float] = []

    def run(self) -> None:
        """Send some time after the sign; told to come later, do so as the real client does."""
        self.begin.wait()
        time.sleep(self.delay)
        while (later := self._send()) is not None:
            self.refusals.append(self.seconds)
            # As static/js/checkin/sync/backoff.js has it.
            time.sleep(later * random.uniform(1, 1.1) + random.uniform(0, 1))

    def _send(self) -> int | None:
        """Send once; gives the seconds after which to come again, if the server said so."""
        connection = self.server.connect()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        begun = time.perf_counter()
        connection.request("POST", "/api/v1/events", body=self.body, headers=headers)
        answer = connection.getresponse()
        told = answer.read()
        self.seconds, self.status = time.perf_counter() - begun, answer.status
        connection.close()
        if self.status == 200:
            self.stored = sum(one["verdict"] == "stored" for one in json.loads(told)["results"])
        return int(answer.headers["Retry-After"]) if self.status == 429 else None


class Visitor(threading.Thread):
    """Somebody else meanwhile: asks for one thing again and again, and notes how long each answer took."""

    def __init__(self, server: Server, path: str, headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.server, self.path, self.headers = server, path, headers
        self.over = threading.Event()
        self.seconds: list[float] = []
        self.failed = 0

    def run(self) -> None:
        """Ask five times a second until it is over."""
        connection = self.server.connect()
        while not self.over.wait(0.2):
            begun = time.perf_counter()
            connection.request("GET", self.path, headers=self.headers)
            answer = connection.getresponse()
            answer.read()
            self.seconds.append(time.perf_counter() - begun)
            self.failed += answer.status != 200
        connection.close()


def _upload(world: World, group: Group, incarnation: str) -> tuple[int, bytes]:
    chain = frames(world, [group], incarnation)
    told = {"device": world.device, "incarnation": incarnation, "items": [frame.item for frame in chain]}
    return len(chain), json.dumps(told).encode()


@dataclass
class Wave:
    """What came of one wave: its phones, the seconds in all, memory at rest, in the middle and at the end."""

    phones: list[Phone]
    visitors: dict[str, Visitor]
    total: float
    memory: list[float]


def _let_come(world: World, server: Server, wave: int, within: int) -> Wave:
    phones = [Phone(world, number, wave, server) for number in range(PHONES)]
    moments = random.Random(wave)
    for phone in phones:
        phone.delay = moments.uniform(0, within)
        phone.start()
    bearer = {"Authorization": f"Bearer {world.phones[0][1]}"}
    visitors = {"page": Visitor(server, "/sign-in", {}), "pack": Visitor(server, "/api/v1/pack", bearer)}
    memory = [server.megabytes()]
    for visitor in visitors.values():
        visitor.start()
    begun = time.perf_counter()
    for phone in phones:
        phone.begin.set()
    for number, phone in enumerate(phones):
        phone.join()
        if number == PHONES // 2:
            memory.append(server.megabytes())
    total = time.perf_counter() - begun
    for visitor in visitors.values():
        visitor.over.set()
        visitor.join()
    return Wave(phones, visitors, total, [*memory, server.megabytes()])


def measure(kind: str) -> None:
    """Build the phones, let them all come back, report."""
    with measured_database(kind) as (folder, new_database):
        world = build(new_database(), folder, groups=GROUPS, phones=PHONES)
        with serving(world) as server:
            waves = {
                name: _let_come(world, server, wave, within)
                for wave, (name, within) in enumerate(WAVES.items())
            }
    report = Report(f"B13 drain on {kind}", {"phones": PHONES, "events": EVENTS})
    for name, wave in waves.items():
        _report(report, name, wave)
    report.show()


def _report(report: Report, name: str, wave: Wave) -> None:
    waited = sorted(phone.seconds for phone in wave.phones)
    refusals = sorted(seconds for phone in wave.phones for seconds in phone.refusals)
    stored = sum(phone.stored for phone in wave.phones)
    failed = sum(phone.status != 200 for phone in wave.phones)
    failed += sum(visitor.failed for visitor in wave.visitors.values())
    report.figure(f"seconds_{name}", wave.total)
    report.figure(f"events_per_second_{name}", EVENTS / wave.total)
    report.figure(f"median_upload_seconds_{name}", statistics.median(waited))
    report.figure(f"p99_upload_seconds_{name}", _p99(waited))
    report.figure(f"refusals_{name}", len(refusals))
    report.figure(f"p99_refusal_seconds_{name}", _p99(refusals))
    report.figure(f"most_refusals_of_a_phone_{name}", max(len(phone.refusals) for phone in wave.phones))
    for what, visitor in wave.visitors.items():
        report.figure(f"median_{what}_seconds_{name}", statistics.median(visitor.seconds))
        report.figure(f"p99_{what}_seconds_{name}", _p99(sorted(visitor.seconds)))
    report.figure(f"failed_{name}", failed)
    for moment, value in zip(("before", "in_the_middle", "after"), wave.memory, strict=True):
        report.figure(f"megabytes_{moment}_{name}", value)
    report.goal(f"{name}: all acknowledged, none failed", failed == 0 and stored == EVENTS)
    report.goal(f"{name}: under {MINUTES} minutes", wave.total < 60 * MINUTES)
    report.goal(f"{name}: 99 of 100 uploads within {SECONDS_P99} seconds", _p99(waited) < SECONDS_P99)
    report.goal(f"{name}: at most {MEGABYTES} MB", max(wave.memory) <= MEGABYTES)


def _p99(ordered: list[float]) -> float:
    return ordered[int(len(ordered) * 0.99)] if ordered else 0.0


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
