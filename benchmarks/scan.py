"""B6: from a picture to the verdict on the screen. `python -m benchmarks.scan`

The real client scans badges in Chromium, its page slowed four times; the pictures come from a camera of the
benchmark's own, so it is known when each badge came into view. Chromium slows the page and not its workers,
so the worker's part is counted four times instead. The floor is the decoder alone: the same pictures, read on
the slowed page itself.
"""

from __future__ import annotations

import base64
import io
import json
import random
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.first_visit import PHONE, pair, pairing_code
from benchmarks.hard_badges import ROOT, code_of
from benchmarks.timing import Report
from benchmarks.world import Server, World, build, serving
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.roster.models import Badge
from labtracker.roster.rules.badges import badge_url
from tests.browser.chromium import launch

DECODER = ROOT / "benchmarks" / "decoder"
SIZES = ((640, 480), (1280, 720))
SLOWED = 4
BADGES = 20
MOST_MS = 80
FIRST_HIT_MS = 300
# The decoder alone, on what is before the camera now.
ALONE = """async () => {
  const { readBarcodes, prepareZXingModule } = await import('/static/vendor/zxing-wasm/reader/index.js');
  const locateFile = (name) => `/static/vendor/zxing-wasm/reader/${name}`;
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  const taken = [];
  for (let number = 0; number < stage.pictures.length - 1; number += 1) {
    stage.hold(number);
    const begun = performance.now();
    await readBarcodes(stage.colors(), { formats: ['QRCode'], maxNumberOfSymbols: 1, tryInvert: false });
    taken.push(performance.now() - begun);
  }
  return taken;
}"""


def badge_texts(world: World, host: str) -> list[str]:
    """What is printed on the badges of the world's workers."""
    app = create_app(**world.settings)
    with app.app_context():
        badges = db.session.scalars(sa.select(Badge).order_by(Badge.issued_at, Badge.id).limit(BADGES)).all()
        texts = [badge_url(badge.secret, host) for badge in badges]
        db.engine.dispose()
    return texts


def drawn(texts: Sequence[str], width: int, height: int) -> list[str]:
    """A picture of each badge and one of an empty room, as addresses that hold them."""
    badges = [{"text": text, "code": code_of(text)} for text in texts]
    asked = json.dumps({"width": width, "height": height, "badges": badges})
    command = [str(ROOT / "tools" / "node"), str(DECODER / "sharp_badges.js")]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return [_address(base64.b64decode(json.loads(line)), width, height) for line in done.stdout.splitlines()]


def _address(gray: bytes, width: int, height: int) -> str:
    out = io.BytesIO()
    Image.frombytes("L", (width, height), gray).save(out, "JPEG", quality=92)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode()


def scan_all(page: Page, amount: int) -> list[dict[str, float]]:
    """Hold up one badge after another, an empty room between them; the marks of each verdict."""
    chance = random.Random(6)
    empty = amount
    marks = []
    for number in range(amount):
        page.evaluate("(number) => stage.hold(number)", empty)
        page.wait_for_timeout(400 + chance.random() * 200)
        held = page.evaluate("(number) => stage.hold(number)", number)
        # Asked seldom: every question takes time of the slowed page, just when its verdict is due.
        page.wait_for_function("(amount) => stage.verdicts.length > amount", arg=number, polling=250)
        marks.append({"held": held, **page.evaluate("() => stage.verdicts.at(-1)")})
    return marks


def measure(browser: Browser, server: Server, world: World, report: Report, width: int, height: int) -> None:
    """One size of picture, on a phone of its own."""
    context = browser.new_context(viewport=PHONE, locale="en-US")  # type: ignore[arg-type]
    context.add_init_script(path=DECODER / "staged_camera.js")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/checkin")
    pair(page, pairing_code(world))
    texts = badge_texts(world, f"127.0.0.1:{server.port}")
    load = "async ([addresses, width, height]) => { await stage.load(addresses, width, height); }"
    page.evaluate(load, [drawn(texts, width, height), width, height])
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    alone = page.evaluate(ALONE)
    page.evaluate("() => { stage.hold(stage.pictures.length - 1); location.hash = '#/scan'; }")
    page.locator(".scan__frame").wait_for()
    marks = scan_all(page, len(texts))
    context.close()
    _note(report, f"{width}x{height}", alone, marks)


def _note(report: Report, size: str, alone: list[float], marks: list[dict[str, Any]]) -> None:
    worker = [mark["answered"] - mark["given"] for mark in marks]
    more = [(SLOWED - 1) * part for part in worker]
    verdict = [mark["shown"] - mark["taken"] + part for mark, part in zip(marks, more, strict=True)]
    first_hit = [mark["shown"] - mark["held"] + part for mark, part in zip(marks, more, strict=True)]
    report.figure(f"alone_median_ms_{size}", statistics.median(alone))
    report.figure(f"alone_p95_ms_{size}", _p95(alone))
    report.figure(f"worker_median_ms_{size}_not_slowed", statistics.median(worker))
    page = [mark["shown"] - mark["answered"] for mark in marks]
    report.figure(f"answer_to_verdict_median_ms_{size}", statistics.median(page))
    report.figure(f"frame_to_verdict_median_ms_{size}", statistics.median(verdict))
    report.figure(f"frame_to_verdict_p95_ms_{size}", _p95(verdict))
    report.figure(f"first_hit_p95_ms_{size}", _p95(first_hit))
    report.goal(f"{size}: verdict at most {MOST_MS} ms after its picture (p95)", _p95(verdict) <= MOST_MS)
    report.goal(
        f"{size}: within {FIRST_HIT_MS} ms of coming into view (p95)", _p95(first_hit) <= FIRST_HIT_MS
    )


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> None:
    """Measure both sizes."""
    report = Report("B6 scan", {"badges": BADGES, "slowed": SLOWED})
    with tempfile.TemporaryDirectory(prefix="labtracker-scan-") as name:
        folder = Path(name)
        world = build(f"sqlite:///{folder / 'scan.sqlite'}", folder, 1)
        with serving(world) as server, sync_playwright() as playwright:
            browser = launch(playwright)
            for width, height in SIZES:
                measure(browser, server, world, report, width, height)
            browser.close()
    report.show()


if __name__ == "__main__":
    main()
