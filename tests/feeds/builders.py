"""Feeds of the cast, and what a calendar program is told by them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.feeds import services
from labtracker.feeds.rules import FeedKind


def address_of(kind: FeedKind, subject_id: UUID, owner: Person, now: datetime) -> str:
    """Make a feed and commit; gives the path at which programs read it."""
    _feed, secret = services.make_feed(kind=kind, subject_id=subject_id, actor=owner, now=now)
    db.session.commit()
    return f"/feeds/{secret}.ics"


def read(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> TestResponse:
    """What a calendar program gets, which has nothing to do with the test's own transaction."""
    db.session.commit()
    db.session.expire_all()
    answer = client.get(address, headers=headers)
    db.session.commit()
    return answer


def told(client: FlaskClient, address: str) -> dict[str, Any]:
    """The events a program is told of, by their ids."""
    answer = read(client, address)
    assert answer.status_code == 200, answer.status_code
    calendar = Calendar.from_ical(answer.data)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def text_of(client: FlaskClient, address: str) -> str:
    """The whole file with its folded lines made whole again."""
    return read(client, address).text.replace("\r\n ", "")
