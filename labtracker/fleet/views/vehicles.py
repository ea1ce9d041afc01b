"""Screens of the tow vehicles."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet import queries, services
from labtracker.fleet.forms import VehicleForm
from labtracker.fleet.models import Closure, Inspection, TowVehicle
from labtracker.fleet.rules import HEAVIEST_WITHOUT_CDL_LB, licence_needed
from labtracker.fleet.views.blueprint import blueprint, is_coordinator, load_vehicle, tabs
from labtracker.kit.time import utc_now
from labtracker.labs.queries import active_labs
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import refuse


@blueprint.get("/fleet/vehicles")
@roles(Role.COORDINATOR)
def vehicles() -> ResponseReturnValue:
    """The list of tow vehicles, retired ones on request."""
    retired = request.args.get("show") == "retired"
    query = queries.vehicles_visible_to(current_actor()).where(
        TowVehicle.retired_at.is_not(None) if retired else TowVehicle.retired_at.is_(None)
    )
    return render_template(
        "fleet/vehicles.html", vehicles=load_all(query), retired=retired, tabs=tabs("vehicles")
    )


@blueprint.get("/fleet/vehicles/<uuid:vehicle_id>")
@roles(Role.COORDINATOR, Role.TRAINER)
def vehicle(vehicle_id: UUID) -> ResponseReturnValue:
    """One vehicle: figures, the labs it tows and what license that needs, inspections, days it is closed."""
    found, actor = load_vehicle(vehicle_id), current_actor()
    return render_template(
        "fleet/vehicle.html",
        vehicle=found,
        loads=[(lab, licence_needed(lab.weight_lb, found.weight_lb)) for lab in found.labs],
        limit=HEAVIEST_WITHOUT_CDL_LB,
        inspections=load_all(queries.inspections_visible_to(actor).where(Inspection.vehicle_id == found.id)),
        closures=load_all(queries.closures_visible_to(actor).where(Closure.vehicle_id == found.id)),
        may_edit=is_coordinator(),
    )


@blueprint.route("/fleet/vehicles/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_vehicle() -> ResponseReturnValue:
    """Add a tow vehicle."""
    form = _form(None)
    if form.validate_on_submit():
        try:
            added = services.add_vehicle(form.details(), actor=current_actor(), now=utc_now())
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is in service.", name=added.name))
            return redirect(url_for("fleet.vehicle", vehicle_id=added.id), 303)
    return _page(form, None)


@blueprint.route("/fleet/vehicles/<uuid:vehicle_id>/edit", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def edit_vehicle(vehicle_id: UUID) -> ResponseReturnValue:
    """Change a tow vehicle."""
    found = load_vehicle(vehicle_id)
    form = _form(found)
    if form.validate_on_submit():
        try:
            services.change_vehicle(
                found, form.details(), version=form.seen_version, actor=current_actor(), now=utc_now()
            )
        except DomainError as error:
            refuse(form, error)
        else:
            commit()
            flash(_("%(name)s is saved.", name=found.name))
            return redirect(url_for("fleet.vehicle", vehicle_id=found.id), 303)
    return _page(form, found)


@blueprint.post("/fleet/vehicles/<uuid:vehicle_id>/retirement")
@roles(Role.COORDINATOR)
def retire_vehicle(vehicle_id: UUID) -> ResponseReturnValue:
    """Take a tow vehicle out of service for good."""
    found = load_vehicle(vehicle_id)
    services.retire_vehicle(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is retired. Its history stays.", name=found.name))
    return redirect(url_for("fleet.vehicle", vehicle_id=found.id), 303)


@blueprint.post("/fleet/vehicles/<uuid:vehicle_id>/restoration")
@roles(Role.COORDINATOR)
def restore_vehicle(vehicle_id: UUID) -> ResponseReturnValue:
    """Put a retired tow vehicle into service again."""
    found = load_vehicle(vehicle_id)
    services.restore_vehicle(found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is in service.", name=found.name))
    return redirect(url_for("fleet.vehicle", vehicle_id=found.id), 303)


def _form(found: TowVehicle | None) -> VehicleForm:
    form = VehicleForm(obj=found)
    labs = load_all(active_labs())
    if found is not None:
        labs += [lab for lab in found.labs if lab not in labs]
    choose_from(form.labs, [(lab.id, lab.name) for lab in labs])
    if not form.is_submitted():
        form.labs.data = [lab.id for lab in found.labs] if found else []
    return form


def _page(form: VehicleForm, found: TowVehicle | None) -> ResponseReturnValue:
    page = render_template("fleet/vehicle_form.html", form=form, vehicle=found)
    return page, 422 if form.is_submitted() else 200
