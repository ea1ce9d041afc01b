"""Attendance on the web: who was there, from which records, and corrections with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.checkin import forms
from labtracker.checkin.models import Event
from labtracker.checkin.queries import pages
from labtracker.checkin.queries.worth_a_look import marks_in
from labtracker.checkin.services import correcting
from labtracker.checkin.views.client import blueprint
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import local, utc_now
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session
from labtracker.web.edge import commit, load, load_all
from labtracker.web.forms import refuse

STAFF = (Role.COORDINATOR, Role.TRAINER)


def load_session(session_id: UUID) -> Session:
    """A session whose attendance the actor may see and correct."""
    return load(pages.sessions_recorded_by(current_actor()).where(Session.id == session_id))


def _load_enrollment(session: Session, enrollment_id: UUID) -> Enrollment:
    return load(pages.enrollments_in(session).where(Enrollment.id == enrollment_id))


@blueprint.get("/sessions/<uuid:session_id>/attendance")
@roles(*STAFF)
def attendance(session_id: UUID) -> ResponseReturnValue:
    """Everybody of one session with status and minutes."""
    return _page(load_session(session_id))


def _page(session: Session, reopening: forms.ReasonForm | None = None) -> str:
    now = utc_now()
    return render_template(
        "checkin/attendance.html",
        session=session,
        zone=session.worksite.zone,
        lines=pages.lines_of(session),
        log=pages.log_of_session(session),
        unmatched=pages.unmatched_in(session),
        marks=marks_in(session),
        may_close=session.closed_at is None and session.cancelled_at is None and session.starts_at <= now,
        reopening=reopening or forms.ReasonForm(formdata=None),
        refused=reopening is not None,
    )


@blueprint.get("/sessions/<uuid:session_id>/attendance/<uuid:enrollment_id>")
@roles(*STAFF)
def worker_attendance(session_id: UUID, enrollment_id: UUID) -> ResponseReturnValue:
    """One worker in one session: the records behind the minutes."""
    session = load_session(session_id)
    return _worker_page(session, _load_enrollment(session, enrollment_id))


def _worker_page(
    session: Session,
    enrollment: Enrollment,
    *,
    form: forms.CorrectionForm | None = None,
    voiding: tuple[UUID, forms.ReasonForm] | None = None,
    changing: tuple[UUID, forms.TimeForm] | None = None,
) -> str:
    lines = [line for line in pages.lines_of(session) if line.enrollment.id == enrollment.id]
    log = pages.log_of_worker(session, enrollment)
    times = {one.event.id: _time_of(one.event, session) for one in log if one.stands}
    if changing:
        times[changing[0]] = changing[1]
    return render_template(
        "checkin/worker_attendance.html",
        session=session,
        enrollment=enrollment,
        zone=session.worksite.zone,
        attended=lines[0].attendance if lines else None,
        log=log,
        times=times,
        marks=marks_in(session)[1],
        form=form or _fresh(session),
        refused=form is not None,
        voiding=voiding,
        changing=changing,
        plain_reason=forms.ReasonForm(formdata=None),
    )


def _fresh(session: Session) -> forms.CorrectionForm:
    form = forms.CorrectionForm(formdata=None)
    form.day.data = local(session.starts_at, session.worksite.zone).date()
    return form


@blueprint.post("/sessions/<uuid:session_id>/attendance/<uuid:enrollment_id>/corrections")
@roles(*STAFF)
def correct(session_id: UUID, enrollment_id: UUID) -> ResponseReturnValue:
    """Record what the phones did not: an arrival, a leave, an excuse."""
    session = load_session(session_id)
    enrollment = _load_enrollment(session, enrollment_id)
    form = forms.CorrectionForm()
    if not form.validate():
        return _worker_page(session, enrollment, form=form), 422
    try:
        correcting.correct_attendance(
            session,
            enrollment,
            kind=form.kind.data,
            at=form.at(session.worksite.zone),
            reason=form.reason.data or "",
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _worker_page(session, enrollment, form=form), error.form_status
    commit()
    flash(_("Recorded. The minutes are worked out anew."))
    return _to_worker(session, enrollment)


@blueprint.post("/sessions/<uuid:session_id>/attendance/<uuid:enrollment_id>/voids/<uuid:event_id>")
@roles(*STAFF)
def void(session_id: UUID, enrollment_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Take one record of a worker back."""
    session = load_session(session_id)
    enrollment = _load_enrollment(session, enrollment_id)
    event = _load_event(session, event_id)
    if event.enrollment_id != enrollment.id:
        abort(404)
    form = forms.ReasonForm()
    form.reason.id = f"reason-{event.id}"  # every record on the page has such a form
    if not form.validate():
        return _worker_page(session, enrollment, voiding=(event.id, form)), 422
    try:
        correcting.void_event(
            session, event, reason=form.reason.data or "", actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        shown = _worker_page(session, enrollment, voiding=(event_id, form))
        return shown, error.form_status
    commit()
    flash(_("Taken back. The record stays, with your reason."))
    return _to_worker(session, enrollment)


@blueprint.post("/sessions/<uuid:session_id>/attendance/<uuid:enrollment_id>/changes/<uuid:event_id>")
@roles(*STAFF)
def change_time(session_id: UUID, enrollment_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Say that something was at another time: taken back and recorded anew, in one step."""
    session = load_session(session_id)
    enrollment = _load_enrollment(session, enrollment_id)
    event = _load_event(session, event_id)
    if event.enrollment_id != enrollment.id:
        abort(404)
    form = _named_after(forms.TimeForm(), event.id)
    if not form.validate():
        return _worker_page(session, enrollment, changing=(event.id, form)), 422
    try:
        correcting.change_time(
            session,
            event,
            at=form.at(session.worksite.zone),
            reason=form.reason.data or "",
            actor=current_actor(),
            now=utc_now(),
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _worker_page(session, enrollment, changing=(event_id, form)), error.form_status
    commit()
    flash(_("Changed. Both records stay, with your reason."))
    return _to_worker(session, enrollment)


def _time_of(event: Event, session: Session) -> forms.TimeForm:
    """The form that asks at what other time something was, filled in with the time that is recorded."""
    form = forms.TimeForm(formdata=None)
    at = local(event.at, session.worksite.zone)
    form.day.data, form.clock.data = at.date(), at.time()
    return _named_after(form, event.id)


def _named_after(form: forms.TimeForm, event_id: UUID) -> forms.TimeForm:
    for field in (form.day, form.clock, form.reason):
        field.id = f"{field.name}-change-{event_id}"  # every record on the page has such a form
    return form


def _load_event(session: Session, event_id: UUID) -> Event:
    found = load_all(pages.event_in(session, event_id))
    if not found:
        abort(404)
    return found[0]


@blueprint.post("/sessions/<uuid:session_id>/closing")
@roles(*STAFF)
def close_session(session_id: UUID) -> ResponseReturnValue:
    """Close a session that the crew forgot to close."""
    session = load_session(session_id)
    correcting.close_session(session, actor=current_actor(), now=utc_now())
    commit()
    flash(_("The session is closed. Whoever did not check out stays until its end."))
    return _to_session(session)


@blueprint.post("/sessions/<uuid:session_id>/reopening")
@roles(*STAFF)
def reopen_session(session_id: UUID) -> ResponseReturnValue:
    """Open a closed session again."""
    session = load_session(session_id)
    form = forms.ReasonForm()
    if not form.validate():
        return _page(session, form), 422
    try:
        correcting.reopen_session(
            session, reason=form.reason.data or "", actor=current_actor(), now=utc_now()
        )
    except DomainError as error:
        db.session.rollback()
        refuse(form, error)
        return _page(session, form), error.form_status
    commit()
    flash(_("The session is open again."))
    return _to_session(session)


def _to_session(session: Session) -> Any:
    return redirect(url_for("checkin.attendance", session_id=session.id), 303)


def _to_worker(session: Session, enrollment: Enrollment) -> Any:
    return redirect(
        url_for("checkin.worker_attendance", session_id=session.id, enrollment_id=enrollment.id), 303
    )
