"""What trainers and coordinators correct on the web: each correction is an event with its reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.checkin.models import Event
from labtracker.checkin.services.web_events import record_web_event
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session

CORRECTIONS = ("check_in", "check_out", "excuse")
LONGEST_REASON = 500
# A time further from its session than this is a slip of the finger.
NEAR = timedelta(hours=12)


def correct_attendance(
    session: Session,
    enrollment: Enrollment,
    *,
    kind: str,
    at: datetime,
    reason: str,
    actor: Person,
    now: datetime,
) -> UUID:
    """Record that a worker arrived, left or was excused, at a time that somebody knows.

    Raises DomainError ``reason_missing``, ``time_in_future``, ``time_far_off`` or ``cohort_closed``.
    """
    _refuse_closed_out(session)
    reason = _reason(reason)
    if kind not in CORRECTIONS:
        raise DomainError("unknown_kind", _("Choose what happened."), field="kind")
    if at > now:
        raise DomainError("time_in_future", _("This time has not come yet."), field="clock")
    if not session.starts_at - NEAR <= at <= session.ends_at + NEAR:
        raise DomainError("time_far_off", _("This time is far from the session."), field="day")
    body = {"type": kind, "session": str(session.id), "enrollment": str(enrollment.id), "reason": reason}
    event_id = record_web_event(actor=actor, now=now, at=at, body=body)
    record_audit(actor, "attendance_corrected", "session", session.id, now, kind=kind)
    return event_id


def void_event(session: Session, event: Event, *, reason: str, actor: Person, now: datetime) -> UUID:
    """Take an event of the session back; it stays on record, and so does the reason.

    Raises DomainError ``reason_missing`` or ``cohort_closed``.
    """
    _refuse_closed_out(session)
    reason = _reason(reason)
    body = {"type": "void", "session": str(session.id), "target": str(event.id), "reason": reason}
    event_id = record_web_event(actor=actor, now=now, body=body)
    record_audit(actor, "event_voided", "session", session.id, now, kind=event.type)
    return event_id


def change_time(
    session: Session, event: Event, *, at: datetime, reason: str, actor: Person, now: datetime
) -> UUID:
    """Say that an arrival, a leaving or an excuse was at another time: the old record is taken back, with the
    reason, and a new one stands in its place. Gives the new event's id.

    Raises DomainError ``not_changeable``, ``same_time`` or what ``correct_attendance`` raises.
    """
    kind = "check_in" if event.type == "walk_in" else event.type
    if kind not in CORRECTIONS or event.enrollment_id is None:
        raise DomainError("not_changeable", _("The time of this record cannot be changed."), status=409)
    if at == event.at.replace(second=0, microsecond=0):
        raise DomainError("same_time", _("This is the time that is recorded already."), field="clock")
    enrollment = db.session.get_one(Enrollment, event.enrollment_id)
    void_event(session, event, reason=reason, actor=actor, now=now)
    return correct_attendance(session, enrollment, kind=kind, at=at, reason=reason, actor=actor, now=now)


def close_session(session: Session, *, actor: Person, now: datetime) -> UUID:
    """Close a session that the crew forgot to close; whoever is still in stays until its end."""
    _refuse_closed_out(session)
    if session.closed_at is not None:
        raise DomainError("closed_already", _("This session is closed already."), status=409)
    if now < session.starts_at:
        raise DomainError("not_begun", _("This session has not begun yet."), status=409)
    event_id = record_web_event(
        actor=actor, now=now, body={"type": "session_close", "session": str(session.id)}
    )
    record_audit(actor, "session_closed", "session", session.id, now)
    return event_id


def reopen_session(session: Session, *, reason: str, actor: Person, now: datetime) -> UUID:
    """Open a closed session again; whoever never checked out is in again."""
    _refuse_closed_out(session)
    reason = _reason(reason)
    if session.closed_at is None:
        raise DomainError("not_closed", _("This session is not closed."), status=409)
    body = {"type": "session_reopen", "session": str(session.id), "reason": reason}
    event_id = record_web_event(actor=actor, now=now, body=body)
    record_audit(actor, "session_reopened", "session", session.id, now)
    return event_id


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError("reason_missing", _("Say why, so that everybody can follow it."), field="reason")
    return text[:LONGEST_REASON]


def _refuse_closed_out(session: Session) -> None:
    if session.cohort.closed_out_at is not None:
        raise DomainError(
            "cohort_closed",
            _("This cohort is closed out. A coordinator has to open it again first."),
            status=409,
        )
