"""What a coordinator says about a check-in that was worth a look. No record is changed by it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.accounts.services import record_audit
from labtracker.checkin.models import FlagReview
from labtracker.checkin.queries.flags import flags_in
from labtracker.checkin.queries.worth_a_look import reviews_of
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.scheduling.models import Session

LONGEST_REASON = 500


def review_flag(
    session: Session,
    flag_key: str,
    *,
    settled: bool,
    reason: str,
    seen: int,
    actor: Person,
    now: datetime,
) -> FlagReview:
    """Say that a flag of a session was looked at and is all right, or take that back.

    ``seen`` is the number of the last review that the person had before their eyes, 0 for none.

    Raises DomainError ``flag_gone``, ``reviewed_meanwhile`` or ``reason_missing``.
    """
    if not actor.has(Role.COORDINATOR):
        raise DomainError("not_a_coordinator", _("Only a coordinator decides this."), status=403)
    # Two who review at the same moment follow one another.
    db.session.execute(sa.select(Session.id).where(Session.id == session.id).with_for_update())
    flag = next((one for one in flags_in([session]) if one.key == flag_key), None)
    if flag is None:
        raise DomainError(
            "flag_gone",
            _("This is not there any more: a record was taken back, or another one came in. Look again."),
            status=409,
        )
    last = reviews_of({flag_key}).get(flag_key)
    if (last[0].id if last else 0) != seen:
        raise DomainError(
            "reviewed_meanwhile",
            _("Somebody looked at this meanwhile. Look at what holds now; nothing was changed."),
            status=409,
            seen=last[0].id if last else 0,
        )
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise DomainError("reason_missing", _("Say why, so that everybody can follow it."), field="reason")
    review = FlagReview(
        flag_key=flag_key,
        kind=flag.kind,
        session_id=session.id,
        is_settled=settled,
        reason=reason,
        by_id=actor.id,
        at=now,
    )
    db.session.add(review)
    action = "flag_settled" if settled else "flag_reopened"
    record_audit(actor, action, "session", session.id, now, kind=flag.kind)
    db.session.flush()
    return review
