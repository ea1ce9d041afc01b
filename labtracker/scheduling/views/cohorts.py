"""Cohorts: the list, one cohort, and a new one on campus or at a hub without a lab."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Person
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.labs.models import Course, Worksite
from labtracker.labs.queries import active_courses
from labtracker.scheduling import forms, queries, services
from labtracker.scheduling.models import Cohort, Session
from labtracker.scheduling.queries.calendar import cohorts_with_sessions
from labtracker.scheduling.rules.sessions import ShiftPattern, Timetable, timetable
from labtracker.scheduling.rules.states import DeliveryMode
from labtracker.scheduling.services.checks import check_shift
from labtracker.scheduling.views.blueprint import READERS, blueprint, load_cohort, undo
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
from labtracker.web.filters import Choice
from labtracker.web.forms import refuse
from labtracker.web.language import language
from labtracker.web.pagination import page_of, url_with


@blueprint.get("/cohorts")
@roles(*READERS)
def cohorts() -> ResponseReturnValue:
    """Cohorts as a list: running and coming first."""
    actor, now = current_actor(), utc_now()
    group = request.args.get("show", "running")
    last_end = (
        sa.select(sa.func.max(Session.ends_at))
        .where(Session.cohort_id == Cohort.id, Session.cancelled_at.is_(None))
        .scalar_subquery()
    )
    query = cohorts_with_sessions(queries.cohorts_visible_to(actor))
    over = (Cohort.closed_out_at.is_not(None)) | (Cohort.cancelled_at.is_not(None))
    if group == "to-close":
        query = query.where(~over, last_end <= now)
    elif group == "over":
        query = query.where(over)
    else:
        query = query.where(~over, sa.or_(last_end > now, last_end.is_(None)))
    newest = group == "over"
    query = query.order_by(last_end.desc() if newest else last_end.asc(), Cohort.id)
    labels = [("running", _("Running and coming")), ("to-close", _("To close out")), ("over", _("Over"))]
    return render_template(
        "scheduling/cohorts.html",
        page=page_of(query),
        filters=[Choice(label, url_with(show=name, page=None), name == group) for name, label in labels],
        staff=actor.has(Role.COORDINATOR),
        now=now,
    )


@blueprint.get("/cohorts/<uuid:cohort_id>")
@roles(*READERS)
def cohort(cohort_id: UUID) -> ResponseReturnValue:
    """One cohort: course, place, policy, sessions, and the ways to its roster and completion."""
    return _page(load_cohort(cohort_id))


def _page(found: Cohort, initials: forms.InitialsForm | None = None) -> str:
    actor = current_actor()
    sessions = load_all(
        queries.sessions_visible_to(actor).where(Session.cohort_id == found.id).order_by(Session.starts_at)
    )
    planned = sum(one.net_minutes for one in sessions if one.cancelled_at is None)
    return render_template(
        "scheduling/cohort.html",
        cohort=found,
        sessions=sessions,
        planned_minutes=planned,
        wanted_minutes=int(found.contact_hours * 60),
        staff=actor.has(Role.COORDINATOR),
        now=utc_now(),
        initials=initials or _initials(found),
        refused=initials is not None,
    )


def _initials(found: Cohort) -> forms.InitialsForm:
    form = forms.InitialsForm(formdata=None)
    form.asks.data, form.version.data = found.asks_initials, str(found.version)
    return form


@blueprint.post("/cohorts/<uuid:cohort_id>/initials")
@roles(Role.COORDINATOR)
def ask_for_initials(cohort_id: UUID) -> ResponseReturnValue:
    """Have phones ask whoever comes in by badge for their initials, or no more."""
    found, form = load_cohort(cohort_id), forms.InitialsForm()
    try:
        services.ask_for_initials(
            found,
            asks=bool(form.asks.data),
            expected_version=form.seen_version,
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return _page(found, form), error.status
    commit()
    flash(_("Initials are asked for.") if form.asks.data else _("Initials are not asked for."))
    return redirect(url_for("scheduling.cohort", cohort_id=found.id), 303)


@blueprint.route("/cohorts/new", methods=["GET", "POST"])
@roles(Role.COORDINATOR)
def new_cohort() -> ResponseReturnValue:
    """A cohort that no lab comes to, such as one on campus."""
    form = _form()
    if form.validate_on_submit():
        try:
            found = _create(form)
        except DomainError as error:
            undo()
            refuse(form, error)
            return render_template("scheduling/cohort_new.html", form=form), 422
        commit()
        flash(_("%(name)s is created.", name=found.name))
        return redirect(url_for("scheduling.cohort", cohort_id=found.id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("scheduling/cohort_new.html", form=form), status


def _form() -> forms.CohortForm:
    form = forms.CohortForm()
    sites = (
        sa.select(Worksite)
        .where(
            Worksite.archived_at.is_(None),
            Worksite.organization.has(kind=OrganizationKind.PROVIDER),
        )
        .order_by(Worksite.name)
    )
    choose_from(form.course, ((one.id, one.title_in(language())) for one in load_all(active_courses())))
    choose_from(form.worksite, ((one.id, f"{one.name}, {one.city}") for one in load_all(sites)))
    choose_from(form.trainers, ((one.id, one.name) for one in load_all(queries.active_trainers())))
    return form


def _create(form: forms.CohortForm) -> Cohort:
    course: Any = db.session.get(Course, form.course.data)
    worksite: Any = db.session.get(Worksite, form.worksite.data)
    chosen = sa.select(Person).where(Person.id.in_(form.trainers.data or []))
    sessions = _timetable(form, course, worksite)
    return services.create_cohort(
        name=form.name.data or "",
        course=course,
        worksite=worksite,
        seats=form.seats.data or 0,
        delivery_mode=DeliveryMode(form.delivery_mode.data),
        sessions=sessions.cohorts[0],
        trainers=list(db.session.scalars(chosen).unique()),
        actor=current_actor(),
        now=utc_now(),
    )


def _timetable(form: forms.CohortForm, course: Course, worksite: Worksite) -> Timetable:
    starts, ends, first_on = form.shift_starts.data, form.shift_ends.data, form.first_on.data
    check_shift(form.weekdays.data or [], starts, ends, form.break_minutes.data or 0)
    assert starts
    assert ends
    assert first_on
    pattern = ShiftPattern(
        frozenset(form.weekdays.data or []), starts, ends, form.break_minutes.data or 0, worksite.zone
    )
    return timetable(
        pattern,
        contact_minutes=int(course.contact_hours * 60),
        first_on=first_on,
        closed_days=queries.closed_days_at(worksite, first_on),
    )
