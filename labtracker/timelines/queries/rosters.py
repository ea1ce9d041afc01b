"""What rosters say of a worker: how they came onto each, what imports changed, and how they left."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from labtracker.extensions import db
from labtracker.roster.models import RosterApplication, RosterImport
from labtracker.timelines.queries.shapes import Fact, Group
from labtracker.timelines.queries.sight import Sight
from labtracker.timelines.rules import Kind


def enrolled(sight: Sight, group: Group) -> Iterator[Fact]:
    """Enrollments, each with the roster that it came with."""
    came_with = {
        change["enrollment"]: step
        for step, change in _rows_of(group, {str(one.worker_id) for one in group.enrollments.values()})
        if "enrollment" in change
    }
    for one in group.enrollments.values():
        came = came_with.get(str(one.id))
        code = "came_with_roster" if came else ("came_unasked" if one.is_walk_in else "enrolled")
        yield Fact(
            one.created_at,
            Kind.ROSTER,
            code,
            by=came.by.name if came and came.by else None,
            about=came.roster_import.filename if came and sight.is_office else "",
            cohort=one.cohort,
        )


def _steps_into(group: Group) -> list[RosterApplication]:
    """The imports into these cohorts."""
    cohorts = {one.cohort_id for one in group.enrollments.values()}
    return list(
        db.session.scalars(
            sa.select(RosterApplication)
            .join(RosterApplication.roster_import)
            .where(RosterImport.cohort_id.in_(cohorts))
            .options(
                contains_eager(RosterApplication.roster_import),
                joinedload(RosterApplication.by),
                joinedload(RosterApplication.undone_by),
            )
        )
    )


def _rows_of(group: Group, workers: Collection[str]) -> Iterator[tuple[RosterApplication, dict[str, Any]]]:
    """The rows of imports that brought or changed one of these workers."""
    for step in _steps_into(group):
        yield from ((step, change) for change in step.changes if change["worker"] in workers)


def imported(sight: Sight, group: Group) -> Iterator[Fact]:
    """What imports changed of facts that were known, and imports that were undone while something stayed."""
    if not sight.is_office:
        return
    ids = {str(one) for one in sight.workers}
    for step, change in _rows_of(group, ids):
        if change.get("fields"):
            by, fields = step.by.name if step.by else None, ", ".join(change["fields"])
            why = step.roster_import.filename
            yield Fact(step.asked_at, Kind.ROSTER, "changed_by_roster", by=by, why=why, about=fields)
    for step in _steps_into(group):
        if step.undone_at and any(kept["worker"] in ids for kept in step.kept):
            by = step.undone_by.name if step.undone_by else None
            about = step.roster_import.filename
            yield Fact(step.undone_at, Kind.ROSTER, "roster_undone", by=by, about=about)


def left(sight: Sight, group: Group) -> Iterator[Fact]:
    """Who left when and why, for those who do not see what people did: by the day itself."""
    if sight.is_office:
        return
    for one in group.enrollments.values():
        if one.withdrawn_on is not None:
            at = datetime.combine(one.withdrawn_on, datetime.min.time(), tzinfo=one.created_at.tzinfo)
            yield Fact(at, Kind.ROSTER, "left", why=one.withdrawn_reason, cohort=one.cohort)
