"""The line between phone and office: somebody else answers, an upload stays in it, a reply is lost."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

UPLOAD = "/api/v1/events"
LONGEST_WAIT = 20.0


@contextmanager
def portal(port: int, *, status: int, kind: str, body: bytes) -> Iterator[list[str]]:
    """Somebody else answers everything on the server's port, as in a hotel; gives what was asked."""
    asked: list[str] = []

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that the base class looks for

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with _listening(port, Stranger):
        yield asked


@dataclass
class Line:
    """What the phone asks goes on to the server, and answers come back, unless a test says otherwise."""

    address: str = ""
    upload: str = UPLOAD
    """What is held up, and whose replies are lost."""
    loses_replies: bool = False
    lost: int = 0
    """How many uploads the server answered without the phone hearing of it."""
    lost_one: threading.Event = field(default_factory=threading.Event)
    """Set once a reply was lost."""
    is_free: threading.Event = field(default_factory=threading.Event)
    """Clear it, and uploads stay in the line."""
    holds_one: threading.Event = field(default_factory=threading.Event)
    """An upload is in the line, whole, and has not reached the server."""


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """A line to the server at this address, in working order."""
    line = Line()
    line.is_free.set()

    class Pass(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == line.upload and not line.is_free.is_set():
                line.holds_one.set()
                line.is_free.wait(LONGEST_WAIT)
            try:
                answer = _asked(server + self.path, self.command, dict(self.headers), body)
            except urllib.error.URLError:
                # The server is gone: the phone hears nothing.
                self.close_connection = True
                return
            with answer:
                data = answer.read()
            if self.path == line.upload and line.loses_replies:
                line.lost += 1
                line.lost_one.set()
                return
            self.send_response(answer.status)
            for name in ("Content-Type", "Content-Encoding", "Cache-Control", "Service-Worker-Allowed"):
                if value := answer.headers.get(name):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            # Whoever asked may be gone by now.
            try:
                self.wfile.write(data)
            except OSError:
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 - the name that the base class looks for

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with _listening(0, Pass) as port:
        line.address = f"http://127.0.0.1:{port}"
        try:
            yield line
        finally:
            line.is_free.set()


Answer = HTTPResponse | urllib.error.HTTPError


def _asked(url: str, method: str, headers: dict[str, str], body: bytes) -> Answer:
    request = urllib.request.Request(url, data=body or None, headers=headers, method=method)
    try:
        response: HTTPResponse = urllib.request.urlopen(request, timeout=LONGEST_WAIT)
    except urllib.error.HTTPError as refusal:
        return refusal
    return response


@contextmanager
def _listening(port: int, handler: Any) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
