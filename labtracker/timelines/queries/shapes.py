"""What a timeline is made of, as its page reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from labtracker.checkin.queries.pages import Logged
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort, Session
from labtracker.timelines.rules import Kind


@dataclass(frozen=True)
class Fact:
    """One fact: ``code`` says what, ``about`` whom or what (a name, a badge's code, a file, field names).

    A record of a phone or of a page is in ``logged``, and what took it back, if anything did, in ``taken``.
    """

    at: datetime
    kind: Kind
    code: str
    by: str | None = None
    why: str | None = None
    about: str = ""
    cohort: Cohort | None = None
    session: Session | None = None
    logged: Logged | None = None
    taken: Logged | None = None


@dataclass
class Group:
    """What the facts of one worker share: cohorts by enrollment, sessions, and names of people."""

    enrollments: dict[UUID, Enrollment]
    sessions: dict[UUID, Session] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)

    def cohort_of(self, enrollment_id: UUID | None) -> Cohort | None:
        """The cohort of an enrollment."""
        found = self.enrollments.get(enrollment_id) if enrollment_id else None
        return found.cohort if found else None

    def skills(self) -> dict[str, dict[str, Any]]:
        """Every skill of these cohorts by its id."""
        return {
            str(skill["id"]): skill
            for enrollment in self.enrollments.values()
            for skill in enrollment.cohort.skills
        }
