"""The public list and map of open dates: no account is needed, and no employer is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.kit.time import utc_now
from labtracker.scheduling import queries
from labtracker.scheduling.views.blueprint import blueprint
from labtracker.scheduling.wording import day_words
from labtracker.web.county_map import dates_map
from labtracker.web.filters import choice_from_request
from labtracker.web.landing import PublicDate
from labtracker.web.language import language

FILTERS = ("county", "course", "month")


@blueprint.get("/dates")
def dates() -> ResponseReturnValue:
    """Coming visits for everybody: place, county, course, days; narrowed by county, course and month."""
    every = queries.open_dates(utc_now())
    counties = {one.county_fips: one.county for one in every if one.county_fips}
    courses = {one.course_code: _course(one) for one in every}
    months = sorted({month for one in every for month in _months(one)})
    chosen = {
        "county": choice_from_request("county", counties),
        "course": choice_from_request("course", courses),
        "month": choice_from_request("month", [month.strftime("%Y-%m") for month in months]),
    }
    found = [one for one in every if _fits(one, **chosen)]
    return render_template(
        "scheduling/dates.html",
        dates=found,
        months=months,
        counties=sorted(counties.items(), key=lambda pair: pair[1]),
        courses=sorted(courses.items(), key=lambda pair: pair[1]),
        chosen=chosen,
        is_narrowed=any(chosen.values()),
        map=dates_map(found),
        by_county=_by_county(found),
        ask_url=_ask_url,
        course_of=_course,
    )


def _months(one: PublicDate) -> list[date]:
    """The first day of each month in which a visit lies."""
    found = [one.first_on.replace(day=1)]
    while (following := (found[-1] + timedelta(days=32)).replace(day=1)) <= one.last_on:
        found.append(following)
    return found


def _fits(one: PublicDate, *, county: str | None, course: str | None, month: str | None) -> bool:
    return (
        county in {None, one.county_fips}
        and course in {None, one.course_code}
        and (month is None or month in {each.strftime("%Y-%m") for each in _months(one)})
    )


def _course(one: PublicDate) -> str:
    return one.course_es if language() == "es" and one.course_es else one.course


def _by_county(found: Sequence[PublicDate]) -> list[dict[str, Any]]:
    """Each county with how many visits go there and the way to these alone, by name."""
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    counties = sorted({(one.county, one.county_fips) for one in found if one.county_fips})
    return [
        {
            "name": name,
            "visits": sum(one.county_fips == fips for one in found),
            "url": url_for("scheduling.dates", **{**kept, "county": fips}),
        }
        for name, fips in counties
    ]


def _ask_url(one: PublicDate) -> str:
    """Where somebody without an account asks for seats, or for such a visit: the wish is written already."""
    words = {"course": _course(one), "town": one.town, "day": day_words(one.first_on)}
    if one.place:
        wish = _("We would like seats in %(course)s in %(town)s from %(day)s on.", **words)
    else:
        wish = _("We would like a visit like the one in %(town)s from %(day)s on: %(course)s.", **words)
    return url_for("accounts.request_account", message=wish)
