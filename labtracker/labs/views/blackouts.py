"""Days on which a worksite takes nobody in, kept by whoever keeps the worksite."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.labs import services
from labtracker.labs.forms import BlackoutForm
from labtracker.labs.views.blueprint import blueprint
from labtracker.labs.views.worksites import EDITORS, editable, show
from labtracker.web.edge import commit
from labtracker.web.forms import refuse


@blueprint.post("/worksites/<uuid:worksite_id>/blackouts")
@roles(*EDITORS)
def add_blackout(worksite_id: UUID) -> ResponseReturnValue:
    """Close a worksite on some days."""
    found, form = editable(worksite_id), BlackoutForm()
    if not form.validate():
        return show(found, current_actor(), blackout=form), 422
    try:
        services.add_blackout(
            worksite=found,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            reason=form.reason.data or "",
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return show(found, current_actor(), blackout=form), error.form_status
    commit()
    flash(_("Nothing new will be placed here on these days."))
    return redirect(url_for("labs.worksite", worksite_id=found.id, _anchor="closed"), 303)


@blueprint.post("/worksites/<uuid:worksite_id>/blackouts/<uuid:blackout_id>/removal")
@roles(*EDITORS)
def remove_blackout(worksite_id: UUID, blackout_id: UUID) -> ResponseReturnValue:
    """Open a worksite again on these days."""
    found = editable(worksite_id)
    blackout = next((one for one in found.blackouts if one.id == blackout_id), None)
    if blackout is not None:
        services.remove_blackout(blackout=blackout, actor=current_actor(), now=utc_now())
        commit()
        flash(_("These days are open again."))
    return redirect(url_for("labs.worksite", worksite_id=found.id, _anchor="closed"), 303)
