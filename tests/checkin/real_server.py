"""A server in a process of its own: a phone's line to it, and a look into what it worked out."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import ATTENDANCE, EVENTS, SystemState
from labtracker.extensions import db
from tests.browser.server import KillableServer


@dataclass
class Answer:
    status_code: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Line:
    """A phone's line to a real server, with the face of a test client."""

    address: str

    def post(self, path: str, *, headers: dict[str, str], data: bytes = b"", json: Any = None) -> Answer:
        body = data if json is None else _encode(json)
        return self._ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def get(self, path: str, *, headers: dict[str, str], query_string: dict[str, Any]) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(query_string)}", None, headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            connection.close()


def _encode(value: Any) -> bytes:
    return json.dumps(value).encode()


def derived(server: KillableServer) -> tuple[UUID, list[Any], list[Any]]:
    """The epoch, the events and the attendance that follow from the inbox."""
    app = server.application()
    events = [column for column in EVENTS.c if column.name != "payload"]
    with app.app_context():
        found = (
            db.session.execute(sa.select(SystemState.epoch)).scalar_one(),
            [tuple(map(repr, row)) for row in db.session.execute(sa.select(*events).order_by(EVENTS.c.id))],
            sorted(tuple(map(repr, row)) for row in db.session.execute(sa.select(ATTENDANCE))),
        )
        db.session.remove()
        db.engine.dispose()
    return found
