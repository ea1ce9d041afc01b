"""Screens of an import: choose a file, see every row's verdict, settle columns, take what is ready."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from labtracker.accounts.access import current_actor, roles
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local_day, utc_now
from labtracker.roster import queries, services
from labtracker.roster.forms import UploadForm
from labtracker.roster.models import RosterImport, Worker
from labtracker.roster.reading.headings import FIELDS, NAME_FIELDS
from labtracker.roster.reading.messages import RosterFileError, notice_message
from labtracker.roster.reading.sheets import MAX_FILE_BYTES
from labtracker.roster.reading.table import Table, letter_of
from labtracker.roster.reading.verdicts import Assessed, counted
from labtracker.roster.rules.majority import Majority, majority_of
from labtracker.roster.views.blueprint import (
    KEEPERS,
    blueprint,
    chosen_employer,
    cohort_kept,
    employers_for,
    offer_employers,
    today_at,
)
from labtracker.scheduling.models import Cohort
from labtracker.web.edge import commit, load
from labtracker.web.forms import refuse
from labtracker.web.pagination import page_of_rows, url_with

FIELD_LABELS = {
    "full_name": _l("Whole name"),
    "given_name": _l("First name"),
    "middle_name": _l("Middle name"),
    "family_name": _l("Last name"),
    "second_family_name": _l("Second last name"),
    "suffix": _l("Suffix (Jr., III)"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "employee_number": _l("Employee number"),
    "hired_on": _l("Hire date"),
    "job_title": _l("Job title"),
    "language": _l("Language"),
}
PER_PAGE = 100


@blueprint.route("/cohorts/<uuid:cohort_id>/roster/import", methods=["GET", "POST"])
@roles(*KEEPERS)
def upload(cohort_id: UUID) -> ResponseReturnValue:
    """Choose a spreadsheet, or paste one."""
    actor, cohort = current_actor(), cohort_kept(cohort_id)
    employers = employers_for(cohort, actor)
    form = UploadForm()
    offer_employers(form.employer_id, employers, queries.employer_of(cohort))
    if form.validate_on_submit():
        try:
            services.refuse_if_closed(cohort)
            staged = services.stage_import(
                _table(form, cohort),
                filename=_filename(form),
                cohort=cohort,
                employer=chosen_employer(form.employer_id, employers),
                actor=actor,
                now=utc_now(),
                today=today_at(cohort),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            return redirect(url_for("roster.preview", import_id=staged.id), 303)
    page = render_template("roster/upload.html", form=form, cohort=cohort)
    return page, 422 if form.is_submitted() else 200


def _filename(form: UploadForm) -> str:
    return (form.file.data.filename if form.file.data else "") or _("pasted rows")


def _table(form: UploadForm, cohort: Cohort) -> Table:
    today = today_at(cohort)
    if form.file.data and form.file.data.filename:
        return services.table_from_file(form.file.data.stream.read(MAX_FILE_BYTES + 1), today=today)
    if form.pasted.data and form.pasted.data.strip():
        return services.table_from_text(form.pasted.data, today=today)
    raise RosterFileError("nothing_chosen")


@blueprint.get("/roster-imports/<uuid:import_id>")
@roles(*KEEPERS)
def preview(import_id: UUID) -> ResponseReturnValue:
    """Every row with its verdict, before and after the ready ones went in."""
    staged = _open(import_id)
    return _page(staged)


@blueprint.post("/roster-imports/<uuid:import_id>/columns")
@roles(*KEEPERS)
def settle_columns(import_id: UUID) -> ResponseReturnValue:
    """Say which column holds what, and whether day or month comes first."""
    staged = _open(import_id)
    places = range(len(staged.columns["headings"]))
    fields = {place: request.form.get(f"column-{place}", "") for place in places}
    services.settle_columns(staged, fields=fields, date_order=request.form.get("date_order"))
    commit()
    return redirect(url_for("roster.preview", import_id=staged.id), 303)


@blueprint.post("/roster-imports/<uuid:import_id>/application")
@roles(*KEEPERS)
def apply_import(import_id: UUID) -> ResponseReturnValue:
    """Take the rows that are ready or decided."""
    staged = _open(import_id)
    outcome = services.apply_import(
        staged,
        decisions=_decisions(),
        actor=current_actor(),
        now=utc_now(),
        today=today_at(staged.cohort),
    )
    commit()
    count = len(outcome.taken)
    if count:
        flash(
            ngettext("%(num)s row is in.", "%(num)s rows are in.", count)
            + " "
            + _(
                "%(added)s new workers, %(updated)s updated, %(enrolled)s put on the roster.",
                added=outcome.added,
                updated=outcome.updated,
                enrolled=outcome.enrolled,
            )
        )
    else:
        flash(_("Nothing was left to take."), "info")
    return redirect(url_for("roster.preview", import_id=staged.id), 303)


@blueprint.post("/roster-imports/<uuid:import_id>/remainder")
@roles(*KEEPERS)
def discard(import_id: UUID) -> ResponseReturnValue:
    """Let go of the rows that wait."""
    staged = _open(import_id)
    services.discard_waiting(staged, actor=current_actor(), now=utc_now())
    commit()
    flash(_("The rows that waited were thrown away."))
    return redirect(url_for("roster.roster", cohort_id=staged.cohort_id), 303)


def _open(import_id: UUID) -> RosterImport:
    return load(queries.imports_open_to(current_actor()).where(RosterImport.id == import_id))


def _decisions() -> dict[int, str]:
    return {
        int(name.removeprefix("row-")): value
        for name, value in request.form.items()
        if name.startswith("row-") and name.removeprefix("row-").isdecimal() and value
    }


def _page(staged: RosterImport) -> str:
    cohort = staged.cohort
    rows = services.waiting_rows(staged, today=today_at(cohort))
    counts = counted(rows)
    show = request.args.get("show", "")
    shown = [row for row in rows if not show or _group(row) == show]
    taken = queries.enrolled_count(cohort)
    on_roster = queries.enrolled_worker_ids(cohort)
    coming = sum(row.is_ready and not row.is_repeat and row.known not in on_roster for row in rows)
    return render_template(
        "roster/preview.html",
        staged=staged,
        cohort=cohort,
        counts=counts,
        page=page_of_rows(shown, PER_PAGE),
        show=show,
        filters=_filters(rows, show),
        known=_known_names(rows),
        notices=[_worded(notice) for notice in staged.notices],
        columns=_columns(staged),
        field_labels=FIELD_LABELS,
        asks_dates=any(p["code"] == "date_ambiguous" for row in rows for p in row.problems),
        has_names=any(field in NAME_FIELDS for field in staged.columns["fields"].values()),
        taken_rows=sum("cells" not in row for row in staged.rows),
        seats_after=taken + coming,
        majority=_majority(staged, rows),
    )


def _group(row: Assessed) -> str:
    return "ready" if row.is_ready else str(row.verdict)


def _filters(rows: list[Assessed], show: str) -> list[dict[str, Any]]:
    choices = (("", _("All")), ("ready", _("Ready")), ("review", _("To look at")), ("error", _("To correct")))
    sizes = {key: sum(not key or _group(row) == key for row in rows) for key, _label in choices}
    return [
        {
            "label": f"{label} · {sizes[key]}",
            "url": url_with(show=key or None, page=None),
            "current": key == show,
        }
        for key, label in choices
        if sizes[key] or not key
    ]


def _known_names(rows: list[Assessed]) -> dict[str, Worker]:
    ids = {candidate for row in rows for candidate in row.candidates}
    return {str(worker_id): db.session.get_one(Worker, worker_id) for worker_id in ids}


def _worded(notice: dict[str, Any]) -> str:
    return notice_message(notice["code"], **{key: value for key, value in notice.items() if key != "code"})


def _columns(staged: RosterImport) -> list[dict[str, Any]]:
    dropped = set(staged.columns["dropped"])
    examples = [row["cells"] for row in staged.rows if "cells" in row][:30]
    return [
        {
            "place": place,
            "label": heading or letter_of(place),
            "field": staged.columns["fields"].get(str(place), ""),
            "example": next((cells[place] for cells in examples if place < len(cells) and cells[place]), ""),
            "choices": FIELDS,
        }
        for place, heading in enumerate(staged.columns["headings"])
        if place not in dropped
        and (heading or any(place < len(cells) and cells[place] for cells in examples))
    ]


def _majority(staged: RosterImport, rows: list[Assessed]) -> Majority:
    """The six-month test as it would be with the ready rows on the roster."""
    cohort = staged.cohort
    first = queries.first_session(cohort)
    on = local_day(first.starts_at, cohort.worksite.zone) if first else today_at(cohort)
    hired: dict[Any, Any] = {
        row.worker_id: row.worker.hired_on for row in queries.enrolled_of_employer(cohort, staged.employer_id)
    }
    for row in rows:
        if row.is_ready and not row.is_repeat:
            key = row.known or row.number
            hired[key] = row.values.get("hired_on") or hired.get(key)
    return majority_of(hired.values(), on)
