"""The workforce center's pages: completion, the rows behind it, and its download."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.completion.queries import completions_of, overrides_of
from labtracker.completion.queries.late import changes_of
from labtracker.completion.words import change_words, explanation, policy_words, signed_words
from labtracker.errors import DomainError
from labtracker.kit.time import from_ms, utc_now
from labtracker.reports import completion as report
from labtracker.reports import showing, words
from labtracker.reports.asking import Asked, asked_for, is_unfinished
from labtracker.reports.forms import filter_form
from labtracker.reports.people import (
    attendance_of,
    completion_of,
    employers_in,
    enrollment_reported_to,
    records_of,
    session_records_of,
)
from labtracker.reports.rules import Dimension, Measure
from labtracker.reports.sheet import completion_sheet
from labtracker.reports.visibility import REPORT_READERS, cohorts_reported_to
from labtracker.scheduling.models import Cohort
from labtracker.web.display import office_today
from labtracker.web.edge import load
from labtracker.web.language import language
from labtracker.web.navigation import Place
from labtracker.web.pagination import page_of_rows, sort_from_request

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
PER_PAGE = 12


@blueprint.get("/completion")
@roles(*REPORT_READERS)
def completion() -> ResponseReturnValue:
    """The completion page: the sentence, the comparison, the trend, the tables, all from the address.

    An address without a time leads to this program year's, so that what is mailed stays what it was.
    """
    asked = _asked()
    if is_unfinished(request.args) and not asked.unread:
        return redirect(url_for(".completion", **asked.arguments()))  # type: ignore[arg-type]
    every = report.cohort_figures(current_actor())
    return render_template("reports/completion.html", **_page(every, asked))


@blueprint.get("/completion.csv")
@roles(*REPORT_READERS)
def completion_csv() -> Response:
    """The rows of the view as CSV; an address that cannot be read is refused, since a file has no notices."""
    asked = _asked()
    if asked.unread:
        raise DomainError(
            "unreadable_filter",
            _("This address asks for something that cannot be read: %(what)s.", what=", ".join(asked.unread)),
        )
    rows = report.chosen(report.cohort_figures(current_actor()), asked.filters)
    return Response(
        completion_sheet(rows),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={_file_name(asked)}"},
    )


@blueprint.get("/completion/cohorts/<uuid:cohort_id>")
@roles(*REPORT_READERS)
def cohort(cohort_id: UUID) -> str:
    """The people behind a cohort's figures."""
    actor = current_actor()
    found: Cohort = load(cohorts_reported_to(actor).where(Cohort.id == cohort_id))
    rows = completions_of(found.id)
    figures = [row for row in report.cohort_figures(actor) if row.id == found.id]
    total = report.figures(figures)
    return render_template(
        "reports/cohort.html",
        cohort=found,
        rows=rows,
        employers=employers_in(found),
        last_on=figures[0].last_on if figures else None,
        total=total,
        bases=_bases(total),
        definitions=words.DEFINITIONS,
        withdrawn_definition=words.WITHDRAWN,
        policy=policy_words(found, language()),
        explain={row.enrollment_id: explanation(row, found, language()) for row in rows},
        overrides=overrides_of([row.enrollment_id for row in rows]),
        late=[(one, change_words(one.before, one.after)) for one in changes_of(found.id)],
        mode_name=words.MODES[found.delivery_mode],  # type: ignore[index]
    )


@blueprint.get("/completion/enrollments/<uuid:enrollment_id>")
@roles(*REPORT_READERS)
def enrollment(enrollment_id: UUID) -> str:
    """One worker in one cohort: the sessions, and the records behind them."""
    found = load(enrollment_reported_to(current_actor(), enrollment_id))
    row = completion_of(found)
    return render_template(
        "reports/enrollment.html",
        enrollment=found,
        completion=row,
        explanation=explanation(row, found.cohort, language()) if row else [],
        override=overrides_of([found.id]).get(found.id),
        sessions=attendance_of(found),
        records=records_of(found),
        session_records=session_records_of(found),
        signed=partial(
            signed_words, {str(skill["id"]): skill for skill in found.cohort.skills}, language=language()
        ),
        from_ms=from_ms,
        now=utc_now(),
        zone=found.cohort.worksite.zone,
    )


def _asked() -> Asked:
    return asked_for(request.args, office_today())


def _page(every: list[report.CohortFigures], asked: Asked) -> dict[str, Any]:
    """What the page shows: figures of what is closed out, what still runs apart."""
    speaks = language()
    rows = report.chosen(every, asked.filters)
    closed = [row for row in rows if row.closed]
    by_mode = words.in_reading_order(report.grouped(closed, Dimension.MODE), Dimension.MODE)
    total = report.figures(closed)
    choices = {one: words.names(one, every, speaks) for one in Dimension}
    sort = sort_from_request(showing.SORTED, default="-last")
    listed = showing.listed(closed, sort.key, descending=sort.descending)
    return {
        "asked": asked,
        "headline": words.headline(total, by_mode),
        "total": total,
        "bases": _bases(total),
        "running": report.by_cohort(row for row in rows if not row.closed),
        "definitions": words.DEFINITIONS,
        "withdrawn_definition": words.WITHDRAWN,
        "measures": showing.measures(asked),
        "measure_name": words.MEASURES[asked.measure],
        "basis_label": words.BASES[asked.measure],
        "mode_rows": showing.chart_rows(closed, Dimension.MODE, asked, speaks),
        "trend_rows": showing.trend_rows(closed, asked),
        "county_rows": showing.chart_rows(closed, Dimension.COUNTY, asked, speaks),
        "county_map": showing.county_map(closed, asked.measure),
        "legend": words.map_key(asked.measure),
        "comparisons": showing.comparisons(asked),
        "compared_rows": showing.chart_rows(closed, asked.by, asked, speaks),
        "compared_by": words.DIMENSIONS[asked.by],
        "sort": sort,
        "cohorts": page_of_rows(listed, PER_PAGE),
        "spans": showing.spans(asked, office_today()),
        "in_force": showing.in_force(asked, choices),
        "without_filters": showing.without_filters(asked),
        "form": filter_form(asked.filters, choices),
        "csv_url": url_for(".completion_csv", **asked.arguments()),  # type: ignore[arg-type]
        "modes": words.MODES,
        "as_of": utc_now(),
    }


def _bases(total: report.Figures) -> dict[Measure, str]:
    """The counts behind each of the three rates, in words."""
    return {one: words.basis(total.rate(one), one) for one in Measure}


def _file_name(asked: Asked) -> str:
    return f"completion-{asked.year or 'days'}-{office_today():%Y%m%d}.csv"
