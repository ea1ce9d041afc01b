"""Screens of bookings, deployments, cohorts, sessions and the calendar."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from labtracker.accounts.rules import Role
from labtracker.scheduling.views import (
    asking,
    board,
    bookings,
    calendar,
    calling_off,
    checking,
    closures,
    cohorts,
    dates,
    deployments,
    display,
    joining,
    leave,
    mileage,
    moving,
    planning,
    replanning,
    sessions,
    site_check_steps,
    site_checks,
    thread,
)
from labtracker.scheduling.views.blueprint import blueprint, unread_messages
from labtracker.scheduling.views.first_steps import FIRST_STEPS
from labtracker.web.navigation import Place

__all__ = [
    "FIRST_STEPS",
    "PLACES",
    "asking",
    "blueprint",
    "board",
    "bookings",
    "calendar",
    "calling_off",
    "checking",
    "closures",
    "cohorts",
    "dates",
    "deployments",
    "display",
    "joining",
    "leave",
    "mileage",
    "moving",
    "planning",
    "replanning",
    "sessions",
    "site_check_steps",
    "site_checks",
    "thread",
]


def _held_by(*roles: Role) -> frozenset[str]:
    return frozenset(str(role) for role in roles)


PLACES = (
    Place(
        _l("Board"),
        "scheduling.board",
        "layout-dashboard",
        _held_by(Role.COORDINATOR),
        order=10,
        also=("/calendar", "/deployments", "/site-checks"),
    ),
    Place(
        _l("Bookings"),
        "scheduling.bookings",
        "clipboard-list",
        _held_by(Role.COORDINATOR, Role.EMPLOYER),
        order=20,
        also=("/book-a-visit",),
        count=lambda: sum(unread_messages().values()),
    ),
    Place(
        _l("Calendar"),
        "scheduling.calendar",
        "calendar-days",
        _held_by(Role.TRAINER, Role.EMPLOYER),
        order=30,
        also=("/deployments", "/site-checks"),
    ),
    Place(
        _l("Calendar"),
        "scheduling.calendar",
        "calendar-days",
        _held_by(Role.REVIEWER),
        order=65,
    ),
    Place(
        _l("Cohorts"),
        "scheduling.cohorts",
        "users",
        _held_by(Role.COORDINATOR, Role.TRAINER, Role.EMPLOYER),
        order=35,
        also=("/sessions",),
    ),
)
