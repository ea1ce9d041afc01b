"""Sessions by day: the agenda, the month."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from labtracker.accounts.models import Person
from labtracker.extensions import db
from labtracker.kit.time import instant_at, local_day
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.queries.visibility import sessions_visible_to

AGENDA_DAYS = 28


@dataclass(frozen=True)
class Day:
    """One day of a month or an agenda with its sessions."""

    on: date
    sessions: Sequence[Session]
    in_month: bool = True
    holiday: str | None = None


def sessions_between(actor: Person, first: date, last: date, zone: str) -> list[Session]:
    """What somebody may see of the sessions that begin on these days, cancelled ones included."""
    query = (
        sessions_visible_to(actor)
        .where(
            Session.starts_at >= instant_at(first, time(0), zone) - timedelta(hours=3),
            Session.starts_at < instant_at(last + timedelta(days=1), time(0), zone) + timedelta(hours=3),
        )
        .options(
            selectinload(Session.cohort).selectinload(Cohort.course),
            selectinload(Session.worksite),
            selectinload(Session.deployment).selectinload(Deployment.lab),
        )
        .order_by(Session.starts_at)
    )
    found = db.session.scalars(query).unique()
    return [one for one in found if first <= local_day(one.starts_at, one.worksite.zone) <= last]


def next_session(actor: Person, after: date, zone: str) -> Session | None:
    """The first session that somebody may see, was not cancelled, and begins after a day."""
    query = sessions_visible_to(actor).where(
        Session.starts_at >= instant_at(after + timedelta(days=1), time(0), zone),
        Session.cancelled_at.is_(None),
    )
    return db.session.scalars(query.order_by(Session.starts_at).limit(1)).first()


def by_day(sessions: Sequence[Session]) -> dict[date, list[Session]]:
    """Sessions under the day on which each begins where it takes place."""
    days: dict[date, list[Session]] = {}
    for one in sessions:
        days.setdefault(local_day(one.starts_at, one.worksite.zone), []).append(one)
    return days


def month_of(actor: Person, month: date, zone: str, holidays: dict[date, str]) -> list[list[Day]]:
    """A month in whole weeks from Sunday to Saturday, each day with its sessions."""
    weeks = calendar.Calendar(firstweekday=6).monthdatescalendar(month.year, month.month)
    days = by_day(sessions_between(actor, weeks[0][0], weeks[-1][-1], zone))
    return [
        [Day(on, days.get(on, []), on.month == month.month, holidays.get(on)) for on in week]
        for week in weeks
    ]


def cohorts_with_sessions(query: sa.Select[Cohort]) -> sa.Select[Cohort]:
    """The same cohorts with what a list shows of them."""
    return query.options(
        selectinload(Cohort.course),
        selectinload(Cohort.worksite),
        selectinload(Cohort.sessions),
        selectinload(Cohort.deployments),
    )
