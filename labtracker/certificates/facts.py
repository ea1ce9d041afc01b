"""What stands on a certificate, gathered for many enrollments at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from labtracker.certificates.models import Certificate
from labtracker.checkin.models import ATTENDANCE
from labtracker.completion.models import Completion
from labtracker.extensions import db
from labtracker.kit.time import local_day
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort, Session


@dataclass(frozen=True)
class Earned:
    """One enrollment as it stands now: the worker, the cohort with its course, and the completion."""

    enrollment: Enrollment
    completion: Completion | None
    first_on: date
    last_on: date

    @property
    def cohort(self) -> Cohort:
        """The cohort, whose policy was frozen."""
        return self.enrollment.cohort

    def skills_shown(self) -> list[dict[str, Any]]:
        """The skills that were signed off at the level they ask for, those on a scale with their level."""
        levels = self.completion.skill_levels if self.completion else {}
        reached = [(skill, levels.get(str(skill["id"]))) for skill in self.cohort.skills]
        return [
            _shown(skill, level)
            for skill, level in reached
            if level is not None and level >= (skill.get("needed_level") or 0)
        ]

    def is_as_on(self, certificate: Certificate) -> bool:
        """Whether the hours and the day of completion are those that stand on a certificate."""
        if self.completion is None:
            return False
        day = self.completion.completed_on or certificate.completed_on
        minutes = self.completion.credited_minutes
        return (minutes, day) == (certificate.credited_minutes, certificate.completed_on)

    def standing_on_it(self, provider: str) -> dict[str, Any]:
        """What is copied onto a certificate, by the names of its columns."""
        cohort, worker, completion = self.cohort, self.enrollment.worker, self.completion
        return {
            "enrollment_id": self.enrollment.id,
            "name": worker.name,
            "course_title": cohort.course.title,
            "course_title_es": cohort.course.title_es,
            "award": cohort.course.credential,
            "provider": provider,
            "contact_hours": cohort.contact_hours,
            "credited_minutes": completion.credited_minutes if completion else 0,
            "skills": self.skills_shown(),
            "attendance_only": not cohort.assessment_required and not _asks_for_skills(cohort),
            "first_on": self.first_on,
            "last_on": self.last_on,
            "completed_on": (completion.completed_on if completion else None) or self.last_on,
            "language": worker.language,
        }


def earned_by(enrollment_ids: Collection[UUID]) -> list[Earned]:
    """What these enrollments earned, by the workers' names, in a number of reads that does not grow."""
    rows = db.session.execute(
        sa.select(Enrollment, Completion)
        .outerjoin(Completion, Completion.enrollment_id == Enrollment.id)
        .where(Enrollment.id.in_(enrollment_ids))
        .options(
            joinedload(Enrollment.cohort).joinedload(Cohort.course),
            joinedload(Enrollment.cohort).joinedload(Cohort.worksite),
        )
    ).unique()
    found = sorted(rows, key=lambda row: (row[0].worker.family_name, row[0].worker.given_name, row[0].id))
    attended = _span_of(ATTENDANCE.c.enrollment_id, enrollment_ids)
    planned = _span_of(Session.cohort_id, {row[0].cohort_id for row in found})
    earned = []
    for enrollment, completion in found:
        zone = enrollment.cohort.worksite.zone
        span = attended.get(enrollment.id) or planned.get(enrollment.cohort_id)
        # Nobody plans a cohort without sessions; one that was decided otherwise all the same has its own day.
        first, last = span or (enrollment.created_at, enrollment.created_at)
        earned.append(Earned(enrollment, completion, local_day(first, zone), local_day(last, zone)))
    return earned


def is_renamed(certificate: Certificate) -> bool:
    """Whether the worker has another name by now than the certificate says."""
    return certificate.name != certificate.enrollment.worker.name


def _span_of(column: Any, ids: Collection[UUID]) -> dict[UUID, tuple[Any, Any]]:
    """The first and the last beginning of a session that was attended, or was not called off, by id."""
    query = sa.select(column, sa.func.min(Session.starts_at), sa.func.max(Session.starts_at))
    if column.table is ATTENDANCE:
        query = query.select_from(ATTENDANCE).join(Session, Session.id == ATTENDANCE.c.session_id)
        query = query.where(ATTENDANCE.c.credited_minutes > 0)
    else:
        query = query.where(Session.cancelled_at.is_(None))
    rows = db.session.execute(query.where(column.in_(ids)).group_by(column))
    return {row[0]: (row[1], row[2]) for row in rows}


def _shown(skill: dict[str, Any], level: int) -> dict[str, Any]:
    shown = {"title": skill["title"], "title_es": skill.get("title_es")}
    if not skill.get("needed_level"):
        return shown
    return shown | {"level": level, **{name: skill[name] for name in ("id", "needed_level", "levels")}}


def _asks_for_skills(cohort: Cohort) -> bool:
    return any(skill.get("required", True) for skill in cohort.skills)
