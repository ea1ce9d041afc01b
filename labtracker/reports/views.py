"""The workforce center's pages: completion, the rows behind it, and its download."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.completion.queries import completions_of, overrides_of
from labtracker.completion.words import explanation
from labtracker.kit.csv_table import harmless
from labtracker.kit.time import local_day, program_year, utc_now
from labtracker.reports import completion as report
from labtracker.reports import words
from labtracker.reports.people import attendance_of, completion_of, enrollment_reported_to, events_of
from labtracker.reports.visibility import REPORT_READERS, cohorts_reported_to
from labtracker.scheduling.models import Cohort
from labtracker.scheduling.rules import DeliveryMode
from labtracker.web.county_map import draw, level_of
from labtracker.web.edge import load
from labtracker.web.filters import choice_from_request, date_from_request, text_from_request
from labtracker.web.language import language
from labtracker.web.navigation import Place
from labtracker.web.pagination import page_of_rows

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
PLACES = (
    Place(
        label=lazy_gettext("Completion"),
        endpoint="reports.completion",
        icon="chart-column",
        roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR, Role.REVIEWER}),
        order=60,
    ),
)
PER_PAGE = 15
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@blueprint.get("/completion")
@roles(*REPORT_READERS)
def completion() -> str:
    """The completion page: the sentence, the comparison, the trend, the tables, all from the URL."""
    rows, filters = _chosen_rows(current_actor())
    closed = [row for row in rows if row.closed]
    by_mode = words.in_reading_order(report.grouped(closed, "mode"))
    total = report.figures(closed)
    return render_template(
        "reports/completion.html",
        headline=words.headline(total, by_mode),
        total=total,
        running=[row for row in rows if not row.closed],
        filters=filters,
        query=_query(filters),
        definitions=words.DEFINITIONS,
        mode_bars=_bars(by_mode, words.mode_name, "mode", filters),
        month_bars=_bars(report.grouped(closed, "month"), words.month_name, "month", filters),
        course_bars=_bars(report.grouped(closed, "course_code"), _course_namer(closed), "course", filters),
        county_bars=_bars(report.grouped(closed, "county_fips"), _county_namer(closed), "county", filters),
        county_map=_map(report.grouped(closed, "county_fips")),
        legend=words.map_legend(),
        cohorts=page_of_rows(sorted(closed, key=lambda row: row.last_on, reverse=True), PER_PAGE),
        county_name=next((row.county for row in rows if row.county_fips == filters.county), filters.county),
        course_name=next(
            (row.course_in(language()) for row in rows if row.course_code == filters.course), filters.course
        ),
        month_words=words.month_name(filters.month) if filters.month else None,
        choices=_choices(),
        mode_name=words.mode_name,
        as_of=utc_now(),
    )


@blueprint.get("/completion.csv")
@roles(*REPORT_READERS)
def completion_csv() -> Response:
    """The cohorts of the view as CSV, one line each, with the counts that make the rates."""
    rows, _filters = _chosen_rows(current_actor())
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(CSV_COLUMNS)
    for row in rows:
        writer.writerow([harmless(value) for value in _csv_row(row)])
    return Response(
        "\ufeff" + sheet.getvalue(),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=completion.csv"},
    )


@blueprint.get("/completion/cohorts/<uuid:cohort_id>")
@roles(*REPORT_READERS)
def cohort(cohort_id: UUID) -> str:
    """The people behind a cohort's figures."""
    actor = current_actor()
    found: Cohort = load(cohorts_reported_to(actor).where(Cohort.id == cohort_id))
    rows = completions_of(found.id)
    return render_template(
        "reports/cohort.html",
        cohort=found,
        rows=rows,
        total=report.figures([row for row in report.cohort_figures(actor) if row.id == found.id]),
        definitions=words.DEFINITIONS,
        explain={row.enrollment_id: explanation(row, found, language()) for row in rows},
        overrides=overrides_of([row.enrollment_id for row in rows]),
        mode_name=words.mode_name,
    )


@blueprint.get("/completion/enrollments/<uuid:enrollment_id>")
@roles(*REPORT_READERS)
def enrollment(enrollment_id: UUID) -> str:
    """One worker in one cohort: the sessions, and the events behind them."""
    found = load(enrollment_reported_to(current_actor(), enrollment_id))
    row = completion_of(found)
    return render_template(
        "reports/enrollment.html",
        enrollment=found,
        completion=row,
        explanation=explanation(row, found.cohort, language()) if row else [],
        override=overrides_of([found.id]).get(found.id),
        sessions=attendance_of(found),
        events=events_of(found),
        zone=found.cohort.worksite.zone,
    )


def _chosen_rows(actor: Person) -> tuple[list[report.CohortFigures], report.Filters]:
    month = text_from_request("month", 7)
    filters = report.Filters(
        since=date_from_request("since"),
        until=date_from_request("until"),
        mode=choice_from_request("mode", [mode.value for mode in DeliveryMode]),
        county=text_from_request("county", 5) or None,
        course=text_from_request("course", 20) or None,
        month=month if MONTH.fullmatch(month) else None,
    )
    return report.chosen(report.cohort_figures(actor), filters), filters


def _query(filters: report.Filters, **changes: str | None) -> dict[str, str]:
    """The view's filters as URL arguments, some of them changed."""
    values: dict[str, Any] = {**vars(filters), **changes}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in values.items()
        if value
    }


def _bars(
    groups: dict[str, report.Figures], name: Any, argument: str, filters: report.Filters
) -> list[dict[str, object]]:
    def url(key: str) -> str:
        return url_for("reports.completion", **cast(Any, _query(filters, **{argument: key})))

    return [words.bar_row(name(key), group.completion, url(key)) for key, group in groups.items() if key]


def _course_namer(rows: list[report.CohortFigures]) -> Any:
    titles = {row.course_code: row.course_in(language()) for row in rows}
    return titles.__getitem__


def _county_namer(rows: list[report.CohortFigures]) -> Any:
    names = {row.county_fips: row.county for row in rows}
    return names.__getitem__


def _map(groups: dict[str, report.Figures]) -> Any:
    return draw({fips: level_of(group.completion.value) for fips, group in groups.items() if fips})


def _choices() -> list[tuple[str, dict[str, str]]]:
    """Time spans offered above the page: everything, this program year, the one before, last 90 days."""
    today = local_day(utc_now(), "America/Denver")
    year = program_year(today)
    spans: list[tuple[str, dict[str, str]]] = [(_("All time"), {})]
    for first in (year, year - 1):
        spans.append(
            (
                _("Program year %(first)s-%(last)s", first=first, last=str(first + 1)[2:]),
                {"since": f"{first}-07-01", "until": f"{first + 1}-06-30"},
            )
        )
    spans.append((_("Last 90 days"), {"since": (today - timedelta(days=90)).isoformat()}))
    return spans


CSV_COLUMNS = (
    "cohort", "delivery_mode", "course", "county", "county_fips", "is_rural", "local_area", "sub_area",
    "last_session_on", "closed_out", "enrolled", "starters", "completers", "withdrawn", "no_shows",
    "credited_hours", "scheduled_hours", "completion_rate",
)  # fmt: skip


def _csv_row(row: report.CohortFigures) -> list[Any]:
    share = row.completers / row.starters if row.starters else None
    return [
        row.name, row.mode, row.course_code, row.county, row.county_fips, "yes" if row.is_rural else "no",
        row.local_area, row.sub_area, row.last_on.isoformat(), "yes" if row.closed else "no", row.enrolled,
        row.starters, row.completers, row.withdrawn, row.no_shows, round(row.credited_minutes / 60, 2),
        round(row.scheduled_minutes / 60, 2), "" if share is None else round(share, 4),
    ]  # fmt: skip
