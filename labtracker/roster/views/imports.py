"""Screens of an import: choose a file, see every row's verdict, settle columns, take what is ready."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.accounts.access import current_actor, roles
from labtracker.errors import DomainError
from labtracker.kit.csv_table import harmless
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.forms import UploadForm
from labtracker.roster.models import RosterImport
from labtracker.roster.reading.cells import FORMULA
from labtracker.roster.reading.messages import RosterFileError
from labtracker.roster.reading.sheets import MAX_FILE_BYTES
from labtracker.roster.reading.table import Table
from labtracker.roster.views.blueprint import (
    KEEPERS,
    blueprint,
    chosen_employer,
    cohort_kept,
    employers_for,
    offer_employers,
    today_at,
)
from labtracker.roster.views.preview import page_of_import
from labtracker.web.edge import commit, let_others_write, load
from labtracker.web.forms import refuse


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
            filename, today = _filename(form), today_at(cohort)
            let_others_write()
            table = _table(form, today)
            actor, cohort = current_actor(), cohort_kept(cohort_id)
            employers = employers_for(cohort, actor)
            staged = services.stage_import(
                table,
                filename=filename,
                cohort=cohort,
                employer=chosen_employer(form.employer_id, employers),
                actor=actor,
                now=utc_now(),
                today=today,
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


def _table(form: UploadForm, today: date) -> Table:
    if form.file.data and form.file.data.filename:
        return services.table_from_file(form.file.data.stream.read(MAX_FILE_BYTES + 1), today=today)
    if form.pasted.data and form.pasted.data.strip():
        return services.table_from_text(form.pasted.data, today=today)
    raise RosterFileError("nothing_chosen")


@blueprint.get("/roster-imports/<uuid:import_id>")
@roles(*KEEPERS)
def preview(import_id: UUID) -> ResponseReturnValue:
    """Every row with its verdict, before and after the ready ones went in."""
    return page_of_import(_open(import_id))


@blueprint.post("/roster-imports/<uuid:import_id>/columns")
@roles(*KEEPERS)
def settle_columns(import_id: UUID) -> ResponseReturnValue:
    """Say which column holds what, and whether day or month comes first."""
    staged = _open(import_id)
    places = range(len(staged.columns["headings"]))
    fields = {place: request.form.get(f"column-{place}", "") for place in places}
    try:
        services.settle_columns(
            staged, fields=fields, date_order=request.form.get("date_order"), now=utc_now()
        )
    except DomainError as error:
        if error.field != "columns":
            raise
        return page_of_import(staged, refusal=error.message, fields=fields), 422
    commit()
    return redirect(url_for("roster.preview", import_id=staged.id), 303)


@blueprint.post("/roster-imports/<uuid:import_id>/application")
@roles(*KEEPERS)
def apply_import(import_id: UUID) -> ResponseReturnValue:
    """Take the rows that are ready or decided, what was typed in them included."""
    staged = _open(import_id)
    corrections = _correct(staged)
    if corrections.refused:
        commit()
        return page_of_import(staged, refused=corrections.refused), 422
    fills_others = "fills_others" in request.form
    actor, now, today = current_actor(), utc_now(), today_at(staged.cohort)
    if services.is_large(staged):
        services.ask_to_apply(staged, actor=actor, now=now, fills_others=fills_others)
        commit()
        return redirect(url_for("roster.preview", import_id=staged.id), 303)
    outcome = services.apply_import(
        staged, decisions={}, actor=actor, now=now, today=today, fills_others=fills_others
    )
    commit()
    if outcome.taken:
        flash(" ".join(_what_was_done(outcome)))
    else:
        flash(_("Nothing was left to take."), "info")
    return redirect(url_for("roster.preview", import_id=staged.id), 303)


@blueprint.post("/roster-imports/<uuid:import_id>/corrections")
@roles(*KEEPERS)
def correct(import_id: UUID) -> ResponseReturnValue:
    """Keep what was typed in place of cells, and what was decided; the rows are judged anew."""
    staged = _open(import_id)
    corrections = _correct(staged)
    commit()
    if corrections.refused:
        return page_of_import(staged, refused=corrections.refused), 422
    rows = services.waiting_rows(staged, today=today_at(staged.cohort))
    ready = sum(row.is_ready for row in rows if row.number in corrections.rows)
    count = len(corrections.rows)
    if not count:
        flash(_("What you decided is kept. Nothing was typed anew."), "info")
    elif ready == count:
        flash(ngettext("%(num)s row is corrected and ready.", "%(num)s rows are corrected and ready.", count))
    else:
        flash(
            _(
                "Corrected: %(count)s. Ready of them: %(ready)s. The others say what is still to be done.",
                count=count,
                ready=ready,
            ),
            "info",
        )
    show, page = (request.args.get(name) for name in ("show", "page"))
    return redirect(url_for("roster.preview", import_id=staged.id, show=show, page=page), 303)


def _correct(staged: RosterImport) -> services.Corrections:
    return services.correct_rows(
        staged, typed=_typed(), decisions=_decisions(), actor=current_actor(), now=utc_now()
    )


def _typed() -> dict[int, dict[str, str]]:
    """What was typed in place of cells, by row and field: ``fix-12-phone``."""
    typed: dict[int, dict[str, str]] = {}
    for name, text in request.form.items():
        start, row, field = [*name.split("-", 2), "", ""][:3]
        if start == "fix" and _is_row(row):
            typed.setdefault(int(row), {})[field] = text
    return typed


def _is_row(text: str) -> bool:
    # A spreadsheet's rows are numbered in seven digits at most.
    return text.isascii() and text.isdecimal() and len(text) <= 7


def _what_was_done(outcome: services.Outcome) -> list[str]:
    count = len(outcome.taken)
    if not (outcome.added or outcome.updated or outcome.enrolled):
        return [_("Everything in these rows was here already. Nothing has changed.")]
    said = [
        ngettext("%(num)s row is in.", "%(num)s rows are in.", count),
        _(
            "%(added)s new workers, %(updated)s updated, %(enrolled)s put on the roster.",
            added=outcome.added,
            updated=outcome.updated,
            enrolled=outcome.enrolled,
        ),
    ]
    if outcome.elsewhere:
        said.append(
            ngettext(
                "%(num)s of them is in another cohort of this booking.",
                "%(num)s of them are in other cohorts of this booking.",
                outcome.elsewhere,
            )
        )
    return said


@blueprint.get("/roster-imports/<uuid:import_id>/waiting.csv")
@roles(*KEEPERS)
def waiting(import_id: UUID) -> ResponseReturnValue:
    """The rows that wait, as they came, with what is wrong: to be corrected and uploaded again."""
    staged = _open(import_id)
    rows = services.waiting_rows(staged, today=today_at(staged.cohort))
    why = {
        row.number: "; ".join(str(message["message"]) for message in row.messages())
        for row in rows
        if not row.is_ready
    }
    kept = [
        place
        for place in range(len(staged.columns["headings"]))
        if place not in set(staged.columns["dropped"])
    ]
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow([*(harmless(staged.columns["headings"][place] or "") for place in kept), _("To note")])
    for row in staged.rows:
        if row["row"] in why:
            typed = row.get("typed", {})
            cells = dict(enumerate(row["cells"])) | {
                int(place): typed[name] for place, name in staged.columns["fields"].items() if name in typed
            }
            shown = [cells.get(place, "").replace(FORMULA, "") for place in kept]
            writer.writerow([*map(harmless, shown), why[row["row"]]])
    return Response(
        "\ufeff" + sheet.getvalue(),
        mimetype="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": "attachment; filename=to-correct.csv",
            "Cache-Control": "no-store",
        },
    )


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
    said = {
        name.removeprefix("row-"): value for name, value in request.form.items() if name.startswith("row-")
    }
    return {int(row): value for row, value in said.items() if _is_row(row)}
