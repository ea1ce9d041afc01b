"""Which session a scan belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

AROUND_MS = 60 * 60_000  # a session may be scanned for from an hour before it to an hour after


@dataclass(frozen=True, slots=True)
class CandidateSession:
    """What the choice needs to know of a session."""

    id: str
    cohort: str
    course: str
    place: str
    starts_ms: int
    ends_ms: int
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The session chosen, the worker's own cohort that it counts for, and what is odd about it."""

    session: str | None
    cohort: str | None
    make_up: bool
    not_enrolled: bool


def choose_session(
    at_ms: int,
    open_card: CandidateSession | None,
    sessions: Iterable[CandidateSession],
    cohorts: Mapping[str, str],
) -> Choice:
    """Choose among ``sessions`` for a worker whose ``cohorts`` (id to course) are given.

    Own cohort first, whichever card is open; then another cohort of the same course as a make-up; then
    the open card, in which the worker is not enrolled.
    """
    near = [
        session
        for session in sessions
        if not session.cancelled
        and (open_card is None or session.place == open_card.place)
        and session.starts_ms - AROUND_MS <= at_ms <= session.ends_ms + AROUND_MS
    ]

    def nearest(found: list[CandidateSession]) -> CandidateSession:
        return min(found, key=lambda one: (abs(one.starts_ms - at_ms), one.starts_ms, one.id))

    own = [session for session in near if session.cohort in cohorts]
    if own:
        chosen = nearest(own)
        return Choice(chosen.id, chosen.cohort, make_up=False, not_enrolled=False)
    courses = set(cohorts.values())
    same_course = [session for session in near if session.course in courses]
    if same_course:
        among = [session for session in same_course if open_card is not None and session.id == open_card.id]
        chosen = among[0] if among else nearest(same_course)
        return Choice(chosen.id, own_cohort_of(chosen.course, cohorts), make_up=True, not_enrolled=False)
    if open_card is None:
        return Choice(None, None, make_up=False, not_enrolled=True)
    if open_card.cohort in cohorts:
        return Choice(open_card.id, open_card.cohort, make_up=False, not_enrolled=False)
    return Choice(open_card.id, None, make_up=False, not_enrolled=True)


def own_cohort_of(course: str, cohorts: Mapping[str, str]) -> str | None:
    """The worker's own cohort of a course: the newest, as ids grow with time."""
    return max((cohort for cohort, taught in cohorts.items() if taught == course), default=None)
