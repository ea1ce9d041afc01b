"""B8: Lighthouse's scores on a simulated phone. `make lighthouse`, or `python -m benchmarks.scores [URL...]`

Without addresses: the landing page, the open dates, the sign-in page and the client at `labtracker serve`,
the client both on its first visit and as a paired phone opens it in the morning.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.first_visit import PHONE, pair, pairing_code
from benchmarks.timing import Report
from benchmarks.world import World, build, serving
from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.browser.server import free_port

ROOT = Path(__file__).resolve().parent.parent
LIGHTHOUSE = ROOT / "benchmarks" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
ROUNDS = 3
GOAL = 98
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# The client is no page for search engines: it knows nobody and says nothing.
NOT_FOR_SEARCH = {"client", "client-paired"}
PUBLIC_PAGES = {"landing": "/", "dates": "/dates", "sign-in": "/sign-in", "client": "/checkin"}


def lighthouse(address: str, port: int | None = None) -> dict[str, Any]:
    """One report on an address, by a fresh browser, or by the one that listens on a port as it is."""
    with tempfile.TemporaryDirectory(prefix="labtracker-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        command = [ROOT / "tools" / "node", LIGHTHOUSE, address, "--quiet", "--output=json"]
        command += [f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}"]
        command += [f"--chrome-flags={' '.join(['--headless=new', *ARGUMENTS])}"]
        if port:
            command += [f"--port={port}", "--disable-storage-reset"]
        environment = {**os.environ, "CHROME_PATH": chromium_path() or ""}
        # Now and then its recording of a page fails, and it asks to be run again.
        if subprocess.run(command, check=False, env=environment).returncode:
            subprocess.run(command, check=True, env=environment)
        return dict(json.loads(report.read_text(encoding="utf-8")))


@contextmanager
def paired_phone(address: str, code: str) -> Iterator[int]:
    """A browser in which the client is paired and ready for offline; gives the port where it can be led."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="labtracker-phone-") as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium_path(),
            args=[*ARGUMENTS, f"--remote-debugging-port={port}"],
            viewport=PHONE,  # type: ignore[arg-type]
            locale="en-US",
        )
        page = context.pages[0]
        page.goto(f"{address}/checkin")
        pair(page, code)
        yield port
        context.close()


def measure(report: Report, name: str, address: str, port: int | None = None) -> None:
    """Note the median scores of a page, and what keeps the last of them from being full."""
    found = [lighthouse(address, port) for _round in range(ROUNDS)]
    for category in CATEGORIES:
        if category == "seo" and name in NOT_FOR_SEARCH:
            continue
        score = 100 * statistics.median(one["categories"][category]["score"] or 0 for one in found)
        report.figure(f"{name}_{category.replace('-', '_')}", score)
        report.goal(f"{name}: {category} at least {GOAL}", score >= GOAL)
    for words in faults(found[-1]):
        print(f"  {name}: {words}")


def faults(found: dict[str, Any]) -> list[str]:
    """What took points, as Lighthouse words it."""
    counted = {
        audit["id"] for one in found["categories"].values() for audit in one["auditRefs"] if audit["weight"]
    }
    return [
        f"{audit['title']} ({audit.get('displayValue') or audit['score']})"
        for name, audit in found["audits"].items()
        if name in counted and audit["score"] is not None and audit["score"] < 1
    ]


def measure_own(report: Report, world: World, address: str) -> None:
    """The public pages and the client, as a stranger and as a paired phone meet them."""
    for name, path in PUBLIC_PAGES.items():
        measure(report, name, f"{address}{path}")
    with paired_phone(address, pairing_code(world)) as port:
        measure(report, "client-paired", f"{address}/checkin", port)


def main() -> None:
    """Measure what was asked for, or our own pages at a server of our own."""
    report = Report("B8 Lighthouse, mobile", {"rounds": ROUNDS})
    if sys.argv[1:]:
        for address in sys.argv[1:]:
            measure(report, address, address)
    else:
        with tempfile.TemporaryDirectory(prefix="labtracker-scores-") as name:
            folder = Path(name)
            world = build(f"sqlite:///{folder / 'scores.sqlite'}", folder, 1)
            with serving(world) as server:
                measure_own(report, world, f"http://127.0.0.1:{server.port}")
    report.show()


if __name__ == "__main__":
    main()
