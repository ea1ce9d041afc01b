"""The completion report: how many of those who started completed, by whatever explains it.

Definitions (shown under every figure):

- completion = completers over starters; a starter has more than 0 credited minutes; withdrawn starters
  stay in, those withdrawn before the first session leave;
- no-show = enrolled and never attended over enrolled;
- attendance = credited over scheduled contact hours of those enrolled, over sessions held.

Only cohorts that are closed out count, each dated by the day on which its last session held began; running
ones are listed apart. The database counts by cohort and employer; what is shown is summed up from that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Organization, Person
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.statistics import Rate
from labtracker.kit.time import local
from labtracker.labs.models import County, Course, Lab, Worksite
from labtracker.reports.rules import Dimension, Measure, shift_of
from labtracker.reports.visibility import is_reported_to
from labtracker.roster.models import Enrollment, Worker
from labtracker.scheduling.models import Cohort, CohortDeployment, Deployment, Session


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; everything None means everything. Days are inclusive."""

    since: date | None = None
    until: date | None = None
    mode: str | None = None
    course: str | None = None
    county: str | None = None
    rural: str | None = None
    employer: str | None = None
    lab: str | None = None
    shift: str | None = None
    month: str | None = None


@dataclass(frozen=True)
class CohortFigures:
    """One cohort's counts of one employer's workers, with all they can be grouped by."""

    id: UUID
    name: str
    mode: str
    course: str
    course_title: str
    course_title_es: str | None
    county: str
    county_name: str
    is_rural: bool
    local_area: str
    sub_area: str
    employer: str
    employer_name: str
    lab: str
    lab_name: str
    shift: str
    last_on: date
    closed: bool
    enrolled: int
    starters: int
    completers: int
    decided: int
    withdrawn: int
    no_shows: int
    credited_minutes: int
    scheduled_minutes: int

    @property
    def month(self) -> str:
        """The month of the last session held, as 2026-04."""
        return f"{self.last_on:%Y-%m}"

    @property
    def rural(self) -> str:
        """Whether the worksite counts as rural, as yes or no."""
        return "yes" if self.is_rural else "no"

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
    decided: int
    cohorts: int

    def rate(self, measure: Measure) -> Rate:
        """One of the three."""
        found: Rate = getattr(self, measure.value)
        return found


def figures(rows: Iterable[CohortFigures]) -> Figures:
    """Sum cohorts up into rates."""
    rows = list(rows)
    enrolled = sum(row.enrolled for row in rows)
    return Figures(
        completion=Rate(sum(row.completers for row in rows), sum(row.starters for row in rows)),
        no_show=Rate(sum(row.no_shows for row in rows), enrolled),
        attendance=Rate(
            sum(row.credited_minutes for row in rows), sum(row.scheduled_minutes for row in rows), enrolled
        ),
        withdrawn=sum(row.withdrawn for row in rows),
        decided=sum(row.decided for row in rows),
        cohorts=len({row.id for row in rows}),
    )


def cohort_figures(actor: Person) -> list[CohortFigures]:
    """Every cohort the actor may see with its counts; cohorts in which no session was held are left out."""
    rows = db.session.execute(_cohort_query(actor)).all()
    labs = _labs_of({row.id for row in rows})
    return [_figures_of(row, *labs.get(row.id, ("", ""))) for row in rows]


def chosen(rows: Iterable[CohortFigures], filters: Filters) -> list[CohortFigures]:
    """The rows that the reader's filters leave."""
    wanted = {one.value: getattr(filters, one.value) for one in Dimension}
    return [
        row
        for row in rows
        if (filters.since is None or row.last_on >= filters.since)
        and (filters.until is None or row.last_on <= filters.until)
        and all(value is None or getattr(row, name) == value for name, value in wanted.items())
    ]


def grouped(rows: Iterable[CohortFigures], by: Dimension) -> dict[str, Figures]:
    """Figures by one attribute of the cohorts; what has none (a campus has no lab) is left out."""
    groups: dict[str, list[CohortFigures]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by.value)].append(row)
    return {value: figures(groups[value]) for value in sorted(groups) if value}


def by_cohort(rows: Iterable[CohortFigures]) -> list[tuple[CohortFigures, Figures]]:
    """Each cohort once, with what its rows come to together."""
    cohorts: dict[UUID, list[CohortFigures]] = defaultdict(list)
    for row in rows:
        cohorts[row.id].append(row)
    return [(some[0], figures(some)) for some in cohorts.values()]


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
    sums = _sums()
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
            Organization.name.label("employer"),
            last_held.c.last_at,
            sums,
        )
        .join(last_held, last_held.c.cohort_id == Cohort.id)
        .join(sums, sums.c.cohort_id == Cohort.id)
        .join(Organization, Organization.id == sums.c.employer_id)
        .join(Course, Course.id == Cohort.course_id)
        .join(Worksite, Worksite.id == Cohort.worksite_id)
        .outerjoin(County, County.fips == Worksite.county_fips)
        .where(is_reported_to(actor), Cohort.cancelled_at.is_(None))
        .order_by(last_held.c.last_at, Cohort.id, Organization.name)
    )


def _sums() -> sa.Subquery:
    """Counts by cohort and employer of everybody who did not leave before the first session."""
    counted = Completion.is_counted

    def count(*conditions: Any) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((sa.and_(counted, *conditions), 1), else_=0))

    def minutes(column: Any) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((counted, column), else_=0))

    started, complete = Completion.is_starter, Completion.state == "complete"
    return (
        sa.select(
            Completion.cohort_id,
            Worker.employer_id,
            count().label("enrolled"),
            count(started).label("starters"),
            count(started, complete).label("completers"),
            count(started, Completion.overridden).label("decided"),
            count(Completion.state == "withdrawn").label("withdrawn"),
            count(started.is_(False)).label("no_shows"),
            minutes(Completion.credited_minutes).label("credited_minutes"),
            minutes(Completion.scheduled_minutes).label("scheduled_minutes"),
        )
        .join(Enrollment, Enrollment.id == Completion.enrollment_id)
        .join(Worker, Worker.id == Enrollment.worker_id)
        .group_by(Completion.cohort_id, Worker.employer_id)
        .subquery()
    )


def _labs_of(cohort_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """The lab that came to each cohort, as id and name; the first by name where there were several."""
    rows = db.session.execute(
        sa.select(CohortDeployment.cohort_id, Lab.id, Lab.name)
        .join(Deployment, Deployment.id == CohortDeployment.deployment_id)
        .join(Lab, Lab.id == Deployment.lab_id)
        .where(CohortDeployment.cohort_id.in_(cohort_ids), Deployment.cancelled_at.is_(None))
        .order_by(Lab.name.desc())
    )
    return {row.cohort_id: (str(row.id), row.name) for row in rows}


def _figures_of(row: Any, lab: str, lab_name: str) -> CohortFigures:
    last_at: datetime = local(row.last_at, row.zone)
    return CohortFigures(
        id=row.id,
        name=row.name,
        mode=row.delivery_mode,
        course=row.code,
        course_title=row.title,
        course_title_es=row.title_es,
        county=row.fips or "",
        county_name=row.county or "",
        is_rural=row.is_rural,
        local_area=row.local_area or "",
        sub_area=row.sub_area or "",
        employer=str(row.employer_id),
        employer_name=row.employer,
        lab=lab,
        lab_name=lab_name,
        shift=shift_of(last_at.time()).value,
        last_on=last_at.date(),
        closed=row.closed_out_at is not None,
        enrolled=row.enrolled,
        starters=row.starters,
        completers=row.completers,
        decided=row.decided,
        withdrawn=row.withdrawn,
        no_shows=row.no_shows,
        credited_minutes=row.credited_minutes,
        scheduled_minutes=row.scheduled_minutes,
    )
