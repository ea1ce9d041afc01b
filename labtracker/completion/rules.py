"""Whether a worker has completed: the policy, the facts, the judgement. Nothing else decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class CompletionState(StrEnum):
    """Where an enrollment stands."""

    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    WITHDRAWN = "withdrawn"
    NO_SHOW = "no_show"


class Standing(StrEnum):
    """Where a worker stands in the eyes of the employer, the most pressing first."""

    AT_RISK = "at_risk"
    IN_TRAINING = "in_training"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"


class Need(StrEnum):
    """What a policy can ask for."""

    HOURS = "hours"
    ASSESSMENT = "assessment"
    SKILLS = "skills"


@dataclass(frozen=True)
class Policy:
    """What a cohort's completion asks for, frozen when its first session was held.

    ``needed_levels`` has the level from which each skill on a scale counts. Attempts beyond ``max_attempts``
    do not count; of the others the best does, or the last (``last_counts``).
    """

    contact_minutes: int
    minimum_share: Decimal
    assessment_required: bool
    pass_mark: int
    required_skills: frozenset[str] = frozenset()
    needed_levels: Mapping[str, int] = field(default_factory=dict)
    max_attempts: int | None = None
    last_counts: bool = False


@dataclass(frozen=True)
class Attended:
    """Credited minutes of one session, by the local day on which it was held."""

    on: date
    minutes: int


@dataclass(frozen=True)
class Scored:
    """One attempt at the assessment: its day and its points of 100.

    ``at_ms`` and ``id``, the event's, tell the order of attempts on one day.
    """

    on: date
    score: Decimal
    at_ms: int = 0
    id: str = ""


@dataclass(frozen=True)
class Signed:
    """One skill signed off, and the day.

    Without a ``level`` it counts as signed, whatever the scale: so older phones tell it.
    """

    on: date
    skill: str
    level: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one enrollment. ``override`` is a coordinator's latest decision, if any."""

    attended: Sequence[Attended] = ()
    scores: Sequence[Scored] = ()
    signed: Sequence[Signed] = ()
    withdrawn_on: date | None = None
    first_session_on: date | None = None
    closed_out: bool = False
    override: bool | None = None
    override_on: date | None = None

    @property
    def credited_minutes(self) -> int:
        """All credited minutes together."""
        return sum(item.minutes for item in self.attended)


@dataclass(frozen=True)
class Judgement:
    """What the rule says of one enrollment.

    ``score`` is that of the attempt that counts, ``attempts`` how many were weighed. ``skill_levels`` has the
    highest level of each skill that was signed off, 0 where it has no scale; ``signed_skills`` are those of
    the required ones that reached theirs. ``is_starter`` says whether the worker stands in the completion
    rate's denominator; ``is_counted`` whether in the no-show rate's (withdrawn before the first session
    leaves both). ``unmet`` names what is missing, in the order hours, assessment, skills.
    """

    state: CompletionState
    credited_minutes: int
    needed_minutes: int
    score: Decimal | None
    attempts: int
    skill_levels: dict[str, int]
    signed_skills: frozenset[str]
    unmet: tuple[Need, ...]
    is_starter: bool
    is_counted: bool
    completed_on: date | None
    overridden: bool


def needed_minutes(policy: Policy) -> int:
    """The fewest whole credited minutes that reach the minimum share of the contact hours."""
    exact = Fraction(policy.minimum_share) * policy.contact_minutes
    return -(-exact.numerator // exact.denominator)


def judge(policy: Policy, facts: Facts) -> Judgement:
    """Decide one enrollment's state from its cohort's policy and the facts.

    A policy that is met is met, also after a later withdrawal. An override wins over the rule but never
    makes a starter of somebody who was not there.
    """
    needed = needed_minutes(policy)
    credited = facts.credited_minutes
    attempts = weighed_attempts(policy, facts.scores)
    decisive = deciding_attempt(policy, attempts)
    levels = _levels(policy, facts.signed)
    signed = frozenset(
        skill for skill, level in levels.items() if level >= policy.needed_levels.get(skill, 0)
    )
    unmet = tuple(
        need
        for need, met in (
            (Need.HOURS, credited >= needed),
            (
                Need.ASSESSMENT,
                not policy.assessment_required
                or (decisive is not None and decisive.score >= policy.pass_mark),
            ),
            (Need.SKILLS, policy.required_skills <= signed),
        )
        if not met
    )
    met_on = None if unmet else _met_on(policy, facts, needed)
    state = _state(facts, credited, is_met=not unmet)
    left_before = (
        facts.withdrawn_on is not None
        and credited == 0
        and (facts.first_session_on is None or facts.withdrawn_on < facts.first_session_on)
    )
    return Judgement(
        state=state,
        credited_minutes=credited,
        needed_minutes=needed,
        score=decisive.score if decisive else None,
        attempts=len(attempts),
        skill_levels=levels,
        signed_skills=signed & policy.required_skills,
        unmet=unmet,
        is_starter=credited > 0,
        is_counted=not left_before,
        completed_on=(met_on or facts.override_on) if state is CompletionState.COMPLETE else None,
        overridden=facts.override is not None,
    )


def weighed_attempts(policy: Policy, scores: Sequence[Scored]) -> list[Scored]:
    """The attempts that are weighed, in their order: the first ones, as many as the policy allows."""
    in_order = sorted(scores, key=lambda item: (item.on, item.at_ms, item.id, item.score))
    return in_order[: policy.max_attempts]


def deciding_attempt(policy: Policy, attempts: Sequence[Scored]) -> Scored | None:
    """The attempt that counts, of those weighed: the last, or the first of the best."""
    if policy.last_counts:
        return attempts[-1] if attempts else None
    return max(attempts, key=lambda item: item.score, default=None)


def _levels(policy: Policy, signed: Sequence[Signed]) -> dict[str, int]:
    levels: dict[str, int] = {}
    for item in signed:
        levels[item.skill] = max(levels.get(item.skill, 0), _level_of(policy, item))
    return levels


def _level_of(policy: Policy, item: Signed) -> int:
    needed = policy.needed_levels.get(item.skill, 0)
    # What has no scale has no levels, whatever a phone with another course in its hands said.
    return needed if item.level is None or not needed else item.level


def _state(facts: Facts, credited: int, *, is_met: bool) -> CompletionState:
    complete = is_met if facts.override is None else facts.override
    if complete:
        return CompletionState.COMPLETE
    if facts.withdrawn_on is not None:
        return CompletionState.WITHDRAWN
    if not facts.closed_out and facts.override is None:
        return CompletionState.IN_PROGRESS
    return CompletionState.INCOMPLETE if credited else CompletionState.NO_SHOW


def _met_on(policy: Policy, facts: Facts, needed: int) -> date | None:
    """The day on which the last missing piece came: this is what PIRL 1308 reports."""
    days = [_hours_met_on(facts, needed)]
    if policy.assessment_required:
        days.append(_passed_on(policy, weighed_attempts(policy, facts.scores)))
    for skill in policy.required_skills:
        needed = policy.needed_levels.get(skill, 0)
        of_it = (item for item in facts.signed if item.skill == skill)
        days.append(min(item.on for item in of_it if _level_of(policy, item) >= needed))
    known = [day for day in days if day is not None]
    return max(known, default=None)


def _passed_on(policy: Policy, attempts: Sequence[Scored]) -> date:
    """The day of the first attempt since which it is passed."""
    passed = attempts[-1].on
    for item in reversed(attempts):
        if item.score >= policy.pass_mark:
            passed = item.on
        elif policy.last_counts:
            break
    return passed


def _hours_met_on(facts: Facts, needed: int) -> date | None:
    total = 0
    for item in sorted(facts.attended, key=lambda attended: attended.on):
        total += item.minutes
        if total >= needed:
            return item.on
    return None


def is_at_risk(*, credited: int, held: int, needed: int, contact: int) -> bool:
    """Whether somebody in training has so far missed more than the policy lets one miss.

    All in minutes: credited to the worker, held by the cohort in sessions that are closed, needed for
    completion, and the whole course. A session that is still open counts for nobody.
    """
    return credited * contact < needed * held


def standing_of(state: str, *, at_risk: bool) -> Standing:
    """Where a worker with this state of completion stands."""
    if state == CompletionState.IN_PROGRESS:
        return Standing.AT_RISK if at_risk else Standing.IN_TRAINING
    return Standing.COMPLETED if state == CompletionState.COMPLETE else Standing.NOT_COMPLETED
