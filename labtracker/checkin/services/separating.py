"""Two people who were taken for one come apart: later records go to whom they belong, one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.checkin.models import EVENTS, Event, FrameDecision, InboxFrame
from labtracker.checkin.queries.separating import Item, Whose, items_since
from labtracker.checkin.rules.decisions import ASSIGN
from labtracker.checkin.services.deciding import project_again, write_decision
from labtracker.extensions import db
from labtracker.roster.models import Enrollment, Worker, WorkerMerge
from labtracker.roster.services import enroll_who_came, undo_merge
from labtracker.scheduling.models import Cohort, Session


def separate(
    merge: WorkerMerge,
    *,
    records: Mapping[str, Whose],
    enrollments: Collection[UUID] = (),
    badges: Collection[UUID] = (),
    actor: Person,
    now: datetime,
) -> None:
    """Undo a merge; what was recorded since goes to whom ``records`` says, by the keys of its items.

    ``enrollments`` and ``badges`` made since go to the merged one. No frame is touched: where a record does
    not lead to its owner by itself, a decision about its frame says whose it is. Raises what ``undo_merge``
    raises.
    """
    items = items_since(merge)
    cohorts = _cohorts_of([event for item in items for event in item.events])
    undo_merge(merge, actor=actor, now=now, enrollments=enrollments, badges=badges)
    decided: set[int] = set()
    for item in items:
        whose = records.get(item.key, item.whose)
        if whose is not None:
            owner = merge.merged if whose is Whose.MERGED else merge.worker
            decided |= _hand(item, owner, cohorts, actor, now)
    if decided:
        project_again(decided, now=now)


def _cohorts_of(events: Sequence[Event]) -> dict[int, UUID]:
    """By frame the cohort for which an event counts: that of its enrollment, else that of its session."""
    enrolled = {event.enrollment_id for event in events if event.enrollment_id}
    sessions = {event.session_id for event in events if event.session_id}
    by_enrollment = sa.select(Enrollment.id, Enrollment.cohort_id).where(Enrollment.id.in_(enrolled))
    by_session = sa.select(Session.id, Session.cohort_id).where(Session.id.in_(sessions))
    found = {row[0]: row[1] for query in (by_enrollment, by_session) for row in db.session.execute(query)}
    return {
        event.frame_id: found[one]
        for event in events
        for one in [event.enrollment_id or event.session_id]
        if one is not None
    }


def _hand(item: Item, owner: Worker, cohorts: Mapping[int, UUID], actor: Person, now: datetime) -> set[int]:
    """Decide for whom the records of an item count, where they do not count for them already."""
    ids = [event.frame_id for event in item.events] if item.events else []
    holders = {
        row.frame_id: row
        for row in db.session.execute(
            sa.select(EVENTS.c.frame_id, EVENTS.c.worker_id, EVENTS.c.session_id).where(
                EVENTS.c.frame_id.in_(ids)
            )
        )
    }
    decided: set[int] = set()
    for frame_id, row in holders.items():
        if row.worker_id == owner.id or frame_id not in cohorts:
            continue
        enrollment = enroll_who_came(owner, db.session.get_one(Cohort, cohorts[frame_id]), now=now)
        decision = FrameDecision(
            kind=ASSIGN,
            session_id=row.session_id,
            enrollment_id=enrollment.id,
            reason=_("Two people had been taken for one."),
            by_id=actor.id,
            at=now,
        )
        decided |= write_decision(db.session.get_one(InboxFrame, frame_id), decision, actor)
    return decided
