"""Days off: what they break is shown before they are saved."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.fleet import services as fleet
from labtracker.fleet.models import Leave
from labtracker.fleet.queries import crew_visible_to, leave_visible_to
from labtracker.fleet.rules import whole_days
from labtracker.kit.time import utc_now
from labtracker.scheduling.forms.fleet import LeaveForm
from labtracker.scheduling.models import Deployment
from labtracker.scheduling.queries.disruptions import broken_by_leave
from labtracker.scheduling.rules.conflicts import Span
from labtracker.scheduling.views.blueprint import blueprint, undo
from labtracker.scheduling.views.closures import seen
from labtracker.web.display import office_zone
from labtracker.web.edge import commit, load
from labtracker.web.forms import refuse


@blueprint.route("/fleet/crew/<uuid:person_id>/leave/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR, Role.TRAINER)
def new_leave(person_id: UUID) -> ResponseReturnValue:
    """Enter days off, one's own or as a coordinator; what they break is shown before they are saved."""
    person = load(crew_visible_to(current_actor()).where(Person.id == person_id))
    form = LeaveForm()
    broken: Sequence[Deployment] = ()
    if form.validate_on_submit():
        try:
            zone = office_zone()
            first, last = form.starts_on.data, form.ends_on.data
            if first <= last:
                broken = broken_by_leave(person, Span(*whole_days(first, last, zone)), utc_now())
            if seen(form, broken):
                fleet.enter_leave(
                    person, first=first, last=last, zone=zone, actor=current_actor(), now=utc_now()
                )
                commit()
                flash(_("The days off are saved."))
                return redirect(url_for("fleet.person", person_id=person.id), 303)
        except DomainError as error:
            undo()
            refuse(form, error)
    page = render_template("scheduling/leave_form.html", form=form, person=person, broken=broken)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/fleet/leave/<uuid:leave_id>/withdrawal")
@roles(Role.COORDINATOR, Role.TRAINER)
def withdraw_leave(leave_id: UUID) -> ResponseReturnValue:
    """Take days off back."""
    leave = load(leave_visible_to(current_actor()).where(Leave.id == leave_id))
    fleet.withdraw_leave(leave, actor=current_actor(), now=utc_now())
    person_id = leave.person_id
    commit()
    flash(_("The days off are taken back."))
    return redirect(url_for("fleet.person", person_id=person_id), 303)
