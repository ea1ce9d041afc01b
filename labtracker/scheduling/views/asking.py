"""Book a visit: a draft in four short steps, a look at the answers, and what happens next."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.models import Organization, Person
from labtracker.accounts.rules import OrganizationKind, Role
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.scheduling import forms, queries, services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.states import BookingStatus
from labtracker.scheduling.services.checks import STEPS, problems_of
from labtracker.scheduling.views.blueprint import ASKERS, blueprint, load_booking, undo
from labtracker.scheduling.views.booking_steps import PAGES, offer_courses
from labtracker.web.edge import commit, load_all
from labtracker.web.fields import choose_from
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
    """Drafts to go on with, what one should have at hand, and the first step of a new booking: the course."""
    actor, form = current_actor(), forms.BeginForm()
    employers = load_all(employers_of(actor))
    choose_from(form.employer, ((employer.id, employer.name) for employer in employers))
    if len(employers) == 1:
        form.employer.data = employers[0].id
    courses = offer_courses(form)
    if form.validate_on_submit():
        try:
            booking = services.start_booking(
                employer=next(one for one in employers if one.id == form.employer.data),
                course=next(one for one in courses if one.id == form.course.data),
                actor=actor,
                now=utc_now(),
            )
        except DomainError as error:
            undo()
            refuse(form, error)
        else:
            commit()
            return redirect(url_for("scheduling.step", booking_id=booking.id, step="where"), 303)
    drafts = queries.bookings_visible_to(actor).where(BookingRequest.status == BookingStatus.DRAFT)
    page = render_template(
        "scheduling/book.html",
        form=form,
        employers=employers,
        courses=courses,
        title=TITLES["what"],
        total=len(STEPS),
        drafts=load_all(queries.with_cohorts(drafts.order_by(BookingRequest.updated_at.desc()))),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/bookings/<uuid:booking_id>/steps/<any(what,where,who,when):step>", methods=["GET", "POST"])
@roles(*ASKERS)
def step(booking_id: UUID, step: str) -> ResponseReturnValue:
    """One step of the form; what was answered is kept in the draft before the next page."""
    booking = load_booking(booking_id)
    if booking.status != BookingStatus.DRAFT:
        return redirect(url_for("scheduling.booking", booking_id=booking.id), 303)
    page = PAGES[step]
    form = page.form(booking)(obj=booking if request.method == "GET" else None)
    context = page.prepare(form, booking)
    if form.validate_on_submit():
        try:
            page.keep(form, booking)
        except DomainError as error:
            undo()
            refuse(form, error)
        else:
            commit()
            if step == STEPS[-1] and request.form.get("then") == "send":
                return submission(booking_id)
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
        is_last=not {problem.step for problem in problems_of(booking, utc_now())} - {step},
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


@blueprint.get("/bookings/<uuid:booking_id>/answers")
@roles(*ASKERS)
def answers(booking_id: UUID) -> ResponseReturnValue:
    """Check your answers, then send them in."""
    booking = load_booking(booking_id)
    if booking.status != BookingStatus.DRAFT:
        return redirect(url_for("scheduling.booking", booking_id=booking.id), 303)
    return show_answers(booking), 200


@blueprint.post("/bookings/<uuid:booking_id>/submission")
@roles(*ASKERS)
def submission(booking_id: UUID) -> ResponseReturnValue:
    """Send a draft in."""
    booking = load_booking(booking_id)
    if booking.submitted_at is not None:
        # Sent in already, by a second press of the button or from another window: that is no mistake.
        return redirect(url_for("scheduling.sent", booking_id=booking.id), 303)
    try:
        services.submit_booking(booking=booking, actor=current_actor(), now=utc_now())
    except DomainError as error:
        undo()
        if booking.status != BookingStatus.DRAFT:
            raise
        return show_answers(booking, refusal=error), 422
    commit()
    return redirect(url_for("scheduling.sent", booking_id=booking.id), 303)


@blueprint.post("/bookings/<uuid:booking_id>/deletion")
@roles(*ASKERS)
def delete_draft(booking_id: UUID) -> ResponseReturnValue:
    """Throw a draft away."""
    services.delete_draft(booking=load_booking(booking_id), actor=current_actor(), now=utc_now())
    commit()
    flash(_("The draft is thrown away."))
    return redirect(url_for("scheduling.bookings"), 303)


@blueprint.post("/bookings/<uuid:booking_id>/copy")
@roles(*ASKERS)
def copy_booking(booking_id: UUID) -> ResponseReturnValue:
    """Ask for the same again: a new draft with the answers of a booking, but for its days."""
    draft = services.copy_booking(booking=load_booking(booking_id), actor=current_actor(), now=utc_now())
    commit()
    return redirect(url_for("scheduling.answers", booking_id=draft.id), 303)


def show_answers(
    booking: BookingRequest,
    *,
    refusal: DomainError | None = None,
    file_form: forms.AttachmentForm | None = None,
) -> str:
    """The page of a draft's answers; with a form for files that was refused, that form is open."""
    return render_template(
        "scheduling/answers.html",
        booking=booking,
        problems=problems_of(booking, utc_now()),
        titles=TITLES,
        steps=STEPS,
        refusal=refusal,
        files=queries.files_of(booking),
        file_form=file_form or forms.AttachmentForm(None),
    )


@blueprint.get("/bookings/<uuid:booking_id>/sent")
@roles(*ASKERS)
def sent(booking_id: UUID) -> ResponseReturnValue:
    """What happens next."""
    booking = load_booking(booking_id)
    if booking.submitted_at is None:
        abort(404)
    return render_template("scheduling/sent.html", booking=booking)
