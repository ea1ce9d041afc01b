"""Attendance kept equal to what the presence rule makes of the events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from labtracker.checkin.models import ATTENDANCE, Attendance
from labtracker.checkin.queries.events import (
    Pair,
    SessionEvents,
    presence_events,
    void_rights,
)
from labtracker.checkin.queries.places import SessionFacts, session_facts
from labtracker.checkin.rules.presence import (
    PresenceEvent,
    SessionState,
    events_in_force,
    presence,
    session_state,
)
from labtracker.extensions import db
from labtracker.kit.time import from_ms
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session

SESSIONS = cast(sa.Table, Session.__table__)


@dataclass(slots=True)
class Touched:
    """What a change of events reaches: workers in sessions, and sessions as a whole."""

    pairs: set[Pair] = field(default_factory=set)
    whole: set[UUID] = field(default_factory=set)

    def sessions(self) -> set[UUID]:
        """Every session that is reached."""
        return self.whole | {session_id for session_id, _enrollment in self.pairs}


def refresh_attendance(
    touched: Touched,
    known: Mapping[UUID, SessionFacts] | None = None,
    cohorts: Mapping[UUID, UUID] | None = None,
) -> set[UUID]:
    """Work the attendance out again for what was touched; gives the enrollments concerned.

    ``known`` sessions and ``cohorts`` of enrollments need not be looked up again. The number of
    statements does not depend on how many workers or sessions that are.
    """
    sessions = {one: known[one] for one in touched.sessions() if known and one in known}
    unknown = touched.sessions() - sessions.keys()
    if unknown:
        sessions.update(session_facts(unknown))
    events = presence_events(touched.pairs, touched.whole)
    pairs = touched.pairs | {pair for pair in events.workers if pair[0] in touched.whole}
    removed = _removed(events, sessions)
    own = {session_id: _standing(events.own[session_id], removed[session_id]) for session_id in sessions}
    states = {session_id: session_state(own[session_id]) for session_id in sessions}
    if touched.whole:
        pairs |= _expected(
            {session_id for session_id in touched.whole if states[session_id].closed_ms is not None}, sessions
        )
    cohorts = _cohorts_of({enrollment_id for _session, enrollment_id in pairs}, cohorts or {})
    rows = [
        _row(
            sessions[session_id],
            enrollment_id,
            [
                *_standing(events.workers[session_id, enrollment_id], removed[session_id]),
                *own[session_id],
            ],
            cohorts.get(enrollment_id) != sessions[session_id].cohort_id,
        )
        for session_id, enrollment_id in sorted(pairs)
    ]
    if touched.whole:
        db.session.execute(sa.delete(ATTENDANCE).where(ATTENDANCE.c.session_id.in_(touched.whole)))
    _upsert(rows)
    if touched.whole:
        _write_states({session_id: states[session_id] for session_id in touched.whole}, rows)
    opened = _open_by_arrival(touched, sessions, states, rows, voided=bool(events.voids))
    for loaded in [row for row in db.session.identity_map.values() if isinstance(row, (Attendance, Session))]:
        db.session.expire(loaded)
    concerned = {enrollment_id for _session, enrollment_id in pairs}
    return concerned | _enrolled_in({sessions[one].cohort_id for one in touched.whole | opened})


def _enrolled_in(cohort_ids: Collection[UUID]) -> set[UUID]:
    """Everybody of cohorts whose session opened or closed: it is held now, or no longer, for all of them."""
    if not cohort_ids:
        return set()
    return {*db.session.scalars(sa.select(Enrollment.id).where(Enrollment.cohort_id.in_(cohort_ids)))}


def _standing(events: Iterable[PresenceEvent], removed: set[str]) -> list[PresenceEvent]:
    return events_in_force(event for event in events if event.id not in removed)


def _removed(events: SessionEvents, sessions: Mapping[UUID, SessionFacts]) -> dict[UUID, set[str]]:
    """Per session the ids that voids remove there, by people who may."""
    if not events.voids:
        return defaultdict(set)
    trainers = {session_id: facts.trainers for session_id, facts in sessions.items()}
    rights = void_rights({by for _void, by in events.voids if by}, trainers)
    return {session_id: rights.removed_in(session_id, events.voids) for session_id in sessions}


def _expected(closed: Collection[UUID], sessions: Mapping[UUID, SessionFacts]) -> set[Pair]:
    """Everybody enrolled in the cohorts of closed sessions, less who had withdrawn by then."""
    if not closed:
        return set()
    rows = db.session.execute(
        sa.select(Enrollment.id, Enrollment.cohort_id, Enrollment.withdrawn_on).where(
            Enrollment.cohort_id.in_({sessions[one].cohort_id for one in closed})
        )
    ).all()
    expected: set[Pair] = set()
    for session_id in closed:
        facts = sessions[session_id]
        for row in rows:
            gone = row.withdrawn_on is not None and row.withdrawn_on <= facts.starts_at.date()
            if row.cohort_id == facts.cohort_id and not gone:
                expected.add((session_id, row.id))
    return expected


def _cohorts_of(enrollment_ids: Collection[UUID], known: Mapping[UUID, UUID]) -> Mapping[UUID, UUID]:
    unknown = {*enrollment_ids} - known.keys()
    if not unknown:
        return known
    rows = db.session.execute(
        sa.select(Enrollment.id, Enrollment.cohort_id).where(Enrollment.id.in_(unknown))
    )
    return {**known, **{row.id: row.cohort_id for row in rows}}


def _row(
    session: SessionFacts, enrollment_id: UUID, events: list[PresenceEvent], make_up: bool
) -> dict[str, Any]:
    found = presence(events, session.window, make_up=make_up)
    return {
        "session_id": session.id,
        "enrollment_id": enrollment_id,
        "status": found.status,
        "flags": list(found.flags),
        "credited_minutes": found.credited_minutes,
        "scheduled_minutes": found.scheduled_minutes,
        "first_in_at": _instant(found.first_in_ms),
        "last_out_at": _instant(found.last_out_ms),
        "is_open": found.is_open,
        "is_make_up": make_up,
    }


def _instant(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def _upsert(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(ATTENDANCE)
    changed = {name: insert.excluded[name] for name in rows[0] if name not in ("session_id", "enrollment_id")}
    db.session.execute(
        insert.on_conflict_do_update(index_elements=["session_id", "enrollment_id"], set_=changed), rows
    )


def _write_states(states: Mapping[UUID, SessionState], rows: Sequence[dict[str, Any]]) -> None:
    """What really happened, onto the sessions: opened and closed. Not an edit, so no version is spent."""
    arrivals = _first_arrivals(rows)
    db.session.execute(
        sa.update(SESSIONS)
        .where(SESSIONS.c.id == sa.bindparam("session"))
        .values(opened_at=sa.bindparam("opened"), closed_at=sa.bindparam("closed")),
        [
            {
                "session": session_id,
                "opened": _instant(state.opened_ms) or arrivals.get(session_id),
                "closed": _instant(state.closed_ms),
            }
            for session_id, state in states.items()
        ],
    )


def _first_arrivals(rows: Iterable[dict[str, Any]]) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    for row in rows:
        arrived = row["first_in_at"]
        if arrived is not None:
            found[row["session_id"]] = min(found.get(row["session_id"], arrived), arrived)
    return found


def _open_by_arrival(
    touched: Touched,
    sessions: Mapping[UUID, SessionFacts],
    states: Mapping[UUID, SessionState],
    rows: Sequence[dict[str, Any]],
    *,
    voided: bool,
) -> set[UUID]:
    """A session that nobody opened was opened by its first arrival; gives those that changed so."""
    arrivals = _first_arrivals(rows)
    changed = set()
    for session_id in touched.sessions() - touched.whole:
        if states[session_id].opened_ms is not None:
            continue
        opened, arrived = sessions[session_id].opened_at, arrivals.get(session_id)
        if voided or (arrived is not None and (opened is None or arrived < opened)):
            changed.add(session_id)
    if changed:
        first = (
            sa.select(sa.func.min(ATTENDANCE.c.first_in_at))
            .where(ATTENDANCE.c.session_id == SESSIONS.c.id)
            .scalar_subquery()
        )
        db.session.execute(sa.update(SESSIONS).where(SESSIONS.c.id.in_(changed)).values(opened_at=first))
    return changed
