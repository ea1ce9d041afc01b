"""Book a visit: a draft in four short steps, a look at the answers, and what happens next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.labs.models import Course, Worksite
from labtracker.labs.queries import courses_offered
from labtracker.scheduling import forms, queries, services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.states import BookingStatus
from labtracker.scheduling.services.checks import STEPS, problems_of, worksites_open_to
from labtracker.scheduling.views.blueprint import ASKERS, blueprint, load_booking, undo
from labtracker.web.display import number
from labtracker.web.edge import commit, load, load_all
from labtracker.web.forms import refuse

TITLES = {
    "what": _l("What should your people learn?"),
    "where": _l("Where?"),
    "who": _l("Who, and on which shift?"),
    "when": _l("When would it suit?"),
}


def employers_of(actor: Person) -> sa.Select[Organization]:
    """For whom somebody may book: their own organizations; for coordinators every employer."""
    query = (
        sa.select(Organization)
        .where(Organization.kind == OrganizationKind.EMPLOYER, Organization.archived_at.is_(None))
        .order_by(Organization.name)
    )
    if actor.has(Role.COORDINATOR):
        return query
    return query.where(Organization.id.in_(actor.organization_ids(Role.EMPLOYER)))


@blueprint.route("/book-a-visit", methods=["GET", "POST"])
@roles(*ASKERS)
def book() -> ResponseReturnValue:
    """What one needs, drafts to go on with, and the start."""
    actor, form = current_actor(), forms.EmployerForm()
    employers = load_all(employers_of(actor))
    forms.choose_from(form.employer, ((employer.id, employer.name) for employer in employers))
    if request.method == "POST" and len(employers) == 1:
        return _start(employers[0])
    if form.validate_on_submit():
        return _start(next(one for one in employers if one.id == form.employer.data))
    drafts = queries.bookings_visible_to(actor).where(BookingRequest.status == BookingStatus.DRAFT)
    page = render_template(
        "scheduling/book.html",
        form=form,
        employers=employers,
        drafts=load_all(queries.with_cohorts(drafts.order_by(BookingRequest.updated_at.desc()))),
    )
    return page, 422 if form.is_submitted() else 200


def _start(employer: Organization) -> ResponseReturnValue:
    booking = services.start_booking(employer=employer, actor=current_actor(), now=utc_now())
    commit()
    return redirect(url_for("scheduling.step", booking_id=booking.id, step="what"), 303)


@dataclass(frozen=True)
class Step:
    """One page of the form: its shape, what it shows of the draft, how it is kept."""

    form: Callable[..., Any]
    prepare: Callable[[Any, BookingRequest], dict[str, Any]]
    keep: Callable[[Any, BookingRequest], None]


@blueprint.route("/bookings/<uuid:booking_id>/steps/<any(what,where,who,when):step>", methods=["GET", "POST"])
@roles(*ASKERS)
def step(booking_id: UUID, step: str) -> ResponseReturnValue:
    """One step of the form; what was answered is kept in the draft before the next page."""
    booking = load_booking(booking_id)
    if booking.status != BookingStatus.DRAFT:
        return redirect(url_for("scheduling.booking", booking_id=booking.id), 303)
    page = PAGES[step]
    form = page.form(obj=booking if request.method == "GET" else None)
    context = page.prepare(form, booking)
    if form.validate_on_submit():
        try:
            page.keep(form, booking)
        except DomainError as error:
            undo()
            refuse(form, error)
        else:
            commit()
            return redirect(_after(booking, step), 303)
    number = STEPS.index(step) + 1
    html = render_template(
        f"scheduling/step_{step}.html",
        booking=booking,
        form=form,
        title=TITLES[step],
        number=number,
        total=len(STEPS),
        back_url=_back(booking, number),
        **context,
    )
    return html, 422 if form.is_submitted() else 200


def _after(booking: BookingRequest, step: str) -> str:
    """The next step that is not answered yet; the look at the answers when all are."""
    missing = {problem.step for problem in problems_of(booking, utc_now())}
    later = [name for name in STEPS[STEPS.index(step) + 1 :] if name in missing]
    if request.args.get("from") != "answers" and step != STEPS[-1]:
        later = list(STEPS[STEPS.index(step) + 1 :])
    if not later:
        return url_for("scheduling.answers", booking_id=booking.id)
    return url_for("scheduling.step", booking_id=booking.id, step=later[0])


def _back(booking: BookingRequest, number: int) -> str:
    if request.args.get("from") == "answers":
        return url_for("scheduling.answers", booking_id=booking.id)
    if number == 1:
        return url_for("scheduling.book")
    return url_for("scheduling.step", booking_id=booking.id, step=STEPS[number - 2])


def _prepare_what(form: Any, booking: BookingRequest) -> dict[str, Any]:
    courses = load_all(courses_offered())
    language = get_locale().language if get_locale() else "en"
    forms.choose_from(
        form.course,
        [
            (
                course.id,
                _(
                    "%(title)s (%(hours)s contact hours)",
                    title=course.title_in(language),
                    hours=number(course.contact_hours.normalize()),
                ),
            )
            for course in courses
        ],
    )
    if request.method == "GET":
        form.course.data = booking.course_id
    return {"courses": courses}


def _keep_what(form: Any, booking: BookingRequest) -> None:
    course = db.session.get(Course, form.course.data)
    services.save_what(booking=booking, course=course, actor=current_actor(), now=utc_now())


def _prepare_where(form: Any, booking: BookingRequest) -> dict[str, Any]:
    worksites = load_all(worksites_open_to(booking.employer_id))
    forms.choose_from(
        form.worksite,
        [
            (
                site.id,
                f"{site.name}, {site.city}" if site.organization_id == booking.employer_id else _hub(site),
            )
            for site in worksites
        ],
    )
    if request.method == "GET":
        form.worksite.data = booking.worksite_id or (worksites[0].id if len(worksites) == 1 else None)
        form.site_contact.data = booking.site_contact or (booking.worksite or Worksite()).contact_name
    return {"worksites": worksites}


def _hub(site: Worksite) -> str:
    return _("%(name)s, %(city)s (a place open to all)", name=site.name, city=site.city)


def _keep_where(form: Any, booking: BookingRequest) -> None:
    query = worksites_open_to(booking.employer_id).where(Worksite.id == form.worksite.data)
    services.save_where(
        booking=booking,
        where=services.Where(
            worksite=load(query),
            site_contact=form.site_contact.data or "",
            site_phone=form.site_phone.data or "",
            pad_length_ft=form.pad_length_ft.data,
            power_kw=form.power_kw.data,
            notes=form.notes.data or "",
        ),
        actor=current_actor(),
        now=utc_now(),
    )


def _keep_who(form: Any, booking: BookingRequest) -> None:
    services.save_who(
        booking=booking,
        who=services.Who(
            headcount=form.headcount.data,
            weekdays=form.weekdays.data,
            shift_starts=form.shift_starts.data,
            shift_ends=form.shift_ends.data,
            break_minutes=form.break_minutes.data or 0,
            payer=form.payer.data,
        ),
        actor=current_actor(),
        now=utc_now(),
    )


def _prepare_who(form: Any, booking: BookingRequest) -> dict[str, Any]:
    if request.method == "GET" and booking.headcount is None:
        form.break_minutes.data = 30
        form.weekdays.data = [1, 2, 3, 4, 5]
    return {}


def _prepare_when(form: Any, booking: BookingRequest) -> dict[str, Any]:
    if request.method == "GET":
        form.fill(booking)
    return {}


def _keep_when(form: Any, booking: BookingRequest) -> None:
    services.save_when(booking=booking, windows=form.windows(), actor=current_actor(), now=utc_now())


PAGES = {
    "what": Step(forms.WhatForm, _prepare_what, _keep_what),
    "where": Step(forms.WhereForm, _prepare_where, _keep_where),
    "who": Step(forms.WhoForm, _prepare_who, _keep_who),
    "when": Step(forms.WhenForm, _prepare_when, _keep_when),
}


@blueprint.get("/bookings/<uuid:booking_id>/answers")
@roles(*ASKERS)
def answers(booking_id: UUID) -> ResponseReturnValue:
    """Check your answers, then send them in."""
    booking = load_booking(booking_id)
    if booking.status != BookingStatus.DRAFT:
        return redirect(url_for("scheduling.booking", booking_id=booking.id), 303)
    return _answers(booking, None), 200


@blueprint.post("/bookings/<uuid:booking_id>/submission")
@roles(*ASKERS)
def submission(booking_id: UUID) -> ResponseReturnValue:
    """Send a draft in."""
    booking = load_booking(booking_id)
    try:
        services.submit_booking(booking=booking, actor=current_actor(), now=utc_now())
    except DomainError as error:
        undo()
        if booking.status != BookingStatus.DRAFT:
            raise
        return _answers(booking, error), 422
    commit()
    return redirect(url_for("scheduling.sent", booking_id=booking.id), 303)


def _answers(booking: BookingRequest, refusal: DomainError | None) -> str:
    problems = problems_of(booking, utc_now())
    return render_template(
        "scheduling/answers.html",
        booking=booking,
        problems=problems,
        titles=TITLES,
        steps_with_problems={problem.step for problem in problems},
        steps=STEPS,
        refusal=refusal,
    )


@blueprint.get("/bookings/<uuid:booking_id>/sent")
@roles(*ASKERS)
def sent(booking_id: UUID) -> ResponseReturnValue:
    """What happens next."""
    booking = load_booking(booking_id)
    if booking.submitted_at is None:
        abort(404)
    return render_template("scheduling/sent.html", booking=booking)
