"""Runs the web server with the worker as its child: gunicorn where there is one, waitress elsewhere."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from labtracker.app import create_app


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach a server that listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def run_server(host: str, port: int, threads: int) -> None:
    """Serve until told to stop; the worker beside it stops with it."""
    with _worker_beside():
        if importlib.util.find_spec("gunicorn") and importlib.util.find_spec("fcntl"):
            _run_gunicorn(host, port, threads)
        else:
            _run_waitress(host, port, threads)


@contextmanager
def _worker_beside() -> Iterator[None]:
    command = [sys.executable, "-m", "labtracker.cli", "work", "--with-parent", str(os.getpid())]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _run_gunicorn(host: str, port: int, threads: int) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - does not exist on every system

    class Server(BaseApplication):
        """Gunicorn told by us instead of by its own command line."""

        def load_config(self) -> None:
            """One process with threads: SQLite has one writer, and PostgreSQL can be given more processes."""
            address = f"[{host}]" if ":" in host and not host.startswith("[") else host
            wishes = {
                "bind": f"{address}:{port}",
                "workers": int(os.environ.get("WEB_CONCURRENCY", "1")),
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 60,
                "graceful_timeout": 10,
                "control_socket_disable": True,
                "accesslog": None,
                "loglevel": "warning",
                "proc_name": "labtracker",
            }
            for name, value in wishes.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """The application, made in the process that serves it."""
            return create_app()

    Server().run()


def _run_waitress(host: str, port: int, threads: int) -> None:
    import waitress  # noqa: PLC0415 - only where it is the server

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    waitress.serve(create_app(), host=host, port=port, threads=threads, ident="labtracker")
