"""``labtracker serve`` answers, keeps a worker beside it, takes it along at the end, and logs no secret."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from labtracker.app import create_app
from labtracker.cli import beside
from labtracker.cli.server import _keep_addresses_out_of_logs
from labtracker.extensions import db
from labtracker.jobs.mail import queue_mail
from labtracker.jobs.models import Job
from labtracker.kit.time import utc_now

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def health(port: int, headers: dict[str, str] | None = None) -> str | None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return str(json.load(answer)["status"])
    except (urllib.error.URLError, ConnectionError):
        return None


def children_of(pid: int) -> list[int]:
    # Each thread lists the children that it started.
    children: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            children += [int(child) for child in listed.read_text().split()]
    return children


# How many web processes are wished for, by the server that then serves.
SERVERS = {"gunicorn": 2, "waitress": 1}


@dataclass
class Served:
    """A server in its own process, the file of its database, and where its words go."""

    process: subprocess.Popen[bytes]
    port: int
    file: Path
    log: Path

    def worker(self) -> int | None:
        """The process that does background work, if there is one now."""
        for child in children_of(self.process.pid):
            # It may be gone by now.
            with suppress(FileNotFoundError, ProcessLookupError):
                if b"work" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                    return child
        return None

    def done_by_somebody(self) -> bool:
        """Whether a mail that is asked for now is sent."""
        app = create_app(DATABASE_URL=f"sqlite:///{self.file}", INSTANCE_DIR=str(self.file.parent))
        with app.app_context():
            queue_mail("ana@plains.example", "sign_in_link", "en", utc_now(), name="Ana", url="https://x/")
            db.session.commit()

            def is_done() -> bool:
                waiting = db.session.execute(sa.select(Job).where(Job.done_at.is_(None))).first()
                db.session.rollback()
                return waiting is None

            done = wait_until(is_done)
            db.session.remove()
            db.engine.dispose()
        return done


def hear_all() -> None:
    """Let Ctrl+C and a closed terminal do what they do."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def serving(folder: Path, server: str, *, ended_by: int = signal.SIGTERM) -> Iterator[Served]:
    """`labtracker serve` on a fresh database; ended as a service manager or a terminal ends it."""
    file, log, port = folder / "served.sqlite", folder / "server.log", free_port()
    settings = {"DATABASE_URL": f"sqlite:///{file}", "INSTANCE_DIR": str(folder)}
    environment = {**os.environ, **settings, "WEB_CONCURRENCY": str(SERVERS[server])}
    command = [sys.executable, "-P", "-m", "labtracker"]
    # A folder named like the program lies where the command is called; it must not be taken for it.
    (folder / "labtracker").mkdir()
    subprocess.run([*command, "init"], cwd=folder, env=environment, check=True, capture_output=True)
    with log.open("wb") as words:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=words,
            stderr=words,
            # As a terminal does: the server leads a group of its own, to which signals are sent.
            start_new_session=True,
            # Whoever runs the tests in a background hears none of these, and neither would the server.
            preexec_fn=hear_all,  # noqa: PLW1509 - nothing there waits for a thread
        )
    try:
        assert wait_until(lambda: health(port) == "ok"), log.read_text()
        yield Served(process, port, file, log)
    finally:
        os.killpg(process.pid, ended_by)
        process.wait(timeout=60)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


@needs_proc
@pytest.mark.parametrize("server", SERVERS)
def test_serve_works_starts_a_killed_worker_again_and_takes_it_along(tmp_path: Path, server: str) -> None:
    with serving(tmp_path, server) as served:
        killed: int | None = None
        for _time in range(2):
            assert wait_until(lambda: served.worker() not in (None, killed))  # noqa: B023 - called at once
            killed = served.worker()
            assert killed
            os.kill(killed, signal.SIGKILL)
        assert wait_until(lambda: served.worker() not in (None, killed))
        assert served.done_by_somebody()
        assert health(served.port) == "ok"
        # A proxy hands these on from its visitors: none of them moves a page.
        assert health(served.port, {"SCRIPT_NAME": "/elsewhere", "PATH_INFO": "/sign-in"}) == "ok"
        family = children_of(served.process.pid)
        assert served.worker() in family
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))
    assert served.process.returncode == 0
    words = served.log.read_text()
    assert words.count("background worker had ended") == 2
    assert "Traceback" not in words
    assert "ana@" not in words


@needs_proc
def test_a_web_process_that_dies_leaves_the_worker_alone(tmp_path: Path) -> None:
    with serving(tmp_path, "gunicorn") as served:
        worker = served.worker()
        web = [pid for pid in children_of(served.process.pid) if pid != worker]
        assert web
        os.kill(web[0], signal.SIGTERM)
        assert wait_until(lambda: not Path(f"/proc/{web[0]}").exists())
        assert wait_until(lambda: health(served.port) == "ok")
        assert served.worker() == worker


@needs_proc
@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGHUP], ids=["ctrl-c", "closed-terminal"])
def test_a_terminal_ends_server_and_worker_calmly(tmp_path: Path, server: str, ending: int) -> None:
    with serving(tmp_path, server, ended_by=ending) as served:
        family = children_of(served.process.pid)
        # Ended while the worker is still starting: that, too, is no reason for a traceback.
        assert len(family) >= 1
    assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))
    words = served.log.read_text()
    assert f"127.0.0.1 port {served.port}" in words
    assert "Traceback" not in words
    assert "Abort" not in words


@needs_proc
def test_ctrl_c_lets_a_request_in_flight_be_answered(tmp_path: Path) -> None:
    head = (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n"
    )
    with serving(tmp_path, "gunicorn", ended_by=signal.SIGINT) as served:
        assert wait_until(lambda: served.worker() is not None)
        web = [pid for pid in children_of(served.process.pid) if pid != served.worker()]
        with socket.create_connection(("127.0.0.1", served.port), timeout=60) as line:
            line.sendall(head)
            # It is being answered from here on: half of it has not come yet.
            assert line.recv(1024).startswith(b"HTTP/1.1 100 ")
            os.killpg(served.process.pid, signal.SIGINT)
            # Whoever has nothing to do ends at once.
            assert wait_until(lambda: len({*web} & {*children_of(served.process.pid)}) <= 1)
            line.sendall(b"email=ab")
            answer = line.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 ")
        assert answer.rstrip().endswith(b"</html>")
    assert served.process.returncode == 0
    assert "Traceback" not in served.log.read_text()


def test_slow_visitors_and_more_lines_than_a_process_usually_has_files_hold_nobody_up(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY != hard < 4000:
        pytest.skip("no process may open so many files here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    try:
        with serving(tmp_path, "waitress") as served, ExitStack() as lines:
            resource.setrlimit(resource.RLIMIT_NOFILE, (4000, hard))
            for number in range(1100):
                place = ("127.0.0.1", served.port)
                line = lines.enter_context(socket.create_connection(place, timeout=20))
                if number < 40:
                    line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\nemail=")
            assert health(served.port) == "ok"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_worker_that_dies_at_once_is_waited_for_ever_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = [beside.pause_before(deaths) for deaths in range(1, 12)]
    assert pauses[0] >= 1
    assert pauses == sorted(pauses)
    assert pauses[-1] == pauses[-2] == beside.LONGEST_PAUSE_SECONDS
    deaths: list[int] = []

    def at_once(number: int) -> float:
        deaths.append(number)
        return 0.0 if number < 4 else 3600.0

    monkeypatch.setattr(beside, "pause_before", at_once)
    with beside.worker_beside([sys.executable, "-c", ""]):
        assert wait_until(lambda: len(deaths) == 4)
    assert deaths == [1, 2, 3, 4]


def say(port: int, *lines: str) -> None:
    """Send a request as raw lines, and read the answer to its end."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("\r\n".join([*lines, "Host: x", "Connection: close", "", ""]).encode())
        while line.recv(65536):
            pass


@pytest.mark.parametrize("server", SERVERS)
def test_no_log_of_a_server_ever_holds_an_address_with_a_secret(tmp_path: Path, server: str) -> None:
    secret = "tHiS-iS-a-SeCrEt-0123456"
    rules = [rule.rule for rule in create_app(SECRET_KEY="x").url_map.iter_rules() if rule.arguments]
    paths = [re.sub(r"<[^>]*>", secret, rule) for rule in rules]
    assert f"/B/{secret}" in paths
    with serving(tmp_path, server) as served:
        for path in paths:
            say(served.port, f"GET {path} HTTP/1.1")
            say(served.port, f"POST {path}?next=/B/{secret} HTTP/1.1", "Content-Length: 0")
        say(served.port, f"GET /B/{secret} HTTP/9.9")
        say(served.port, f"G@T /B/{secret} HTTP/1.1")
        say(served.port, f"GET  /B/{secret}")
        say(
            served.port,
            f"GET /B/{secret} HTTP/1.1",
            "Transfer-Encoding: nonsense",
            f"Bad header: /B/{secret}",
        )
        with sqlite3.connect(served.file) as file:
            file.execute("DROP TABLE one_time_link")
        say(served.port, f"GET /invitations/{secret} HTTP/1.1")
    words = served.log.read_text()
    assert "unexpected error" in words, "the log is read, and something stands in it"
    assert "one_time_link" not in words
    assert secret not in words


def test_what_a_web_server_logs_of_its_own_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    _keep_addresses_out_of_logs()
    for name in ("gunicorn.error", "waitress", "waitress.queue"):
        logging.getLogger(name).error("Error handling request %s %s", "GET", "https://host/B/abc?x=1")
    assert caplog.text.count("Error handling request GET (address)") == 3
    assert "abc" not in caplog.text
