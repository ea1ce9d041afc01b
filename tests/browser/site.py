"""A running site for browser tests: its own database and server, and browsers signed in as anybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from labtracker.accounts import sign_in
from labtracker.accounts.models import Person
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.own_page.queries import somebody_with_a_link
from labtracker.own_page.services import hand_over_link, open_page
from labtracker.own_page.views.blueprint import COOKIE, PATH

WORKER = "worker"
DATABASE = "site.sqlite"


@dataclass
class Site:
    """An application, the address where it answers, and the ids of its named people by first name."""

    app: Flask
    address: str = ""
    people: dict[str, UUID] = field(default_factory=dict)

    def cookie_of(self, name: str) -> dict[str, str]:
        """The session cookie of a person who has just signed in, as Playwright takes it.

        For ``worker`` the one that opens a worker's own page.
        """
        if name == WORKER:
            return {"name": COOKIE, "value": self._token_of_worker(), "domain": "127.0.0.1", "path": PATH}
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[name])
            signed = sign_in.begin(person, now=utc_now())
            db.session.commit()
            interface = self.app.session_interface
            assert isinstance(interface, SecureCookieSessionInterface)
            serializer = interface.get_signing_serializer(self.app)
            assert serializer
            value = serializer.dumps({"_user_id": signed.get_id(), "_fresh": True})
        return {"name": "session", "value": str(value), "url": self.address}

    def let_speak(self, name: str, language: str) -> None:
        """Have a person wish for a language; a worker's browser has its own."""
        if name == WORKER:
            return
        with self.app.app_context():
            db.session.get_one(Person, self.people[name]).language = language
            db.session.commit()

    def client_of(self, name: str) -> FlaskClient:
        """A client without a window in which the person is signed in; nobody for ``nobody``."""
        client = self.app.test_client()
        if name == WORKER:
            client.set_cookie(COOKIE, self._token_of_worker(), path=PATH)
        elif name != "nobody":
            client.set_cookie("session", self.cookie_of(name)["value"])
        return client

    def _token_of_worker(self) -> str:
        """What a browser keeps in which the page of the demo's worker is open."""
        with self.app.app_context():
            worker, coordinator = somebody_with_a_link(), db.session.get_one(Person, self.people["cora"])
            assert worker
            now = utc_now()
            url = hand_over_link(worker, actor=coordinator, now=now)
            _visit, token = open_page(url.rpartition("/")[2], now=now, on_own_phone=False)
            db.session.commit()
            return token


def new_app(folder: Path, **settings: object) -> Flask:
    """An application with the database in a folder."""
    return create_app(
        DATABASE_URL=f"sqlite:///{folder / DATABASE}",
        INSTANCE_DIR=str(folder),
        SECRET_KEY="only-for-tests",
        RATELIMIT_ENABLED=False,
        **settings,
    )


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Answer on a free port of this machine until the end of the block."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with site.app.app_context():
            db.engine.dispose()
