"""Inspections that come round: begin one, note one as done, end it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet import services
from labtracker.fleet.forms import DoneForm, InspectionForm
from labtracker.fleet.models import Inspection, TowVehicle
from labtracker.fleet.views.blueprint import blueprint, load_inspection, load_lab, load_vehicle
from labtracker.kit.time import utc_now
from labtracker.labs.models import Lab
from labtracker.web.display import office_today
from labtracker.web.edge import commit
from labtracker.web.forms import refuse


@blueprint.route("/fleet/labs/<uuid:lab_id>/inspections/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_inspection_of_lab(lab_id: UUID) -> ResponseReturnValue:
    """Begin an inspection of a lab that comes round."""
    return _new(load_lab(lab_id))


@blueprint.route("/fleet/vehicles/<uuid:vehicle_id>/inspections/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_inspection_of_vehicle(vehicle_id: UUID) -> ResponseReturnValue:
    """Begin an inspection of a tow vehicle that comes round."""
    return _new(load_vehicle(vehicle_id))


@blueprint.route("/fleet/inspections/<uuid:inspection_id>", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def inspection(inspection_id: UUID) -> ResponseReturnValue:
    """Note an inspection as done, from which the next one follows."""
    found, form = load_inspection(inspection_id), DoneForm()
    if form.validate_on_submit():
        try:
            services.note_done(
                found,
                on=form.done_on.data,
                today=office_today(),
                version=form.seen_version,
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is noted as done.", name=found.name))
            return redirect(url_of(found), 303)
    if not form.is_submitted():
        form.version.data, form.done_on.data = str(found.version), office_today()
    page = render_template("fleet/inspection.html", inspection=found, form=form, back=url_of(found))
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/fleet/inspections/<uuid:inspection_id>/ending")
@roles(Role.COORDINATOR)
def end_inspection(inspection_id: UUID) -> ResponseReturnValue:
    """Say that something is no longer inspected."""
    found = load_inspection(inspection_id)
    services.end_inspection(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s no longer comes round.", name=found.name))
    return redirect(url_of(found), 303)


def _new(of: Lab | TowVehicle) -> ResponseReturnValue:
    form = InspectionForm()
    if form.validate_on_submit():
        try:
            added = services.add_inspection(
                of, form.details(), today=office_today(), actor=current_actor(), now=utc_now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is noted.", name=added.name))
            return redirect(url_of(added), 303)
    page = render_template("fleet/inspection_form.html", form=form, of=of, back=_home(of))
    return page, 422 if form.is_submitted() else 200


def url_of(found: Inspection) -> str:
    """The page of what is inspected."""
    return _home(found.of)


def _home(of: Lab | TowVehicle) -> str:
    if isinstance(of, Lab):
        return url_for("fleet.lab", lab_id=of.id)
    return url_for("fleet.vehicle", vehicle_id=of.id)
