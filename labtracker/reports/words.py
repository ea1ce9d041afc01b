"""What the figures are called and how they are defined, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from flask_babel import format_date, lazy_gettext, ngettext
from flask_babel import gettext as _

from labtracker.kit.statistics import Rate
from labtracker.reports.completion import CohortFigures, Figures
from labtracker.reports.rules import Dimension, Measure, Shift
from labtracker.scheduling.rules import DeliveryMode
from labtracker.web.display import number, percent

MODES = {
    DeliveryMode.EMPLOYER_SITE: lazy_gettext("Employer site"),
    DeliveryMode.RURAL_HUB: lazy_gettext("Rural hub"),
    DeliveryMode.CAMPUS: lazy_gettext("Campus"),
}
SHIFTS = {
    Shift.MORNING: lazy_gettext("Begins from 4 to 11 a.m."),
    Shift.AFTERNOON: lazy_gettext("Begins from 11 a.m. to 4 p.m."),
    Shift.NIGHT: lazy_gettext("Begins in the evening or at night"),
}
RURAL = {"yes": lazy_gettext("Rural"), "no": lazy_gettext("Not rural")}
# Dimensions whose values are ours: their names, in the order in which they are compared.
FIXED: dict[Dimension, Mapping[Any, Any]] = {
    Dimension.MODE: MODES,
    Dimension.SHIFT: SHIFTS,
    Dimension.RURAL: RURAL,
}
DIMENSIONS = {
    Dimension.MODE: lazy_gettext("Place of delivery"),
    Dimension.COURSE: lazy_gettext("Course"),
    Dimension.COUNTY: lazy_gettext("County"),
    Dimension.RURAL: lazy_gettext("Rural or not"),
    Dimension.EMPLOYER: lazy_gettext("Employer"),
    Dimension.LAB: lazy_gettext("Lab"),
    Dimension.SHIFT: lazy_gettext("Shift"),
    Dimension.MONTH: lazy_gettext("Month"),
}
MEASURES = {
    Measure.COMPLETION: lazy_gettext("Completion"),
    Measure.ATTENDANCE: lazy_gettext("Attendance"),
    Measure.NO_SHOW: lazy_gettext("No-show"),
}
# What the counts beside each rate are.
BASES = {
    Measure.COMPLETION: lazy_gettext("Completed, of those who started"),
    Measure.ATTENDANCE: lazy_gettext("Hours credited, of those scheduled"),
    Measure.NO_SHOW: lazy_gettext("Never attended, of those enrolled"),
}
DEFINITIONS = {
    Measure.COMPLETION: lazy_gettext(
        "Workers who met their cohort’s completion policy, out of all who started. A worker has started "
        "with the first credited minute; those who withdrew after that stay in the count. Only cohorts "
        "that are closed out count, each dated by the last session that was held. The interval is Wilson’s, "
        "at 95%."
    ),
    Measure.ATTENDANCE: lazy_gettext(
        "Contact hours credited, out of those scheduled for everybody enrolled, over the sessions that were "
        "held while they were. Excused hours stay in the scheduled hours; cancelled sessions, and what an "
        "early end cut off, leave them. The interval (Wilson’s, at 95%) takes each worker as one "
        "observation, since the hours of one worker hang together."
    ),
    Measure.NO_SHOW: lazy_gettext(
        "Workers who were enrolled and never attended, out of all enrolled. Who withdrew before the first "
        "session is not counted. The interval is Wilson’s, at 95%."
    ),
}
WITHDRAWN = lazy_gettext(
    "Workers who left their cohort once its sessions had begun and had not met its policy. Those who had "
    "started stay in the completion rate as not completed."
)
# Between the five colours of the map: rates lie where they lie, so that differences can be seen.
STEPS = {
    Measure.COMPLETION: (0.6, 0.7, 0.8, 0.9),
    Measure.ATTENDANCE: (0.8, 0.85, 0.9, 0.95),
    Measure.NO_SHOW: (0.01, 0.03, 0.06, 0.12),
}
TOO_FEW = 10  # starters below which a county gets no colour: one worker more or less would change it


def headline(all_of_them: Figures, by_mode: Mapping[str, Figures]) -> str:
    """The page's first sentence: "412 of 506 workers who started completed: 81 % (78 % to 85 %)..." """
    rate = all_of_them.completion
    if not rate.whole:
        return _("No cohort is closed out in this view yet, so there is no completion rate to show.")
    low, high = rate.interval or (0.0, 0.0)
    first = ngettext(
        "%(part)s of %(all)s worker who started completed: %(rate)s (%(low)s to %(high)s).",
        "%(part)s of %(all)s workers who started completed: %(rate)s (%(low)s to %(high)s).",
        rate.whole,
        part=number(rate.part),
        all=number(rate.whole),
        rate=percent(rate.value),
        low=percent(low),
        high=percent(high),
    )
    return " ".join([first, *_by_mode(by_mode)])


def _by_mode(by_mode: Mapping[str, Figures]) -> list[str]:
    shown = [(mode, by_mode[mode].completion) for mode in MODES if mode in by_mode]
    shown = [(mode, rate) for mode, rate in shown if rate.whole]
    if len(shown) < 2:
        return []
    return [_mode_sentence(mode, percent(rate.value), number(rate.whole)) for mode, rate in shown]


def _mode_sentence(mode: DeliveryMode, rate: str, n: str) -> str:
    if mode is DeliveryMode.EMPLOYER_SITE:
        return _("On employer sites %(rate)s of %(n)s.", rate=rate, n=n)
    if mode is DeliveryMode.RURAL_HUB:
        return _("In rural hubs %(rate)s of %(n)s.", rate=rate, n=n)
    return _("On campus %(rate)s of %(n)s.", rate=rate, n=n)


def in_reading_order(groups: Mapping[str, Figures], by: Dimension) -> dict[str, Figures]:
    """Groups as they are compared: modes and shifts in their own order, all else as it comes."""
    order: Mapping[Any, Any] = FIXED.get(by, groups)
    return {str(value): groups[value] for value in order if value in groups}


def names(by: Dimension, rows: Iterable[CohortFigures], language: str) -> dict[str, str]:
    """What each value of a dimension is called, in the order of the names."""
    fixed = FIXED.get(by)
    if fixed is not None:
        there = {getattr(row, by.value) for row in rows}
        return {str(value): str(name) for value, name in fixed.items() if value in there}
    namers = {
        Dimension.COURSE: lambda row: row.course_in(language),
        Dimension.COUNTY: lambda row: row.county_name,
        Dimension.EMPLOYER: lambda row: row.employer_name,
        Dimension.LAB: lambda row: row.lab_name,
        Dimension.MONTH: lambda row: month_name(row.month),
    }
    found = {value: str(namers[by](row)) for row in rows if (value := getattr(row, by.value))}
    if by is Dimension.MONTH:
        return dict(sorted(found.items()))
    return dict(sorted(found.items(), key=lambda entry: entry[1].casefold()))


def county_words(county: str) -> str:
    """A county with the word for what it is."""
    return _("%(county)s County", county=county)


def county_note(county: str, rate: Rate, measure: Measure) -> str:
    """What a county on the map says when pointed at."""
    return f"{county_words(county)}: {percent(rate.value)} ({basis(rate, measure)})"


def program_year_name(first: int) -> str:
    """A program year by its two calendar years."""
    return _("Program year %(first)s-%(last)s", first=first, last=str(first + 1)[2:])


def days(since: date | None, until: date | None) -> str:
    """A span of days, open at either end."""
    if since and until:
        return _("%(first)s to %(last)s", first=_day(since), last=_day(until))
    if since:
        return _("From %(day)s", day=_day(since))
    return _("Until %(day)s", day=_day(until))


def _day(value: date | None) -> str:
    return format_date(value, "medium")


def map_key(measure: Measure) -> list[dict[str, object]]:
    """What each strength of the map's colour means."""
    edges = [percent(step) for step in STEPS[measure]]
    between = [_("%(low)s to under %(high)s", low=low, high=high) for low, high in pairwise(edges)]
    labels = [_("under %(high)s", high=edges[0]), *between, _("%(low)s and more", low=edges[-1])]
    levels: list[dict[str, object]] = [
        {"level": level, "label": label} for level, label in enumerate(labels, start=1)
    ]
    few = {"level": None, "label": _("fewer than %(n)s workers: too few for a color", n=TOO_FEW)}
    return [*levels, few, {"level": 0, "label": _("no cohort")}]


def month_name(month: str) -> str:
    """A month such as 2026-04 in words."""
    return format_date(date.fromisoformat(f"{month}-01"), "LLLL y")


def short_month(month: str) -> str:
    """A month such as 2026-04 in three letters."""
    return format_date(date.fromisoformat(f"{month}-01"), "LLL").rstrip(".")


def rate_row(label: str, found: Figures | None, measure: Measure, url: str = "") -> dict[str, Any]:
    """A rate as a row of a chart: its name, share, interval, and the counts it comes from."""
    rate = found.rate(measure) if found else Rate(0, 0)
    low, high = rate.interval or (None, None)
    return {
        "label": label,
        "rate": rate.value,
        "low": low,
        "high": high,
        "basis": basis(rate, measure) if rate.whole else "–",
        "n": rate.n,
        "url": url,
    }


def basis(rate: Rate, measure: Measure) -> str:
    """The counts behind a rate: "412 of 506", or hours with the workers whose hours they are."""
    if measure is not Measure.ATTENDANCE:
        return _("%(part)s of %(all)s", part=number(rate.part), all=number(rate.whole))
    return ngettext(
        "%(part)s of %(all)s h, %(n)s worker",
        "%(part)s of %(all)s h, %(n)s workers",
        rate.n,
        part=number(round(rate.part / 60)),
        all=number(round(rate.whole / 60)),
        n=number(rate.n),
    )
