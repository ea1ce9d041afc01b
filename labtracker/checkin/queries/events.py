"""Events, voids followed to their ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import DECIDED, SESSION_TYPES
from labtracker.checkin.models import ATTENDANCE, EVENTS, FRAMES, Event
from labtracker.checkin.queries.places import terms_as_coordinator, trainers_of
from labtracker.checkin.queries.rights import (
    NOT_ON_CREW,
    VOICELESS,
    coordinated,
    known_witness,
    void_rights,
)
from labtracker.checkin.rules.presence import PresenceEvent
from labtracker.extensions import db
from labtracker.kit.time import to_ms
from labtracker.statements import in_parts, run, some

PRESENCE_TYPES = ("check_in", "check_out", "walk_in", "excuse")
# What somebody decides counts only from whoever may decide it there.
DOUBTED = VOICELESS | {NOT_ON_CREW}

Pair = tuple[UUID, UUID]


@dataclass(slots=True)
class SessionEvents:
    """The events of some sessions: the session's own, each worker's, and the voids that reach them.

    ``credited`` are the minutes that attendance gave each of these workers so far.
    """

    own: dict[UUID, list[PresenceEvent]]
    workers: dict[Pair, list[PresenceEvent]]
    voids: list[tuple[PresenceEvent, UUID | None]]
    credited: dict[Pair, int]


@dataclass(slots=True)
class Reached:
    """What voids reach in the end, through other voids too."""

    pairs: set[Pair]
    whole: set[UUID]
    enrollments: set[UUID]
    consenting_workers: set[UUID]


def reached_by_voids(targets: Collection[UUID]) -> Reached:
    """What voids of these events change: workers in sessions, whole sessions, learning, consents."""
    reached = Reached(set(), set(), set(), set())
    if not targets:
        return reached
    chain = (
        sa.select(EVENTS.c.frame_id, EVENTS.c.target_event_id)
        .where(EVENTS.c.id.in_(targets))
        .cte("reached", recursive=True)
    )
    further = EVENTS.alias("further")
    chain = chain.union(
        sa.select(further.c.frame_id, further.c.target_event_id).where(
            further.c.id == chain.c.target_event_id
        )
    )
    rows = db.session.execute(
        sa.select(EVENTS.c.type, EVENTS.c.session_id, EVENTS.c.enrollment_id, EVENTS.c.worker_id).where(
            EVENTS.c.frame_id.in_(sa.select(chain.c.frame_id))
        )
    )
    for row in rows:
        if row.enrollment_id is not None:
            reached.enrollments.add(row.enrollment_id)
            if row.session_id is not None and row.type in PRESENCE_TYPES:
                reached.pairs.add((row.session_id, row.enrollment_id))
        if row.session_id is not None and row.type in SESSION_TYPES:
            reached.whole.add(row.session_id)
        if row.worker_id is not None and row.type == "consent":
            reached.consenting_workers.add(row.worker_id)
    return reached


def presence_events(pairs: Collection[Pair], whole: Collection[UUID]) -> SessionEvents:
    """All that presence needs for these pairs and these whole sessions, in one statement."""
    parts = {session_id for session_id, _enrollment in pairs} - {*whole}
    enrollments = {enrollment_id for _session, enrollment_id in pairs}
    return _sorted_out(run(_presence_query(), whole=whole, parts=parts, enrollments=enrollments))


@cache
def _presence_query() -> sa.Select[*tuple[Any, ...]]:
    in_whole, in_part = EVENTS.c.session_id.in_(some("whole")), EVENTS.c.session_id.in_(some("parts"))
    wanted = sa.or_(
        sa.and_(in_whole, EVENTS.c.type.in_([*PRESENCE_TYPES, *SESSION_TYPES])),
        sa.and_(in_part, EVENTS.c.type.in_(SESSION_TYPES)),
        sa.and_(in_part, EVENTS.c.enrollment_id.in_(some("enrollments")), EVENTS.c.type.in_(PRESENCE_TYPES)),
    )
    base = sa.select(EVENTS.c.frame_id, EVENTS.c.id).where(wanted).cte("base", recursive=True)
    void = EVENTS.alias("void")
    base = base.union(sa.select(void.c.frame_id, void.c.id).where(void.c.target_event_id == base.c.id))
    is_weighed = EVENTS.c.type.in_(["void", *sorted(DECIDED)])
    return (
        sa.select(
            sa.cast(EVENTS.c.id, sa.String).label("id"),
            FRAMES.c.hash,
            EVENTS.c.type,
            EVENTS.c.at,
            sa.cast(EVENTS.c.target_event_id, sa.String).label("target"),
            EVENTS.c.session_id,
            EVENTS.c.enrollment_id,
            # What only few events are asked for is not unpacked for all.
            sa.case((is_weighed, EVENTS.c.by_id)).label("by_id"),
            sa.case((is_weighed, EVENTS.c.flags)).label("flags"),
            sa.case((EVENTS.c.type == "session_cancel", EVENTS.c.payload)).label("payload"),
            ATTENDANCE.c.credited_minutes,
        )
        .select_from(base)
        .join(EVENTS, EVENTS.c.frame_id == base.c.frame_id)
        .join(FRAMES, FRAMES.c.id == base.c.frame_id)
        .outerjoin(
            ATTENDANCE,
            sa.and_(
                ATTENDANCE.c.session_id == EVENTS.c.session_id,
                ATTENDANCE.c.enrollment_id == EVENTS.c.enrollment_id,
            ),
        )
    )


def _sorted_out(rows: Iterable[Any]) -> SessionEvents:
    found = SessionEvents(defaultdict(list), defaultdict(list), [], {})
    doubted = []
    for row in rows:
        event = PresenceEvent(
            row.id,
            row.hash.hex(),
            row.type,
            to_ms(row.at),
            row.target,
            row.payload.get("ended_ms") if row.payload else None,
        )
        if row.type == "void":
            found.voids.append((event, known_witness(row)))
        elif row.type in DECIDED and not DOUBTED.isdisjoint(row.flags):
            doubted.append((row, event))
        else:
            _sort_in(found, row, event)
    terms = terms_as_coordinator({row.by_id for row, _event in doubted if known_witness(row)})
    for row, event in doubted:
        if coordinated(terms, known_witness(row), event.at_ms):
            _sort_in(found, row, event)
    return found


def _sort_in(found: SessionEvents, row: Any, event: PresenceEvent) -> None:
    if row.type in SESSION_TYPES:
        found.own[row.session_id].append(event)
    elif row.enrollment_id is not None:
        found.workers[row.session_id, row.enrollment_id].append(event)
        found.credited[row.session_id, row.enrollment_id] = row.credited_minutes or 0


def standing_events(*, enrollment_ids: Collection[UUID], types: Collection[str]) -> list[Event]:
    """Events of these enrollments and types that no void removed, in the order in which they happened.

    Left out are those that a phone told in the name of somebody who is not paired with it, of a trainer who
    never trained the worker, or of one who was none any more: what was learned, and who consented, is only
    as good as its witness.
    """
    return _standing(sa.and_(Event.enrollment_id.in_(enrollment_ids), Event.type.in_(types)))


def standing_consents(worker_ids: Collection[UUID]) -> list[Event]:
    """Consents of these workers that no void removed, in the order in which they were given."""
    return _standing(sa.and_(Event.worker_id.in_(worker_ids), Event.type == "consent"))


def _standing(wanted: sa.ColumnElement[bool]) -> list[Event]:
    events = db.session.scalars(
        sa.select(Event).where(wanted).order_by(Event.at, Event.id, Event.frame_id)
    ).all()
    removed = removed_among(events)
    known = [event for event in events if event.id not in removed and VOICELESS.isdisjoint(event.flags)]
    terms = terms_as_coordinator(
        {event.by_id for event in known if event.by_id and NOT_ON_CREW in event.flags}
    )
    return [
        event
        for event in known
        if NOT_ON_CREW not in event.flags or coordinated(terms, event.by_id, to_ms(event.at))
    ]


def removed_among(events: Sequence[Any]) -> set[UUID]:
    """The ids of those events, or rows with their columns, that somebody who may has voided."""
    voids = voids_reaching({event.id for event in events})
    if not voids:
        return set()
    sessions = {event.session_id for event in events if event.session_id is not None}
    rights = void_rights({by for _void, by in voids if by}, trainers_of(sessions))
    # Following voids costs as much as there are voids, so it is done once for all that share its answer.
    alike: dict[tuple[UUID | None, UUID | None], set[UUID]] = defaultdict(set)
    for event in events:
        alike[event.session_id, None if event.session_id else event.by_id].add(event.id)
    return {
        event_id
        for (session_id, by_id), event_ids in alike.items()
        for removed in [rights.removed_in(session_id, voids, by_id)]
        for event_id in event_ids
        if str(event_id) in removed
    }


def voids_reaching(event_ids: Collection[UUID]) -> list[tuple[PresenceEvent, UUID | None]]:
    """Voids of these events, voids of those voids, and so on."""
    # A void may be asked for itself, and be reached by what is asked in another part.
    rows = {row.frame_id: row for part in in_parts(event_ids) for row in _voids_of(part)}
    return [
        (
            PresenceEvent(str(row.id), str(row.frame_id), "void", to_ms(row.at), str(row.target_event_id)),
            known_witness(row),
        )
        for row in rows.values()
    ]


def _voids_of(event_ids: Collection[UUID]) -> Iterable[Any]:
    first = sa.select(EVENTS.c.frame_id, EVENTS.c.id).where(EVENTS.c.target_event_id.in_(event_ids))
    chain = first.cte("chain", recursive=True)
    void = EVENTS.alias("void")
    chain = chain.union(sa.select(void.c.frame_id, void.c.id).where(void.c.target_event_id == chain.c.id))
    return db.session.execute(
        sa.select(
            EVENTS.c.id,
            EVENTS.c.frame_id,
            EVENTS.c.target_event_id,
            EVENTS.c.at,
            EVENTS.c.by_id,
            EVENTS.c.flags,
        ).where(EVENTS.c.frame_id.in_(sa.select(chain.c.frame_id)))
    )


def voids_by(person_ids: Collection[UUID], session_ids: Collection[UUID]) -> set[UUID]:
    """What voids of these people name that lies in these sessions, or voids something there."""
    inside = sa.select(EVENTS.c.id).where(EVENTS.c.session_id.in_(session_ids))
    first = sa.select(EVENTS.c.frame_id, EVENTS.c.id).where(EVENTS.c.target_event_id.in_(inside))
    chain = first.cte("chain", recursive=True)
    void = EVENTS.alias("void")
    chain = chain.union(sa.select(void.c.frame_id, void.c.id).where(void.c.target_event_id == chain.c.id))
    return {
        *db.session.scalars(
            sa.select(EVENTS.c.target_event_id).where(
                EVENTS.c.frame_id.in_(sa.select(chain.c.frame_id)), EVENTS.c.by_id.in_(person_ids)
            )
        )
    }
