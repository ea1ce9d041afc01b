"""The completion report: how many of those who started completed, by whatever explains it.

Definitions (shown under every figure):

- completion = completers over starters; a starter has more than 0 credited minutes; withdrawn starters
  stay in, those withdrawn before the first session leave;
- no-show = enrolled and never attended over enrolled;
- attendance = credited over scheduled contact hours of those enrolled, over sessions held.

Only cohorts that are closed out count, each dated by its last session held; running ones are listed apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.statistics import Rate
from labtracker.kit.time import local_day
from labtracker.labs.models import County, Course, Worksite
from labtracker.reports.visibility import is_reported_to
from labtracker.scheduling.models import Cohort, Session


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; everything None means everything. Days are inclusive."""

    since: date | None = None
    until: date | None = None
    mode: str | None = None
    county: str | None = None
    course: str | None = None
    month: str | None = None


@dataclass(frozen=True)
class CohortFigures:
    """One cohort's counts, with all it can be grouped by."""

    id: UUID
    name: str
    mode: str
    course_code: str
    course_title: str
    course_title_es: str | None
    county_fips: str
    county: str
    is_rural: bool
    local_area: str
    sub_area: str
    last_on: date
    closed: bool
    enrolled: int
    starters: int
    completers: int
    withdrawn: int
    no_shows: int
    credited_minutes: int
    scheduled_minutes: int

    @property
    def month(self) -> str:
        """The month of the last session held, as 2026-04."""
        return f"{self.last_on:%Y-%m}"

    def course_in(self, language: str) -> str:
        """The course's title in a language."""
        return (language == "es" and self.course_title_es) or self.course_title


@dataclass(frozen=True)
class Figures:
    """The three rates of a group of cohorts and the counts behind them."""

    completion: Rate
    no_show: Rate
    attendance: Rate
    withdrawn: int
    cohorts: int


def figures(rows: Iterable[CohortFigures]) -> Figures:
    """Sum cohorts up into rates."""
    rows = list(rows)
    return Figures(
        completion=Rate(sum(row.completers for row in rows), sum(row.starters for row in rows)),
        no_show=Rate(sum(row.no_shows for row in rows), sum(row.enrolled for row in rows)),
        attendance=Rate(
            sum(row.credited_minutes for row in rows), sum(row.scheduled_minutes for row in rows)
        ),
        withdrawn=sum(row.withdrawn for row in rows),
        cohorts=len(rows),
    )


def cohort_figures(actor: Person) -> list[CohortFigures]:
    """Every cohort the actor may see with its counts; cohorts in which no session was held are left out."""
    return [_figures_of(row) for row in db.session.execute(_cohort_query(actor))]


def chosen(rows: Iterable[CohortFigures], filters: Filters) -> list[CohortFigures]:
    """The rows that the reader's filters leave."""
    wanted = {
        "mode": filters.mode,
        "county_fips": filters.county,
        "course_code": filters.course,
        "month": filters.month,
    }
    return [
        row
        for row in rows
        if (filters.since is None or row.last_on >= filters.since)
        and (filters.until is None or row.last_on <= filters.until)
        and all(value is None or getattr(row, name) == value for name, value in wanted.items())
    ]


def grouped(rows: Iterable[CohortFigures], key: str) -> dict[str, Figures]:
    """Figures by one attribute of the cohorts, in the order of its values."""
    groups: dict[str, list[CohortFigures]] = {}
    for row in rows:
        groups.setdefault(str(getattr(row, key)), []).append(row)
    return {name: figures(groups[name]) for name in sorted(groups)}


def _cohort_query(actor: Person) -> sa.Select[*tuple[Any, ...]]:
    last_held = (
        sa.select(Session.cohort_id, sa.func.max(Session.starts_at).label("last_at"))
        .where(
            Session.cancelled_at.is_(None),
            sa.or_(Session.opened_at.is_not(None), Session.closed_at.is_not(None)),
            sa.or_(Session.ended_early_at.is_(None), Session.ended_early_at > Session.starts_at),
        )
        .group_by(Session.cohort_id)
        .subquery()
    )
    counted = Completion.is_counted

    def count(*conditions: Any) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0))

    def minutes(column: Any) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((counted, column), else_=0))

    sums = (
        sa.select(
            Completion.cohort_id,
            count(counted).label("enrolled"),
            count(counted, Completion.is_starter).label("starters"),
            count(counted, Completion.is_starter, Completion.state == "complete").label("completers"),
            count(counted, Completion.state == "withdrawn").label("withdrawn"),
            count(counted, Completion.is_starter.is_(False)).label("no_shows"),
            minutes(Completion.credited_minutes).label("credited_minutes"),
            minutes(Completion.scheduled_minutes).label("scheduled_minutes"),
        )
        .group_by(Completion.cohort_id)
        .subquery()
    )
    return (
        sa.select(
            Cohort.id,
            Cohort.name,
            Cohort.delivery_mode,
            Cohort.closed_out_at,
            Course.code,
            Course.title,
            Course.title_es,
            Worksite.zone,
            Worksite.is_rural,
            County.fips,
            County.name.label("county"),
            County.local_area,
            County.sub_area,
            last_held.c.last_at,
            sums,
        )
        .join(last_held, last_held.c.cohort_id == Cohort.id)
        .join(sums, sums.c.cohort_id == Cohort.id)
        .join(Course, Course.id == Cohort.course_id)
        .join(Worksite, Worksite.id == Cohort.worksite_id)
        .outerjoin(County, County.fips == Worksite.county_fips)
        .where(is_reported_to(actor), Cohort.cancelled_at.is_(None))
        .order_by(last_held.c.last_at, Cohort.id)
    )


def _figures_of(row: Any) -> CohortFigures:
    last_at: datetime = row.last_at
    return CohortFigures(
        id=row.id,
        name=row.name,
        mode=row.delivery_mode,
        course_code=row.code,
        course_title=row.title,
        course_title_es=row.title_es,
        county_fips=row.fips or "",
        county=row.county or "",
        is_rural=row.is_rural,
        local_area=row.local_area or "",
        sub_area=row.sub_area or "",
        last_on=local_day(last_at, row.zone),
        closed=row.closed_out_at is not None,
        enrolled=row.enrolled,
        starters=row.starters,
        completers=row.completers,
        withdrawn=row.withdrawn,
        no_shows=row.no_shows,
        credited_minutes=row.credited_minutes,
        scheduled_minutes=row.scheduled_minutes,
    )
