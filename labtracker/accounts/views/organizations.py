"""Screens about organizations: the list, one organization, adding, changing, archiving."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from labtracker.accounts import queries, services
from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.forms import OrganizationForm
from labtracker.accounts.models import Organization
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.accounts.rules.areas import area_key
from labtracker.accounts.views.blueprint import blueprint
from labtracker.accounts.views.tabs import office_tabs
from labtracker.accounts.words import KIND_NAMES
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import mark_of
from labtracker.kit.time import utc_now
from labtracker.web.edge import commit, load, load_all
from labtracker.web.filters import chips, choice_from_request, text_from_request
from labtracker.web.forms import refuse
from labtracker.web.pagination import page_of, sort_from_request

COLUMNS = {"name": Organization.name, "city": Organization.city, "since": Organization.created_at}


@blueprint.get("/organizations")
@roles(Role.COORDINATOR)
def organizations() -> ResponseReturnValue:
    """Every organization, by kind."""
    shown = choice_from_request("show", [*map(str, OrganizationKind), "archived"])
    query = queries.organizations_visible_to(current_actor())
    query = query.where(
        Organization.archived_at.is_not(None) if shown == "archived" else Organization.archived_at.is_(None)
    )
    if shown in list(OrganizationKind):
        query = query.where(Organization.kind == shown)
    wanted = text_from_request("q")
    if wanted:
        query = query.where(Organization.name.icontains(wanted, autoescape=True))
    sort = sort_from_request(COLUMNS, default="name")
    labels = [(None, _("All")), *((str(kind), name) for kind, name in KIND_NAMES.items())]
    return render_template(
        "accounts/organizations.html",
        page=page_of(query, sort),
        sort=sort,
        wanted=wanted,
        shown=shown,
        tabs=office_tabs("accounts.organizations"),
        filters=chips("show", [*labels, ("archived", _("Archived"))]),
    )


@blueprint.get("/organizations/<uuid:organization_id>")
@login_required
def organization(organization_id: UUID) -> ResponseReturnValue:
    """One organization: what is known of it, and its people."""
    found = _load(organization_id)
    actor = current_actor()
    return render_template(
        "accounts/organization.html",
        organization=found,
        people=load_all(queries.people_of(found)),
        is_office=actor.has(Role.COORDINATOR),
        is_own=found.id in actor.organization_ids(),
    )


@blueprint.route("/organizations/new/<kind>", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_organization(kind: str) -> ResponseReturnValue:
    """Add an organization of a kind."""
    if kind not in list(OrganizationKind):
        abort(404)
    form = OrganizationForm().fit(kind)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/edit_organization.html", form=form, kind=kind), status
    try:
        added = services.add_organization(
            OrganizationKind(kind), form.facts(), actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return render_template("accounts/edit_organization.html", form=form, kind=kind), error.status
    commit()
    flash(_("%(name)s is saved.", name=added.name))
    return redirect(url_for("accounts.organization", organization_id=added.id), 303)


@blueprint.route("/organizations/<uuid:organization_id>/edit", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def edit_organization(organization_id: UUID) -> ResponseReturnValue:
    """Change what is known of an organization."""
    found = _load(organization_id)
    areas = [area_key(row.local_area, row.sub_area) for row in found.areas]
    form = OrganizationForm(request.form or None, obj=found, data={"areas": areas}).fit(found.kind)
    if not form.is_submitted():
        form.seen.data = mark_of(services.known_of(found))
        if "areas" in form:
            form.areas.data = areas
    if not form.validate_on_submit():
        return _form_page(form, found), 422 if form.is_submitted() else 200
    try:
        services.edit_organization(
            found, form.facts(), actor=current_actor(), now=utc_now(), seen=form.seen.data or None
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _form_page(form, found), error.status
    commit()
    flash(_("Saved."))
    return redirect(url_for("accounts.organization", organization_id=found.id), 303)


def _form_page(form: OrganizationForm, found: Organization) -> str:
    return render_template("accounts/edit_organization.html", form=form, kind=found.kind, organization=found)


@blueprint.post("/organizations/<uuid:organization_id>/archiving")
@roles(Role.COORDINATOR)
def archive_organization(organization_id: UUID) -> ResponseReturnValue:
    """Put an organization away."""
    services.archive_organization(_load(organization_id), actor=current_actor(), now=utc_now())
    commit()
    flash(_("Archived."))
    return redirect(url_for("accounts.organization", organization_id=organization_id), 303)


@blueprint.post("/organizations/<uuid:organization_id>/restoring")
@roles(Role.COORDINATOR)
def restore_organization(organization_id: UUID) -> ResponseReturnValue:
    """Bring an organization back."""
    services.restore_organization(_load(organization_id), actor=current_actor(), now=utc_now())
    commit()
    flash(_("Restored."))
    return redirect(url_for("accounts.organization", organization_id=organization_id), 303)


def _load(organization_id: UUID) -> Organization:
    visible = queries.organizations_visible_to(current_actor())
    return load(visible.where(Organization.id == organization_id))
