"""What states, conflicts and ways out are called, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.kit.time import local
from labtracker.scheduling.rules.conflicts import Span
from labtracker.scheduling.rules.sessions import Arrangement
from labtracker.scheduling.rules.states import (
    DONE,
    UNDERWAY,
    BookingStatus,
    DeliveryMode,
    DeploymentStatus,
    Duty,
    Payer,
)
from labtracker.scheduling.rules.thread import FileKind
from labtracker.web.display import clock

BOOKING_STATES: dict[str, Any] = {
    BookingStatus.DRAFT: _l("draft"),
    BookingStatus.SUBMITTED: _l("asked"),
    BookingStatus.UNDER_REVIEW: _l("being looked at"),
    BookingStatus.PLANNED: _l("planned"),
    BookingStatus.CONFIRMED: _l("confirmed"),
    BookingStatus.WAITLISTED: _l("on the waiting list"),
    BookingStatus.DECLINED: _l("declined"),
    BookingStatus.WITHDRAWN: _l("withdrawn"),
    BookingStatus.CANCELLED: _l("cancelled"),
    UNDERWAY: _l("underway"),
    DONE: _l("done"),
}

BOOKING_KINDS: dict[str, str] = {
    BookingStatus.SUBMITTED: "out",
    BookingStatus.UNDER_REVIEW: "out",
    BookingStatus.PLANNED: "look",
    BookingStatus.CONFIRMED: "in",
    BookingStatus.WAITLISTED: "look",
    BookingStatus.DECLINED: "refused",
    BookingStatus.CANCELLED: "refused",
    UNDERWAY: "brand",
    DONE: "in",
}

DEPLOYMENT_STATES: dict[str, Any] = {
    DeploymentStatus.TENTATIVE: _l("tentative"),
    DeploymentStatus.CONFIRMED: _l("confirmed"),
    DeploymentStatus.CANCELLED: _l("cancelled"),
}
DEPLOYMENT_KINDS = {
    DeploymentStatus.TENTATIVE: "look",
    DeploymentStatus.CONFIRMED: "in",
    DeploymentStatus.CANCELLED: "refused",
}

DELIVERY_MODES: dict[str, Any] = {
    DeliveryMode.EMPLOYER_SITE: _l("Employer's site"),
    DeliveryMode.RURAL_HUB: _l("Rural hub"),
    DeliveryMode.CAMPUS: _l("Campus"),
}

PAYERS: dict[str, Any] = {
    Payer.EMPLOYER: _l("We pay"),
    Payer.WORKFORCE_CENTER: _l("The workforce center shares the cost"),
    Payer.STATE_GRANT: _l("A state grant shares the cost"),
    Payer.UNSURE: _l("Not decided yet"),
}

FILE_KINDS: dict[str, Any] = {
    FileKind.SITE_PHOTO: _l("Photo of the site"),
    FileKind.INSURANCE: _l("Proof of insurance"),
    FileKind.OTHER: _l("Something else"),
}

DUTIES: dict[str, Any] = {Duty.TRAINER: _l("trainer"), Duty.DRIVER: _l("driver")}

ARRANGEMENTS: dict[Arrangement, Any] = {
    Arrangement.ALTERNATING: _l("Taking turns, session by session"),
    Arrangement.BACK_TO_BACK: _l("One after the other"),
}

WEEKDAYS: dict[int, Any] = {
    1: _l("Monday"),
    2: _l("Tuesday"),
    3: _l("Wednesday"),
    4: _l("Thursday"),
    5: _l("Friday"),
    6: _l("Saturday"),
    7: _l("Sunday"),
}


def day_words(day: date) -> str:
    """A day as plain text: Tue, Apr 14, 2026."""
    return str(format_skeleton("yMMMEd", day, locale=get_locale()))


def two_days(first: date, last: date) -> tuple[str, str]:
    """Two days as plain text, the year said once where it is the same: Mon, Apr 13 and Tue, Apr 21, 2026."""
    shown = "MMMEd" if first.year == last.year else "yMMMEd"
    return str(format_skeleton(shown, first, locale=get_locale())), day_words(last)


def instant_words(instant: datetime, zone: str) -> str:
    """Day and time at a place as plain text."""
    there = local(instant, zone)
    return f"{day_words(there.date())}, {clock(there.time())}"


def span_words(span: Span, zone: str) -> str:
    """From when to when at a place, the day said once where it is one day."""
    start, end = local(span.starts_at, zone), local(span.ends_at, zone)
    last = clock(end.time())
    if start.date() != end.date():
        last = f"{day_words(end.date())}, {last}"
    return f"{instant_words(span.starts_at, zone)} – {last}"


def weekday_words(weekdays: list[int]) -> str:
    """Weekdays as a list in words, three and more in a row as a span: Monday to Thursday, Saturday."""
    runs: list[list[int]] = []
    for day in sorted(set(weekdays) & WEEKDAYS.keys()):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run_words(run) for run in runs)


def _run_words(run: list[int]) -> str:
    if len(run) < 3:
        return ", ".join(str(WEEKDAYS[day]) for day in run)
    return _("%(first)s to %(last)s", first=WEEKDAYS[run[0]], last=WEEKDAYS[run[-1]])


def hours_words(minutes: int) -> str:
    """Minutes as hours and minutes: 7 h 30 min."""
    hours, rest = divmod(abs(minutes), 60)
    if not rest:
        return _("%(hours)s h", hours=hours)
    return _("%(hours)s h %(rest)s min", hours=hours, rest=rest) if hours else _("%(rest)s min", rest=rest)
