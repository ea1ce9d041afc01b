"""What a booking's answers must be. Each refusal names its field, so that a form can show it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.rules import OrganizationKind
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.labs.models import Course, Worksite
from labtracker.labs.queries import labs_hosting
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.queries.bookings import sent_by_employer
from labtracker.scheduling.rules.sessions import LONGEST_SHIFT, SHORTEST_SHIFT, ShiftPattern
from labtracker.scheduling.rules.states import Payer

MOST_HEADCOUNT = 200
MOST_WINDOWS = 3
# What all people of one employer may send in within a day: each is a mail to every coordinator.
MOST_SENT_A_DAY = 30
LONGEST_BREAK = 180
HORIZON = timedelta(days=2 * 366)
STEPS = ("what", "where", "who", "when")


def check_course(course: Course | None) -> None:
    """A course is chosen, offered, and some lab in service can host it."""
    if course is None or course.archived_at is not None:
        raise DomainError("course_missing", _("Choose a course."), field="course")
    if db.session.scalars(labs_hosting(course).limit(1)).first() is None:
        raise DomainError(
            "course_not_hosted",
            _("No lab in service can host %(course)s now. Choose another course.", course=course.title),
            field="course",
        )


def check_worksite(worksite: Worksite | None, employer_id: object) -> None:
    """A worksite is chosen that is the employer's own, or one that is open to all (a hub, a campus)."""
    if worksite is None:
        raise DomainError("worksite_missing", _("Choose a worksite."), field="worksite")
    foreign = worksite.organization_id != employer_id
    if foreign and worksite.organization.kind == OrganizationKind.EMPLOYER:
        raise DomainError("not_your_worksite", _("Choose one of your own worksites."), field="worksite")
    if worksite.archived_at is not None:
        raise DomainError("worksite_archived", _("This worksite is no longer used."), field="worksite")


def check_contact(site_contact: str | None) -> None:
    """Somebody at the site can be asked for."""
    if not (site_contact or "").strip():
        raise DomainError(
            "contact_missing", _("Who should the crew ask for at the site?"), field="site_contact"
        )


def check_offer(pad_length_ft: int | None, power_kw: int | None) -> None:
    """Figures of the pad and the power are possible figures, or nobody gave any."""
    if pad_length_ft is not None and not 10 <= pad_length_ft <= 500:
        raise DomainError(
            "pad_impossible", _("A pad is between 10 and 500 feet long."), field="pad_length_ft"
        )
    if power_kw is not None and not 0 <= power_kw <= 2000:
        raise DomainError("power_impossible", _("Power is between 0 and 2,000 kW."), field="power_kw")


def check_headcount(headcount: int | None) -> None:
    """Somebody comes, and not a whole town."""
    if headcount is None or headcount < 1:
        raise DomainError("headcount_missing", _("At least one worker has to come."), field="headcount")
    if headcount > MOST_HEADCOUNT:
        raise DomainError(
            "headcount_too_high",
            _("At most %(most)s workers fit one request. Ask again for the others.", most=MOST_HEADCOUNT),
            field="headcount",
        )


def check_shift(weekdays: Sequence[int], starts: time | None, ends: time | None, break_minutes: int) -> None:
    """The shift has days, a start, an end after it (perhaps past midnight), and a break that fits."""
    if not weekdays or not set(weekdays) <= set(range(1, 8)):
        raise DomainError("weekdays_missing", _("Choose at least one weekday."), field="weekdays")
    if starts is None:
        raise DomainError("shift_start_missing", _("When does the shift start?"), field="shift_starts")
    if ends is None:
        raise DomainError("shift_end_missing", _("When does the shift end?"), field="shift_ends")
    length = ShiftPattern(frozenset(weekdays), starts, ends, 0, "UTC").nominal_minutes
    if starts == ends or length > LONGEST_SHIFT:
        raise DomainError(
            "shift_ends_before_start",
            _("The shift ends before it starts. A night shift may end the next day, after 14 hours at most."),
            field="shift_ends",
        )
    if break_minutes < 0 or break_minutes > LONGEST_BREAK:
        raise DomainError(
            "break_impossible", _("A break lasts between 0 and 180 minutes."), field="break_minutes"
        )
    if length - break_minutes < SHORTEST_SHIFT:
        raise DomainError(
            "shift_too_short", _("Less than an hour of training would be left."), field="shift_ends"
        )


def check_sessions_per_week(count: int | None, weekdays: Sequence[int]) -> None:
    """People can come so often in a week: on every chosen weekday where nobody says, and not more often."""
    if count is not None and not 1 <= count <= max(1, len(set(weekdays))):
        raise DomainError(
            "sessions_per_week_impossible",
            _("Give a number of sessions from 1 to the number of weekdays you chose."),
            field="sessions_per_week",
        )


def check_payer(payer: str | None) -> None:
    """Somebody is named who pays, if only "not decided yet"."""
    if payer not in set(Payer):
        raise DomainError("payer_missing", _("Say who pays, or that it is not decided yet."), field="payer")


def check_windows(windows: Sequence[tuple[date, date]], weekdays: Sequence[int], today: date) -> None:
    """One to three spans of days, none in the past, none that ends before it starts or holds no shift."""
    if not windows:
        raise DomainError("window_missing", _("Give at least one span of days."), field="window_1_starts")
    if len(windows) > MOST_WINDOWS:
        raise DomainError("too_many_windows", _("Give at most three spans of days."), field="window_1_starts")
    for number, (starts_on, ends_on) in enumerate(windows, start=1):
        _check_window(number, starts_on, ends_on, weekdays, today)
        for other, (first, last) in enumerate(windows[: number - 1], start=1):
            if starts_on <= last and first <= ends_on:
                raise DomainError(
                    "windows_overlap",
                    _("These days overlap with choice %(number)s. Give each day once.", number=other),
                    field=f"window_{number}_starts",
                )


def _check_window(number: int, starts_on: date, ends_on: date, weekdays: Sequence[int], today: date) -> None:
    first, last = f"window_{number}_starts", f"window_{number}_ends"
    if starts_on <= today:
        raise DomainError("window_in_past", _("Choose a first day after today."), field=first)
    if ends_on < starts_on:
        raise DomainError("window_ends_before_start", _("The last day is before the first."), field=last)
    if ends_on > today + HORIZON:
        raise DomainError("window_too_far", _("Choose days within the next two years."), field=last)
    span = range(min((ends_on - starts_on).days + 1, 7))
    days = {(starts_on + timedelta(days=step)).isoweekday() for step in span}
    if weekdays and not days & set(weekdays):
        raise DomainError(
            "window_without_shift", _("None of your weekdays lies between these two days."), field=last
        )


def check_number_sent(employer_id: UUID, now: datetime) -> None:
    """An employer has not sent in more within a day than anybody means."""
    if sent_by_employer(employer_id, now - timedelta(days=1)) >= MOST_SENT_A_DAY:
        raise DomainError(
            "too_many_bookings",
            _(
                "Your organization has sent in %(most)s requests within a day. This one is kept: please send"
                " it tomorrow, or call us.",
                most=MOST_SENT_A_DAY,
            ),
        )


@dataclass(frozen=True)
class Problem:
    """What is wrong with a booking's answers: on which page, and the refusal itself."""

    step: str
    error: DomainError


def problems_of(booking: BookingRequest, now: datetime) -> list[Problem]:
    """Everything that keeps a draft from being sent in, page by page; empty when it is complete."""
    zone = booking.worksite.zone if booking.worksite else "America/Denver"
    windows = [(window.starts_on, window.ends_on) for window in booking.windows]
    checks: list[tuple[str, Callable[[], None]]] = [
        ("what", lambda: check_course(booking.course)),
        ("where", lambda: check_worksite(booking.worksite, booking.employer_id)),
        ("where", lambda: check_contact(booking.site_contact)),
        ("where", lambda: check_offer(booking.pad_length_ft, booking.power_kw)),
        ("who", lambda: check_headcount(booking.headcount)),
        (
            "who",
            lambda: check_shift(
                booking.weekdays, booking.shift_starts, booking.shift_ends, booking.break_minutes
            ),
        ),
        ("who", lambda: check_payer(booking.payer)),
        ("who", lambda: check_sessions_per_week(booking.sessions_per_week, booking.weekdays)),
        ("when", lambda: check_windows(windows, booking.weekdays, local_day(now, zone))),
    ]
    found = []
    for step, check in checks:
        try:
            check()
        except DomainError as error:
            found.append(Problem(step, error))
    return found


def worksites_open_to(employer_id: object) -> sa.Select[Worksite]:
    """An employer's own worksites first, then those of the provider that are open to all."""
    own = Worksite.organization_id == employer_id
    return (
        sa.select(Worksite)
        .join(Worksite.organization)
        .where(
            Worksite.archived_at.is_(None),
            own | Worksite.organization.has(kind=OrganizationKind.PROVIDER),
        )
        .order_by(sa.case((own, 0), else_=1), Worksite.name)
    )
