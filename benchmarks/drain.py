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

    def run(self) -> None:
        """Send some time after the sign, and note what came of it."""
        connection = self.server.connect()
        connection.timeout = 600
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.begin.wait()
        time.sleep(self.delay)
        begun = time.perf_counter()
        connection.request("POST", "/api/v1/events", body=self.body, headers=headers)
        answer = connection.getresponse()
        told = answer.read()
        self.seconds, self.status = time.perf_counter() - begun, answer.status
        connection.close()
        if self.status == 200:
            self.stored = sum(one["verdict"] == "stored" for one in json.loads(told)["results"])


def _upload(world: World, group: Group, incarnation: str) -> tuple[int, bytes]:
    chain = frames(world, [group], incarnation)
    told = {"device": world.device, "incarnation": incarnation, "items": [frame.item for frame in chain]}
    return len(chain), json.dumps(told).encode()


@dataclass
class Wave:
    """What came of one wave: its phones, the seconds in all, memory at rest, in the middle and at the end."""

    phones: list[Phone]
    total: float
    memory: list[float]


def _let_come(world: World, server: Server, wave: int, within: int) -> Wave:
    phones = [Phone(world, number, wave, server) for number in range(PHONES)]
    moments = random.Random(wave)
    for phone in phones:
        phone.delay = moments.uniform(0, within)
        phone.start()
    memory = [server.megabytes()]
    begun = time.perf_counter()
    for phone in phones:
        phone.begin.set()
    for number, phone in enumerate(phones):
        phone.join()
        if number == PHONES // 2:
            memory.append(server.megabytes())
    return Wave(phones, time.perf_counter() - begun, [*memory, server.megabytes()])


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
    p99 = waited[int(len(waited) * 0.99)]
    stored = sum(phone.stored for phone in wave.phones)
    failed = sum(phone.status != 200 for phone in wave.phones)
    report.figure(f"seconds_{name}", wave.total)
    report.figure(f"events_per_second_{name}", EVENTS / wave.total)
    report.figure(f"median_upload_seconds_{name}", statistics.median(waited))
    report.figure(f"p99_upload_seconds_{name}", p99)
    report.figure(f"failed_{name}", failed)
    for moment, value in zip(("before", "in_the_middle", "after"), wave.memory, strict=True):
        report.figure(f"megabytes_{moment}_{name}", value)
    report.goal(f"{name}: all acknowledged, none failed", failed == 0 and stored == EVENTS)
    report.goal(f"{name}: under {MINUTES} minutes", wave.total < 60 * MINUTES)
    report.goal(f"{name}: 99 of 100 uploads within {SECONDS_P99} seconds", p99 < SECONDS_P99)
    report.goal(f"{name}: at most {MEGABYTES} MB", max(wave.memory) <= MEGABYTES)


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
