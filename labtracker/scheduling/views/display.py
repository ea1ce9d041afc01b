"""Small ways to show days and clock times that only the calendar needs."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date, format_skeleton
from flask_babel import get_locale
from markupsafe import Markup

from labtracker.kit.time import utc_now
from labtracker.labs.models import Lab
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.disruptions import booked_with
from labtracker.scheduling.views.blueprint import blueprint


@blueprint.app_template_global("visits_with_lab")
def visits_with_lab(lab: Lab) -> list[Deployment]:
    """What a lab is booked for, for its own page, which belongs to another slice."""
    return booked_with(lab, utc_now())


@blueprint.app_template_filter("month_name")
def month_name(value: date) -> str:
    """A month with its year: May 2026."""
    return str(format_skeleton("yMMMM", value, locale=get_locale()))


@blueprint.app_template_filter("weekday_short")
def weekday_short(value: date) -> str:
    """The weekday in few letters: Mon."""
    return str(format_date(value, "ccc", locale=get_locale()))


@blueprint.app_template_filter("weekday_long")
def weekday_long(value: date) -> str:
    """The weekday in full: Monday."""
    return str(format_date(value, "cccc", locale=get_locale()))


@blueprint.app_template_filter("short_day")
def short_day(value: date) -> Markup:
    """A day without its year: May 4."""
    words = format_skeleton("MMMd", value, locale=get_locale())
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), words)
