"""B11: from a fresh clone to the first page, and a second start. `python -m benchmarks.set_up`

Caches of pip and npm are as they are: run it twice to see it with warm ones.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.timing import Report

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 300


def seconds_to_first_page(folder: Path) -> float:
    """Call `make run` in the folder and wait for the sign-in page; the server is stopped again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    server = subprocess.Popen(
        ["make", "run", f"PORT={port}"], cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - begun < LONGEST:
            if server.poll() is not None:
                raise RuntimeError(f"make run ended with status {server.returncode}")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                return time.perf_counter() - begun
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"no page after {LONGEST} seconds")
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=30)


def main() -> None:
    """Measure once: a second measurement in the same run would find everything in the disk's cache."""
    with tempfile.TemporaryDirectory(prefix="labtracker-set-up-") as name:
        folder = Path(name) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        first = seconds_to_first_page(folder)
        again = seconds_to_first_page(folder)
    report = Report("B11 set-up to first page", {"rounds": 1})
    report.figure("fresh_clone_seconds", first)
    report.figure("second_start_seconds", again)
    report.goal("a fresh clone shows its first page within 60 s", first <= 60)
    report.goal("a second start takes under 5 s", again < 5)
    report.show()


if __name__ == "__main__":
    main()
