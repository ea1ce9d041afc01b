"""Reads of what changed after cohorts were closed out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Device
from labtracker.checkin.models import FRAMES, Event
from labtracker.checkin.queries.pages import Logged, log_of
from labtracker.completion.models import LateChange
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, Session

MOST_RECORDS = 200


@dataclass(frozen=True)
class Arrived:
    """A record that came after a close-out: when, and from which phone."""

    logged: Logged
    at: datetime
    phone: str


def open_changes() -> sa.Select[LateChange]:
    """Changes that no coordinator has acknowledged yet."""
    return sa.select(LateChange).where(LateChange.acknowledged_at.is_(None))


def changes_waiting() -> list[LateChange]:
    """Changes that wait for a coordinator, cohort by cohort, by the workers' names."""
    return list(
        db.session.scalars(
            open_changes()
            .join(Enrollment, Enrollment.id == LateChange.enrollment_id)
            .join(Worker, Worker.id == Enrollment.worker_id)
            .join(Cohort, Cohort.id == LateChange.cohort_id)
            .options(joinedload(LateChange.enrollment).joinedload(Enrollment.worker))
            .order_by(Cohort.name, Cohort.id, Worker.family_name, Worker.given_name)
        )
    )


def waiting_count() -> int:
    """How many cohorts changed after their close-out and wait for a coordinator."""
    cohorts = sa.select(sa.func.count(LateChange.cohort_id.distinct()))
    return db.session.execute(cohorts.where(LateChange.acknowledged_at.is_(None))).scalar_one()


def changes_of(cohort_id: UUID) -> list[LateChange]:
    """Every change after a cohort's close-out, those that wait first, then the latest."""
    return list(
        db.session.scalars(
            sa.select(LateChange)
            .where(LateChange.cohort_id == cohort_id)
            .order_by(LateChange.acknowledged_at.is_not(None), LateChange.last_at.desc(), LateChange.id)
        )
    )


def arrived_late(cohort: Cohort) -> list[Arrived]:
    """What came about a cohort's sessions or workers after it was closed out, in order of its time."""
    if cohort.closed_out_at is None:
        return []
    frames = db.session.execute(
        sa.select(FRAMES.c.id, FRAMES.c.arrived_at, Device.name)
        .join(Device, Device.id == FRAMES.c.device_id)
        .join(Event, Event.frame_id == FRAMES.c.id)
        .where(FRAMES.c.arrived_at > cohort.closed_out_at, _about(cohort.id))
        .order_by(FRAMES.c.id)
        .limit(MOST_RECORDS)
    ).all()
    came = {row.id: row for row in frames}
    return [
        Arrived(one, came[one.event.frame_id].arrived_at, came[one.event.frame_id].name)
        for one in log_of(Event.frame_id.in_(came))
    ]


def _about(cohort_id: UUID) -> sa.ColumnElement[bool]:
    sessions = sa.select(Session.id).where(Session.cohort_id == cohort_id)
    enrollments = sa.select(Enrollment.id).where(Enrollment.cohort_id == cohort_id)
    about_it = sa.or_(Event.session_id.in_(sessions), Event.enrollment_id.in_(enrollments))
    own = sa.orm.aliased(Event)
    taken_back = sa.select(own.id).where(own.enrollment_id.in_(enrollments))
    return sa.or_(about_it, Event.target_event_id.in_(taken_back))
