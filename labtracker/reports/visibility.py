"""Who may see which cohort's outcomes: the one place that says so."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labtracker.accounts.models import Person
from labtracker.accounts.rules import Role
from labtracker.labs.models import Worksite
from labtracker.labs.queries import is_in_reviewed_area
from labtracker.scheduling.models import Cohort

REPORT_READERS = (Role.COORDINATOR, Role.REVIEWER)


def is_reported_to(actor: Person) -> sa.ColumnElement[bool]:
    """The condition on a cohort (joined to its worksite) under which the actor sees its outcomes.

    Coordinators and administrators see all; reviewers those in the local areas and sub-areas that their
    workforce center answers for; nobody else sees any.
    """
    return sa.true() if actor.has(Role.COORDINATOR) else is_in_reviewed_area(actor)


def cohorts_reported_to(actor: Person) -> sa.Select[Any]:
    """The cohorts whose outcomes the actor may see, by name of person."""
    return (
        sa.select(Cohort)
        .join(Worksite, Worksite.id == Cohort.worksite_id)
        .where(is_reported_to(actor), Cohort.cancelled_at.is_(None))
    )
