"""Whether a site is ready for a lab: what is asked, what answers come to, which checks count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.labs.rules.needs import ITEMS, PROFILE, Item, Kind, Profile, Question, questions
from labtracker.labs.rules.readiness import (
    Check,
    Finding,
    Standing,
    Verdict,
    expiry_of,
    is_met,
    judge,
    sound_answers,
    standing,
)

DAY = date(2026, 5, 4)
RANK = {Verdict.NOT_READY: 0, Verdict.INCOMPLETE: 1, Verdict.CONDITIONS: 2, Verdict.READY: 3}
WELDING = Profile(
    needs={"surface": ["concrete", "asphalt"], "volts": ["240"], "restrooms": True, "fire_lane": True},
    length_ft=53,
    height_ft=Decimal("13.5"),
    power_kw=60,
)
GOOD: dict[str, Any] = {
    "pad_length_ft": 60,
    "clearance_ft": 14,
    "power_kw": 60,
    "surface": "asphalt",
    "volts": "240",
    "restrooms": True,
    "fire_lane": True,
}


def keys(profile: Profile) -> list[str]:
    return [one.key for one in questions(profile)]


def test_only_what_a_lab_needs_is_asked() -> None:
    assert keys(WELDING) == [
        "pad_length_ft", "surface", "clearance_ft", "power_kw", "volts", "fire_lane", "restrooms",
    ]  # fmt: skip
    assert next(one.wanted for one in questions(WELDING) if one.key == "clearance_ft") == 14
    wet = Profile(needs={}, needs_water=True)
    assert keys(wet) == ["water"]
    needs = {"volts": ["480"], "lock_out": True, "wifi": True}
    own_power = Profile(needs=needs, power_kw=100, has_generator=True)
    assert keys(own_power) == ["wifi"]


def test_a_lab_whose_needs_nobody_told_asks_nothing_and_garbage_in_them_is_left_out() -> None:
    assert keys(Profile(needs=None, length_ft=53)) == []
    spoilt = {"pad_width_ft": "12", "slope_percent": True, "surface": ["moss"], "drain": "yes", "moon": 1}
    assert keys(Profile(needs=spoilt)) == []


def test_a_site_is_ready_or_ready_with_conditions_or_not_ready() -> None:
    asked = questions(WELDING)
    assert judge(asked, GOOD).verdict is Verdict.READY
    short = judge(asked, {**GOOD, "pad_length_ft": 48, "restrooms": False, "surface": "gravel"})
    assert short.verdict is Verdict.CONDITIONS
    assert short.conditions == (
        Finding("pad_length_ft", 53, 48),
        Finding("surface", ("concrete", "asphalt"), "gravel"),
        Finding("restrooms", True, False),
    )
    tiny = judge(asked, {**GOOD, "pad_length_ft": 40, "fire_lane": False, "volts": "480"})
    assert tiny.verdict is Verdict.NOT_READY
    assert [one.key for one in tiny.reasons] == ["pad_length_ft", "volts", "fire_lane"]
    half = judge(asked, {"pad_length_ft": 60})
    assert half.verdict is Verdict.INCOMPLETE
    assert half.unanswered == ("surface", "clearance_ft", "power_kw", "volts", "fire_lane", "restrooms")


def test_a_low_wire_is_no_matter_of_conditions() -> None:
    assert judge(questions(WELDING), {**GOOD, "clearance_ft": 13}).verdict is Verdict.NOT_READY


@pytest.mark.parametrize(
    ("checked", "wished", "until"),
    [
        (date(2026, 5, 4), None, date(2027, 5, 4)),
        (date(2026, 5, 4), date(2026, 8, 1), date(2026, 8, 1)),
        (date(2026, 5, 4), date(2029, 1, 1), date(2027, 5, 4)),
        (date(2028, 2, 29), None, date(2029, 2, 28)),
    ],
)
def test_a_check_holds_a_year_or_less(checked: date, wished: date | None, until: date) -> None:
    assert expiry_of(checked, wished) == until


def test_a_check_for_another_lab_counts_where_it_meets_every_need() -> None:
    asked = questions(WELDING)
    other = Check(False, GOOD, DAY)
    assert is_met(standing(asked, [other], DAY), DAY)
    partial = standing(asked, [Check(False, {"pad_length_ft": 60}, DAY)], DAY)
    assert not is_met(partial, DAY)
    assert partial.judgement is not None
    assert "volts" in partial.judgement.unanswered
    conditional = Check(False, {**GOOD, "restrooms": False}, DAY, [Finding("restrooms", True, False)])
    assert not is_met(standing(asked, [conditional], DAY), DAY)
    assert standing(asked, [], DAY) == Standing()


def test_the_newest_check_for_the_lab_itself_has_the_word_while_it_holds() -> None:
    asked = questions(WELDING)
    bad = Check(True, {**GOOD, "fire_lane": False}, DAY)
    assert not is_met(standing(asked, [bad, Check(True, GOOD, DAY), Check(False, GOOD, DAY)], DAY), DAY)
    later = DAY + timedelta(days=1)
    lapsed = standing(asked, [Check(True, GOOD, DAY)], later)
    assert lapsed.expires_on == DAY
    assert not is_met(lapsed, later)
    assert is_met(standing(asked, [Check(True, GOOD, DAY), Check(False, GOOD, later)], later), later)


def test_conditions_are_accepted_one_by_one_and_for_these_figures_alone() -> None:
    asked = questions(WELDING)
    short = {**GOOD, "pad_length_ft": 50}
    accepted = Finding("pad_length_ft", 53, 50)
    assert not is_met(standing(asked, [Check(True, short, DAY)], DAY), DAY)
    assert is_met(standing(asked, [Check(True, short, DAY, [accepted])], DAY), DAY)
    longer = questions(Profile(needs=WELDING.needs, length_ft=54, height_ft=WELDING.height_ft, power_kw=60))
    assert not is_met(standing(longer, [Check(True, short, DAY, [accepted])], DAY), DAY)


def test_answers_that_cannot_be_are_left_out() -> None:
    told = {"pad_length_ft": "60", "amps": -1, "phase": 4, "water": 1, "surface": "moss", "wifi": False}
    assert sound_answers(told) == {"wifi": False}
    assert sound_answers([1]) == {}


# --- for any lab and any site -------------------------------------------------------------------------


def needs_of(item: Item) -> st.SearchStrategy[Any]:
    if item.kind is Kind.YES:
        return st.just(True)
    if item.kind is Kind.ONE_OF:
        return st.lists(st.sampled_from(item.choices), min_size=1, unique=True)
    return st.integers(1, item.highest)


def answers_to(item: Item) -> st.SearchStrategy[Any]:
    if item.kind is Kind.YES:
        return st.booleans()
    if item.kind is Kind.ONE_OF:
        return st.sampled_from(item.choices)
    return st.integers(0, item.highest)


profiles = st.builds(
    Profile,
    needs=st.fixed_dictionaries({}, optional={item.key: needs_of(item) for item in PROFILE}),
    weight_lb=st.none() | st.integers(1000, 100_000),
    power_kw=st.none() | st.integers(0, 500),
    has_generator=st.booleans(),
    needs_water=st.booleans(),
)
sites = st.fixed_dictionaries({}, optional={key: answers_to(item) for key, item in ITEMS.items()})


def better(question: Question, offered: Any) -> Any:
    """An answer that suits the lab at least as well."""
    if question.item.kind is Kind.YES:
        return True
    if question.item.kind is Kind.ONE_OF:
        wanted = question.wanted
        assert isinstance(wanted, tuple)
        return offered if offered in wanted else wanted[0]
    return offered + 1 if question.item.kind is Kind.AT_LEAST else max(0, offered - 1)


@given(profiles, sites, st.data())
def test_a_better_site_is_never_less_ready(
    profile: Profile, site: dict[str, Any], data: st.DataObject
) -> None:
    asked = questions(profile)
    answered = [one for one in asked if one.key in site]
    if not answered:
        return
    before = judge(asked, site)
    chosen = data.draw(st.sampled_from(answered))
    after = judge(asked, {**site, chosen.key: better(chosen, site[chosen.key])})
    assert RANK[after.verdict] >= RANK[before.verdict]
    assert len(after.conditions) + len(after.reasons) <= len(before.conditions) + len(before.reasons)


@given(profiles, sites)
def test_nothing_is_covered_that_was_not_answered(profile: Profile, site: dict[str, Any]) -> None:
    asked = questions(profile)
    found = judge(asked, site)
    told = {*found.unanswered, *(one.key for one in (*found.conditions, *found.reasons))}
    assert set(found.unanswered) == {one.key for one in asked} - set(site)
    assert (found.verdict is Verdict.READY) == (not told)
    covers = is_met(standing(asked, [Check(False, site, DAY)], DAY), DAY)
    assert covers == (not told)


@given(profiles, profiles, sites)
def test_a_lab_that_needs_less_is_covered_by_a_check_that_suits_one_that_needs_more(
    more: Profile, other: Profile, site: dict[str, Any]
) -> None:
    asked = questions(more)
    fewer = [one for one in asked if one.key in {two.key for two in questions(other)}]
    if judge(asked, site).verdict is Verdict.READY:
        assert is_met(standing(fewer, [Check(False, site, DAY)], DAY), DAY)
