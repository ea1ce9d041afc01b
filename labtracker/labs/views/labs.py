"""Screens of the labs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.labs import queries, services
from labtracker.labs.forms import LabForm, fill, needs_as_typed
from labtracker.labs.models import Lab
from labtracker.labs.queries.readiness import checklist_of
from labtracker.labs.rules.needs import PROFILE, Kind, Question
from labtracker.labs.views.blueprint import Meanwhile, blueprint, explain_refusal, tabs
from labtracker.labs.wording import item_label, wanted_words
from labtracker.web.edge import commit, load, load_all
from labtracker.web.fields import choose_from
from labtracker.web.language import language
from labtracker.web.pagination import page_of, sort_from_request

COLUMNS = {"name": Lab.name, "seats": Lab.seats, "city": Lab.home_city}


@blueprint.get("/labs")
@roles(Role.COORDINATOR, Role.TRAINER)
def labs() -> ResponseReturnValue:
    """The list of labs, retired ones on request."""
    actor = current_actor()
    retired = request.args.get("show") == "retired"
    query = queries.labs_visible_to(actor).where(
        Lab.retired_at.is_not(None) if retired else Lab.retired_at.is_(None)
    )
    sort = sort_from_request(COLUMNS, default="name")
    return render_template(
        "labs/labs.html",
        page=page_of(query, sort),
        sort=sort,
        retired=retired,
        tabs=tabs(actor, "labs"),
        may_edit=actor.has(Role.COORDINATOR),
    )


@blueprint.get("/labs/<uuid:lab_id>")
@roles(Role.COORDINATOR, Role.TRAINER)
def lab(lab_id: UUID) -> ResponseReturnValue:
    """One lab: figures, needs, courses."""
    actor = current_actor()
    found = load(queries.labs_visible_to(actor).where(Lab.id == lab_id))
    asked = [one for one in checklist_of(found) if one.key in {item.key for item in PROFILE}]
    return render_template(
        "labs/lab.html", lab=found, needs=_needs_words(asked), may_edit=actor.has(Role.COORDINATOR)
    )


def _needs_words(asked: list[Question]) -> list[dict[str, Any]]:
    """What the lab's profile says, as answers: figures one by one, all that is just needed in one."""
    told = [
        {"label": item_label(one.key), "value": wanted_words(one)}
        for one in asked
        if one.item.kind is not Kind.YES
    ]
    plain = ", ".join(item_label(one.key) for one in asked if one.item.kind is Kind.YES)
    return [*told, {"label": _("Also"), "value": plain}] if plain else told


@blueprint.route("/labs/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_lab() -> ResponseReturnValue:
    """Add a lab."""
    form = _form(None)
    if form.validate_on_submit():
        try:
            added = services.add_lab(form.details(), actor=current_actor(), now=utc_now())
        except DomainError as error:
            explain_refusal(form, None, error, {})
        else:
            commit()
            flash(_("%(name)s is in service.", name=added.name))
            return redirect(url_for("labs.lab", lab_id=added.id), 303)
    return _page(form, None, [])


@blueprint.route("/labs/<uuid:lab_id>/edit", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def edit_lab(lab_id: UUID) -> ResponseReturnValue:
    """Change a lab."""
    found = load(queries.labs_editable_by(current_actor()).where(Lab.id == lab_id))
    form, meanwhile = _form(found), []
    if not form.is_submitted():
        fill(form, _saved(found), found.version)
    elif form.validate():
        try:
            services.change_lab(
                found, form.details(), version=form.seen_version, actor=current_actor(), now=utc_now()
            )
        except DomainError as error:
            meanwhile = explain_refusal(form, found, error, _saved(found))
        else:
            commit()
            flash(_("%(name)s is saved.", name=found.name))
            return redirect(url_for("labs.lab", lab_id=found.id), 303)
    return _page(form, found, meanwhile)


@blueprint.post("/labs/<uuid:lab_id>/retirement")
@roles(Role.COORDINATOR)
def retire_lab(lab_id: UUID) -> ResponseReturnValue:
    """Take a lab out of service."""
    found = load(queries.labs_editable_by(current_actor()).where(Lab.id == lab_id))
    services.retire_lab(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is retired. Its history stays.", name=found.name))
    return redirect(url_for("labs.lab", lab_id=found.id), 303)


@blueprint.post("/labs/<uuid:lab_id>/restoration")
@roles(Role.COORDINATOR)
def restore_lab(lab_id: UUID) -> ResponseReturnValue:
    """Put a lab back into service."""
    found = load(queries.labs_editable_by(current_actor()).where(Lab.id == lab_id))
    services.restore_lab(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is in service.", name=found.name))
    return redirect(url_for("labs.lab", lab_id=found.id), 303)


@blueprint.post("/labs/<uuid:lab_id>/deletion")
@roles(Role.COORDINATOR)
def delete_lab(lab_id: UUID) -> ResponseReturnValue:
    """Delete a lab that was never used."""
    found = load(queries.labs_editable_by(current_actor()).where(Lab.id == lab_id))
    services.delete_lab(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is deleted.", name=found.name))
    return redirect(url_for("labs.labs"), 303)


def _form(found: Lab | None) -> LabForm:
    form = LabForm()
    offered = load_all(queries.active_courses())
    if found is not None:
        offered += [course for course in found.courses if course not in offered]
    choose_from(form.courses, [(course.id, course.named_in(language())) for course in offered])
    return form


def _saved(found: Lab) -> dict[str, Any]:
    stored = queries.details_of_lab(found)
    courses = [course.id for course in found.courses]
    return {**vars(stored), **needs_as_typed(stored.needs), "courses": courses}


def _page(form: LabForm, found: Lab | None, meanwhile: list[Meanwhile]) -> ResponseReturnValue:
    status = 409 if meanwhile else 422 if form.is_submitted() else 200
    latest = queries.latest_change_of(found) if found is not None and meanwhile else None
    page = render_template("labs/lab_form.html", form=form, lab=found, meanwhile=meanwhile, latest=latest)
    return page, status
