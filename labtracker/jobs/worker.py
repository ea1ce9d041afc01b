"""The worker: asks for due jobs again and again until it is told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from types import FrameType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from labtracker.jobs import services
from labtracker.kit.time import utc_now

PAUSE_SECONDS = 1.0
# How often to look whether something that recurs has not been asked for.
LOOK_SECONDS = 60.0
log = logging.getLogger(__name__)


def worker_name() -> str:
    """A name that no other worker has: host, process, chance."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(3)}"


def work(app: Flask, stop: threading.Event) -> None:
    """Do due jobs until ``stop`` is set; the job in hand is finished first."""
    name = worker_name()
    look_at = time.monotonic()
    while not stop.is_set():
        busy = False
        try:
            with app.app_context():
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + LOOK_SECONDS
                    services.ask_for_recurring(utc_now())
                busy = services.run_next(utc_now(), name)
        except SQLAlchemyError as error:
            # A database that is restarting or not yet migrated: wait, it comes back.
            log.warning("the worker cannot reach its jobs: %s", type(error).__name__)
        if not busy:
            stop.wait(PAUSE_SECONDS)


def stop_on_signals(parent: int | None = None) -> threading.Event:
    """An event for a process that is only a worker: set by SIGTERM, by SIGINT, or when ``parent`` is gone."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if parent is not None:
        threading.Thread(target=_watch, args=(parent, stop), daemon=True).start()
    return stop


def _watch(parent: int, stop: threading.Event) -> None:
    while not stop.wait(PAUSE_SECONDS):
        if os.getppid() != parent:
            stop.set()
