"""Fixtures every test may use: the application, its database, the cast, a signed-in client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from labtracker.accounts import sign_in
from labtracker.accounts.models import Person
from labtracker.accounts.services import passwords
from labtracker.app import create_app
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from tests.browser.nursery import Nursery
from tests.cast import NOW, Cast
from tests.emptying import empty_tables
from tests.standing import Standing, stand_ready

pytest_plugins = ["tests.databases", "tests.everything"]


class Browser(FlaskClient):
    """A client whose requests start with an empty ``g``, as they do outside tests.

    The fixtures hold an application context open, and a request inside it would inherit who was signed in
    and which language was spoken in the request before.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


# Hashing is slow on purpose; tests hash hundreds of passwords and none of them guards anything.
passwords.HASHER = passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

# How long one example takes says nothing on a busy machine.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

TEST_SETTINGS = {
    "SECRET_KEY": "only-for-tests",
    "TESTING": True,
    "WTF_CSRF_ENABLED": False,
    "RATELIMIT_ENABLED": False,
    "SERVER_NAME": None,
}


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(of_this_run: Path) -> None:
    """Each application has an environment of its own; what one made of a template serves the others, too."""
    folder = of_this_run / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.fixture(scope="session")
def migrated_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for the whole run."""
    application = create_app(
        DATABASE_URL=database_url, INSTANCE_DIR=str(tmp_path_factory.mktemp("instance")), **TEST_SETTINGS
    )
    application.test_client_class = Browser
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where servers and commands that start at once come from."""
    started = Nursery()
    yield started
    started.close()


@pytest.fixture(scope="session")
def standing(migrated_app: Flask) -> Standing:
    """The cast, ready to come back for each test."""
    with migrated_app.app_context():
        return stand_ready()


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The application inside its context; whatever the test wrote is gone afterwards."""
    with migrated_app.app_context():
        yield migrated_app
        db.session.rollback()
        db.session.remove()
        empty_tables(db.engine, db.metadata)


@pytest.fixture
def cast(app: Flask, standing: Standing) -> Cast:
    """The cast, committed."""
    return standing.enter()


@pytest.fixture
def now() -> datetime:
    """The moment at which services are told that they run."""
    return NOW


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def signed_in_as(app: Flask) -> Callable[[Person], FlaskClient]:
    """Give a browser in which the person is signed in."""

    def sign_in_as(person: Person) -> FlaskClient:
        browser = app.test_client()
        signed = sign_in.begin(person, now=utc_now())
        db.session.commit()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = signed.get_id()
            cookie["_fresh"] = True
        return browser

    return sign_in_as
