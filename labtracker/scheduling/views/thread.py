"""Messages and files of a booking: each is written by a POST of its own and read on the booking's page."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.attachments.models import Attachment
from labtracker.attachments.quotas import room_of
from labtracker.attachments.services import Reading, Verdict, read_uploads, status_of
from labtracker.attachments.transfer import download, files_sent, refusals, summary
from labtracker.errors import DomainError
from labtracker.kit.time import utc_now
from labtracker.scheduling import forms, queries, services
from labtracker.scheduling.models import BookingRequest
from labtracker.scheduling.rules.states import BookingStatus
from labtracker.scheduling.rules.thread import FileKind
from labtracker.scheduling.views.asking import show_answers
from labtracker.scheduling.views.blueprint import ASKERS, blueprint, load_booking, undo
from labtracker.scheduling.views.bookings import show
from labtracker.web.edge import commit, let_others_write
from labtracker.web.forms import refuse
from labtracker.web.uploads import takes_files


@blueprint.post("/bookings/<uuid:booking_id>/messages")
@roles(*ASKERS)
@takes_files
def write_message(booking_id: UUID) -> ResponseReturnValue:
    """Write to the other side of a booking, with or without files."""
    form = forms.MessageForm()
    booking, readings = _with_files(booking_id)
    try:
        sent = services.write_message(
            booking=booking, text=form.text.data or "", files=readings, actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return show(load_booking(booking_id), message_form=form), error.form_status
    commit()
    flash(_("Your message is sent."))
    say_verdicts(sent.verdicts)
    return redirect(url_for("scheduling.booking", booking_id=booking_id, _anchor="messages"), 303)


@blueprint.post("/bookings/<uuid:booking_id>/attachments")
@roles(*ASKERS)
@takes_files
def attach(booking_id: UUID) -> ResponseReturnValue:
    """Attach photos of the site, proof of insurance or other papers to a booking."""
    form = forms.AttachmentForm()
    booking, readings = _with_files(booking_id)
    kind = FileKind(form.kind.data) if form.kind.data in set(FileKind) else FileKind.OTHER
    try:
        verdicts = services.attach_to_booking(
            booking=booking, files=readings, kind=kind, actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        undo()
        refuse(form, error)
        return _page(load_booking(booking_id), form), 422
    commit()
    if not any(verdict.attachment for verdict in verdicts):
        form.files.errors = refusals(verdicts)
        return _page(booking, form), status_of(verdicts)
    say_verdicts(verdicts)
    return redirect(_home(booking), 303)


@blueprint.get("/bookings/<uuid:booking_id>/attachments/<uuid:attachment_id>")
@roles(*ASKERS)
def attachment(booking_id: UUID, attachment_id: UUID) -> Response:
    """Download a file of a booking, or of a message about it."""
    return download(_file(load_booking(booking_id), attachment_id))


@blueprint.post("/bookings/<uuid:booking_id>/attachments/<uuid:attachment_id>/removal")
@roles(*ASKERS)
def detach(booking_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Remove a file of a booking."""
    booking = load_booking(booking_id)
    found = _file(booking, attachment_id)
    services.detach_from_booking(booking=booking, attachment=found, actor=current_actor(), now=utc_now())
    commit()
    flash(_("%(name)s is removed.", name=found.name))
    return redirect(_home(booking), 303)


def _with_files(booking_id: UUID) -> tuple[BookingRequest, list[Reading]]:
    """The booking, loaded again after its files were read: that takes seconds, and others write meanwhile."""
    booking = load_booking(booking_id)
    uploads = files_sent()
    if not uploads:
        return booking, []
    room = room_of(current_actor(), utc_now())
    let_others_write()
    readings = read_uploads(uploads, room)
    return load_booking(booking_id), readings


def _file(booking: BookingRequest, attachment_id: UUID) -> Attachment:
    found = queries.file_of(booking, attachment_id)
    if found is None:
        abort(404)
    return found


def say_verdicts(verdicts: list[Verdict]) -> None:
    """Say which files were kept, and why others were not."""
    kept = summary(verdicts)
    if kept:
        flash(kept)
    for refusal in refusals(verdicts):
        flash(_("Not attached: %(what)s", what=refusal), "look")


def _home(booking: BookingRequest) -> str:
    page = "answers" if booking.status == BookingStatus.DRAFT else "booking"
    return url_for(f"scheduling.{page}", booking_id=booking.id, _anchor="files")


def _page(booking: BookingRequest, form: forms.AttachmentForm) -> str:
    if booking.status == BookingStatus.DRAFT:
        return show_answers(booking, file_form=form)
    return show(booking, file_form=form)
