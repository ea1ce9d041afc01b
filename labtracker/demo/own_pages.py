"""A worker of the demo who has asked for their own page, and has something to say about a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from labtracker.completion.models import Completion
from labtracker.completion.rules import CompletionState
from labtracker.extensions import db
from labtracker.own_page.queries import mail_obstacle
from labtracker.own_page.services import write_word
from labtracker.own_page.services.linking import mail_own_link
from labtracker.own_page.training import training_of
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.queries import releasing


def open_own_page(now: datetime) -> None:
    """Mail a link to somebody in the middle of a course, who wrote about the last session an hour ago."""
    worker = _somebody()
    if worker is None:
        return
    past = training_of(worker, now=now).groups[0].past
    write_word(
        worker,
        "I was there from the start. My badge was in the truck, so the trainer wrote me down later.",
        session=past[0].session if past else None,
        now=now - timedelta(hours=1),
    )
    mail_own_link({"contact": worker.email, "language": "en"}, now)


def _somebody() -> Worker | None:
    """A worker with an address of their own who is half-way, and was not asked about the release yet."""
    found = db.session.scalars(
        sa.select(Worker)
        .join(Enrollment, Enrollment.worker_id == Worker.id)
        .join(Completion, Completion.enrollment_id == Enrollment.id)
        .where(
            Completion.state == CompletionState.IN_PROGRESS,
            Completion.credited_minutes > 0,
            Worker.email.is_not(None),
            Worker.language.is_distinct_from("es"),
            Worker.id.not_in(releasing()),
        )
        .order_by(Completion.credited_minutes.desc(), Worker.id)
        .limit(20)
    )
    return next((worker for worker in found if mail_obstacle(worker) is None), None)
