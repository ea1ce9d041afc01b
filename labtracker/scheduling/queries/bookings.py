"""Bookings as lists and pages show them: what state they are really in, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from labtracker.extensions import db
from labtracker.kit.time import local, local_day
from labtracker.scheduling.models import BookingRequest, Cohort, Deployment, Session
from labtracker.scheduling.rules.states import DONE, OVER, UNDERWAY, WAITING, BookingStatus, DeploymentStatus

GROUPS: dict[str, frozenset[str]] = {
    "waiting": frozenset(WAITING),
    "planned": frozenset({BookingStatus.PLANNED}),
    "confirmed": frozenset({BookingStatus.CONFIRMED}),
    "over": frozenset(OVER),
}


def with_cohorts(query: sa.Select[BookingRequest]) -> sa.Select[BookingRequest]:
    """The same bookings with all that a list shows of them, in a few queries instead of one for each."""
    return query.options(
        selectinload(BookingRequest.cohorts).selectinload(Cohort.sessions).joinedload(Session.worksite),
        selectinload(BookingRequest.cohorts).selectinload(Cohort.deployments),
        selectinload(BookingRequest.course),
        selectinload(BookingRequest.worksite),
        selectinload(BookingRequest.employer),
        selectinload(BookingRequest.windows),
    )


def sent_by_employer(employer_id: UUID, since: datetime) -> int:
    """How many bookings of an employer were sent in since then, whatever became of them."""
    mine = BookingRequest.employer_id == employer_id
    count = sa.select(sa.func.count(BookingRequest.id)).where(mine, BookingRequest.submitted_at > since)
    return db.session.execute(count).scalar_one()


def sessions_of(booking: BookingRequest) -> list[Session]:
    """The sessions of a booking that were not cancelled, in order."""
    found = [one for cohort in booking.cohorts for one in cohort.sessions if one.cancelled_at is None]
    return sorted(found, key=lambda one: one.starts_at)


def days_of(sessions: Sequence[Session]) -> tuple[date, date] | None:
    """The first and the last day of sessions in their order, or nothing when there are none."""
    if not sessions:
        return None
    first, last = sessions[0], sessions[-1]
    return local_day(first.starts_at, first.worksite.zone), local_day(last.starts_at, last.worksite.zone)


@dataclass(frozen=True)
class CohortSessions:
    """A cohort of a booking with its sessions in order; ``same_hours`` if all are at one time of day."""

    cohort: Cohort
    sessions: list[Session]
    same_hours: bool

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day."""
        return days_of(self.sessions)


def sessions_by_cohort(booking: BookingRequest) -> list[CohortSessions]:
    """A booking's cohorts that were not cancelled, by name, each with its sessions that were not either."""
    found = []
    for cohort in sorted(booking.cohorts, key=lambda one: one.name):
        if cohort.cancelled_at is None:
            own = [one for one in sessions_of(booking) if one.cohort_id == cohort.id]
            hours = {_hours(one) for one in own}
            found.append(CohortSessions(cohort, own, len(hours) == 1))
    return found


def _hours(session: Session) -> tuple[time, time]:
    zone = session.worksite.zone
    return local(session.starts_at, zone).time(), local(session.ends_at, zone).time()


def deployments_of(booking: BookingRequest) -> list[Deployment]:
    """The deployments that serve a booking and were not cancelled."""
    found = {
        one.id: one
        for cohort in booking.cohorts
        for one in cohort.deployments
        if one.status != DeploymentStatus.CANCELLED
    }
    return sorted(found.values(), key=lambda one: one.blocks_from)


def state_of(booking: BookingRequest, now: datetime) -> str:
    """The stored state, or ``underway`` and ``done``, which follow from dates and from closing out."""
    if booking.status != BookingStatus.CONFIRMED:
        return booking.status
    cohorts = [cohort for cohort in booking.cohorts if cohort.cancelled_at is None]
    if cohorts and all(cohort.closed_out_at is not None for cohort in cohorts):
        return DONE
    sessions = sessions_of(booking)
    if sessions and sessions[0].starts_at <= now:
        return UNDERWAY
    return booking.status


def waiting_requests(query: sa.Select[BookingRequest]) -> sa.Select[BookingRequest]:
    """Those that wait for a coordinator, the oldest first."""
    return query.where(BookingRequest.status.in_(WAITING)).order_by(BookingRequest.submitted_at)
