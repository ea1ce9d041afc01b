"""A worker with an address of their own, and a browser in which their page is open."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from labtracker.extensions import db
from labtracker.jobs.models import MailMessage
from labtracker.jobs.queries import outbox
from labtracker.jobs.services import run_due
from labtracker.kit.time import utc_now
from labtracker.roster.models import Worker

LINK = re.compile(r"/my-training/link/[\w-]{22}")
MAIL = "ana@mail.example"


def with_mail(worker: Worker, email: str = MAIL) -> Worker:
    """The worker with an address, committed."""
    worker.email = email
    db.session.commit()
    return worker


def work() -> None:
    """Let the background worker do what is due; what a test holds stays in its session."""
    held = list(db.session)
    run_due(utc_now(), "test")
    db.session.add_all(held)
    db.session.expire_all()


def ask(client: FlaskClient, contact: str) -> str:
    """Ask for a link as anybody may, and let the background worker do what follows; gives the page."""
    answer = client.post("/my-training/link", data={"contact": contact})
    assert answer.status_code == 200
    work()
    return str(answer.text)


def mails() -> list[MailMessage]:
    """All mails, the newest first."""
    return list(db.session.scalars(outbox()))


def mailed() -> list[MailMessage]:
    """The mails that hold a link, the newest first."""
    return [mail for mail in mails() if LINK.search(mail.text)]


def link_in(text: str) -> str:
    """The path of the one link in a text."""
    found = set(LINK.findall(text))
    assert len(found) == 1
    return found.pop()


def mailed_link(client: FlaskClient, worker: Worker) -> str:
    """A link as it stands in the mail that was asked for."""
    assert worker.email is not None
    ask(client, worker.email)
    return link_in(mails()[0].text)


def open_in_browser(app: Flask, worker: Worker) -> FlaskClient:
    """A browser in which the worker's page is open."""
    browser: FlaskClient = app.test_client()
    assert browser.post(mailed_link(browser, worker)).status_code == 303
    return browser
