"""Deployments: where the labs stay, who goes there, what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.scheduling import forms, queries, services
from labtracker.scheduling.forms.fleet import OdometerForm, TowForm
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.rules.states import BookingStatus, DeploymentStatus, Duty
from labtracker.scheduling.services.locks import require_version
from labtracker.scheduling.views.blueprint import (
    READERS,
    blueprint,
    load_deployment,
    seen_version,
    tabs,
    undo,
)
from labtracker.scheduling.views.called_off import called_off
from labtracker.scheduling.views.going import going
from labtracker.scheduling.views.site_checks import readiness_of
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
from labtracker.web.filters import Choice
from labtracker.web.forms import form_problems, refuse
from labtracker.web.pagination import page_of, url_with


@blueprint.get("/deployments")
@roles(*READERS)
def deployments() -> ResponseReturnValue:
    """Deployments as a list: coming, past, cancelled."""
    actor, now = current_actor(), utc_now()
    group = request.args.get("show", "coming")
    query = queries.deployments_visible_to(actor).options(
        selectinload(Deployment.lab),
        selectinload(Deployment.worksite),
        selectinload(Deployment.cohorts).selectinload(Cohort.course),
    )
    live = Deployment.status != DeploymentStatus.CANCELLED
    if group == "past":
        query = query.where(live, Deployment.blocks_until <= now).order_by(Deployment.blocks_from.desc())
    elif group == "cancelled":
        query = query.where(~live).order_by(Deployment.blocks_from.desc())
    else:
        query = query.where(live, Deployment.blocks_until > now).order_by(Deployment.blocks_from)
    labels = [("coming", _("Now and coming")), ("past", _("Past")), ("cancelled", _("Cancelled"))]
    return render_template(
        "scheduling/deployments.html",
        page=page_of(query),
        group=group,
        filters=[Choice(label, url_with(show=name, page=None), name == group) for name, label in labels],
        tabs=tabs(actor, "deployments"),
    )


@blueprint.get("/deployments/<uuid:deployment_id>")
@roles(*READERS)
def deployment(deployment_id: UUID) -> ResponseReturnValue:
    """One stay: travel and set-up as times, crew, cohorts, sessions."""
    return show(load_deployment(deployment_id)), 200


def show(
    found: Deployment,
    *,
    crew_form: forms.CrewForm | None = None,
    form: forms.ReasonForm | None = None,
    towing: TowForm | None = None,
    odometer: OdometerForm | None = None,
    off: forms.CallOffForm | None = None,
) -> str:
    """The page of one deployment; a refused form is shown open."""
    actor = current_actor()
    staff = actor.has(Role.COORDINATOR)
    fresh = forms.ReasonForm(formdata=None)
    fresh.version.data = str(found.version)
    sessions = load_all(
        queries.sessions_visible_to(actor)
        .where(Session.deployment_id == found.id)
        .options(selectinload(Session.cohort))
        .order_by(Session.starts_at)
    )
    cohorts = load_all(
        queries.cohorts_visible_to(actor)
        .where(Cohort.deployments.any(Deployment.id == found.id))
        .options(selectinload(Cohort.course))
        .order_by(Cohort.name)
    )
    return render_template(
        "scheduling/deployment.html",
        deployment=found,
        parts=parts_of(found),
        sessions=sessions,
        cohorts=cohorts,
        staff=staff,
        may_move=_may_move(found),
        crew_form=crew_form or _fresh_crew_form(found),
        readiness=readiness_of(found),
        form=form or fresh,
        refused=bool(form and form_problems(form)),
        crew_refused=bool(crew_form and form_problems(crew_form)),
        **going(found, staff=staff, towing=towing, odometer=odometer),
        **called_off(found, actor, utc_now(), off),
    )


def _may_move(found: Deployment) -> bool:
    rows = queries.standing_sessions(found)
    return (
        found.status != DeploymentStatus.CANCELLED and bool(rows) and not queries.has_begun(rows, utc_now())
    )


def parts_of(found: Deployment) -> dict[str, datetime]:
    """The moments of a stay."""
    arrives_at = found.blocks_from + timedelta(minutes=found.travel_in_minutes)
    packed_at = found.blocks_until - timedelta(minutes=found.travel_out_minutes)
    return {
        "leaves_home_at": found.blocks_from,
        "arrives_at": arrives_at,
        "ready_at": arrives_at + timedelta(minutes=found.setup_minutes),
        "packs_at": packed_at - timedelta(minutes=found.teardown_minutes),
        "packed_at": packed_at,
        "home_at": found.blocks_until,
    }


def _crew_form(**kwargs: Any) -> forms.CrewForm:
    form = forms.CrewForm(**kwargs)
    choose_from(form.person, ((one.id, one.name) for one in load_all(queries.active_trainers())))
    return form


def _fresh_crew_form(found: Deployment) -> forms.CrewForm:
    form = _crew_form(formdata=None)
    form.version.data = str(found.version)
    return form


@blueprint.post("/deployments/<uuid:deployment_id>/crew")
@roles(Role.COORDINATOR)
def add_crew(deployment_id: UUID) -> ResponseReturnValue:
    """Put somebody on the crew."""
    found, form = load_deployment(deployment_id), _crew_form()
    if not form.validate():
        return show(found, crew_form=form), 422
    person = db.session.get(Person, form.person.data)
    assert person is not None, "the form offers people who exist"
    try:
        services.add_to_crew(
            deployment=found,
            person=person,
            duty=Duty(form.duty.data),
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return show(found, crew_form=form), error.status
    commit()
    flash(_("%(name)s is on the crew.", name=person.name))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)


@blueprint.post("/deployments/<uuid:deployment_id>/crew/<uuid:person_id>/removal")
@roles(Role.COORDINATOR)
def remove_crew(deployment_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Take somebody off the crew."""
    found = load_deployment(deployment_id)
    duty = Duty.DRIVER if request.form.get("duty") == Duty.DRIVER else Duty.TRAINER
    person = next((one.person for one in found.crew if one.person_id == person_id), None)
    if person is None:
        raise DomainError("not_crew", _("This person is not on the crew."), status=404)
    try:
        services.remove_from_crew(
            deployment=found,
            person=person,
            duty=duty,
            expected_version=seen_version(),
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        flash(error.message, "error")
        return show(found), error.status
    commit()
    flash(_("%(name)s is no longer on the crew.", name=person.name))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)


@blueprint.post("/deployments/<uuid:deployment_id>/confirmation")
@roles(Role.COORDINATOR)
def confirm_deployment(deployment_id: UUID) -> ResponseReturnValue:
    """Make a tentative stay firm; where a booking stands behind it, that booking is confirmed."""
    found, now = load_deployment(deployment_id), utc_now()
    bookings = [cohort.booking for cohort in found.cohorts if cohort.booking is not None]
    # Where several are served, those that wait for it are confirmed first.
    bookings.sort(key=lambda one: one.status != BookingStatus.PLANNED)
    booking = next(iter(bookings), None)
    try:
        require_version(found, seen_version(), "deployment")
        if booking is not None:
            services.confirm_booking(booking=booking, actor=current_actor(), now=now)
        else:
            services.confirm_deployment(deployment=found, actor=current_actor(), now=now)
    except DomainError as error:
        undo()
        flash(error.message, "error")
        return show(found), error.status
    commit()
    flash(_("Confirmed. The days are fixed."))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)


@blueprint.post("/deployments/<uuid:deployment_id>/cancellation")
@roles(Role.COORDINATOR)
def cancel_deployment(deployment_id: UUID) -> ResponseReturnValue:
    """Cancel a stay, with a reason."""
    found, form = load_deployment(deployment_id), forms.ReasonForm()
    if not form.validate():
        return show(found, form=form), 422
    try:
        services.cancel_deployment(
            deployment=found,
            reason=form.reason.data or "",
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return show(found, form=form), error.form_status
    commit()
    flash(_("The deployment is cancelled and everybody concerned is told."))
    return redirect(url_for("scheduling.deployment", deployment_id=found.id), 303)
