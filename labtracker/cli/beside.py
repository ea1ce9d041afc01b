"""The worker beside the web server: started with it, started again when it dies, stopped with it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

log = logging.getLogger(__name__)
# Who dies again and again is started again ever more slowly, and counts as well after this long.
STEADY_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 60.0
LAST_WORK_SECONDS = 10


def pause_before(deaths: int) -> float:
    """How many seconds to wait before a worker that died so many times in a row is started again."""
    return min(float(2 ** min(deaths - 1, 10)), LONGEST_PAUSE_SECONDS)


@contextmanager
def worker_beside(command: Sequence[str] = ()) -> Iterator[None]:
    """Keep a worker running as a process of its own until the block ends; ``command`` for another one."""
    owner, keeper = os.getpid(), _Keeper(command or _command())
    thread = threading.Thread(target=keeper.keep, name="keeps the worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # A web process that was forked off inside the block leaves through here, too, and has no worker.
        if os.getpid() == owner:
            keeper.stop()
            thread.join()


def _command() -> list[str]:
    # -P: a folder named labtracker where the command happens to be called is not taken for the program.
    return [sys.executable, "-P", "-m", "labtracker", "work", "--with-parent", str(os.getpid())]


class _Keeper:
    """Starts the worker, waits for its end, and starts it again unless it was told to stop."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Until stopped; call it in a thread of its own."""
        deaths = 0
        while (child := self._start()) is not None:
            began = time.monotonic()
            child.wait()
            deaths = 1 if time.monotonic() - began > STEADY_SECONDS else deaths + 1
            if self._stopping.wait(pause_before(deaths)):
                return
            log.warning("the background worker had ended and is started again")

    def stop(self) -> None:
        """Tell the worker to finish what it is doing, and see that it is gone."""
        with self._lock:
            self._stopping.set()
        child = self._child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(timeout=LAST_WORK_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _start(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopping.is_set():
                return None
            # In a group of its own, so that Ctrl+C reaches the server alone, which then ends the worker.
            self._child = subprocess.Popen(  # noqa: S603 - our own command
                self._command, stdin=subprocess.DEVNULL, process_group=0
            )
            return self._child
