"""Frames to events: what each decoded body says, placed and timed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from labtracker.checkin.bodies import DECISIVE, METHODS, WITNESSED, Body, payload_of
from labtracker.checkin.models import EVENTS, Event
from labtracker.checkin.queries.rights import NOT_ON_CREW, TRAINER_LAPSED, TRAINER_LEFT, UNKNOWN_TRAINER
from labtracker.checkin.queries.tenures import Trainers
from labtracker.checkin.rules.tenure import Tenure, certain_ms, is_late_word
from labtracker.checkin.services.resolving import Placed
from labtracker.extensions import db
from labtracker.kit.time import from_ms

_INSERT = sa.insert(EVENTS)


@dataclass(slots=True)
class Told:
    """A body with where it belongs and what else is known about its frame; ``known_ms``: since when it is."""

    body: Body
    placed: Placed
    known_ms: int
    flags: set[str] = field(default_factory=set)
    trainers: Trainers = None
    frame_id: int = 0

    @property
    def tenure(self) -> Tenure | None:
        """The tenure of whoever recorded it, if that is a trainer of the phone; None on the web."""
        return self.trainers.get(self.body.by) if self.trainers is not None and self.body.by else None

    @property
    def made_ms(self) -> int | None:
        """The latest moment before which it was surely not made; None where nothing vouches for any."""
        return certain_ms(self.placed.time, self.body.synced())

    @property
    def is_late_decision(self) -> bool:
        """Whether it decides something, and only the phone's clock says that its trainer had not left yet."""
        if self.body.type not in DECISIVE or (tenure := self.tenure) is None:
            return False
        return is_late_word(tenure, self.made_ms, self.known_ms)


def event_row(told: Told) -> dict[str, Any]:
    """The event of a frame, as a row."""
    body, placed = told.body, told.placed
    flags = placed.flags | told.flags
    if told.trainers is not None:
        tenure, made_ms = told.tenure, told.made_ms
        if tenure is None:
            flags.add(UNKNOWN_TRAINER)
        elif made_ms is not None and tenure.has_lapsed(made_ms):
            flags.add(TRAINER_LAPSED)
        elif is_late_word(tenure, made_ms, told.known_ms):
            flags.add(TRAINER_LEFT)
        crew = placed.session.trainers if placed.session is not None else None
        if body.type in WITNESSED:
            crew = placed.witnesses
        if crew is not None and body.by not in crew:
            flags.add(NOT_ON_CREW)
    return {
        "frame_id": told.frame_id,
        "id": body.id,
        "type": body.type,
        "session_id": placed.session.id if placed.session else None,
        "enrollment_id": placed.enrollment_id,
        "worker_id": placed.worker_id,
        "target_event_id": body.target if body.type == "void" else None,
        "at": from_ms(placed.time.at_ms),
        "time_label": placed.time.label,
        "suspect": placed.time.suspect,
        "method": body.method if body.method in METHODS else None,
        "by_id": body.by,
        "flags": sorted(flags),
        "payload": payload_of(body),
    }


def insert_events(rows: Sequence[dict[str, Any]]) -> None:
    """Write events, all in one statement."""
    if rows:
        db.session.connection().execute(_INSERT, rows)


def flag_events(marked: dict[int, set[str]]) -> None:
    """Add flags to events that a later frame turned out to contradict."""
    if not marked:
        return
    found = db.session.execute(
        sa.select(EVENTS.c.frame_id, EVENTS.c.flags).where(EVENTS.c.frame_id.in_(marked))
    ).all()
    _write_flags(
        {
            row.frame_id: {*row.flags, *marked[row.frame_id]}
            for row in found
            if not marked[row.frame_id] <= {*row.flags}
        }
    )


def unflag_events(wanted: sa.ColumnElement[bool], flag: str) -> set[int]:
    """Take a flag from those of these events that bear it; gives their frames."""
    found = db.session.execute(sa.select(EVENTS.c.frame_id, EVENTS.c.flags).where(wanted)).all()
    cleared = {row.frame_id: {*row.flags} - {flag} for row in found if flag in row.flags}
    _write_flags(cleared)
    return {*cleared}


def _write_flags(flags: Mapping[int, set[str]]) -> None:
    if not flags:
        return
    db.session.execute(
        sa.update(EVENTS)
        .where(EVENTS.c.frame_id == sa.bindparam("frame"))
        .values(flags=sa.bindparam("now", type_=sa.JSON)),
        [{"frame": frame_id, "now": sorted(left)} for frame_id, left in flags.items()],
    )
    for loaded in [row for row in db.session.identity_map.values() if isinstance(row, Event)]:
        db.session.expire(loaded)
