"""Rosters as files: those of a cohort, and everybody an employer has."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from labtracker.accounts.access import current_actor, roles
from labtracker.accounts.rules import Role
from labtracker.roster import queries
from labtracker.roster.drawing.roster_sheet import TYPES, roster_sheet
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.views.blueprint import KEEPERS, blueprint, cohort_shown
from labtracker.web.edge import load_all


@blueprint.get("/cohorts/<uuid:cohort_id>/roster.<any(csv, xlsx):suffix>")
@roles(*KEEPERS)
def roster_file(cohort_id: UUID, suffix: str) -> ResponseReturnValue:
    """Who is enrolled in a cohort, as a spreadsheet that can be changed and uploaded again."""
    enrolled = queries.enrollments_visible_to(current_actor(), cohort_shown(cohort_id)).where(
        Enrollment.status == EnrollmentStatus.ENROLLED
    )
    return _file([row.worker for row in load_all(enrolled)], suffix, "roster")


@blueprint.get("/workers.<any(csv, xlsx):suffix>")
@roles(*KEEPERS)
def workers_file(suffix: str) -> ResponseReturnValue:
    """All workers who are not archived, as a spreadsheet; for the office with their employers."""
    actor = current_actor()
    working = queries.workers_visible_to(actor).where(Worker.archived_at.is_(None))
    by_name = working.order_by(Worker.family_name, Worker.given_name, Worker.id)
    found = load_all(by_name.options(joinedload(Worker.employer)))
    return _file(found, suffix, "workers", of_several=actor.has(Role.COORDINATOR))


def _file(workers: Sequence[Worker], suffix: str, name: str, *, of_several: bool = False) -> Response:
    return Response(
        roster_sheet(workers, suffix, of_several=of_several),
        content_type=TYPES[suffix],
        headers={
            "Content-Disposition": f"attachment; filename={name}.{suffix}",
            "Cache-Control": "no-store",
        },
    )
