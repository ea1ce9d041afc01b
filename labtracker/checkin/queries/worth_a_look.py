"""The list of what is worth a look: flags with their names, and what was said about each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.accounts.models import Device, Person
from labtracker.checkin.models import FlagReview
from labtracker.checkin.queries.flags import flags_in
from labtracker.checkin.rules.flags import BURST, Flag, Sighting
from labtracker.extensions import db
from labtracker.kit.time import from_ms
from labtracker.roster.models import Worker
from labtracker.scheduling.models import Session
from labtracker.statements import in_parts

# Without a filter the list goes back so far.
SHOWN_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Spot:
    """One of a flag's two events: when it was, and in which session."""

    at: datetime
    session: Session
    sighting: Sighting


@dataclass(frozen=True)
class Noticed:
    """A flag with its worker (None: a badge that nobody knows, or a burst), its phone and its last review."""

    flag: Flag
    first: Spot
    second: Spot
    worker: Worker | None
    phone: Device | None
    review: FlagReview | None
    reviewer: str | None

    @property
    def is_settled(self) -> bool:
        """Whether a coordinator looked at it and said that it is all right."""
        return self.review is not None and self.review.is_settled

    @property
    def seen(self) -> int:
        """The number of the last review, 0 for none."""
        return self.review.id if self.review else 0


def lately(visible: sa.Select[Session], now: datetime) -> sa.Select[Session]:
    """The sessions that the list looks at when no filter is set."""
    return visible.where(Session.starts_at >= now - SHOWN_FOR, Session.starts_at <= now)


def noticed(found: Sequence[Flag]) -> list[Noticed]:
    """These flags with all that they name, the latest first, in a fixed number of statements."""
    ends = [one for flag in found for one in (flag.first, flag.second)]
    sessions = {
        str(one.id): one
        for one in db.session.scalars(
            sa.select(Session)
            .where(Session.id.in_({UUID(one.session) for one in ends if one.session}))
            .options(joinedload(Session.worksite), joinedload(Session.cohort))
        ).unique()
    }
    workers = _workers({flag.first.who for flag in found if flag.kind != BURST})
    phones = {
        str(one.id): one
        for one in db.session.scalars(
            sa.select(Device).where(Device.id.in_({UUID(one.device) for one in ends}))
        )
    }
    reviews = reviews_of({flag.key for flag in found})

    def spot(one: Sighting) -> Spot:
        return Spot(from_ms(one.at_ms), sessions[one.session or ""], one)

    entries = []
    for flag in found:
        review, reviewer = reviews.get(flag.key, (None, None))
        entries.append(
            Noticed(
                flag,
                spot(flag.first),
                spot(flag.second),
                workers.get(flag.first.who) if flag.kind != BURST else None,
                phones.get(flag.first.device),
                review,
                reviewer,
            )
        )
    return entries[::-1]


def _workers(names: Collection[str]) -> dict[str, Worker]:
    ids = set()
    for name in names:
        try:
            ids.add(UUID(name))
        except ValueError:
            continue  # a badge that nobody knows
    found = db.session.scalars(
        sa.select(Worker).where(Worker.id.in_(ids)).options(joinedload(Worker.employer))
    )
    return {str(worker.id): worker for worker in found}


def reviews_of(keys: Collection[str]) -> dict[str, tuple[FlagReview, str]]:
    """The last review of each of these flags, with the name of who wrote it."""
    said = sa.select(FlagReview, Person.name).join(Person, Person.id == FlagReview.by_id)
    return {
        review.flag_key: (review, name)
        for part in in_parts(keys)
        for review, name in db.session.execute(
            said.where(FlagReview.flag_key.in_(part)).order_by(FlagReview.id)
        )
    }


def marks_in(session: Session) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What a session's pages mark: the kinds of open flags by worker, and by event."""
    found = flags_in([session])
    reviews = reviews_of({flag.key for flag in found})
    workers: dict[str, set[str]] = {}
    events: dict[str, set[str]] = {}
    for flag in found:
        if flag.key in reviews and reviews[flag.key][0].is_settled:
            continue
        for one in flag.behind:
            if one.session == str(session.id):
                workers.setdefault(one.who, set()).add(flag.kind)
                events.setdefault(one.id, set()).add(flag.kind)
    return workers, events
