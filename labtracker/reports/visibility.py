"""Who may see which cohort's outcomes: the one place that says so."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labtracker.accounts.models import Person, ReviewedArea
from labtracker.accounts.rules import Role
from labtracker.labs.models import County, Worksite
from labtracker.scheduling.models import Cohort

REPORT_READERS = (Role.COORDINATOR, Role.REVIEWER)


def is_reported_to(actor: Person) -> sa.ColumnElement[bool]:
    """The condition on a cohort (joined to its worksite's county) under which the actor sees its outcomes.

    Coordinators and administrators see all; reviewers those in the local areas and sub-areas that their
    workforce center answers for; nobody else sees any.
    """
    if actor.has(Role.COORDINATOR):
        return sa.true()
    centers = actor.organization_ids(Role.REVIEWER)
    return sa.exists().where(
        ReviewedArea.organization_id.in_(centers),
        ReviewedArea.local_area == County.local_area,
        sa.or_(ReviewedArea.sub_area.is_(None), ReviewedArea.sub_area == County.sub_area),
    )


def cohorts_reported_to(actor: Person) -> sa.Select[Any]:
    """The cohorts whose outcomes the actor may see, by name of person."""
    return (
        sa.select(Cohort)
        .join(Worksite, Worksite.id == Cohort.worksite_id)
        .outerjoin(County, County.fips == Worksite.county_fips)
        .where(is_reported_to(actor), Cohort.cancelled_at.is_(None))
    )
