"""People whom somebody entered twice: one pair was merged, another waits for a coordinator's look."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from labtracker.demo.people import People
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.services import Taken, WorkerFacts, add_worker, merge_duplicates


def enter_twice(people: People, now: datetime) -> None:
    """Two of those who were trained stand in the books a second time, typed by hand from a phone call."""
    trained = (
        sa.select(Worker)
        .where(
            Worker.hired_on.is_not(None),
            Worker.merged_into_id.is_(None),
            Worker.id.in_(sa.select(Enrollment.worker_id)),
        )
        .order_by(Worker.family_name, Worker.given_name, Worker.id)
        .limit(2)
    )
    for days, worker in zip((6, 2), db.session.scalars(trained).all(), strict=False):
        entered_at = now - timedelta(days=days)
        again = WorkerFacts(
            worker.given_name, f"{worker.family_name}z", phone="719-555-0142", hired_on=worker.hired_on
        )
        twin = add_worker(again, employer=worker.employer, now=entered_at, actor=people.coordinator)
        if days == 6:
            at = entered_at + timedelta(hours=4)
            taken = Taken(facts={"phone"})
            merge_duplicates(twin, worker, taken=taken, actor=people.coordinator, now=at)
