"""Sessions by day: the agenda, the month."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.extensions import db
from labtracker.kit.time import instant_at, local_day
from labtracker.scheduling.models import Cohort, Deployment, Session
from labtracker.scheduling.queries.days_off import DaysOff, off_by_day
from labtracker.scheduling.queries.narrowing import EVERYTHING, Wanted, narrowed
from labtracker.scheduling.queries.visibility import sessions_on_calendar_of, sessions_visible_to

AGENDA_DAYS = 28


@dataclass(frozen=True)
class Day:
    """One day with its sessions, and with the labs and people that are not to be had."""

    on: date
    sessions: Sequence[Session]
    in_month: bool = True
    holiday: str | None = None
    off: Sequence[DaysOff] = ()

    def begins(self, one: DaysOff, shown_from: date) -> bool:
        """Whether this is the first day of a closure or a leave, of those that are shown."""
        return self.on == max(one.first, shown_from)


def sessions_between(
    actor: Person, first: date, last: date, zone: str, wanted: Wanted = EVERYTHING
) -> list[Session]:
    """What somebody may see of the sessions that begin on these days, cancelled ones included."""
    query = (
        narrowed(sessions_on_calendar_of(actor), wanted)
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


def with_pages_for(actor: Person, sessions: Sequence[Session]) -> set[UUID]:
    """Which of these sessions have a page that somebody may open."""
    if not actor.has(Role.REVIEWER):
        return {one.id for one in sessions}
    ids = sessions_visible_to(actor).with_only_columns(Session.id)
    return set(db.session.scalars(ids.where(Session.id.in_([one.id for one in sessions]))))


def next_session(actor: Person, after: date, zone: str, wanted: Wanted = EVERYTHING) -> Session | None:
    """The first session that somebody may see, was not cancelled, and begins after a day."""
    query = narrowed(sessions_on_calendar_of(actor), wanted).where(
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


def weeks_of_month(month: date) -> list[list[date]]:
    """The days of a month in whole weeks from Sunday to Saturday."""
    return calendar.Calendar(firstweekday=6).monthdatescalendar(month.year, month.month)


def week_around(day: date) -> list[date]:
    """The week from Sunday to Saturday that holds a day."""
    sunday = day - timedelta(days=day.isoweekday() % 7)
    return [sunday + timedelta(days=step) for step in range(7)]


def filled(
    weeks: Sequence[Sequence[date]],
    sessions: Sequence[Session],
    off: Sequence[DaysOff],
    holidays: Mapping[date, str],
    month: date | None = None,
) -> list[list[Day]]:
    """Weeks with what is on each day; ``month`` says which days belong to it."""
    days, away = by_day(sessions), off_by_day(off, weeks[0][0], weeks[-1][-1])
    return [
        [
            Day(
                on, days.get(on, []), not month or on.month == month.month, holidays.get(on), away.get(on, ())
            )
            for on in week
        ]
        for week in weeks
    ]


def listed(sessions: Sequence[Session], off: Sequence[DaysOff], first: date) -> list[Day]:
    """The days with sessions, or on which days off begin; what began before ``first`` stands on it."""
    days, begins = by_day(sessions), defaultdict[date, list[DaysOff]](list)
    for one in off:
        begins[max(one.first, first)].append(one)
    return [Day(on, days.get(on, []), off=begins.get(on, ())) for on in sorted({*days, *begins})]


def cohorts_with_sessions(query: sa.Select[Cohort]) -> sa.Select[Cohort]:
    """The same cohorts with what a list shows of them."""
    return query.options(
        selectinload(Cohort.course),
        selectinload(Cohort.worksite),
        selectinload(Cohort.sessions),
        selectinload(Cohort.deployments),
    )
