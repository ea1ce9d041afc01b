"""A day of a deployment is called off, such as for weather, and made up for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.kit.time import near_day, utc_now
from labtracker.scheduling import services
from labtracker.scheduling.views.blueprint import STAFF, blueprint, load_deployment, undo
from labtracker.scheduling.views.called_off import call_off_form
from labtracker.scheduling.views.deployments import show
from labtracker.web.edge import commit
from labtracker.web.forms import refuse


@blueprint.post("/deployments/<uuid:deployment_id>/called-off-days")
@roles(*STAFF)
def call_off_day(deployment_id: UUID) -> ResponseReturnValue:
    """Call every session of a day off, with a reason."""
    found = load_deployment(deployment_id)
    form = call_off_form(found)
    if not form.validate():
        return show(found, off=form), 422
    try:
        services.call_off_day(
            deployment=found,
            day=date.fromisoformat(form.day.data),
            reason=form.reason.data or "",
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return show(found, off=form), error.form_status
    commit()
    flash(_("That day is called off and everybody concerned is told."))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)


@blueprint.post("/deployments/<uuid:deployment_id>/make-ups")
@roles(Role.COORDINATOR)
def make_up_day(deployment_id: UUID) -> ResponseReturnValue:
    """Give the sessions of a day that was called off another day."""
    found = load_deployment(deployment_id)
    try:
        day, make_up_on = (near_day(request.form.get(name, "")) for name in ("day", "make_up_on"))
    except ValueError:
        raise DomainError("day_missing", _("That is not a day."), status=422) from None
    try:
        services.make_up_day(
            deployment=found, day=day, make_up_on=make_up_on, actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        undo()
        flash(error.message, "error")
        return show(found), error.status
    commit()
    flash(_("The make-up stands in the calendar and everybody concerned is told."))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)
