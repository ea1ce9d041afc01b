"""Under which other ids phones may know a worker of whom there were several records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.roster.models import Badge, Enrollment, Worker


@dataclass(slots=True)
class Others:
    """Under which other ids phones may know a worker: as a walk-in, by badge, by an enrollment set aside."""

    walk_ins: set[str] = field(default_factory=set)
    badges: set[str] = field(default_factory=set)
    enrollments: dict[UUID, set[str]] = field(default_factory=dict)

    def told_in(self, cohort_id: UUID) -> dict[str, list[str]]:
        """What a phone hears of it with the worker's enrollment in a cohort."""
        told = {
            "walk_ins": sorted(self.walk_ins),
            "other_badges": sorted(self.badges),
            "other_enrollments": sorted(self.enrollments.get(cohort_id, ())),
        }
        return {name: ids for name, ids in told.items() if ids}


def others_of(in_view: sa.Select[Any]) -> dict[UUID, Others]:
    """By worker: what stems from walk-ins, their own or recognised, and from who was merged into them."""
    found: dict[UUID, Others] = {}
    true_id = sa.func.coalesce(Worker.merged_into_id, Worker.id)
    is_merged = Worker.merged_into_id.is_not(None)
    printed = sa.and_(Badge.worker_id == Worker.id, Badge.revoked_at.is_(None), is_merged)
    rows = db.session.execute(
        sa.select(
            Worker.id,
            Worker.is_walk_in,
            true_id.label("true_id"),
            Badge.badge_hash,
            Enrollment.id.label("enrollment_id"),
            Enrollment.cohort_id,
        )
        .outerjoin(Badge, printed)
        .outerjoin(Enrollment, sa.and_(Enrollment.worker_id == Worker.id, is_merged))
        .where(sa.or_(Worker.is_walk_in, is_merged), true_id.in_(in_view))
    )
    for row in rows:
        others = found.setdefault(row.true_id, Others())
        if row.is_walk_in:
            others.walk_ins.add(str(row.id))
        if row.badge_hash:
            others.badges.add(row.badge_hash)
        if row.enrollment_id:
            others.enrollments.setdefault(row.cohort_id, set()).add(str(row.enrollment_id))
    return found
