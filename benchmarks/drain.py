"""B13, B12: 500 phones come back at once with 100,000 check-ins. `python -m benchmarks.drain [sqlite]`

Each phone was away for three days and sends what it has as soon as there is signal; nobody waits for anybody.
Memory is what the web server's processes hold at rest, in the middle and at the end.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from dataclasses import replace

from benchmarks.timing import Report
from benchmarks.world import Group, Server, World, build, frames, kinds_asked_for, measured_database, serving

PHONES = 500
GROUPS = 50
HALF = 4  # sessions of the eight that a cohort has: each phone was at one half
EVENTS = PHONES * 2 * HALF * 25
MINUTES = 5
SECONDS_P99 = 2
MEGABYTES = 120


class Phone(threading.Thread):
    """One phone: a chain made before, sent as one upload."""

    def __init__(self, world: World, number: int, server: Server, start: threading.Event) -> None:
        super().__init__(daemon=True)
        here = world.on_phone(number)
        group, first = here.groups[number % GROUPS], HALF * (number // GROUPS % 2)
        half = replace(group, sessions=group.sessions[first : first + HALF])
        self.token = here.token
        self.count, self.body = _upload(here, half, f"{number:016x}")
        self.server, self.begin = server, start
        self.status, self.seconds, self.stored = 0, 0.0, 0

    def run(self) -> None:
        """Send at the sign, and note what came of it."""
        connection = self.server.connect()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        self.begin.wait()
        begun = time.perf_counter()
        connection.timeout = 600
        connection.request("POST", "/api/v1/events", body=self.body, headers=headers)
        answer = connection.getresponse()
        told = answer.read()
        self.seconds, self.status = time.perf_counter() - begun, answer.status
        if self.status == 200:
            self.stored = sum(one["verdict"] == "stored" for one in json.loads(told)["results"])


def _upload(world: World, group: Group, incarnation: str) -> tuple[int, bytes]:
    chain = frames(world, [group], incarnation)
    told = {"device": world.device, "incarnation": incarnation, "items": [frame.item for frame in chain]}
    return len(chain), json.dumps(told).encode()


def measure(kind: str) -> None:
    """Build the phones, let them all come back, report."""
    with measured_database(kind) as (folder, new_database):
        world = build(new_database(), folder, groups=GROUPS, phones=PHONES)
        with serving(world) as server:
            memory = [server.megabytes()]
            start = threading.Event()
            phones = [Phone(world, number, server, start) for number in range(PHONES)]
            for phone in phones:
                phone.start()
            begun = time.perf_counter()
            start.set()
            for number, phone in enumerate(phones):
                phone.join()
                if number == PHONES // 2:
                    memory.append(server.megabytes())
            total = time.perf_counter() - begun
            memory.append(server.megabytes())
    _report(kind, phones, total, memory)


def _report(kind: str, phones: list[Phone], total: float, memory: list[float]) -> None:
    waited = sorted(phone.seconds for phone in phones)
    p99 = waited[int(len(waited) * 0.99)]
    stored, failed = sum(phone.stored for phone in phones), sum(phone.status != 200 for phone in phones)
    report = Report(f"B13 drain on {kind}", {"phones": PHONES, "events": EVENTS})
    report.figure("seconds_in_all", total)
    report.figure("events_per_second", EVENTS / total)
    report.figure("median_upload_seconds", statistics.median(waited))
    report.figure("p99_upload_seconds", p99)
    report.figure("failed", failed)
    for name, value in zip(("at_rest", "in_the_middle", "at_the_end"), memory, strict=True):
        report.figure(f"megabytes_{name}", value)
    report.goal("all acknowledged, none failed", failed == 0 and stored == EVENTS)
    report.goal(f"under {MINUTES} minutes", total < 60 * MINUTES)
    report.goal(f"99 of 100 uploads within {SECONDS_P99} seconds", p99 < SECONDS_P99)
    report.goal(f"at most {MEGABYTES} MB at rest", memory[0] <= MEGABYTES)
    report.show()


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
