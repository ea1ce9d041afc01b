"""Adding a booking to a lab that stands at its site already."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.kit.time import near_day, utc_now
from labtracker.scheduling import services
from labtracker.scheduling.rules.states import Duty
from labtracker.scheduling.views.blueprint import blueprint, load_booking, load_deployment, seen_version, undo
from labtracker.web.edge import commit


@blueprint.post("/bookings/<uuid:booking_id>/joining")
@roles(Role.COORDINATOR)
def join_deployment(booking_id: UUID) -> ResponseReturnValue:
    """Accept a booking into a deployment at the same site, with its trainers."""
    booking = load_booking(booking_id)
    try:
        found = load_deployment(UUID(request.form.get("deployment", "")))
        first_on = near_day(request.form.get("first_on", ""))
    except ValueError:
        raise DomainError("day_missing", _("That is not a day."), status=422) from None
    try:
        services.join_deployment(
            booking=booking,
            deployment=found,
            trainers=[member.person for member in found.crew if member.duty == Duty.TRAINER],
            first_on=first_on,
            expected_version=seen_version(),
            deployment_version=seen_version("deployment_version"),
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        flash(error.message, "error")
        return redirect(url_for("scheduling.plan", booking_id=booking.id), 303)
    commit()
    flash(_("Planned. The employer is asked to confirm."))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)
