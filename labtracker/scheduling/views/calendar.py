"""The calendar as an agenda, a week and a month: three looks at the same sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.fleet.queries import closed_days_between
from labtracker.fleet.words import closed_day_name
from labtracker.kit.time import local, local_day, utc_now
from labtracker.scheduling.models import Session
from labtracker.scheduling.queries.calendar import (
    AGENDA_DAYS,
    filled,
    listed,
    next_session,
    sessions_between,
    week_around,
    weeks_of_month,
    with_pages_for,
)
from labtracker.scheduling.queries.days_off import days_off_between
from labtracker.scheduling.queries.narrowing import Offered, Wanted, offered_to
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.views.blueprint import CALENDAR_READERS, READERS, blueprint, tabs
from labtracker.scheduling.wording import DEPLOYMENT_STATES
from labtracker.web.display import office_zone
from labtracker.web.filters import choice_from_request, date_from_request, id_from_request

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
LOOKS = ("agenda", "week", "month")
ASKED = ("lab", "course", "worksite", "status")


@dataclass(frozen=True)
class Look:
    """One way to look: the days it shows, and a day of what lies before and after."""

    name: str
    day: date
    weeks: Sequence[Sequence[date]]
    earlier: date
    later: date

    @property
    def first(self) -> date:
        """The first day that is shown."""
        return self.weeks[0][0]

    @property
    def last(self) -> date:
        """The last day that is shown."""
        return self.weeks[-1][-1]

    @property
    def listed_from(self) -> date:
        """The first day that a list of them shows: a month's list leaves out the days around it."""
        return self.day.replace(day=1) if self.name == "month" else self.first


@blueprint.get("/calendar")
@roles(*CALENDAR_READERS)
def calendar() -> ResponseReturnValue:
    """Sessions, closures and leave as four weeks in a list, a week or a month; narrowed by the address."""
    actor, zone = current_actor(), office_zone()
    today = local_day(utc_now(), zone)
    asked = date_from_request("day")
    day = min(max(asked, EARLIEST), LATEST) if asked else today
    look = _look(choice_from_request("view", LOOKS, "agenda") or "agenda", day)
    wanted, offered = _wanted(), offered_to(actor)
    sessions = sessions_between(actor, look.first, look.last, zone, wanted)
    off = days_off_between(actor, look.first, look.last, wanted)
    following = next_session(actor, look.last, zone, wanted) if not sessions else None
    next_on = local_day(following.starts_at, following.worksite.zone) if following else None
    return render_template(
        f"scheduling/{look.name}.html",
        look=look,
        today=today,
        sessions=sessions,
        with_pages=with_pages_for(actor, sessions),
        days=listed(sessions, off, look.first),
        weeks=filled(
            look.weeks,
            sessions,
            off,
            {day: closed_day_name(name) for day, name in closed_days_between(look.first, look.last).items()},
            day if look.name == "month" else None,
        ),
        next_on=next_on,
        zone=zone,
        zones_differ=_zones_differ(sessions, zone),
        to_day=_to_day,
        tabs=tabs(actor, look.name, day=day if day != today else None, **_kept()),
        filters=_filters(offered, wanted),
        is_narrowed=wanted != Wanted(),
        subscribe_url=_subscribe_url(actor, wanted) if actor.has(*READERS) else None,
    )


def _look(name: str, day: date) -> Look:
    if name == "month":
        first = day.replace(day=1)
        later = (first + timedelta(days=32)).replace(day=1)
        return Look(name, day, weeks_of_month(day), (first - timedelta(days=1)).replace(day=1), later)
    if name == "week":
        week = week_around(day)
        return Look(name, day, [week], day - timedelta(days=7), day + timedelta(days=7))
    four = [day + timedelta(days=step) for step in range(AGENDA_DAYS)]
    return Look(name, day, [four], day - timedelta(days=AGENDA_DAYS), day + timedelta(days=AGENDA_DAYS))


def _wanted() -> Wanted:
    status = choice_from_request("status", list(DeploymentStatus))
    return Wanted(
        lab_id=id_from_request("lab"),
        course_id=id_from_request("course"),
        worksite_id=id_from_request("worksite"),
        status=DeploymentStatus(status) if status else None,
    )


def _kept() -> dict[str, str]:
    """What the page is narrowed by, as its address says it."""
    return {name: request.args[name] for name in ASKED if request.args.get(name)}


def _to_day(day: date | None = None, view: str | None = None) -> str:
    """The way to a day (none: to today) in a look (none: in this one), narrowed as this page is."""
    look = view or choice_from_request("view", LOOKS)
    values: dict[str, Any] = {"view": look if look != "agenda" else None, "day": day, **_kept()}
    return url_for("scheduling.calendar", **values)


def _filters(offered: Offered, wanted: Wanted) -> list[dict[str, Any]]:
    """What the page can be narrowed by: name, label, what "all" is called, choices, the one chosen."""
    return [
        _filter("lab", _("Lab"), _("All labs"), [(one.id, one) for one in offered.labs], wanted.lab_id),
        _filter(
            "course",
            _("Course"),
            _("All courses"),
            [(one.id, one) for one in offered.courses],
            wanted.course_id,
        ),
        _filter(
            "worksite",
            _("Worksite"),
            _("All worksites"),
            [(one.id, one) for one in offered.worksites],
            wanted.worksite_id,
        ),
        _filter("status", _("State"), _("All states"), list(DEPLOYMENT_STATES.items()), wanted.status),
    ]


def _filter(
    name: str, label: str, everything: str, choices: Sequence[tuple[Any, Any]], chosen: Any
) -> dict[str, Any]:
    return {"name": name, "label": label, "all": everything, "choices": choices, "chosen": chosen}


def _zones_differ(sessions: Sequence[Session], office: str) -> bool:
    """Whether clocks somewhere show another time than the office's when a session begins."""
    return any(
        local(one.starts_at, one.worksite.zone).utcoffset() != local(one.starts_at, office).utcoffset()
        for one in sessions
    )


def _subscribe_url(actor: Person, wanted: Wanted) -> str:
    """Where this view can be subscribed to: the lab or worksite it is narrowed to, else one's own."""
    of: tuple[str, UUID] | None = None
    if wanted.lab_id:
        of = ("lab", wanted.lab_id)
    elif wanted.worksite_id:
        of = ("worksite", wanted.worksite_id)
    elif actor.has(Role.TRAINER):
        of = ("trainer", actor.id)
    elif len(own := actor.organization_ids(Role.EMPLOYER)) == 1:
        of = ("employer", next(iter(own)))
    return url_for("feeds.new_feed", of=f"{of[0]}:{of[1]}" if of else None)
