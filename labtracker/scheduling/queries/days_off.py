"""Days on which a lab is out of service or somebody is away, as the calendar's looks show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import contains_eager

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.fleet.models import Closure, Leave
from labtracker.fleet.queries import STAFF, closures_visible_to, leave_visible_to
from labtracker.fleet.rules import LEAVE
from labtracker.scheduling.queries.narrowing import EVERYTHING, Wanted


@dataclass(frozen=True)
class DaysOff:
    """A closure of a lab, or somebody's leave: ``first`` and ``last`` are whole days on their own clocks.

    ``page_id`` is the closure's, or that of the person who is away; ``kind`` a closure's kind or ``leave``.
    """

    page_id: UUID
    kind: str
    name: str
    first: date
    last: date

    @property
    def is_leave(self) -> bool:
        """Whether it is a person who is away."""
        return self.kind == LEAVE


def days_off_between(actor: Person, first: date, last: date, wanted: Wanted = EVERYTHING) -> list[DaysOff]:
    """What somebody may see of them on these days, by their first day; two statements, for staff alone.

    A lab is of no course, worksite or state, and whoever is away is of no lab either: narrowed by these,
    none of them is wanted.
    """
    if not actor.has(*STAFF) or wanted.course_id or wanted.worksite_id or wanted.status:
        return []
    found = _closures(actor, first, last, wanted.lab_id)
    if wanted.lab_id is None:
        found += _leave(actor, first, last)
    return sorted(found, key=lambda one: (one.first, one.is_leave, one.name))


def _closures(actor: Person, first: date, last: date, lab_id: UUID | None) -> list[DaysOff]:
    query = closures_visible_to(actor).where(
        Closure.lab_id == lab_id if lab_id else Closure.lab_id.is_not(None),
        Closure.ends_at > Closure.starts_at,
        Closure.starts_on <= last,
        Closure.ends_on >= first,
    )
    found = [
        DaysOff(one.id, one.kind, one.of.name, one.starts_on, one.last_on)
        for one in db.session.scalars(query)
    ]
    # What was back earlier than expected may have been over by then.
    return [one for one in found if one.last >= first]


def _leave(actor: Person, first: date, last: date) -> list[DaysOff]:
    query = (
        leave_visible_to(actor)
        .join(Leave.person)
        .options(contains_eager(Leave.person))
        .where(Leave.starts_on <= last, Leave.ends_on >= first, Person.archived_at.is_(None))
    )
    return [
        DaysOff(one.person_id, LEAVE, one.person.name, one.starts_on, one.ends_on)
        for one in db.session.scalars(query)
    ]


def off_by_day(found: Iterable[DaysOff], first: date, last: date) -> Mapping[date, Sequence[DaysOff]]:
    """Each day from the first to the last on which something of these is, with what it is."""
    days: dict[date, list[DaysOff]] = {}
    for one in found:
        day, until = max(one.first, first), min(one.last, last)
        while day <= until:
            days.setdefault(day, []).append(one)
            day += timedelta(days=1)
    return days
