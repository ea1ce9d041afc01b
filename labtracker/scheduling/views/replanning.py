"""Taking a way out for one deployment: another lab or day, another vehicle; and its odometer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet.models import TowVehicle
from labtracker.fleet.queries import vehicles_visible_to
from labtracker.kit.time import near_day, utc_now
from labtracker.labs.models import Lab
from labtracker.labs.queries import labs_visible_to
from labtracker.scheduling import services
from labtracker.scheduling.forms.fleet import OdometerForm, TowForm
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.views.blueprint import blueprint, load_deployment, seen_version, undo
from labtracker.scheduling.views.deployments import show
from labtracker.scheduling.views.going import tow_form
from labtracker.web.edge import commit, load
from labtracker.web.forms import refuse


@blueprint.post("/deployments/<uuid:deployment_id>/way-out")
@roles(Role.COORDINATOR)
def take_way_out(deployment_id: UUID) -> ResponseReturnValue:
    """Move a deployment to another lab or first day, as a way out offers it; everybody is told."""
    found = load_deployment(deployment_id)
    try:
        services.move_deployment(
            deployment=found,
            expected_version=seen_version(),
            lab=_lab(),
            first_on=_day(),
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        flash(error.message, "error")
        return redirect(_back(found), 303)
    commit()
    flash(_("Moved. Everybody concerned is told."))
    return redirect(_back(found), 303)


@blueprint.post("/deployments/<uuid:deployment_id>/vehicle")
@roles(Role.COORDINATOR)
def choose_vehicle(deployment_id: UUID) -> ResponseReturnValue:
    """Say which vehicle tows a deployment, and whether it stays there."""
    found = load_deployment(deployment_id)
    form = tow_form(found)
    if form.validate():
        try:
            services.choose_vehicle(
                deployment=found,
                vehicle=_vehicle(form),
                stays=form.vehicle_stays.data,
                expected_version=form.seen_version,
                actor=current_actor(),
                now=utc_now(),
            )
        except DomainError as error:
            undo()
            refuse(form, error)
        else:
            commit()
            flash(_("The tow vehicle is saved."))
            return redirect(_back(found), 303)
    return show(found, towing=form), 422


@blueprint.post("/deployments/<uuid:deployment_id>/odometer")
@roles(Role.COORDINATOR)
def read_odometer(deployment_id: UUID) -> ResponseReturnValue:
    """Note how many miles were really driven."""
    found, form = load_deployment(deployment_id), OdometerForm()
    if form.validate():
        try:
            services.read_odometer(
                deployment=found, miles=form.miles.data, actor=current_actor(), now=utc_now()
            )
        except DomainError as error:
            undo()
            refuse(form, error)
        else:
            commit()
            flash(_("The miles are saved."))
            return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)
    return show(found, odometer=form), 422


def _vehicle(form: TowForm) -> TowVehicle | None:
    if form.chosen is None:
        return None
    return load(vehicles_visible_to(current_actor()).where(TowVehicle.id == form.chosen))


def _lab() -> Lab | None:
    text = request.form.get("lab")
    if not text:
        return None
    return load(labs_visible_to(current_actor()).where(Lab.id == _id(text)))


def _day() -> date | None:
    text = request.form.get("first_on")
    if not text:
        return None
    try:
        return near_day(text)
    except ValueError as error:
        raise DomainError("no_day", _("This is no day."), field="first_on") from error


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError("no_lab", _("There is no such lab."), status=404) from error


def _back(found: Deployment) -> str:
    """The closure somebody came from, or the deployment."""
    closure = request.form.get("closure", "")
    try:
        return url_for("scheduling.closure", closure_id=UUID(closure))
    except ValueError:
        return url_for("scheduling.deployment", deployment_id=found.id)
