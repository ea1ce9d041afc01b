"""What is decided about feeds without asking the database: who may have which, and what an event is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from labtracker.accounts.rules import Role

DAYS_BACK = timedelta(days=90)
DAYS_AHEAD = timedelta(days=2 * 365)
OFFICE = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})


class FeedKind(StrEnum):
    """Whose calendar a feed tells of."""

    TRAINER = "trainer"
    LAB = "lab"
    EMPLOYER = "employer"
    WORKSITE = "worksite"


# Whoever reads these works there: they learn whom to call at a site, and who else trains.
FOR_STAFF = frozenset({FeedKind.TRAINER, FeedKind.LAB})


class Leg(StrEnum):
    """The parts of a deployment before and after its sessions."""

    TRAVEL_IN = "travel-in"
    SETUP = "setup"
    TEARDOWN = "teardown"
    TRAVEL_OUT = "travel-out"


class Status(StrEnum):
    """How sure an event is, in iCalendar's words."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Subject:
    """What a feed tells of: a person, lab, organization or worksite, and whose it is (the employer's id)."""

    kind: FeedKind
    id: UUID
    name: str
    organization_id: UUID | None = None


@dataclass(frozen=True)
class Grant:
    """A role that somebody holds now, where, and since when."""

    role: Role
    organization_id: UUID
    since: datetime


def may_have(owner_id: UUID, grants: Iterable[Grant], subject: Subject, *, made_at: datetime) -> bool:
    """Whether somebody may have a feed of a subject that was made at some moment.

    Only a role held without a break since then counts: a feed dies with the role it came from, and does not
    come back with a new one.
    """
    return any(
        grant.since <= made_at and _grants(owner_id, grant.role, grant.organization_id, subject)
        for grant in grants
    )


def _grants(owner_id: UUID, role: Role, organization_id: UUID, subject: Subject) -> bool:
    if role in OFFICE:
        return True
    if role is Role.TRAINER:
        return subject.kind is FeedKind.LAB or (subject.kind is FeedKind.TRAINER and subject.id == owner_id)
    if role is Role.EMPLOYER:
        return (
            subject.kind in {FeedKind.EMPLOYER, FeedKind.WORKSITE}
            and subject.organization_id == organization_id
        )
    return False


@dataclass(frozen=True)
class FeedEvent:
    """One event as a calendar program is told of it; every text is in the language of the feed's owner.

    ``sequence`` rises whenever what the event tells of is changed; ``uid`` stays the same for ever. ``days``
    are the first and the last of whole days: they are told as days, which no zone moves.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    status: Status
    sequence: int
    changed_at: datetime
    place: str
    lines: tuple[str, ...]
    url: str
    point: tuple[float, float] | None = None
    days: tuple[date, date] | None = None


def legs_of(
    blocks_from: datetime,
    blocks_until: datetime,
    *,
    travel_in: int,
    setup: int,
    teardown: int,
    travel_out: int,
) -> list[tuple[Leg, datetime, datetime]]:
    """The travel, set-up and tear-down of a deployment (in minutes) as spans; none of no length."""
    arrives_at = blocks_from + timedelta(minutes=travel_in)
    leaves_at = blocks_until - timedelta(minutes=travel_out)
    spans = [
        (Leg.TRAVEL_IN, blocks_from, arrives_at),
        (Leg.SETUP, arrives_at, arrives_at + timedelta(minutes=setup)),
        (Leg.TEARDOWN, leaves_at - timedelta(minutes=teardown), leaves_at),
        (Leg.TRAVEL_OUT, leaves_at, blocks_until),
    ]
    return [(leg, start, end) for leg, start, end in spans if start < end]


def status_of(deployment_status: str | None, *, is_cancelled: bool) -> Status:
    """How sure an event is: cancelled where it or what it is part of is, tentative with its deployment."""
    if is_cancelled or deployment_status == "cancelled":
        return Status.CANCELLED
    return Status.TENTATIVE if deployment_status == "tentative" else Status.CONFIRMED
