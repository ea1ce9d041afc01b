"""Rosters, crews and phones change after the fact; what was recorded follows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import DeviceTrainer
from labtracker.checkin.bodies import DECIDED, NEEDS_SESSION, PLACED, WITNESSED
from labtracker.checkin.models import ATTENDANCE, EVENTS, FRAMES
from labtracker.checkin.queries.events import voids_by
from labtracker.checkin.queries.places import AROUND
from labtracker.checkin.queries.rights import NOT_ON_CREW, TRAINER_LEFT, UNKNOWN_TRAINER
from labtracker.checkin.queries.tenures import trainers_by_device
from labtracker.checkin.services.attending import Touched, refresh_attendance
from labtracker.checkin.services.deciding import project_again
from labtracker.checkin.services.projecting import event_row, insert_events, unflag_events
from labtracker.checkin.services.rebuilding import contradictions, note_resolved, told_from
from labtracker.checkin.services.restamping import bury_rows
from labtracker.checkin.services.settling import reach_of, settle
from labtracker.checkin.signals import events_stored
from labtracker.extensions import db
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session
from labtracker.statements import in_parts

OF_THE_FRAME = frozenset({"bad_seal", "conflict", "fork"})
# What the roster decides about an event.
PLACE = ("session_id", "enrollment_id", "worker_id", "flags")


def refresh_after_roster(
    _sender: Any, *, enrollment_ids: Collection[UUID], now: datetime, **_more: Any
) -> None:
    """Whoever came before the roster knew them gets their minutes; closed sessions list who was absent."""
    _place_waiting()
    cohorts = sa.select(Enrollment.cohort_id).where(Enrollment.id.in_(enrollment_ids))
    _judge_again({*db.session.scalars(cohorts)}, now)
    moved, left = _place_again(enrollment_ids)
    # Who leaves or comes back is expected on other days than before.
    known = sa.select(ATTENDANCE.c.session_id, ATTENDANCE.c.enrollment_id).where(
        ATTENDANCE.c.enrollment_id.in_(enrollment_ids)
    )
    pairs = {(row.session_id, row.enrollment_id) for row in db.session.execute(known)}
    # When a session was opened by an arrival that is no longer one, only the whole session tells.
    touched = Touched(pairs=pairs, whole=moved)
    touched.whole |= {
        *db.session.scalars(
            sa.select(Session.id).where(Session.cohort_id.in_(cohorts), Session.closed_at.is_not(None))
        )
    }
    if touched.pairs or touched.whole:
        concerned = refresh_attendance(touched) | left
        events_stored.send(None, enrollment_ids=concerned, session_ids=touched.sessions(), now=now)


def forget_after_roster(_sender: Any, *, enrollment_ids: Collection[UUID], **_more: Any) -> None:
    """An import is undone: these enrollments go, their attendance before them, and phones are told."""
    for part in in_parts(enrollment_ids):
        db.session.execute(sa.delete(ATTENDANCE).where(ATTENDANCE.c.enrollment_id.in_(part)))
    bury_rows(db.session(), enrollment_ids)


def refresh_after_crew(
    _sender: Any,
    *,
    person_ids: Collection[UUID],
    session_ids: Collection[UUID],
    now: datetime,
    **_more: Any,
) -> None:
    """Whoever came onto a crew is judged as if they had always been on it: their records, and their voids."""
    if not session_ids:
        return
    theirs = sa.and_(EVENTS.c.session_id.in_(session_ids), EVENTS.c.by_id.in_(person_ids))
    unflag_events(sa.and_(theirs, EVENTS.c.type.not_in(WITNESSED)), NOT_ON_CREW)
    reach = reach_of((), voided=voids_by(person_ids, session_ids))
    decided = sa.select(EVENTS.c.session_id).where(theirs, EVENTS.c.type.in_(DECIDED)).distinct()
    reach.touched.whole |= {*db.session.scalars(decided)}
    settle(reach, now=now)
    cohorts = sa.select(Session.cohort_id).where(Session.id.in_(session_ids))
    _judge_again({*db.session.scalars(cohorts)}, now)


def refresh_after_merge(_sender: Any, *, worker_ids: Collection[UUID], now: datetime, **_more: Any) -> None:
    """A walk-in is somebody known, or no longer: their records are placed as if it had always been so."""
    told = sa.select(EVENTS.c.frame_id).where(EVENTS.c.worker_id.in_(worker_ids))
    project_again({*db.session.scalars(told)}, now=now)


def refresh_after_sessions(
    _sender: Any,
    *,
    spans: Collection[tuple[datetime, datetime]],
    cohort_ids: Collection[UUID],
    now: datetime,
    **_more: Any,
) -> None:
    """A session that came late to the calendar, or moved there, was meant by what was recorded around it."""
    _judge_again(cohort_ids, now)
    begun = [(starts - AROUND, ends + AROUND) for starts, ends in spans if starts - AROUND <= now]
    if not begun:
        return
    _place_waiting()
    near = sa.or_(*(EVENTS.c.at.between(starts, ends) for starts, ends in begun))
    told = db.session.scalars(sa.select(EVENTS.c.frame_id).where(near, EVENTS.c.type.in_(PLACED)))
    project_again({*told}, now=now)


def recognise_trainer(*, device_id: UUID, person_id: UUID, now: datetime) -> None:
    """What a trainer recorded on a phone before being paired with it is theirs as if paired all along."""
    on_the_phone = sa.select(FRAMES.c.id).where(FRAMES.c.device_id == device_id)
    told = db.session.execute(
        sa.select(EVENTS.c.frame_id, EVENTS.c.flags).where(
            EVENTS.c.frame_id.in_(on_the_phone), EVENTS.c.by_id == person_id
        )
    )
    if theirs := {row.frame_id for row in told if UNKNOWN_TRAINER in row.flags}:
        project_again(theirs, now=now)


def refresh_after_tenure(
    _sender: Any, *, person_id: UUID, since: datetime, now: datetime, **_more: Any
) -> None:
    """Whoever is archived, or no trainer any more, is none from then on; whoever is restored always was one.

    What they decided and what came since waited for that. Almost always nothing was recorded since. Doubtful
    times are looked at again, whenever they claim to be.
    """
    paired = sa.select(DeviceTrainer.device_id).where(DeviceTrainer.person_id == person_id)
    told = db.session.scalars(
        sa.select(EVENTS.c.frame_id)
        .join(FRAMES, FRAMES.c.id == EVENTS.c.frame_id)
        .where(
            FRAMES.c.device_id.in_(paired),
            EVENTS.c.by_id == person_id,
            sa.or_(EVENTS.c.at >= since, EVENTS.c.suspect, FRAMES.c.arrived_at >= since),
        )
    ).all()
    if told:
        project_again({*told}, now=now)
    _place_waiting(sa.and_(FRAMES.c.code == TRAINER_LEFT, FRAMES.c.device_id.in_(paired)))


def _judge_again(cohort_ids: Collection[UUID], now: datetime) -> None:
    """What was told of these cohorts' workers by somebody who did not train them may have its witness now."""
    of_them = sa.select(Enrollment.id, Enrollment.worker_id).where(Enrollment.cohort_id.in_(cohort_ids))
    people = db.session.execute(of_them).all()
    found = sa.select(EVENTS.c.frame_id, EVENTS.c.flags).where(EVENTS.c.type.in_(WITNESSED))
    rows = [
        *db.session.execute(found.where(EVENTS.c.enrollment_id.in_({row.id for row in people}))),
        *db.session.execute(
            found.where(
                EVENTS.c.enrollment_id.is_(None), EVENTS.c.worker_id.in_({row.worker_id for row in people})
            )
        ),
    ]
    doubted = {row.frame_id for row in rows if NOT_ON_CREW in row.flags}
    if doubted:
        project_again(doubted, now=now)


def _place_waiting(wanted: sa.ColumnElement[bool] = FRAMES.c.code == "no_session") -> None:
    """What was set aside and may count by now, as a rebuild would say.

    What fitted no session may fit one when the roster knows whom it names.
    """
    rows = db.session.execute(
        sa.select(FRAMES).where(FRAMES.c.verdict == "quarantined", FRAMES.c.resolved_at.is_(None), wanted)
    ).all()
    if not rows:
        return
    now = max(row.arrived_at for row in rows)
    told = told_from(rows, trainers_by_device(), contradictions(rows).flags_of, now)
    if told:
        events = [event_row(one) for one in told]
        insert_events(events)
        note_resolved({row.id: row for row in rows}, {one.frame_id for one in told}, now)
        settle(reach_of(events), now=now)


def _place_again(enrollment_ids: Collection[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Count events of these workers where the roster as it is now puts them, as a rebuild would.

    Gives the sessions that gained or lost an event, and the enrollments that lost one.
    """
    held = _events_of_workers(enrollment_ids)
    if not held:
        return set(), set()
    rows = db.session.execute(sa.select(FRAMES).where(FRAMES.c.id.in_(held))).all()
    told = told_from(
        rows,
        trainers_by_device(),
        lambda row: {*held[row.id].flags} & OF_THE_FRAME,
        max(row.arrived_at for row in rows),
    )
    now = {row["frame_id"]: row for row in map(event_row, told)}
    strayed = [frame_id for frame_id, row in held.items() if _strayed(row, now.get(frame_id))]
    if not strayed:
        return set(), set()
    events = [now[frame_id] for frame_id in strayed if frame_id in now]
    db.session.execute(sa.delete(EVENTS).where(EVENTS.c.frame_id.in_(strayed)))
    insert_events(events)
    sessions = {held[one].session_id for one in strayed} | {row["session_id"] for row in events}
    return sessions - {None}, {held[one].enrollment_id for one in strayed} - {None}


def _strayed(held: Any, now: dict[str, Any] | None) -> bool:
    return now is None or any(getattr(held, name) != now[name] for name in PLACE)


def _events_of_workers(enrollment_ids: Collection[UUID]) -> dict[int, Any]:
    """What these enrollments' workers did in any session, by frame: a roster may decide about others' days.

    Narrow steps by index instead of one join: while a long transaction has no fresh statistics, PostgreSQL
    planned the join through the whole inbox.
    """
    workers = {*db.session.scalars(sa.select(Enrollment.worker_id).where(Enrollment.id.in_(enrollment_ids)))}
    theirs = {*db.session.scalars(sa.select(Enrollment.id).where(Enrollment.worker_id.in_(workers)))}
    found = sa.select(EVENTS.c.frame_id, *(EVENTS.c[name] for name in PLACE)).where(
        EVENTS.c.type.in_(NEEDS_SESSION | PLACED)
    )
    rows = [
        *db.session.execute(found.where(EVENTS.c.enrollment_id.in_(theirs))),
        *db.session.execute(found.where(EVENTS.c.enrollment_id.is_(None), EVENTS.c.worker_id.in_(workers))),
    ]
    return {row.frame_id: row for row in rows}
