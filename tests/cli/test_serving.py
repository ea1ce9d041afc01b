"""``labtracker serve`` answers, works off jobs beside it, and takes its worker along when it stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from labtracker import config
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.jobs.mail import queue_mail
from labtracker.jobs.models import Job
from labtracker.kit.time import utc_now

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def health(port: int) -> str | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return str(json.load(answer)["status"])
    except (urllib.error.URLError, ConnectionError):
        return None


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")
def test_serve_works_and_stops_with_its_worker(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'served.sqlite'}"
    environment = {**os.environ, "DATABASE_URL": database, "INSTANCE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "labtracker.cli"]
    subprocess.run([*command, "init"], cwd=config.ROOT, env=environment, check=True, capture_output=True)
    port = free_port()
    served = subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        cwd=config.ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert wait_until(lambda: health(port) == "ok")
        family = children_of(served.pid)
        assert family
        app = create_app(DATABASE_URL=database, INSTANCE_DIR=str(tmp_path))
        with app.app_context():
            queue_mail("ana@plains.example", "sign_in_link", "en", utc_now(), name="Ana", url="https://x/")
            db.session.commit()

            def is_done() -> bool:
                waiting = db.session.execute(sa.select(Job).where(Job.done_at.is_(None))).first()
                db.session.rollback()
                return waiting is None

            assert wait_until(is_done)
            db.session.remove()
            db.engine.dispose()
    finally:
        served.send_signal(signal.SIGTERM)
        _out, errors = served.communicate(timeout=30)
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))
    assert served.returncode == 0
    assert b"Traceback" not in errors
    assert b"ana@" not in errors
