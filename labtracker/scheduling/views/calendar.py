"""The calendar as an agenda and as a month, and the public list of coming visits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from labtracker.accounts.access import current_actor, roles
from labtracker.kit.holidays import holidays_between
from labtracker.kit.time import local_day, utc_now
from labtracker.scheduling import queries
from labtracker.scheduling.queries.calendar import (
    AGENDA_DAYS,
    by_day,
    month_of,
    next_session,
    sessions_between,
)
from labtracker.scheduling.views.blueprint import READERS, blueprint, tabs
from labtracker.web.filters import date_from_request

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@blueprint.get("/calendar")
@roles(*READERS)
def calendar() -> ResponseReturnValue:
    """Sessions by day: four weeks as a list, or a month as a table."""
    today = local_day(utc_now(), _office())
    if request.args.get("view") == "month":
        return _month(_asked("month", today), today)
    return _agenda(_asked("from", today), today)


def _office() -> str:
    return str(current_app.config["DEFAULT_ZONE"])


def _asked(name: str, today: date) -> date:
    """The day the address asks for; a month may be given as 2026-04."""
    text = request.args.get(name, "")
    try:
        asked = datetime.strptime(text, "%Y-%m").date() if len(text) == 7 else date_from_request(name)  # noqa: DTZ007
    except ValueError:
        asked = None
    return min(max(asked, EARLIEST), LATEST) if asked else today


def _agenda(first: date, today: date) -> ResponseReturnValue:
    last = first + timedelta(days=AGENDA_DAYS - 1)
    days = by_day(sessions_between(current_actor(), first, last, _office()))
    following = next_session(current_actor(), last, _office()) if not days else None
    next_on = local_day(following.starts_at, following.worksite.zone) if following else None
    return render_template(
        "scheduling/agenda.html",
        days=sorted(days.items()),
        first=first,
        last=last,
        today=today,
        next_on=next_on,
        next_url=_from("scheduling.calendar", next_on) if next_on else None,
        earlier_url=_from("scheduling.calendar", first - timedelta(days=AGENDA_DAYS)),
        later_url=_from("scheduling.calendar", last + timedelta(days=1)),
        tabs=tabs(current_actor(), "agenda"),
    )


def _month(asked: date, today: date) -> ResponseReturnValue:
    month = asked.replace(day=1)
    before, after = month - timedelta(days=1), (month + timedelta(days=32)).replace(day=1)
    holidays = holidays_between(month - timedelta(days=7), after + timedelta(days=7))
    return render_template(
        "scheduling/month.html",
        weeks=month_of(current_actor(), month, _office(), holidays),
        month=month,
        today=today,
        earlier_url=url_for("scheduling.calendar", view="month", month=before.strftime("%Y-%m")),
        later_url=url_for("scheduling.calendar", view="month", month=after.strftime("%Y-%m")),
        tabs=tabs(current_actor(), "month"),
    )


def _from(endpoint: str, day: date) -> str:
    arguments: dict[str, Any] = {"from": day}
    return url_for(endpoint, **arguments)


@blueprint.get("/visits")
def visits() -> ResponseReturnValue:
    """Coming visits for everybody: place, county, course, days."""
    return render_template("scheduling/visits.html", dates=queries.open_dates(utc_now()))
