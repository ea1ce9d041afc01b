"""The completion page put together: what is charted, listed and offered, from the rows and what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from labtracker.kit.time import program_year
from labtracker.reports import completion as report
from labtracker.reports import words
from labtracker.reports.asking import ALL_TIME, COMPARED, Asked
from labtracker.reports.completion import CohortFigures, Figures
from labtracker.reports.rules import Dimension, Measure, months_from
from labtracker.web.county_map import DrawnMap, draw, level_of
from labtracker.web.filters import Choice

Row = dict[str, Any]
SORTED: dict[str, Any] = {
    "name": lambda row, _figures: row.name.casefold(),
    "last": lambda row, _figures: row.last_on,
    "completion": lambda _row, figures: (figures.completion.value or 0, figures.completion.whole),
    "attendance": lambda _row, figures: figures.attendance.value or 0,
}


def url_of(asked: Asked, **changes: Any) -> str:
    """The address of the same view with something changed."""
    return url_for("reports.completion", **asked.arguments(**changes))  # type: ignore[arg-type]


def chart_rows(rows: Sequence[CohortFigures], by: Dimension, asked: Asked, language: str) -> list[Row]:
    """Rates by one dimension; each name leads to the view of that group alone."""
    groups = report.grouped(rows, by)
    return [
        words.rate_row(name, groups[value], asked.measure, url_of(asked, **{by.value: value}))
        for value, name in words.names(by, rows, language).items()
    ]


def trend_rows(rows: Sequence[CohortFigures], asked: Asked) -> list[Row]:
    """Rates month by month; a month in which no cohort ended stands empty, so that time keeps its scale."""
    groups = report.grouped(rows, Dimension.MONTH)
    if not groups:
        return []
    months = list(months_from(min(groups), max(groups)))
    # The year stands under January, and under the first month unless January comes next to it.
    dated = {month for month in months if month.endswith("-01")}
    if not dated & set(months[:2]):
        dated.add(months[0])
    shown: list[Row] = []
    for month in months:
        url = url_of(asked, month=month) if month in groups else ""
        row = words.rate_row(words.month_name(month), groups.get(month), asked.measure, url)
        year = month[:4] if month in dated else ""
        shown.append({**row, "short": words.short_month(month), "year": year})
    return shown


def county_map(rows: Iterable[CohortFigures], measure: Measure) -> DrawnMap | None:
    """Counties coloured by their rate; where few workers stand behind it, it gets no colour."""
    levels: dict[str, int | None] = {}
    notes: dict[str, str] = {}
    rows = list(rows)
    named = words.names(Dimension.COUNTY, rows, "")
    for fips, found in report.grouped(rows, Dimension.COUNTY).items():
        rate = found.rate(measure)
        if not rate.whole:
            continue
        levels[fips] = level_of(rate.value, words.STEPS[measure]) if rate.n >= words.TOO_FEW else None
        notes[fips] = words.county_note(named[fips], rate, measure)
    return draw(levels, notes=notes)


def spans(asked: Asked, today: date) -> list[Choice]:
    """The times offered above the page: this program year, the one before, all, the last 90 days."""
    year = program_year(today)
    ago = today - timedelta(days=90)
    offered: list[tuple[str, dict[str, Any], bool]] = [
        (words.program_year_name(first), {"year": first}, asked.year == str(first))
        for first in (year, year - 1)
    ]
    offered.append((_("All time"), {"year": ALL_TIME}, asked.year == ALL_TIME))
    is_last_days = asked.year is None and asked.filters.since == ago and asked.filters.until is None
    offered.append((_("Last 90 days"), {"since": ago}, is_last_days))
    if asked.year not in (None, ALL_TIME, str(year), str(year - 1)):
        offered.append((words.program_year_name(int(asked.year or 0)), {"year": asked.year}, True))
    elif asked.year is None and not is_last_days:
        given = {"since": asked.filters.since, "until": asked.filters.until}
        offered.append((words.days(asked.filters.since, asked.filters.until), given, True))
    return [Choice(label, url_of(asked, **times), current) for label, times, current in offered]


def measures(asked: Asked) -> list[Choice]:
    """The rates that the charts can show."""
    return [
        Choice(name, url_of(asked, measure=None if one is Measure.COMPLETION else one), one is asked.measure)
        for one, name in words.MEASURES.items()
    ]


def comparisons(asked: Asked) -> list[Choice]:
    """What the lower chart can be split by."""
    return [
        Choice(
            words.DIMENSIONS[one],
            url_of(asked, by=None if one is Dimension.COURSE else one) + "#compared",
            one is asked.by,
        )
        for one in COMPARED
    ]


def in_force(asked: Asked, choices: dict[Dimension, dict[str, str]]) -> list[tuple[str, str]]:
    """The filters in force, each with the address of the view without it."""
    found = []
    for one in Dimension:
        value = getattr(asked.filters, one.value)
        if value is not None:
            name = choices[one].get(value, value)
            found.append((words.county_words(name) if one is Dimension.COUNTY else name, one))
    return [(name, url_of(asked, **{one.value: None})) for name, one in found]


def without_filters(asked: Asked) -> str:
    """The same time and measure with every other filter taken away."""
    return url_of(asked, **dict.fromkeys(one.value for one in Dimension))


def listed(
    rows: Iterable[CohortFigures], key: str, *, descending: bool
) -> list[tuple[CohortFigures, Figures]]:
    """Each cohort once, in the order that was asked for."""
    cohorts = report.by_cohort(rows)
    return sorted(cohorts, key=lambda entry: SORTED[key](*entry), reverse=descending)
