"""Runs the web server with the worker as its child: waitress, or gunicorn for more than one web process.

Waitress reads a request to its end before it takes a thread for it, so slow visitors hold nobody up.
Gunicorn's threads wait for them: several processes stand behind a proxy that collects requests first.
"""

from __future__ import annotations

import errno
import gc
import importlib.util
import ipaddress
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NoReturn

import click
import waitress
from flask import Flask

from labtracker import config
from labtracker.app import create_app
from labtracker.cli.beside import worker_beside
from labtracker.web import turnstile

try:
    import resource
except ImportError:  # Windows, where no more than 512 can be waited for
    resource = None  # type: ignore[assignment]

# A visitor who sends nothing for so long is let go.
SILENT_SECONDS = 60
# A phone keeps its line open for a while; for each there are the line and perhaps a file with what it sends.
CONNECTIONS = 4000
FILES_BESIDE = 200
# How much of a request is read at once. Each time, the reader waits for whoever is computing.
PIECE_BYTES = 256 * 1024
# Whoever reads requests, and whoever answers something small, waits so long for an upload that computes.
SWITCH_SECONDS = 0.001
# Larger bodies wait in files for their turn: hundreds may come at once.
KEPT_IN_MEMORY = 64 * 1024
# Larger bodies are cut off unread; smaller ones that are still too large get a page that says so.
LARGEST_BODY = 256 * 1024 * 1024
ADDRESS = re.compile(r"(?:[a-z]+:/)?/[^\s'\"]*")


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach a server that listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket that has its address but does not listen yet, so that a taken port is noticed at once.

    Raises ClickException with what to do about it.
    """
    place = None
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        place = socket.socket(family, kind, protocol)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(address)
    except OSError as error:
        if place is not None:
            place.close()
        raise click.ClickException(_why_not(error, host, port)) from error
    return place


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return (
            f"Something else listens on {host} port {port}: perhaps labtracker itself, in another window. "
            f"End that, or choose another port: --port {other} (with make: PORT={other} make run)."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not for ordinary users. Choose one from 1024 on, and put a proxy in front."
    return f"This machine cannot listen on {host}: {error.strerror}. Usual are 127.0.0.1 and 0.0.0.0."


def run_server(place: socket.socket, threads: int, when_ready: Callable[[], None]) -> None:
    """Serve at the place until told to stop; the worker beside it stops with it.

    ``when_ready`` is called once, as soon as visitors are heard.
    """
    _keep_addresses_out_of_logs()
    processes = config.load_settings()["WEB_CONCURRENCY"]
    with worker_beside():
        if processes > 1 and importlib.util.find_spec("fcntl"):
            _run_gunicorn(place, processes, threads, when_ready)
        else:
            _run_waitress(place, threads, when_ready)


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
    # That all threads are busy for a moment is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def _run_gunicorn(place: socket.socket, processes: int, threads: int, when_ready: Callable[[], None]) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - does not exist on every system
    from gunicorn.workers.gthread import ThreadWorker  # noqa: PLC0415 - likewise

    hears_hang_ups = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN

    def on_ready(_server: Any) -> None:
        # A closed terminal ends the server; gunicorn would read its settings anew and stay, unseen.
        signal.signal(signal.SIGHUP, _end_calmly if hears_hang_ups else signal.SIG_IGN)
        # Ctrl-C, too, lets web processes finish what they are at.
        signal.signal(signal.SIGINT, _end_calmly)
        when_ready()

    class WebProcess(ThreadWorker):
        """A web process that ends when its server says so: a terminal tells the whole group of Ctrl-C."""

        def init_signals(self) -> None:
            """Leave Ctrl-C to the server: ended at once, in the middle of anything, Python complains."""
            super().init_signals()
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    class Server(BaseApplication):
        """Gunicorn told by us instead of by its own command line."""

        def load_config(self) -> None:
            """Several processes with threads, for PostgreSQL: SQLite has one writer."""
            for name, value in _wishes(place, processes, threads).items():
                self.cfg.set(name, value)
            self.cfg.set("worker_class", WebProcess)
            self.cfg.set("when_ready", on_ready)

        def load(self) -> Any:
            """The application, made in the process that serves it."""
            return _lasting_app()

    Server().run()


def _wishes(place: socket.socket, processes: int, threads: int) -> dict[str, Any]:
    return {
        "bind": f"fd://{place.detach()}",
        "workers": processes,
        "threads": threads + turnstile.ROOM,
        "timeout": 60,
        "graceful_timeout": 10,
        "control_socket_disable": True,
        # A proxy hands on whatever its visitors send, so no header may rewrite the path.
        "forwarder_headers": "",
        "accesslog": None,
        "loglevel": "warning",
        "proc_name": "labtracker",
    }


def _lasting_app() -> Flask:
    """The application, whose own objects the garbage collector need not look through again and again.

    They stay as long as the process does; looking through them took a fifth of an upload's time.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
    return app


def _end_calmly(_number: int, _frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _most_connections() -> int:
    """As many visitors at once as this process may open files for; it asks the system for all it may have."""
    if resource is None:
        return CONNECTIONS // 10
    wanted = 2 * CONNECTIONS + FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, (soft - FILES_BESIDE) // 2)


def _run_waitress(place: socket.socket, threads: int, when_ready: Callable[[], None]) -> None:
    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)
    connections = _most_connections()
    place.listen(connections)
    when_ready()
    waitress.serve(
        _lasting_app(),
        sockets=[place],
        # Uploads that wait for their turn leave as many for pages, and for telling others to come later.
        threads=threads + turnstile.ROOM,
        ident="labtracker",
        connection_limit=connections,
        # The other way to wait for visitors breaks off at the file numbered 1024.
        asyncore_use_poll=True,
        recv_bytes=PIECE_BYTES,
        inbuf_overflow=KEPT_IN_MEMORY,
        channel_timeout=SILENT_SECONDS,
        max_request_body_size=LARGEST_BODY,
        # What a proxy says about visitors is judged by TRUST_PROXY, in the application.
        clear_untrusted_proxy_headers=False,
    )
