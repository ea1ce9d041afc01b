"""Screens of the worksites."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.paths import safe_path
from labtracker.kit.time import local_day, utc_now
from labtracker.labs import queries, services
from labtracker.labs.forms import BlackoutForm, RuralityForm, WorksiteForm, fill
from labtracker.labs.models import Worksite
from labtracker.labs.views.blueprint import Meanwhile, blueprint, explain_refusal, tabs
from labtracker.web.edge import commit, load, load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import form_problems
from labtracker.web.pagination import page_of, sort_from_request, url_with

COLUMNS = {"name": Worksite.name, "city": Worksite.city, "owner": Organization.name}
EVERYBODY = (Role.COORDINATOR, Role.TRAINER, Role.EMPLOYER, Role.REVIEWER)
EDITORS = (Role.COORDINATOR, Role.EMPLOYER)
READERS_OF_HOURS = (Role.COORDINATOR, Role.TRAINER, Role.EMPLOYER)


@blueprint.get("/worksites")
@roles(*EVERYBODY)
def worksites() -> ResponseReturnValue:
    """The list of worksites: rural, not rural, archived on request."""
    actor = current_actor()
    show = request.args.get("show", "")
    query = queries.worksites_visible_to(actor).join(Organization)
    query = query.where(
        Worksite.archived_at.is_not(None) if show == "archived" else Worksite.archived_at.is_(None)
    )
    if show in ("rural", "metro"):
        query = query.where(Worksite.is_rural.is_(show == "rural"))
    sort = sort_from_request(COLUMNS, default="name")
    return render_template(
        "labs/worksites.html",
        page=page_of(query, sort),
        sort=sort,
        show=show,
        filters=_filters(show),
        tabs=tabs(actor, "worksites"),
        may_add=actor.has(*EDITORS),
        is_staff=actor.has(Role.COORDINATOR, Role.TRAINER),
    )


@blueprint.get("/worksites/<uuid:worksite_id>")
@roles(*EVERYBODY)
def worksite(worksite_id: UUID) -> ResponseReturnValue:
    """One worksite: where it is, whether it is rural and why, what it offers."""
    actor = current_actor()
    found = load(queries.worksites_visible_to(actor).where(Worksite.id == worksite_id))
    return show(found, actor), 200


@blueprint.route("/worksites/new", methods=["GET", "POST"])
@roles(*EDITORS)
def new_worksite() -> ResponseReturnValue:
    """Add a worksite; whoever came from a form that needed it (``?next=``) goes back there."""
    form = _form(current_actor(), None)
    if form.validate_on_submit():
        try:
            added = services.add_worksite(form.details(), actor=current_actor(), now=utc_now())
        except DomainError as error:
            explain_refusal(form, None, error, {})
        else:
            commit()
            flash(_("%(name)s is saved.", name=added.name))
            back = safe_path(request.args.get("next"))
            return redirect(back or url_for("labs.worksite", worksite_id=added.id), 303)
    return _page(form, None, [])


@blueprint.route("/worksites/<uuid:worksite_id>/edit", methods=["GET", "POST"])
@roles(*EDITORS)
def edit_worksite(worksite_id: UUID) -> ResponseReturnValue:
    """Change a worksite."""
    actor = current_actor()
    found = load(queries.worksites_editable_by(actor).where(Worksite.id == worksite_id))
    form, meanwhile = _form(actor, found), []
    if not form.is_submitted():
        fill(form, _saved(found), found.version)
    elif form.validate():
        try:
            services.change_worksite(
                found, form.details(), version=form.seen_version, actor=actor, now=utc_now()
            )
        except DomainError as error:
            meanwhile = explain_refusal(form, found, error, _saved(found))
        else:
            commit()
            flash(_("%(name)s is saved.", name=found.name))
            return redirect(url_for("labs.worksite", worksite_id=found.id), 303)
    return _page(form, found, meanwhile)


@blueprint.post("/worksites/<uuid:worksite_id>/archiving")
@roles(*EDITORS)
def archive_worksite(worksite_id: UUID) -> ResponseReturnValue:
    """Take a worksite out of the lists."""
    found = editable(worksite_id)
    services.archive_worksite(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is archived. Its history stays.", name=found.name))
    return redirect(url_for("labs.worksite", worksite_id=found.id), 303)


@blueprint.post("/worksites/<uuid:worksite_id>/restoration")
@roles(*EDITORS)
def restore_worksite(worksite_id: UUID) -> ResponseReturnValue:
    """Bring a worksite back."""
    found = editable(worksite_id)
    services.restore_worksite(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is back in the list.", name=found.name))
    return redirect(url_for("labs.worksite", worksite_id=found.id), 303)


@blueprint.post("/worksites/<uuid:worksite_id>/deletion")
@roles(*EDITORS)
def delete_worksite(worksite_id: UUID) -> ResponseReturnValue:
    """Delete a worksite that was never used."""
    found = editable(worksite_id)
    services.delete_worksite(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is deleted.", name=found.name))
    return redirect(url_for("labs.worksites"), 303)


@blueprint.post("/worksites/<uuid:worksite_id>/rurality")
@roles(Role.COORDINATOR)
def override_rurality(worksite_id: UUID) -> ResponseReturnValue:
    """Decide against the county's code, with a reason."""
    found, form = editable(worksite_id), RuralityForm()
    if not form.validate():
        return show(found, current_actor(), rurality=form), 422
    services.override_rurality(
        found,
        is_rural=form.is_rural.data == "yes",
        reason=form.reason.data or "",
        actor=current_actor(),
        now=utc_now(),
    )
    commit()
    flash(_("The decision is kept with your name and the date."))
    return redirect(url_for("labs.worksite", worksite_id=found.id), 303)


@blueprint.post("/worksites/<uuid:worksite_id>/rurality/withdrawal")
@roles(Role.COORDINATOR)
def withdraw_rurality_override(worksite_id: UUID) -> ResponseReturnValue:
    """Let the county's code decide again."""
    found = editable(worksite_id)
    services.withdraw_rurality_override(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("The county's code decides again."))
    return redirect(url_for("labs.worksite", worksite_id=found.id), 303)


def editable(worksite_id: UUID) -> Worksite:
    """A worksite the actor may change, or 404."""
    return load(queries.worksites_editable_by(current_actor()).where(Worksite.id == worksite_id))


def _filters(show: str) -> list[dict[str, Any]]:
    choices = (("", _("All")), ("rural", _("Rural")), ("metro", _("Not rural")), ("archived", _("Archived")))
    return [
        {"label": label, "url": url_with(show=name or None, page=None), "current": name == show}
        for name, label in choices
    ]


def _form(actor: Person, found: Worksite | None) -> WorksiteForm:
    form = WorksiteForm()
    owners = [(owner.id, owner.name) for owner in load_all(queries.organizations_with_worksites(actor))]
    if found is not None and found.organization_id not in dict(owners):
        owners.append((found.organization_id, found.organization.name))
    choose_from(form.organization_id, owners)
    if not form.is_submitted() and len(owners) == 1:
        form.organization_id.data = owners[0][0]
    return form


def _saved(found: Worksite) -> dict[str, Any]:
    return vars(queries.details_of_worksite(found))


def _page(form: WorksiteForm, found: Worksite | None, meanwhile: list[Meanwhile]) -> ResponseReturnValue:
    status = 409 if meanwhile else 422 if form.is_submitted() else 200
    latest = queries.latest_change_of(found) if found is not None and meanwhile else None
    page = render_template(
        "labs/worksite_form.html",
        form=form,
        worksite=found,
        meanwhile=meanwhile,
        latest=latest,
        back_url=safe_path(request.args.get("next")),
    )
    return page, status


def show(
    found: Worksite,
    actor: Person,
    *,
    rurality: RuralityForm | None = None,
    blackout: BlackoutForm | None = None,
) -> str:
    """The page of one worksite; a refused form is shown open."""
    form, closing = rurality or RuralityForm(formdata=None), blackout or BlackoutForm(formdata=None)
    today = local_day(utc_now(), found.zone)
    decided_by = db.session.get(Person, found.rural_set_by_id) if found.rural_set_by_id else None
    editable = queries.worksites_editable_by(actor).where(Worksite.id == found.id)
    return render_template(
        "labs/worksite.html",
        worksite=found,
        why=queries.why_rural(found),
        area=queries.area_of(found.county),
        to_confirm=queries.area_to_confirm(found.county),
        decided_by=decided_by,
        form=form,
        deciding=bool(form_problems(form)),
        closing_form=closing,
        closing=bool(form_problems(closing)),
        blackouts=[one for one in found.blackouts if one.ends_on >= today],
        may_see_blackouts=actor.has(*READERS_OF_HOURS),
        may_edit=db.session.scalar(sa.select(editable.exists())),
        may_decide=actor.has(Role.COORDINATOR),
    )
