"""The coordinator's board of a year. `python -m benchmarks.board [sqlite|postgresql]`

Three sizes of a board of 52 weeks: how long the server takes and how many questions it asks, beside the
floor: the same stays read as bare rows. The largest is then opened in Chromium: bytes, nodes, how long it
takes to draw, and what the page is busy with while a deployment is dragged across it.
"""

from __future__ import annotations

import gzip
import statistics
import sys
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Page, sync_playwright

from benchmarks.openings import SIZES, afresh, counted, fill, processor_time, rows_alone
from benchmarks.timing import ROUNDS, Report, in_turns
from benchmarks.world import kinds_asked_for, measured_database
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling.models import Deployment
from tests.browser.chromium import launch
from tests.browser.site import Site, serving
from tests.cast import build_cast
from tests.conftest import TEST_SETTINGS

DESK = {"width": 1280, "height": 900}
KB = 1000
GOAL_SECONDS = 0.5
GOAL_NODES = 5_000
GOAL_TASK_MS = 50
# Set before the page's own script: when it stands on the screen, and what keeps it busy from then on.
WATCH = """
addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.drawnAt = performance.now();
})));
window.tasks = [];
new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration)))
  .observe({ type: 'longtask' });
"""
DRAWN = "() => window.drawnAt - performance.getEntriesByType('navigation')[0].responseEnd"
FRAMES = """() => {
  window.gaps = [];
  let before = performance.now();
  const next = (now) => { window.gaps.push(now - before); before = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
  window.tasks.length = 0;
}"""


def first_monday() -> date:
    """The Monday of this week: what is dragged must lie ahead."""
    today = utc_now().date()
    return today - timedelta(days=today.weekday())


def prepared(url: str, folder: Path, labs: int, stays: int) -> tuple[Flask, Site]:
    """An application with so many labs and stays, every second week free, and its coordinator."""
    app = create_app(DATABASE_URL=url, INSTANCE_DIR=str(folder), **{**TEST_SETTINGS, "TESTING": False})
    with app.app_context():
        upgrade()
        cast = build_cast()
        fill(cast, labs, stays, first_monday(), every=2)
        people = {"cora": cast.cora.id}
        db.session.remove()
    return app, Site(app, people=people)


def serve_one_size(report: Report, app: Flask, site: Site, stays: int) -> float:
    """What the server does for a board of a year; gives its median seconds."""
    client, address = site.client_of("cora"), f"/board?from={first_monday()}&weeks=52"
    page = client.get(address)
    assert page.text.count('class="stay ') == stays
    with app.app_context():
        with counted() as sent:
            client.get(address)

        def board() -> object:
            return client.get(address).data

        taken = in_turns(
            {"board": board, "rows_alone": afresh(rows_alone), "processor": processor_time(board)}
        )
        db.session.remove()
    report.sample(f"board_{stays}", taken["board"])
    report.sample(f"rows_alone_{stays}", taken["rows_alone"])
    report.figure(f"processor_{stays}_seconds", taken["processor"].median)
    report.figure(f"statements_{stays}", len(sent))
    report.figure(f"html_{stays}_kB", len(page.data) / KB)
    report.figure(f"html_{stays}_gzip_kB", len(gzip.compress(page.data, 6)) / KB)
    return taken["board"].median


def ask_and_move(report: Report, app: Flask, site: Site) -> None:
    """The dry run where nothing and where something is in the way, and the move itself."""
    client = site.client_of("cora")
    with app.app_context():
        stay = db.session.scalars(sa.select(Deployment).order_by(Deployment.blocks_from.desc())).first()
        assert stay is not None
        stay_id, lab_id, trainer = stay.id, stay.lab_id, stay.cohorts[0].sessions[0].trainers[0].person_id
        monday = stay.cohorts[0].sessions[0].starts_at.date()
        db.session.remove()

    def asked(day: date) -> Callable[[], object]:
        return lambda: client.get(f"/board/check?deployment={stay_id}&first_on={day}&weeks=52").json

    taken = in_turns(
        {
            "check_free": asked(monday + timedelta(weeks=1)),
            "check_blocked": asked(monday - timedelta(weeks=2)),
            "troubles": lambda: client.get(f"/board/troubles?from={first_monday()}&weeks=52").json,
            "move_there_and_back": lambda: there_and_back(client, stay_id, lab_id, trainer, monday),
        }
    )
    for name, sample in taken.items():
        report.sample(name, sample)


def there_and_back(client: FlaskClient, stay_id: UUID, lab_id: UUID, trainer: UUID, monday: date) -> None:
    """One move by a week, and its undoing."""
    fields: dict[str, Any] = {
        "lab": lab_id,
        "first_on": monday + timedelta(weeks=1),
        "trainers": [trainer],
        "version": "",
    }
    headers = {"Accept": "application/json"}
    moved = client.post(f"/deployments/{stay_id}/moves?weeks=52", data=fields, headers=headers)
    assert moved.status_code == 200, moved.text
    undone = client.post(moved.json["undo"]["url"] + "?weeks=52", headers=headers)
    assert undone.status_code == 200, undone.text


def open_and_drag(report: Report, site: Site) -> dict[str, float]:
    """The largest board in Chromium: its nodes, how long it takes to draw, how busy a drag keeps it."""
    drawn, frames, tasks, nodes = [], [], [], 0
    with serving(site) as running, sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport=DESK, locale="en-US")  # type: ignore[arg-type]
        context.add_cookies([running.cookie_of("cora")])  # type: ignore[list-item]
        for _round in range(ROUNDS + 1):
            page = context.new_page()
            page.add_init_script(WATCH)
            page.goto(f"{running.address}/board?from={first_monday()}&weeks=52", wait_until="networkidle")
            page.wait_for_function("() => window.drawnAt > 0")
            drawn.append(float(page.evaluate(DRAWN)))
            nodes = int(page.evaluate("document.querySelectorAll('*').length"))
            slowest, longest = drag(page)
            frames.append(slowest)
            tasks.append(longest)
            page.close()
        browser.close()
    found = {
        "nodes": float(nodes),
        "drawn_ms": statistics.median(drawn[1:]),
        "slowest_frame_while_dragging_ms": statistics.median(frames[1:]),
        "longest_task_while_dragging_ms": statistics.median(tasks[1:]),
        "longest_of_all_rounds_ms": max(tasks[1:]),
    }
    for name, figure in found.items():
        report.figure(name, figure)
    return found


def drag(page: Page) -> tuple[float, float]:
    """Take hold of a deployment, lead it over ten lanes and twenty weeks, and put it back."""
    box = page.locator(".stay").nth(3).bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 8)
    page.evaluate(FRAMES)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 360, steps=90)
    page.mouse.move(box["x"] + 120, box["y"] + 40, steps=90)
    page.keyboard.press("Escape")
    page.mouse.up()
    slowest = float(page.evaluate("Math.max(...window.gaps)"))
    # A task of less than 50 ms is none that Chromium tells of.
    return slowest, float(page.evaluate("Math.max(0, ...window.tasks)"))


def measure(kind: str) -> None:
    """Three sizes on one kind of database, the largest in a browser too."""
    report = Report(
        f"board on {kind}",
        {
            "labs": [labs for labs, _stays in SIZES],
            "deployments": [stays for _labs, stays in SIZES],
            "weeks": 52,
        },
    )
    medians = []
    with measured_database(kind) as (folder, address):
        for labs, stays in SIZES:
            app, site = prepared(address(), folder, labs, stays)
            medians.append(serve_one_size(report, app, site, stays))
        ask_and_move(report, app, site)
        seen = open_and_drag(report, site)
        with app.app_context():
            db.engine.dispose()
    for (smaller, larger), (_labs, stays) in zip(pairwise(medians), SIZES[1:], strict=True):
        report.figure(f"times_up_to_{stays}", larger / smaller)
    report.goal("a year of 40 labs from the server in half a second", medians[-1] < GOAL_SECONDS)
    report.goal("growth in proportion at most", medians[-1] / medians[-2] < 2.3)
    report.goal(f"at most {GOAL_NODES} nodes", seen["nodes"] <= GOAL_NODES)
    report.goal(
        f"no task of more than {GOAL_TASK_MS} ms while dragging",
        seen["longest_task_while_dragging_ms"] <= GOAL_TASK_MS,
    )
    report.show()


def main() -> int:
    """Measure what was asked for."""
    for kind in kinds_asked_for():
        measure(kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
