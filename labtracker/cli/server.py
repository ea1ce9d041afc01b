"""Runs the web server with the worker as its child: gunicorn where there is one, waitress elsewhere."""

from __future__ import annotations

import importlib.util
import ipaddress
import logging
import re
import signal
from types import FrameType
from typing import Any, NoReturn

from labtracker import config
from labtracker.app import create_app
from labtracker.cli.beside import worker_beside

ADDRESS = re.compile(r"(?:[a-z]+:/)?/[^\s'\"]*")


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
    _keep_addresses_out_of_logs()
    with worker_beside():
        if importlib.util.find_spec("gunicorn") and importlib.util.find_spec("fcntl"):
            _run_gunicorn(host, port, threads)
        else:
            _run_waitress(host, port, threads)


class NoAddresses(logging.Filter):
    """Takes every address out of what a web server logs: some hold the secret of a badge or a mailed link."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, its addresses masked."""
        record.msg, record.args = ADDRESS.sub("(address)", record.getMessage()), ()
        return True


def _keep_addresses_out_of_logs() -> None:
    # Filters stand on the very logger that is written to: those above it are not asked.
    for name in ("gunicorn.error", "waitress", "waitress.queue"):
        logging.getLogger(name).addFilter(NoAddresses())


def _run_gunicorn(host: str, port: int, threads: int) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - does not exist on every system

    class Server(BaseApplication):
        """Gunicorn told by us instead of by its own command line."""

        def load_config(self) -> None:
            """One process with threads: SQLite has one writer, and PostgreSQL can be given more processes."""
            address = f"[{host}]" if ":" in host and not host.startswith("[") else host
            wishes = {
                "bind": f"{address}:{port}",
                "workers": config.load_settings()["WEB_CONCURRENCY"],
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
