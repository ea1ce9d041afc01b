"""What the worker says of the release of their named attendance to the employer."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.services import record_audit
from labtracker.checkin.services import record_web_event
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.own_page import queries
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.services import withdraw_release


def answer_release(worker: Worker, *, granted: bool, now: datetime) -> None:
    """Record the worker's own yes or no as the consent event that trainers record too; the last one holds.

    The same answer given again records nothing. Raises DomainError ``nothing_to_release`` for a worker who
    never was on a roster.
    """
    last = queries.last_answer(worker)
    if last is not None and last.by_id is None and bool(last.payload.get("granted")) is granted:
        return
    enrollment_id = db.session.scalar(
        sa.select(Enrollment.id)
        .where(Enrollment.worker_id == worker.id)
        .order_by(Enrollment.created_at.desc(), Enrollment.id)
        .limit(1)
    )
    if enrollment_id is None:
        raise DomainError("nothing_to_release", _("You are on no roster yet."), status=409)
    body = {"type": "consent", "enrollment": str(enrollment_id), "granted": granted, "method": "self"}
    record_web_event(actor=None, body=body, now=now)
    if not granted:
        # One that was not told by an event ends here, too.
        withdraw_release(worker, now=now)
    record_audit(None, "release_given" if granted else "release_withdrawn", "worker", worker.id, now)
