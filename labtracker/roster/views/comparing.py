"""Screens of known workers who may be one person: the proposals, two side by side, and telling them apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.forms import BOTH, ONE, OTHER, ComparisonForm
from labtracker.roster.models import Worker
from labtracker.roster.queries.duplicates import Standing
from labtracker.roster.rules.duplicates import Sign
from labtracker.roster.services import CHOICES
from labtracker.roster.views.blueprint import blueprint
from labtracker.web.edge import commit, load, load_all
from labtracker.web.filters import text_from_request
from labtracker.web.forms import refuse
from labtracker.web.pagination import page_of_rows

SIGNS = {
    Sign.MAIL: _l("same e-mail"),
    Sign.NUMBER: _l("same employee number"),
    Sign.NAME_AND_DATE: _l("same name and hire date"),
    Sign.NEAR_NAME_AND_DATE: _l("similar name, same hire date"),
    Sign.PHONE: _l("same phone"),
    Sign.NAME: _l("same name"),
}
LABELS = {
    "name": _l("Name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "employee_number": _l("Employee number"),
    "hired_on": _l("Hire date"),
    "job_title": _l("Job title"),
    "language": _l("Language"),
    "state_mis_id": _l("Number at the state"),
}


@blueprint.get("/workers/duplicates")
@roles(Role.COORDINATOR)
def duplicates() -> ResponseReturnValue:
    """Pairs of workers who may be one person."""
    page = page_of_rows(queries.likely_duplicates())
    ids = {known.facts.id for pair in page.rows for known in (pair.one, pair.other)}
    workers = {row.id: row for row in db.session.scalars(db.select(Worker).where(Worker.id.in_(ids)))}
    lately = load_all(queries.merged_lately())
    return render_template("roster/duplicates.html", page=page, workers=workers, signs=SIGNS, lately=lately)


@blueprint.get("/workers/<uuid:worker_id>/alike")
@roles(Role.COORDINATOR)
def alike(worker_id: UUID) -> ResponseReturnValue:
    """Who may be the same person as a worker, likely or as sought."""
    worker, sought = _known(worker_id), text_from_request("q")
    return render_template(
        "roster/alike.html", worker=worker, found=queries.likely_of(worker, sought), sought=sought
    )


@blueprint.route("/workers/<uuid:worker_id>/comparison/<uuid:other_id>", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def compare(worker_id: UUID, other_id: UUID) -> ResponseReturnValue:
    """Two workers side by side; merged field by field, or linked where both employers are right."""
    one, other = _known(worker_id), _known(other_id)
    shared = queries.standings(one, other)
    form = _form_for(one, other, shared)
    if form.validate_on_submit():
        try:
            worker = _merge(form, one, other, shared)
        except DomainError as error:
            db.session.rollback()
            refuse(form, error)
        else:
            commit()
            return redirect(url_for("roster.worker", worker_id=worker.id), 303)
    page = render_template(
        "roster/comparison.html", form=form, one=one, other=other, labels=LABELS, standings=shared
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/workers/<uuid:worker_id>/comparison/<uuid:other_id>/distinction")
@roles(Role.COORDINATOR)
def tell_apart(worker_id: UUID, other_id: UUID) -> ResponseReturnValue:
    """Say that two workers who look alike are two people."""
    one, other = _known(worker_id), _known(other_id)
    services.tell_apart(one, other, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(one)s and %(other)s stay two people. Nobody is asked again.", one=one.name, other=other.name))
    return redirect(url_for("roster.duplicates"), 303)


def _known(worker_id: UUID) -> Worker:
    return load(queries.known_workers().where(Worker.id == worker_id))


def _form_for(one: Worker, other: Worker, shared: list[Standing]) -> ComparisonForm:
    """A form that asks for what differs; filled in with what says more."""
    fields: dict[str, Any] = {}
    for key in CHOICES:
        mine, theirs = _said(one, key), _said(other, key)
        if mine != theirs:
            fields[key] = _either(LABELS[key], ONE if mine else OTHER)
    for standing in shared:
        if standing.differs and standing.one is not None:
            default = ONE if standing.one.status == "enrolled" else OTHER
            fields[f"cohort_{standing.one.cohort_id.hex}"] = _either(standing.one.cohort.name, default)
    form: ComparisonForm = type("Comparison", (ComparisonForm,), fields)()
    form.employment.choices = [
        SelectChoice(BOTH, _("They worked for both. Both records stay; the office sees them together.")),
        SelectChoice(ONE, _("Only %(employer)s is right.", employer=one.employer.name)),
        SelectChoice(OTHER, _("Only %(employer)s is right.", employer=other.employer.name)),
    ]
    return form


def _either(label: Any, default: str) -> Any:
    choices = [SelectChoice(ONE, _("the left one")), SelectChoice(OTHER, _("the right one"))]
    return RadioField(label, [InputRequired(_l("Choose one."))], choices=choices, default=default)


def _said(worker: Worker, key: str) -> tuple[Any, ...] | None:
    values = tuple(getattr(worker, name) for name in CHOICES[key])
    return values if any(values) else None


def _merge(form: ComparisonForm, one: Worker, other: Worker, shared: list[Standing]) -> Worker:
    """Merge or link what was chosen; gives the worker who stays. The one with more cohorts stays."""
    actor, now = current_actor(), utc_now()
    across = one.employer_id != other.employer_id
    if across and form.employment.data == BOTH:
        services.link_workers(other, one, actor=actor, now=now)
        flash(_("The office sees both records together from now on. No employer learns of the other."))
        return one
    counts = (sum(row.one is not None for row in shared), sum(row.other is not None for row in shared))
    right = form.employment.data if form.employment.data in (ONE, OTHER) else None
    stays = right if across else (OTHER if counts[1] > counts[0] else ONE)
    worker, merged = (other, one) if stays == OTHER else (one, other)
    gone = ONE if stays == OTHER else OTHER
    services.merge_duplicates(
        merged,
        worker,
        taken=_taken(form, gone, shared),
        actor=actor,
        now=now,
        employer_was_wrong=right is not None,
    )
    flash(_("The two records are one from now on. It can be undone here."))
    return worker


def _taken(form: ComparisonForm, gone: str, shared: list[Standing]) -> services.Taken:
    said: Mapping[str, Any] = form.data
    return services.Taken(
        facts=[key for key in CHOICES if said.get(key) == gone],
        cohorts=[
            row.enrollment.cohort_id
            for row in shared
            if said.get(f"cohort_{row.enrollment.cohort_id.hex}") == gone
        ],
    )
