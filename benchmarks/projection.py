"""B5: keeping attendance and completion right while events arrive. `python -m benchmarks.projection [sqlite]`

The same uploads with what follows from them and without it: the frames are then kept and judged, but no event
is projected. Both run in this process, so that the difference is the intake's alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from benchmarks.timing import ROUNDS, Report, Sample, growth, in_turns
from benchmarks.upload import BATCH, EVENTS, GROUPS, Floor, rounds_of
from benchmarks.world import Frame, World, build, kinds_asked_for, measured_database
from labtracker.app import create_app
from labtracker.checkin.services import receiving
from labtracker.extensions import db


@contextmanager
def nothing_follows() -> Iterator[None]:
    """Uploads are kept and judged, and nothing is made of them."""
    real = receiving.project
    receiving.project = lambda *_told, **_more: None
    try:
        yield
    finally:
        receiving.project = real


class Intake:
    """Sends uploads to the application in this process."""

    def __init__(self, app: Flask, world: World) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {world.token}", "Content-Type": "application/json"}
        self.steps: list[list[float]] = []

    def send(self, bodies: list[bytes]) -> float:
        """Send all, one after another; gives the seconds."""
        begun, steps = time.perf_counter(), []
        for body in bodies:
            answer = self.client.post("/api/v1/events", data=body, headers=self.headers)
            if answer.status_code != 200 or b'"duplicate"' in answer.data:
                raise RuntimeError(answer.text[:500])
            steps.append(time.perf_counter() - begun)
        self.steps.append(steps)
        return steps[-1]


def measure(kind: str) -> None:
    """Build a world, measure in turns, report."""
    with measured_database(kind) as (folder, new_database):
        samples, steps = _measured(kind, folder, new_database(), new_database())
    report = Report(f"B5 projection on {kind}", {"events": EVENTS, "batch": BATCH, "rounds": ROUNDS})
    for contender, sample in samples.items():
        report.sample(contender, sample, EVENTS)
    cost = samples["projected"].median / samples["kept_only"].median - 1
    report.figure("projection_costs_times_the_rest", cost)
    bare = samples["projected"].median - samples["kept_only"].median
    report.figure("projection_costs_times_the_bare_insert", bare / samples["floor"].median)
    for name, value in growth(steps, EVENTS).items():
        report.figure(name, value)
    report.goal("costs at most as much again as keeping the records", cost <= 1)
    report.show()


def _measured(
    kind: str, folder: Path, url: str, floor_url: str
) -> tuple[dict[str, Sample], list[list[float]]]:
    world = build(url, folder, groups=2 * (ROUNDS + 1) * GROUPS)
    floor, app = Floor(kind, folder, floor_url), create_app(**world.settings)
    with app.app_context():
        made = iter(list(rounds_of(world, 0, 2 * (ROUNDS + 1))))
        kept, projected = Intake(app, world), Intake(app, world)
        last: list[list[Frame]] = []

        def keep_only() -> float:
            with nothing_follows():
                return kept.send(next(made)[1])

        def project() -> float:
            batches, bodies = next(made)
            last[:] = batches
            return projected.send(bodies)

        contenders = {
            "kept_only": keep_only,
            "projected": project,
            "floor": lambda: floor.write(last, world.device),
        }
        samples = in_turns(contenders)
        db.session.remove()
        db.engine.dispose()
    return samples, projected.steps


if __name__ == "__main__":
    for kind in kinds_asked_for():
        measure(kind)
