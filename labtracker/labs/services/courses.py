"""Courses and their skills: add, change, archive, bring back, delete while unused."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.labs.models import Course, Skill
from labtracker.labs.queries import details_of_course
from labtracker.labs.rules import CourseDetails, SkillDetails
from labtracker.labs.services.saving import begin_change, delete_unused, record, saving, touch

PLAIN = (
    "code", "title", "title_es", "contact_hours", "credential", "description", "minimum_share",
    "assessment_required", "pass_mark", "grace_minutes", "assessment_title", "assessment_title_es",
    "max_attempts", "attempt_counts",
)  # fmt: skip


def add_course(details: CourseDetails, *, actor: Person, now: datetime) -> Course:
    """Add a course with its skills."""
    _refuse_doubles(details, besides=None)
    _refuse_unknown_levels(details)
    course = Course(created_at=now)
    with saving():
        db.session.add(course)
        _write(course, details)
    record("added", course, actor=actor, now=now)
    return course


def change_course(
    course: Course, details: CourseDetails, *, version: int | None, actor: Person, now: datetime
) -> list[str]:
    """Change a course as its editor saw it in that version; returns the names of the changed fields.

    Cohorts that have begun keep the policy they froze.
    """
    changed = begin_change(course, details_of_course(course), details, version=version)
    if not changed:
        return []
    _refuse_doubles(details, besides=course)
    _refuse_unknown_levels(details)
    with saving():
        _write(course, details)
        touch(course)
        record("changed", course, actor=actor, now=now, fields=changed)
    return changed


def archive_course(course: Course, *, actor: Person, now: datetime) -> None:
    """Take a course out of what is offered; cohorts on it stay."""
    if course.archived_at is None:
        course.archived_at = now
        record("archived", course, actor=actor, now=now)
        db.session.flush()


def restore_course(course: Course, *, actor: Person, now: datetime) -> None:
    """Offer an archived course again."""
    if course.archived_at is not None:
        course.archived_at = None
        record("restored", course, actor=actor, now=now)
        db.session.flush()


def delete_course(course: Course, *, actor: Person, now: datetime) -> None:
    """Delete a course that no booking or cohort refers to."""
    delete_unused(course, actor=actor, now=now)


def _write(course: Course, details: CourseDetails) -> None:
    for name in PLAIN:
        setattr(course, name, getattr(details, name))
    course.skill_levels = [{"title": title, "title_es": title_es} for title, title_es in details.skill_levels]
    kept = {skill.code: skill for skill in course.skills}
    # A skill keeps its row as long as it keeps its code, so that sign-offs still name it.
    course.skills = [
        _skill(kept.get(skill.code) or Skill(code=skill.code), skill, position)
        for position, skill in enumerate(details.skills, start=1)
    ]


def _skill(row: Skill, details: SkillDetails, position: int) -> Skill:
    row.title, row.title_es, row.required = details.title, details.title_es, details.required
    row.needed_level, row.position = details.needed_level, position
    return row


def _refuse_doubles(details: CourseDetails, besides: Course | None) -> None:
    query = sa.select(Course.id).where(sa.func.lower(Course.code) == details.code.lower())
    if any(besides is None or found != besides.id for found in db.session.scalars(query)):
        raise DomainError("code_taken", _("There is already a course with this code."), field="code")
    codes = [skill.code for skill in details.skills]
    for code in codes:
        if codes.count(code) > 1:
            raise DomainError(
                "skill_twice", _("The skill code %(code)s is there twice.", code=code), field="skills"
            )


def _refuse_unknown_levels(details: CourseDetails) -> None:
    for skill in details.skills:
        if skill.needed_level is not None and not 1 <= skill.needed_level <= len(details.skill_levels):
            raise DomainError(
                "level_unknown",
                _(
                    "The skill %(code)s asks for level %(level)s, which is not among the levels.",
                    code=skill.code,
                    level=skill.needed_level,
                ),
                field="skills",
            )
