"""The cohorts of a pack: what completing each asks for, and which skills are signed off there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.labs.models import Course
from labtracker.scheduling.models import Cohort

# A row of a pack with the number of its latest change and the kind of thing it tells of.
Stamped = tuple[int, str, dict[str, Any]]


def changed_cohorts(visible: sa.Select[Any], after: int) -> list[Stamped]:
    """These cohorts, as far as they or their courses changed since a stamp, each with its latest stamp."""
    rows = db.session.execute(
        sa.select(
            Cohort.id,
            Cohort.name,
            Cohort.minimum_share,
            Cohort.grace_minutes,
            Cohort.assessment_required,
            Cohort.pass_mark,
            Cohort.assessment_title,
            Cohort.assessment_title_es,
            Cohort.max_attempts,
            Cohort.attempt_counts,
            Cohort.skills,
            Cohort.asks_initials,
            Cohort.stamp,
            Course.id.label("course_id"),
            Course.code,
            Course.title,
            Course.title_es,
            Course.stamp.label("course_stamp"),
        )
        .join(Course, Course.id == Cohort.course_id)
        .where(Cohort.id.in_(visible), sa.or_(Cohort.stamp > after, Course.stamp > after))
    )
    return [(max(row.stamp, row.course_stamp), "cohorts", _cohort(row)) for row in rows]


def _cohort(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "course": course_told(row),
        "policy": _policy(row),
        "skills": [_skill(skill) for skill in row.skills],
        **({"asks_initials": True} if row.asks_initials else {}),
    }


def _policy(row: Any) -> dict[str, Any]:
    policy = {
        "minimum_share": float(row.minimum_share),
        "grace_minutes": row.grace_minutes,
        "assessment_required": row.assessment_required,
        "pass_mark": row.pass_mark,
    }
    more = {
        "assessment": row.assessment_title,
        "assessment_es": row.assessment_title_es,
        "max_attempts": row.max_attempts,
        "last_attempt_counts": row.attempt_counts == "last",
    }
    return policy | {name: value for name, value in more.items() if value}


def course_told(row: Any) -> dict[str, Any]:
    """A course as phones know it, from a row with its columns."""
    course = {"id": str(row.course_id), "code": row.code, "title": row.title}
    return course | {"title_es": row.title_es} if row.title_es else course


def _skill(skill: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": str(skill["id"]),
        "name": str(skill.get("title") or skill.get("code") or ""),
    }
    if skill.get("title_es"):
        told["name_es"] = str(skill["title_es"])
    if not skill.get("required", True):
        told["required"] = False
    if skill.get("needed_level"):
        told["needed_level"] = skill["needed_level"]
        told["levels"] = [_level(level) for level in skill["levels"]]
    return told


def _level(level: dict[str, Any]) -> dict[str, str]:
    told = {"name": level["title"]}
    return told | {"name_es": level["title_es"]} if level.get("title_es") else told
