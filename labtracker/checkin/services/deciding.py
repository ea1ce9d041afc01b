"""What coordinators decide about frames that were set aside or belong to nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.checkin.bodies import NEEDS_SESSION, Body
from labtracker.checkin.models import EVENTS, FRAMES, FrameDecision, InboxFrame
from labtracker.checkin.queries.decisions import decisions_about
from labtracker.checkin.queries.quarantine import body_of
from labtracker.checkin.queries.tenures import trainers_by_device
from labtracker.checkin.rules.decisions import ASSIGN, REOPEN, possible_decisions
from labtracker.checkin.services.attending import Touched
from labtracker.checkin.services.projecting import event_row, insert_events
from labtracker.checkin.services.rebuilding import contradictions, told_from
from labtracker.checkin.services.settling import reach_of, settle
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session

LONGEST_REASON = 500


def decide(
    frame: InboxFrame,
    *,
    kind: str,
    reason: str,
    actor: Person,
    now: datetime,
    session: Session | None = None,
    enrollment: Enrollment | None = None,
    seen: int = 0,
) -> FrameDecision:
    """Decide about a frame; what counts afterwards is worked out at once.

    ``session`` and ``enrollment`` belong to ``assign``. ``seen`` is the number of the last decision that
    the person had before their eyes, 0 for none.

    Raises DomainError ``reason_missing``, ``decided_meanwhile``, ``not_possible``, ``session_missing`` or
    ``worker_elsewhere``.
    """
    reason = checked_reason(frame, kind, reason, actor, seen, session, enrollment)
    decision = FrameDecision(kind=kind, reason=reason, by_id=actor.id, at=now)
    if kind == ASSIGN:
        decision.session_id = session.id if session else None
        decision.enrollment_id = enrollment.id if enrollment else None
    copies = write_decision(frame, decision, actor)
    project_again(copies, now=now)
    return decision


def write_decision(frame: InboxFrame, decision: FrameDecision, actor: Person) -> set[int]:
    """Write down a decision about a frame, and who made it; gives the frames of the same bytes, all of them.

    What counts afterwards is for the caller to work out.
    """
    decision.hash, decision.damaged = frame.hash, frame.damaged
    db.session.add(decision)
    same = sa.and_(InboxFrame.hash == frame.hash, InboxFrame.damaged == frame.damaged)
    at, kind = decision.at, decision.kind
    db.session.execute(sa.update(InboxFrame).where(same).values(resolved_at=None if kind == REOPEN else at))
    record_audit(actor, f"frame_{PAST[kind]}", "frame", None, at, frame=frame.id, code=frame.code)
    db.session.flush()
    return {*db.session.scalars(sa.select(InboxFrame.id).where(same))}


def checked_reason(
    frame: InboxFrame,
    kind: str,
    reason: str,
    actor: Person,
    seen: int,
    session: Session | None = None,
    enrollment: Enrollment | None = None,
) -> str:
    """The reason, tidied, once everything allows the decision; the frame is locked from here on."""
    if not actor.has(Role.COORDINATOR):
        raise DomainError("not_a_coordinator", _("Only a coordinator decides this."), status=403)
    db.session.execute(sa.select(FRAMES.c.id).where(FRAMES.c.id == frame.id).with_for_update())
    last = db.session.scalars(decisions_about(frame.hash, frame.damaged).limit(1)).first()
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise DomainError("reason_missing", _("Say why, so that everybody can follow it."), field="reason")
    if (last.id if last else 0) != seen:
        raise DomainError(
            "decided_meanwhile",
            _("Somebody decided about this meanwhile. Look at what holds now; nothing was changed."),
            status=409,
            seen=last.id if last else 0,
        )
    body = body_of(frame)
    holds = last.kind if last else None
    if kind not in possible_decisions(frame.verdict, frame.code, holds, readable=isinstance(body, Body)):
        raise DomainError("not_possible", _("This cannot be decided here."), field="kind")
    if kind == ASSIGN:
        assert isinstance(body, Body)
        _refuse_misplaced(body, session, enrollment)
    return reason


PAST = {"accept": "accepted", "assign": "assigned", "dismiss": "dismissed", "reopen": "reopened"}


def _refuse_misplaced(body: Body, session: Session | None, enrollment: Enrollment | None) -> None:
    if session is None and body.type in NEEDS_SESSION:
        raise DomainError("session_missing", _("Choose the session to which this belongs."), field="session")
    if session is None and enrollment is None:
        raise DomainError("worker_missing", _("Choose whose this is."), field="enrollment")
    if session is not None and enrollment is not None and enrollment.cohort_id != session.cohort_id:
        raise DomainError(
            "worker_elsewhere", _("This worker is not in the cohort of that session."), field="enrollment"
        )


def project_again(frame_ids: Collection[int], *, now: datetime) -> None:
    """Work out anew what these frames say, as if they came now for the first time."""
    found = db.session.execute(sa.select(EVENTS).where(EVENTS.c.frame_id.in_(frame_ids))).all()
    reach = reach_of([row._asdict() for row in found])
    reach.enrollments |= {row.enrollment_id for row in found if row.enrollment_id is not None}
    db.session.execute(sa.delete(EVENTS).where(EVENTS.c.frame_id.in_(frame_ids)))
    frames = db.session.execute(
        sa.select(FRAMES).where(FRAMES.c.id.in_(frame_ids), FRAMES.c.damaged.is_(False))
    ).all()
    told = told_from(frames, trainers_by_device(), contradictions(frames).flags_of, now)
    rows = [event_row(one) for one in told]
    insert_events(rows)
    reach.join(reach_of(rows))
    # When a session was opened by an arrival that is no longer one, only the whole session tells.
    reach.touched = Touched(whole=reach.touched.sessions())
    settle(reach, now=now)
