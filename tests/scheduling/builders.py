"""Bookings and deployments built through the services, for tests of everything that stands on them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from labtracker.kit.holidays import holidays_between
from labtracker.scheduling import services
from labtracker.scheduling.models import BookingRequest, Deployment
from tests.cast import Cast

WINDOW = (date(2026, 5, 4), date(2026, 5, 29))
MONDAY = date(2026, 5, 4)


def draft(cast: Cast, now: datetime, **changes: Any) -> BookingRequest:
    """A complete draft of the steel works for eight welders on the early shift."""
    actor = changes.pop("actor", cast.emil)
    employer = changes.pop("employer", cast.steel)
    booking = services.start_booking(employer=employer, actor=actor, now=now)
    services.save_what(booking=booking, course=changes.pop("course", cast.welding), actor=actor, now=now)
    services.save_where(
        booking=booking,
        where=services.Where(
            worksite=changes.pop("worksite", cast.steel_site),
            site_contact="Gate guard",
            site_phone="719 555 0100",
        ),
        actor=actor,
        now=now,
    )
    windows = changes.pop("windows", [WINDOW])
    answers = {
        "headcount": 8,
        "weekdays": [1, 2, 3, 4],
        "shift_starts": time(6),
        "shift_ends": time(14, 30),
        "break_minutes": 30,
        "payer": "employer",
        **changes,
    }
    services.save_who(booking=booking, who=services.Who(**answers), actor=actor, now=now)
    services.save_when(booking=booking, windows=windows, actor=actor, now=now)
    return booking


def submitted(cast: Cast, now: datetime, **changes: Any) -> BookingRequest:
    """The same, sent in."""
    actor = changes.get("actor", cast.emil)
    booking = draft(cast, now, **changes)
    return services.submit_booking(booking=booking, actor=actor, now=now)


def planned(cast: Cast, now: datetime, *, first_on: date = MONDAY, **changes: Any) -> Deployment:
    """The same, planned with the welding lab and Tom."""
    options = ("lab", "trainers", "drivers", "arrangement", "vehicle", "vehicle_stays")
    how = {name: changes.pop(name) for name in options if name in changes}
    booking = submitted(cast, now, **changes)
    return services.plan_deployment(
        booking=booking,
        lab=how.pop("lab", cast.welding_lab),
        trainers=how.pop("trainers", [cast.tom]),
        first_on=first_on,
        actor=cast.cora,
        now=now,
        **how,
    )


def quiet_monday(now: datetime) -> date:
    """A Monday at least five weeks off after which no holiday comes for two weeks and a half."""
    day = now.date() + timedelta(days=35)
    day += timedelta(days=(7 - day.weekday()) % 7)
    while holidays_between(day, day + timedelta(days=18)):
        day += timedelta(days=7)
    return day
