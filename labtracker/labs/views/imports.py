"""Screens for importing lists: choose a file, see what would happen, do it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.kit.csv_table import UnreadableTableError, decode
from labtracker.kit.time import utc_now
from labtracker.labs import services
from labtracker.labs.forms import ImportForm
from labtracker.labs.services.import_rows import KINDS
from labtracker.labs.services.imports import Outcome, unreadable
from labtracker.labs.views.blueprint import blueprint
from labtracker.web.edge import commit
from labtracker.web.forms import refuse

TITLES = {
    "labs": _l("Import labs"),
    "courses": _l("Import courses"),
    "worksites": _l("Import worksites"),
}


@blueprint.route("/imports/<kind>", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def import_list(kind: str) -> ResponseReturnValue:
    """Upload a CSV file, see a verdict for each row, then apply it."""
    if kind not in KINDS:
        abort(404)
    form = ImportForm()
    if not form.is_submitted():
        return _page(kind, form, None)
    try:
        text = _text(form)
        if form.apply.data:
            return _apply(kind, text)
        outcome = services.try_import(kind, text, actor=current_actor(), now=utc_now())
    except DomainError as error:
        refuse(form, error)
        return _page(kind, form, None), 422
    form.content.data = text
    return _page(kind, form, outcome)


def _text(form: ImportForm) -> str:
    if form.content.data:
        return str(form.content.data)
    if not form.file.data or not form.file.data.filename:
        raise DomainError("file_missing", _("Please choose a file."), field="file")
    try:
        return decode(form.file.data.stream.read())
    except UnreadableTableError as error:
        raise DomainError("unreadable_file", unreadable(error.code), field="file") from error


def _apply(kind: str, text: str) -> ResponseReturnValue:
    outcome = services.apply_import(kind, text, actor=current_actor(), now=utc_now())
    commit()
    words = _("%(new)s new, %(updated)s updated, %(same)s unchanged, %(error)s left out.", **outcome.counts)
    flash(words, "look" if outcome.counts["error"] else "message")
    return redirect(url_for(f"labs.{kind}"), 303)


def _page(kind: str, form: ImportForm, outcome: Outcome | None) -> str:
    return render_template(
        "labs/import_list.html",
        kind=kind,
        title=TITLES[kind],
        form=form,
        outcome=outcome,
        columns=KINDS[kind].columns,
        needed=KINDS[kind].needed,
    )
