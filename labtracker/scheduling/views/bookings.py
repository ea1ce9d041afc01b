"""Bookings: the employer's list, the coordinator's queue, one booking and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.attachments.transfer import removals
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.labs.models import Worksite
from labtracker.labs.queries.readiness import open_drafts
from labtracker.scheduling import forms, queries, services
from labtracker.scheduling.models import BookingRequest, Deployment
from labtracker.scheduling.queries.bookings import GROUPS
from labtracker.scheduling.queries.readiness import readiness_conflicts_of_all, worksites_checked_by
from labtracker.scheduling.rules.conflicts import ConflictKind
from labtracker.scheduling.rules.states import BookingStatus, Side, Verb, verbs_open_to
from labtracker.scheduling.rules.thread import BOOKING_FILES
from labtracker.scheduling.services.steps import side_of
from labtracker.scheduling.views.blueprint import (
    ASKERS,
    blueprint,
    load_booking,
    next_words,
    undo,
    unread_messages,
)
from labtracker.scheduling.wording.conflicts import conflict_words
from labtracker.web.edge import commit, count_of, load_all
from labtracker.web.filters import Choice
from labtracker.web.forms import refuse
from labtracker.web.pagination import page_of, url_with


@blueprint.get("/bookings")
@roles(*ASKERS)
def bookings() -> ResponseReturnValue:
    """The employer's bookings, or the coordinator's queue."""
    actor, now = current_actor(), utc_now()
    staff = actor.has(Role.COORDINATOR)
    visible = queries.bookings_visible_to(actor).where(BookingRequest.status != BookingStatus.DRAFT)
    group = request.args.get("show", "waiting" if staff else "all")
    query = visible.where(BookingRequest.status.in_(GROUPS[group])) if group in GROUPS else visible
    order = BookingRequest.submitted_at.asc() if group == "waiting" else BookingRequest.submitted_at.desc()
    page = page_of(queries.with_cohorts(query.order_by(order, BookingRequest.id)))
    side = Side.PROVIDER if staff else Side.EMPLOYER
    rows = [
        {
            "booking": booking,
            "state": (state := queries.state_of(booking, now)),
            "next": next_words(state, side),
            "days": queries.days_of(queries.sessions_of(booking)),
            "unread": unread_messages().get(booking.id, 0),
        }
        for booking in page.rows
    ]
    drafts = queries.bookings_visible_to(actor).where(BookingRequest.status == BookingStatus.DRAFT)
    planned = queries.bookings_visible_to(actor).where(BookingRequest.status == BookingStatus.PLANNED)
    return render_template(
        "scheduling/bookings.html",
        page=page,
        rows=rows,
        staff=staff,
        group=group,
        filters=_filters(group, staff, count_of(queries.waiting_requests(visible))),
        drafts=_short(drafts.order_by(BookingRequest.updated_at.desc())),
        to_confirm=[] if staff else _short(planned.order_by(BookingRequest.submitted_at)),
    )


def _short(query: sa.Select[BookingRequest]) -> list[BookingRequest]:
    return load_all(queries.with_cohorts(query.limit(10)))


def _filters(group: str, staff: bool, waiting: int) -> list[Choice]:
    labels = [
        ("waiting", _("Waiting (%(count)s)", count=waiting)),
        ("planned", _("Planned")),
        ("confirmed", _("Confirmed")),
        ("over", _("Declined or withdrawn")),
    ]
    everything = ("all", _("All bookings"))
    ordered = [*labels, everything] if staff else [everything, *labels]
    return [Choice(label, url_with(show=name, page=None), name == group) for name, label in ordered]


@blueprint.get("/bookings/<uuid:booking_id>")
@roles(*ASKERS)
def booking(booking_id: UUID) -> ResponseReturnValue:
    """One booking: its state, what to do next, its answers, what is planned, its history."""
    found = load_booking(booking_id)
    if found.status == BookingStatus.DRAFT:
        return redirect(url_for("scheduling.answers", booking_id=found.id), 303)
    # What is on the page is read, so the bar counts it no more.
    waited = unread_messages().pop(found.id, 0)
    page = show(found)
    if waited:
        services.mark_read_aside(booking=found, actor=current_actor(), now=utc_now())
    return page, 200


def show(
    found: BookingRequest,
    *,
    form: forms.ReasonForm | None = None,
    verb: Verb | None = None,
    message_form: forms.MessageForm | None = None,
    file_form: forms.AttachmentForm | None = None,
) -> str:
    """The page of one booking; with a form that was refused, that form is open."""
    side = side_of(current_actor(), found)
    state = queries.state_of(found, utc_now())
    open_verbs = verbs_open_to(found.status, side)
    deployments = queries.deployments_of(found)
    unready = _unready(deployments, side) if Verb.CONFIRM in open_verbs else []
    reason_forms = {one: _reason_form(one) for one in open_verbs & _WITH_REASON}
    if form is not None and verb is not None:
        form.reason.id = f"reason-{verb}"
        reason_forms[verb] = form
    return render_template(
        "scheduling/booking.html",
        booking=found,
        state=state,
        next_words=next_words(state, side, site_ready=not unready),
        side=side,
        verbs=open_verbs,
        deployments=deployments,
        unready=unready,
        groups=queries.sessions_by_cohort(found),
        reason_forms=reason_forms,
        refused_verb=verb,
        thread=queries.thread_of(found),
        files=queries.files_of(found),
        removed=removals(BOOKING_FILES, found.id),
        message_form=message_form or forms.MessageForm(None),
        file_form=file_form or forms.AttachmentForm(None),
    )


def _unready(deployments: list[Deployment], side: Side) -> list[dict[str, Any]]:
    """Labs whose site is not ready for them yet, so that nothing can be confirmed: why, and what helps."""
    found = readiness_conflicts_of_all(deployments, utc_now())
    sites = {one.worksite_id for one in deployments if one.id in found}
    own = worksites_checked_by(current_actor(), utc_now()).where(Worksite.id.in_(sites))
    may_check = {one.id for one in load_all(own)} if sites else set()
    drafts = {(one.worksite_id, one.lab_id): one for one in load_all(open_drafts())} if sites else {}
    return [
        {
            "deployment": one,
            "words": [conflict_words(why, one.worksite.zone) for why in found[one.id]],
            # What is answered well enough waits for a coordinator alone, who accepts the conditions.
            "may_check": one.worksite_id in may_check
            and (side is Side.PROVIDER or {why.kind for why in found[one.id]} != _ONLY_TO_ACCEPT),
            "draft": drafts.get((one.worksite_id, one.lab_id)),
        }
        for one in deployments
        if one.id in found
    ]


def _reason_form(verb: Verb) -> forms.ReasonForm:
    """An empty form whose field has an id of its own, since a page holds several."""
    form = forms.ReasonForm(formdata=None)
    form.reason.id = f"reason-{verb}"
    return form


_ONLY_TO_ACCEPT = {ConflictKind.READINESS_CONDITIONS}

# Each verb is a resource of its own: POST makes the step.
Service = Callable[..., Any]


def _take(booking_id: UUID, verb: Verb, service: Service, done: str, **more: Any) -> ResponseReturnValue:
    found = load_booking(booking_id)
    if found.status == BookingStatus.DRAFT:
        abort(404)
    form = forms.ReasonForm()
    if form.validate():
        try:
            service(
                booking=found,
                actor=current_actor(),
                now=utc_now(),
                expected_version=form.seen_version,
                **more,
                **({"reason": form.reason.data} if verb in _WITH_REASON else {}),
            )
        except DomainError as error:
            undo()
            refuse(form, error)
            if error.field is None:
                flash(error.message, "error")
            return show(found, form=form, verb=verb), error.form_status
        commit()
        flash(done)
        return redirect(url_for("scheduling.booking", booking_id=found.id), 303)
    return show(found, form=form, verb=verb), 422


_WITH_REASON = frozenset({Verb.DECLINE, Verb.WAITLIST, Verb.CANCEL, Verb.WITHDRAW})


@blueprint.post("/bookings/<uuid:booking_id>/review")
@roles(Role.COORDINATOR)
def review(booking_id: UUID) -> ResponseReturnValue:
    """Take a booking under review."""
    return _take(booking_id, Verb.REVIEW, services.take_under_review, _("You are looking at it."))


@blueprint.post("/bookings/<uuid:booking_id>/waitlisting")
@roles(Role.COORDINATOR)
def waitlisting(booking_id: UUID) -> ResponseReturnValue:
    """Put a booking on the waiting list, with a reason."""
    return _take(booking_id, Verb.WAITLIST, services.waitlist_booking, _("It is on the waiting list."))


@blueprint.post("/bookings/<uuid:booking_id>/refusal")
@roles(Role.COORDINATOR)
def refusal(booking_id: UUID) -> ResponseReturnValue:
    """Decline a booking, with a reason."""
    return _take(booking_id, Verb.DECLINE, services.decline_booking, _("The booking is declined."))


@blueprint.post("/bookings/<uuid:booking_id>/confirmation")
@roles(*ASKERS)
def confirmation(booking_id: UUID) -> ResponseReturnValue:
    """Confirm what was planned."""
    return _take(booking_id, Verb.CONFIRM, services.confirm_booking, _("Confirmed. The days are fixed."))


@blueprint.post("/bookings/<uuid:booking_id>/withdrawal")
@roles(*ASKERS)
def withdrawal(booking_id: UUID) -> ResponseReturnValue:
    """Take a booking back before it is confirmed."""
    return _take(booking_id, Verb.WITHDRAW, services.withdraw_booking, _("The booking is withdrawn."))


@blueprint.post("/bookings/<uuid:booking_id>/cancellation")
@roles(*ASKERS)
def cancellation(booking_id: UUID) -> ResponseReturnValue:
    """Cancel a confirmed booking, with a reason."""
    return _take(booking_id, Verb.CANCEL, services.cancel_booking, _("The booking is cancelled."))
