"""One correction for several workers of a session: an event with its reason for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.checkin.models import Event
from labtracker.checkin.queries.pages import log_of
from labtracker.checkin.rules.presence import ARRIVALS
from labtracker.checkin.services.correcting import correct_attendance, void_event
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Session

LEAVING = "check_out"


@dataclass(slots=True)
class Corrected:
    """For whom it was recorded, and who stayed as recorded before."""

    recorded: list[Enrollment] = field(default_factory=list)
    kept: list[Enrollment] = field(default_factory=list)


def correct_several(
    session: Session,
    enrollments: Iterable[Enrollment],
    *,
    kind: str,
    at: datetime,
    reason: str,
    replaces: bool,
    actor: Person,
    now: datetime,
) -> Corrected:
    """Record for each of these workers that they arrived, left or were excused at a time.

    Where an arrival or a leaving stands already, it stays, unless ``replaces`` says that it is taken back:
    the first arrival, or the last leaving. What would contradict the rest of a worker's day is left out.
    Raises what ``correct_attendance`` raises, and then nothing was recorded for anybody.
    """
    days = _days_of(session)
    corrected = Corrected()
    for enrollment in enrollments:
        events = days.get(enrollment.id, [])
        stands = _stands_in_the_way(events, kind)
        if _contradicts(events, stands, kind, at) or (stands is not None and not replaces):
            corrected.kept.append(enrollment)
            continue
        if stands is not None:
            void_event(session, stands, reason=reason, actor=actor, now=now)
        correct_attendance(session, enrollment, kind=kind, at=at, reason=reason, actor=actor, now=now)
        corrected.recorded.append(enrollment)
    return corrected


def _days_of(session: Session) -> dict[UUID, list[Event]]:
    """What stands of each worker's day in the session, in order of time."""
    wanted = Event.type.in_([*ARRIVALS, LEAVING, "excuse"])
    days: dict[UUID, list[Event]] = {}
    for one in log_of(sa.and_(Event.session_id == session.id, wanted)):
        if one.stands and one.event.enrollment_id is not None:
            days.setdefault(one.event.enrollment_id, []).append(one.event)
    return days


def _stands_in_the_way(events: Sequence[Event], kind: str) -> Event | None:
    """The record that says the same in other words: the first arrival, the last leaving, an excuse."""
    if kind == "excuse":
        return next((event for event in events if event.type == kind), None)
    presence = [event for event in events if event.type != "excuse"]
    if not presence:
        return None
    if kind == LEAVING:
        return presence[-1] if presence[-1].type == LEAVING else None
    return presence[0] if presence[0].type in ARRIVALS else None


def _contradicts(events: Sequence[Event], stands: Event | None, kind: str, at: datetime) -> bool:
    """Whether the rest of the day speaks against it: a leaving by somebody who never came or came later, an
    arrival after a leaving, an excuse of somebody who came, or what is recorded in just these words."""
    if stands is not None and (stands.at == at or kind == "excuse"):
        return True
    others = [event for event in events if event is not stands and event.type != "excuse"]
    if kind == "excuse":
        return bool(others)
    if kind == LEAVING:
        arrivals = [event.at for event in others if event.type in ARRIVALS]
        return not arrivals or max(arrivals) >= at or any(event.at >= at for event in others)
    return any(event.at <= at for event in others)
