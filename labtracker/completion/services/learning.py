"""What was learned, entered on a web page: recorded as events through the same inbox as a phone's."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.checkin.models import Event
from labtracker.checkin.queries import standing_events
from labtracker.checkin.services import record_web_event
from labtracker.completion.queries.learning import takes_back
from labtracker.errors import DomainError
from labtracker.roster.models import Enrollment

LONGEST_REASON = 500


def record_assessment(enrollment: Enrollment, *, score: Decimal, actor: Person, now: datetime) -> None:
    """Record one attempt at the assessment, 0 to 100 points.

    Raises DomainError ``score_out_of_range``, ``attempts_used_up`` or ``cohort_closed``.
    """
    if not 0 <= score <= 100:
        raise DomainError("score_out_of_range", _("Points go from 0 to 100."), field="score")
    _refuse_closed(enrollment)
    _refuse_used_up(enrollment)
    record_web_event(
        actor=actor,
        now=now,
        body={"type": "assessment", "enrollment": str(enrollment.id), "score": float(score)},
    )


def sign_off_skill(
    enrollment: Enrollment, *, skill_id: str, level: int | None = None, actor: Person, now: datetime
) -> None:
    """Record that the worker showed one of the cohort's skills, at a level where it has a scale.

    Raises DomainError ``no_such_skill``, ``level_missing``, ``no_such_level`` or ``cohort_closed``.
    """
    skills = {str(skill["id"]): skill for skill in enrollment.cohort.skills}
    if skill_id not in skills:
        raise DomainError("no_such_skill", _("This skill is not part of the course."), field="skill")
    _refuse_level(skills[skill_id], level)
    _refuse_closed(enrollment)
    shown = {"skill": skill_id} if level is None else {"skill": skill_id, "level": level}
    record_web_event(
        actor=actor, now=now, body={"type": "sign_off", "enrollment": str(enrollment.id), **shown}
    )


def take_learning_back(
    enrollment: Enrollment, event: Event, *, reason: str, actor: Person, now: datetime
) -> UUID:
    """Take an attempt or a sign-off back; it stays on record, and so does the reason.

    Raises DomainError ``reason_missing``, ``not_theirs`` or ``cohort_closed``.
    """
    _refuse_closed(enrollment)
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise DomainError("reason_missing", _("Say why; the reason stays on record."), field="reason")
    if not takes_back(actor, event):
        raise DomainError(
            "not_theirs",
            _("Only who recorded this, a trainer of that session or a coordinator takes it back."),
            status=403,
        )
    where = {"session": str(event.session_id)} if event.session_id else {}
    event_id = record_web_event(
        actor=actor, now=now, body={"type": "void", "target": str(event.id), "reason": reason, **where}
    )
    record_audit(actor, "learning_taken_back", "enrollment", enrollment.id, now, kind=event.type)
    return event_id


def _refuse_level(skill: dict[str, Any], level: int | None) -> None:
    levels = skill.get("levels") or []
    if levels and level is None:
        raise DomainError("level_missing", _("Say at which level this skill was shown."), field="level")
    if level is not None and not 1 <= level <= len(levels):
        message = _("This skill has no such level.") if levels else _("This skill has no levels.")
        raise DomainError("no_such_level", message, field="level")


def _refuse_used_up(enrollment: Enrollment) -> None:
    most = enrollment.cohort.max_attempts
    tried = len(standing_events(enrollment_ids=[enrollment.id], types=("assessment",))) if most else 0
    if most and tried >= most:
        raise DomainError(
            "attempts_used_up",
            ngettext(
                "%(num)s attempt is allowed, and it was made. Take it back first if it was a mistake.",
                "%(num)s attempts are allowed, and all were made. Take back first what was a mistake.",
                most,
            ),
            field="score",
        )


def _refuse_closed(enrollment: Enrollment) -> None:
    if enrollment.cohort.closed_out_at is not None:
        raise DomainError(
            "cohort_closed", _("This cohort is closed out. A coordinator has to open it again first.")
        )
