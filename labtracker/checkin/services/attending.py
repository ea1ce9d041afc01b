"""Attendance kept equal to what the presence rule makes of the events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import ATTENDANCE, Attendance
from labtracker.checkin.queries.events import Pair, SessionEvents, presence_events
from labtracker.checkin.queries.people import Enrolled, enrolled_as
from labtracker.checkin.queries.places import SessionFacts, session_facts
from labtracker.checkin.queries.rights import void_rights
from labtracker.checkin.rules.presence import (
    PresenceEvent,
    SessionState,
    events_in_force,
    held_minutes,
    presence,
    session_state,
)
from labtracker.extensions import db
from labtracker.kit.time import from_ms
from labtracker.roster.models import Enrollment
from labtracker.roster.rules.enrollment import is_expected
from labtracker.scheduling.models import Session
from labtracker.statements import Upsert

SESSIONS = cast(sa.Table, Session.__table__)
_write_attendance = Upsert(ATTENDANCE, "session_id", "enrollment_id")


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
    enrolled: Mapping[UUID, Enrolled] | None = None,
) -> set[UUID]:
    """Work the attendance out again for what was touched; gives the enrollments whose minutes changed.

    ``known`` sessions and enrollments need not be looked up again. The number of statements does not
    depend on how many workers or sessions that are.
    """
    sessions = _facts_of(touched.sessions(), known or {})
    events = presence_events(touched.pairs, touched.whole)
    pairs = touched.pairs | {pair for pair in events.workers if pair[0] in touched.whole}
    removed = _removed(events, sessions)
    own = {session_id: _standing(events.own[session_id], removed[session_id]) for session_id in sessions}
    states = {session_id: session_state(own[session_id]) for session_id in sessions}
    pairs, gone = _with_rows(pairs, touched.whole, events, states, sessions)
    enrolled = _enrolled_as({enrollment_id for _session, enrollment_id in pairs}, enrolled or {})
    rows = [
        _row(
            sessions[session_id],
            enrollment_id,
            [
                *_standing(events.workers[session_id, enrollment_id], removed[session_id]),
                *own[session_id],
            ],
            enrolled[enrollment_id],
        )
        for session_id, enrollment_id in sorted(pairs)
    ]
    _remove(touched.whole, {pair for pair in gone if pair[0] not in touched.whole})
    _write_attendance(rows)
    if touched.whole:
        _write_states({session_id: states[session_id] for session_id in touched.whole}, rows)
    opened = _open_by_arrival(touched, sessions, states, rows, voided=bool(events.voids))
    for loaded in [row for row in db.session.identity_map.values() if isinstance(row, (Attendance, Session))]:
        db.session.expire(loaded)
    others = _of_other_length(touched.whole, sessions, states, rows) | opened
    return _of_other_minutes(rows, events.credited) | _enrolled_in(others, sessions)


def _facts_of(session_ids: Collection[UUID], known: Mapping[UUID, SessionFacts]) -> dict[UUID, SessionFacts]:
    """The facts of these sessions, which nobody else changes until the transaction ends.

    SQLite has one writer anyway. On PostgreSQL two phones may tell of one session at once, and neither
    would see what the other has not committed yet: the second waits here, and then reads what the first
    one wrote.
    """
    if db.engine.dialect.name == "postgresql":
        return session_facts(session_ids, locked=True)
    sessions = {one: known[one] for one in session_ids if one in known}
    return {**sessions, **session_facts({*session_ids} - sessions.keys())}


def _of_other_minutes(rows: Iterable[dict[str, Any]], before: Mapping[Pair, int]) -> set[UUID]:
    """Who is credited with more or less than before."""
    return {
        row["enrollment_id"]
        for row in rows
        if row["credited_minutes"] != before.get((row["session_id"], row["enrollment_id"]), 0)
    }


def _of_other_length(
    whole: Collection[UUID],
    sessions: Mapping[UUID, SessionFacts],
    states: Mapping[UUID, SessionState],
    rows: Iterable[dict[str, Any]],
) -> set[UUID]:
    """Sessions that are held now and were not, or the other way round, or end at another time than before."""
    arrivals = _first_arrivals(rows)
    changed = set()
    for session_id in whole:
        facts, state = sessions[session_id], states[session_id]
        begun = state.opened_ms is not None or state.closed_ms is not None or session_id in arrivals
        if held_minutes(facts.window, state.ended_early_ms, begun=begun) != facts.held_minutes():
            changed.add(session_id)
    return changed


def _enrolled_in(session_ids: Collection[UUID], sessions: Mapping[UUID, SessionFacts]) -> set[UUID]:
    """Everybody of these sessions' cohorts: their scheduled time is another now."""
    if not session_ids:
        return set()
    cohorts = {sessions[one].cohort_id for one in session_ids}
    return {*db.session.scalars(sa.select(Enrollment.id).where(Enrollment.cohort_id.in_(cohorts)))}


def _standing(events: Iterable[PresenceEvent], removed: set[str]) -> list[PresenceEvent]:
    return events_in_force(event for event in events if event.id not in removed)


def _removed(events: SessionEvents, sessions: Mapping[UUID, SessionFacts]) -> dict[UUID, set[str]]:
    """Per session the ids that voids remove there, by people who may."""
    if not events.voids:
        return defaultdict(set)
    trainers = {session_id: facts.trainers for session_id, facts in sessions.items()}
    rights = void_rights({by for _void, by in events.voids if by}, trainers)
    return {session_id: rights.removed_in(session_id, events.voids) for session_id in sessions}


def _with_rows(
    pairs: set[Pair],
    whole: set[UUID],
    events: SessionEvents,
    states: Mapping[UUID, SessionState],
    sessions: Mapping[UUID, SessionFacts],
) -> tuple[set[Pair], set[Pair]]:
    """Who has a row of attendance, and who has none any more: only who came, or was expected at a close."""
    silent = {pair for pair in pairs if pair not in events.workers}
    asked = whole | {session_id for session_id, _enrollment in silent}
    expected = _expected({one for one in asked if states[one].closed_ms is not None}, sessions)
    gone = silent - expected
    return (pairs - gone) | {pair for pair in expected if pair[0] in whole}, gone


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
            if row.cohort_id == facts.cohort_id and is_expected(row.withdrawn_on, facts.on):
                expected.add((session_id, row.id))
    return expected


def _enrolled_as(enrollment_ids: Collection[UUID], known: Mapping[UUID, Enrolled]) -> Mapping[UUID, Enrolled]:
    unknown = {*enrollment_ids} - known.keys()
    return {**known, **enrolled_as(unknown)} if unknown else known


def _row(
    session: SessionFacts, enrollment_id: UUID, events: list[PresenceEvent], enrolled: Enrolled
) -> dict[str, Any]:
    make_up = enrolled.cohort_id != session.cohort_id
    found = presence(events, session.window, make_up=make_up)
    counts = found.credited_minutes or is_expected(enrolled.withdrawn_on, session.on)
    return {
        "session_id": session.id,
        "enrollment_id": enrollment_id,
        "status": found.status,
        "flags": list(found.flags),
        "credited_minutes": found.credited_minutes,
        "scheduled_minutes": found.scheduled_minutes if counts else 0,
        "first_in_at": _instant(found.first_in_ms),
        "last_out_at": _instant(found.last_out_ms),
        "is_open": found.is_open,
        "is_make_up": make_up,
    }


def _instant(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)


def _remove(whole: Collection[UUID], pairs: Collection[Pair]) -> None:
    if whole:
        db.session.execute(sa.delete(ATTENDANCE).where(ATTENDANCE.c.session_id.in_(whole)))
    if pairs:
        place = sa.tuple_(ATTENDANCE.c.session_id, ATTENDANCE.c.enrollment_id)
        db.session.execute(sa.delete(ATTENDANCE).where(place.in_(pairs)))


def _write_states(states: Mapping[UUID, SessionState], rows: Sequence[dict[str, Any]]) -> None:
    """What really happened, onto the sessions. Not an edit, so no version is spent."""
    arrivals = _first_arrivals(rows)
    db.session.execute(
        sa.update(SESSIONS)
        .where(SESSIONS.c.id == sa.bindparam("session"))
        .values(
            opened_at=sa.bindparam("opened"),
            closed_at=sa.bindparam("closed"),
            ended_early_at=sa.bindparam("ended"),
        ),
        [
            {
                "session": session_id,
                "opened": _instant(state.opened_ms) or arrivals.get(session_id),
                "closed": _instant(state.closed_ms),
                "ended": _instant(state.ended_early_ms),
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
    """A session that nobody opened was opened by its first arrival; gives those that began so."""
    arrivals = _first_arrivals(rows)
    changed, begun = set(), set()
    for session_id in touched.sessions() - touched.whole:
        if states[session_id].opened_ms is not None:
            continue
        opened, arrived = sessions[session_id].opened_at, arrivals.get(session_id)
        if voided or (arrived is not None and (opened is None or arrived < opened)):
            changed.add(session_id)
            if voided or opened is None:
                begun.add(session_id)
    if changed:
        first = (
            sa.select(sa.func.min(ATTENDANCE.c.first_in_at))
            .where(ATTENDANCE.c.session_id == SESSIONS.c.id)
            .scalar_subquery()
        )
        db.session.execute(sa.update(SESSIONS).where(SESSIONS.c.id.in_(changed)).values(opened_at=first))
    return begun
