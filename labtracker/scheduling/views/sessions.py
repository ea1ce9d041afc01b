"""Single sessions: look at one, move it, cancel it, add one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local, utc_now
from labtracker.scheduling import forms, queries, services
from labtracker.scheduling.models import Cohort, Session
from labtracker.scheduling.rules.states import DeploymentStatus
from labtracker.scheduling.services.sessions import break_minutes_of
from labtracker.scheduling.views.blueprint import READERS, blueprint, load_cohort, load_session, undo
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
from labtracker.web.forms import form_problems, refuse


@blueprint.get("/sessions/<uuid:session_id>")
@roles(*READERS)
def session(session_id: UUID) -> ResponseReturnValue:
    """One session: when, where, with whom; coordinators may move or cancel it here."""
    return show(load_session(session_id)), 200


def show(
    found: Session,
    *,
    form: forms.SessionForm | None = None,
    reason: forms.ReasonForm | None = None,
    other_day: date | None = None,
) -> str:
    """The page of one session; a refused form is shown open, with another day that would do."""
    return render_template(
        "scheduling/session.html",
        session=found,
        staff=current_actor().has(Role.COORDINATOR),
        keeps_attendance=current_actor().has(Role.COORDINATOR, Role.TRAINER),
        may_change=found.cancelled_at is None and found.opened_at is None and found.ends_at > utc_now(),
        may_cancel=found.cancelled_at is None and found.opened_at is None,
        break_minutes=break_minutes_of(found),
        form=form or _filled(found),
        reason=reason or _reason(found),
        moving=bool(form and form_problems(form)),
        cancelling=bool(reason and form_problems(reason)),
        other_day=other_day,
    )


def _filled(found: Session) -> forms.SessionForm:
    form = forms.SessionForm(formdata=None)
    start, end = (local(at, found.worksite.zone) for at in (found.starts_at, found.ends_at))
    form.day.data, form.starts.data, form.ends.data = start.date(), start.time(), end.time()
    form.break_minutes.data, form.version.data = break_minutes_of(found), str(found.version)
    return form


def _reason(found: Session) -> forms.ReasonForm:
    form = forms.ReasonForm(formdata=None)
    form.version.data = str(found.version)
    return form


@blueprint.post("/sessions/<uuid:session_id>/time")
@roles(Role.COORDINATOR)
def move_session(session_id: UUID) -> ResponseReturnValue:
    """Give a session another time."""
    found, form = load_session(session_id), forms.SessionForm()
    if not form.validate():
        return show(found, form=form), 422
    starts_at, ends_at = form.span(found.worksite.zone)
    try:
        services.move_session(
            session=found,
            starts_at=starts_at,
            ends_at=ends_at,
            break_minutes=form.break_minutes.data or 0,
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return show(found, form=form, other_day=_other_day(error)), error.form_status
    commit()
    flash(_("The session has moved and everybody concerned is told."))
    return redirect(url_for("scheduling.session", session_id=found.id), 303)


@blueprint.post("/sessions/<uuid:session_id>/cancellation")
@roles(Role.COORDINATOR)
def cancel_session(session_id: UUID) -> ResponseReturnValue:
    """Cancel a session, with a reason."""
    found, form = load_session(session_id), forms.ReasonForm()
    if not form.validate():
        return show(found, reason=form), 422
    try:
        services.cancel_session(
            session=found,
            reason=form.reason.data or "",
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return show(found, reason=form), error.form_status
    commit()
    flash(_("The session is cancelled and everybody concerned is told."))
    return redirect(url_for("scheduling.session", session_id=found.id), 303)


@blueprint.route("/cohorts/<uuid:cohort_id>/sessions/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def add_session(cohort_id: UUID) -> ResponseReturnValue:
    """One more session for a cohort."""
    cohort = load_cohort(cohort_id)
    form = _new_form(cohort)
    if form.validate_on_submit():
        try:
            _add(cohort, form)
        except DomainError as error:
            undo()
            refuse(form, error)
            return _new_page(cohort, form, _other_day(error)), error.form_status
        commit()
        flash(_("The session is added."))
        return redirect(url_for("scheduling.cohort", cohort_id=cohort.id), 303)
    return _new_page(cohort, form), 422 if form.is_submitted() else 200


def _other_day(error: DomainError) -> date | None:
    return error.other_day if isinstance(error, services.ConflictError) else None


def _new_page(cohort: Cohort, form: forms.NewSessionForm, other_day: date | None = None) -> str:
    return render_template("scheduling/session_new.html", cohort=cohort, form=form, other_day=other_day)


def _new_form(cohort: Cohort) -> forms.NewSessionForm:
    form = forms.NewSessionForm()
    live = [one for one in cohort.deployments if one.status != DeploymentStatus.CANCELLED]
    choices: list[Any] = [(str(one.id), one.lab.name) for one in live]
    choose_from(form.deployment, [*choices, ("", _("No lab"))])
    choose_from(form.trainers, ((one.id, one.name) for one in load_all(queries.active_trainers())))
    if not form.is_submitted():
        form.deployment.data = choices[0][0] if choices else ""
        usual = [one for one in cohort.sessions if one.cancelled_at is None][-1:]
        for last in usual:
            start, end = (local(at, last.worksite.zone) for at in (last.starts_at, last.ends_at))
            form.starts.data, form.ends.data = start.time(), end.time()
            form.break_minutes.data = break_minutes_of(last)
            form.trainers.data = [trainer.person_id for trainer in last.trainers]
    return form


def _add(cohort: Cohort, form: forms.NewSessionForm) -> None:
    deployment = next((one for one in cohort.deployments if str(one.id) == form.deployment.data), None)
    worksite = deployment.worksite if deployment else cohort.worksite
    starts_at, ends_at = form.span(worksite.zone)
    chosen = sa.select(Person).where(Person.id.in_(form.trainers.data or []))
    services.add_session(
        cohort=cohort,
        deployment=deployment,
        starts_at=starts_at,
        ends_at=ends_at,
        break_minutes=form.break_minutes.data or 0,
        trainers=list(db.session.scalars(chosen).unique()),
        actor=current_actor(),
        now=utc_now(),
    )
