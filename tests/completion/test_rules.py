"""The completion rule, case by case and in general."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.completion.rules import (
    Attended,
    CompletionState,
    Facts,
    Need,
    Policy,
    Scored,
    Signed,
    judge,
    needed_minutes,
)

DAY = date(2026, 4, 13)
POLICY = Policy(
    contact_minutes=24 * 60,
    minimum_share=Decimal("0.800"),
    assessment_required=True,
    pass_mark=70,
    required_skills=frozenset({"loto", "fillet"}),
)
FULL = Facts(
    attended=[Attended(DAY + timedelta(days=n), 360) for n in range(4)],
    scores=[Scored(DAY + timedelta(days=3), Decimal(78))],
    signed=[Signed(DAY + timedelta(days=1), "loto"), Signed(DAY + timedelta(days=2), "fillet")],
    first_session_on=DAY,
)


def test_all_met_is_complete_on_the_day_of_the_last_piece() -> None:
    verdict = judge(POLICY, FULL)
    assert verdict.state is CompletionState.COMPLETE
    assert verdict.unmet == ()
    assert verdict.completed_on == DAY + timedelta(days=3)


def test_exactly_the_share_is_enough() -> None:
    assert needed_minutes(POLICY) == 1152
    enough = replace(FULL, attended=[Attended(DAY, 1152)])
    short = replace(FULL, attended=[Attended(DAY, 1151)])
    assert judge(POLICY, enough).state is CompletionState.COMPLETE
    assert judge(POLICY, short).unmet == (Need.HOURS,)


def test_a_share_that_is_no_whole_minute_is_rounded_up() -> None:
    odd = replace(POLICY, contact_minutes=100, minimum_share=Decimal("0.333"))
    assert needed_minutes(odd) == 34


def test_the_best_attempt_counts() -> None:
    tried = replace(FULL, scores=[Scored(DAY, Decimal(91)), Scored(DAY + timedelta(days=9), Decimal(12))])
    assert judge(POLICY, tried).score == 91
    assert judge(POLICY, tried).completed_on == DAY + timedelta(days=3)


def test_what_is_missing_is_named_in_order() -> None:
    assert judge(POLICY, Facts()).unmet == (Need.HOURS, Need.ASSESSMENT, Need.SKILLS)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(), CompletionState.IN_PROGRESS),
        (Facts(closed_out=True), CompletionState.NO_SHOW),
        (Facts(attended=[Attended(DAY, 5)], closed_out=True), CompletionState.INCOMPLETE),
        (Facts(withdrawn_on=DAY), CompletionState.WITHDRAWN),
        (Facts(withdrawn_on=DAY, closed_out=True), CompletionState.WITHDRAWN),
        (replace(FULL, withdrawn_on=DAY + timedelta(days=30)), CompletionState.COMPLETE),
        (Facts(attended=[Attended(DAY, 5)], override=True, override_on=DAY), CompletionState.COMPLETE),
        (replace(FULL, override=False, override_on=DAY), CompletionState.INCOMPLETE),
    ],
)
def test_states(facts: Facts, state: CompletionState) -> None:
    assert judge(POLICY, facts).state is state


def test_leaving_before_the_first_session_leaves_both_denominators() -> None:
    before = Facts(withdrawn_on=DAY - timedelta(days=1), first_session_on=DAY, closed_out=True)
    after = replace(before, withdrawn_on=DAY)
    assert not judge(POLICY, before).is_counted
    assert judge(POLICY, after).is_counted
    assert not judge(POLICY, after).is_starter


def test_a_withdrawn_starter_stays_a_starter() -> None:
    left = Facts(attended=[Attended(DAY, 60)], withdrawn_on=DAY + timedelta(days=1), first_session_on=DAY)
    assert judge(POLICY, left).is_starter


def test_attendance_alone_can_be_the_policy() -> None:
    alone = replace(POLICY, assessment_required=False, required_skills=frozenset())
    assert judge(alone, Facts(attended=[Attended(DAY, 1440)])).state is CompletionState.COMPLETE


VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "learning.json").read_text())


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_attempts_and_levels(case: dict[str, Any]) -> None:
    levels = {one["id"]: one["needed_level"] for one in VECTORS["skills"] if one["needed_level"]}
    asked = {"needed_levels": levels, "required_skills": frozenset({"plain", "graded"}), **case["policy"]}
    policy = replace(POLICY, **asked)
    scores = [Scored(DAY, Decimal(str(points)), minute) for minute, points in case["scores"]]
    for order in (scores, scores[::-1]):
        verdict = judge(policy, Facts(scores=order, signed=[Signed(DAY, *one) for one in case["signed"]]))
        assert {
            "score": None if verdict.score is None else float(verdict.score),
            "passed": Need.ASSESSMENT not in verdict.unmet,
            "weighed": verdict.attempts,
            "levels": verdict.skill_levels,
            "signed": sorted(verdict.signed_skills),
        } == case["expect"]


@pytest.mark.parametrize(
    ("last_counts", "day"), [(False, DAY), (True, DAY + timedelta(days=2))], ids=["best", "last"]
)
def test_a_test_is_passed_on_the_day_since_which_it_is(last_counts: bool, day: date) -> None:
    points = (75, 60, 80, 90)
    scores = [Scored(DAY + timedelta(days=number), Decimal(one)) for number, one in enumerate(points)]
    tried = Facts(attended=[Attended(DAY, 1440)], scores=scores)
    policy = replace(POLICY, required_skills=frozenset(), last_counts=last_counts)
    assert judge(policy, tried).completed_on == day


def test_a_skill_is_signed_on_the_day_of_the_level_it_needs() -> None:
    policy = replace(POLICY, needed_levels={"fillet": 3})
    signed = [Signed(DAY, "loto"), Signed(DAY, "fillet", 2), Signed(DAY + timedelta(days=8), "fillet", 3)]
    assert judge(policy, replace(FULL, signed=signed)).completed_on == DAY + timedelta(days=8)


facts_strategy = st.builds(
    Facts,
    attended=st.lists(st.builds(Attended, on=st.dates(), minutes=st.integers(0, 600)), max_size=6),
    scores=st.lists(st.builds(Scored, on=st.dates(), score=st.decimals(0, 100, places=1)), max_size=4),
    signed=st.lists(
        st.builds(Signed, on=st.dates(), skill=st.sampled_from(["loto", "fillet", "x"])), max_size=5
    ),
    withdrawn_on=st.none() | st.dates(),
    first_session_on=st.none() | st.dates(),
    closed_out=st.booleans(),
)


@given(facts_strategy, st.integers(1, 600), st.dates())
def test_more_time_never_takes_a_completion_away(facts: Facts, minutes: int, day: date) -> None:
    more = replace(facts, attended=[*facts.attended, Attended(day, minutes)])
    if judge(POLICY, facts).state is CompletionState.COMPLETE:
        assert judge(POLICY, more).state is CompletionState.COMPLETE


@given(facts_strategy)
def test_completed_has_a_day_and_nothing_else_has(facts: Facts) -> None:
    verdict = judge(POLICY, facts)
    assert (verdict.completed_on is not None) == (verdict.state is CompletionState.COMPLETE)
    assert (verdict.state is CompletionState.COMPLETE) == (not verdict.unmet)


@given(facts_strategy, st.randoms())
def test_the_order_of_facts_does_not_matter(facts: Facts, random: object) -> None:
    def shuffled(items: object) -> list:  # type: ignore[type-arg]
        some = list(items)  # type: ignore[call-overload]
        random.shuffle(some)  # type: ignore[attr-defined]
        return some

    other = replace(
        facts,
        attended=shuffled(facts.attended),
        scores=shuffled(facts.scores),
        signed=shuffled(facts.signed),
    )
    assert judge(POLICY, facts) == judge(POLICY, other)
