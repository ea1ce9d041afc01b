"""What events are called and what they say, in the language that is spoken now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.feeds.rules import FeedKind, Leg, Status
from labtracker.fleet.words import CLOSURE_KINDS

KINDS: dict[FeedKind, Any] = {
    FeedKind.TRAINER: _l("Trainers"),
    FeedKind.LAB: _l("Labs"),
    FeedKind.EMPLOYER: _l("Employers"),
    FeedKind.WORKSITE: _l("Worksites"),
}
HOLDS: dict[FeedKind, Any] = {
    FeedKind.TRAINER: _l("Sessions, drives and days off, with whom to call at the site"),
    FeedKind.LAB: _l(
        "Sessions, travel, set-up, tear-down and days out of service, with whom to call at the site"
    ),
    FeedKind.EMPLOYER: _l("Sessions of this employer’s cohorts"),
    FeedKind.WORKSITE: _l("Sessions at this worksite"),
}


@dataclass(frozen=True)
class SessionWords:
    """What is known of a session, as far as the feed's readers may know it."""

    course: str
    code: str
    cohort: str | None
    town: str
    lab: str | None
    trainers: Sequence[str]
    contact: tuple[str | None, str | None] | None
    reason: str | None
    status: Status
    url: str

    def title(self) -> str:
        """The session in one line: course and town."""
        return _marked(f"{self.course} · {self.town}", self.status)

    def lines(self) -> tuple[str, ...]:
        """All else, a line for each thing."""
        name, phone = self.contact or (None, None)
        who = ", ".join(filter(None, (name, phone)))
        found = [
            _state_line(self.status, self.reason),
            _("Course: %(title)s (%(code)s)", title=self.course, code=self.code),
            _("Cohort: %(name)s", name=self.cohort) if self.cohort else "",
            _("Lab: %(name)s", name=self.lab) if self.lab else "",
            _("Trainers: %(names)s", names=", ".join(self.trainers)) if self.trainers else "",
            _("Contact at the site: %(who)s", who=who) if who else "",
            self.url,
        ]
        return tuple(line for line in found if line)


def leg_title(leg: Leg, lab: str, town: str, home: str, status: Status) -> str:
    """A leg of a deployment in one line."""
    words = {
        Leg.TRAVEL_IN: lambda: _("Drive to %(town)s: %(lab)s", town=town, lab=lab),
        Leg.SETUP: lambda: _("Set-up in %(town)s: %(lab)s", town=town, lab=lab),
        Leg.TEARDOWN: lambda: _("Tear-down in %(town)s: %(lab)s", town=town, lab=lab),
        Leg.TRAVEL_OUT: lambda: _("Drive back to %(home)s: %(lab)s", home=home, lab=lab),
    }
    return _marked(words[leg](), status)


def leg_lines(lab: str, status: Status, reason: str | None, url: str) -> tuple[str, ...]:
    """What else is told of a leg."""
    found = (_state_line(status, reason), _("Lab: %(name)s", name=lab), url)
    return tuple(line for line in found if line)


def _marked(title: str, status: Status) -> str:
    # Many programs show a cancelled event like any other.
    return _("Cancelled: %(what)s", what=title) if status is Status.CANCELLED else title


def _state_line(status: Status, reason: str | None) -> str:
    if status is Status.CANCELLED:
        return _("Cancelled. %(reason)s", reason=reason or "").strip()
    return _("Not confirmed yet.") if status is Status.TENTATIVE else ""


def closure_title(lab: str, kind: str, status: Status) -> str:
    """That a lab cannot go out, and why, in one line."""
    return _marked(_("Out of service: %(lab)s (%(why)s)", lab=lab, why=CLOSURE_KINDS[kind]), status)


def leave_title(name: str, status: Status) -> str:
    """That somebody is away, in one line."""
    return _marked(_("Away: %(name)s", name=name), status)


def day_lines(status: Status, note: str | None, url: str) -> tuple[str, ...]:
    """What else is told of days on which something or somebody is not to be had."""
    return tuple(line for line in (_state_line(status, None), note, url) if line)
