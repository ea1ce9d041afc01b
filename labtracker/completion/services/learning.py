"""What was learned, entered on a web page: recorded as events through the same inbox as a phone's."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.checkin.services import record_web_event
from labtracker.errors import DomainError
from labtracker.roster.models import Enrollment


def record_assessment(enrollment: Enrollment, *, score: Decimal, actor: Person, now: datetime) -> None:
    """Record one attempt at the assessment, 0 to 100 points.

    Raises DomainError ``score_out_of_range`` or ``cohort_closed``.
    """
    if not 0 <= score <= 100:
        raise DomainError("score_out_of_range", _("Points go from 0 to 100."), field="score")
    _refuse_closed(enrollment)
    record_web_event(
        actor=actor,
        now=now,
        body={"type": "assessment", "enrollment": str(enrollment.id), "score": float(score)},
    )


def sign_off_skill(enrollment: Enrollment, *, skill_id: str, actor: Person, now: datetime) -> None:
    """Record that the worker showed one of the cohort's skills.

    Raises DomainError ``no_such_skill`` or ``cohort_closed``.
    """
    if skill_id not in {str(skill["id"]) for skill in enrollment.cohort.skills}:
        raise DomainError("no_such_skill", _("This skill is not part of the course."), field="skill")
    _refuse_closed(enrollment)
    record_web_event(
        actor=actor, now=now, body={"type": "sign_off", "enrollment": str(enrollment.id), "skill": skill_id}
    )


def _refuse_closed(enrollment: Enrollment) -> None:
    if enrollment.cohort.closed_out_at is not None:
        raise DomainError(
            "cohort_closed", _("This cohort is closed out. Ask a coordinator to open it again first.")
        )
