"""What about check-ins is worth a look, told from the set of them alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.checkin.rules.flags import BURST_BADGES, Flag, Sighting, flags
from labtracker.kit.geography import Point

MINUTE = 60_000
# Pueblo and Lamar are about 150 miles apart by road, the gate a short walk from the mill.
PLACES = {
    "mill": Point(38.23, -104.61),
    "gate": Point(38.231, -104.612),
    "lamar": Point(38.09, -102.62),
    "lot": None,
}
ENDS = {"mill-1": 480 * MINUTE, "gate-1": 480 * MINUTE, "lamar-1": 480 * MINUTE, "lot-1": 480 * MINUTE}


def seen(minutes: float, place: str, type: str = "check_in", **more: Any) -> Sighting:
    name = f"{minutes}-{place}-{type}-{more.get('who', 'ana')}"
    told = {"who": "ana", "device": f"{place}-phone", "session": f"{place}-1", "method": "scan", **more}
    return Sighting(id=name, hash=name, type=type, at_ms=round(minutes * MINUTE), place=place, **told)


def kinds(*sightings: Sighting) -> list[str]:
    return [flag.kind for flag in flags(sightings, PLACES, ENDS)]


def test_a_usual_day_is_not_worth_a_look() -> None:
    out = "check_out"
    assert kinds(seen(0, "mill"), seen(230, "mill", out), seen(400, "lamar"), seen(480, "lamar", out)) == []
    assert kinds(seen(0, "mill"), seen(1, "mill"), seen(2, "mill", out)) == []


def test_in_at_two_worksites_at_once() -> None:
    here, there = seen(0, "mill"), seen(200, "lamar")
    left = [seen(300, "mill", "check_out"), seen(400, "lamar", "check_out")]
    (flag,) = flags([here, there, *left], PLACES, ENDS)
    assert (flag.kind, flag.first, flag.second) == ("two_places", here, there)
    assert flag.miles is not None
    assert 120 < flag.miles < 170
    # Whoever never checks out of one is in there until the session ends.
    assert kinds(here, there, left[1]) == ["two_places"]
    # Also where nobody knows how far it is, or somebody typed it; never between sessions of one worksite.
    assert kinds(seen(0, "mill"), seen(200, "lot"), seen(300, "mill", "check_out")) == ["two_places"]
    typed = [seen(0, "mill", method="paper"), seen(30, "lamar", method="web"), seen(300, "mill", "check_out")]
    assert kinds(*typed) == ["two_places"]
    assert kinds(here, seen(200, "mill", session="lamar-1"), left[0]) == []


def test_seen_at_two_worksites_within_minutes() -> None:
    assert kinds(seen(0, "mill"), seen(1, "mill", "check_out"), seen(4, "lamar")) == ["two_places"]
    assert kinds(seen(0, "mill"), seen(1, "mill", "check_out"), seen(4, "lot")) == ["two_places"]
    # The next gate is a walk away.
    assert kinds(seen(0, "mill"), seen(1, "mill", "check_out"), seen(4, "gate")) == []


def test_a_journey_that_no_car_makes() -> None:
    left = seen(10, "mill", "check_out")
    (flag,) = flags([seen(0, "mill"), left, seen(40, "lamar")], PLACES, ENDS)
    assert (flag.kind, flag.first, flag.gap_ms) == ("impossible_travel", left, 30 * MINUTE)
    assert flag.miles is not None
    assert flag.mph == flag.miles * 2
    # Fast, but roads may be straight and clocks a little off.
    assert kinds(left, seen(110, "lamar")) == []
    assert kinds(left, seen(40, "lot")) == []
    assert kinds(seen(10, "mill", "check_out", method="paper"), seen(40, "lamar")) == []


def test_an_estimated_time_may_be_off_by_more() -> None:
    left, came = seen(10, "mill", "check_out"), 10 + 75
    assert kinds(left, seen(came, "lamar")) == ["impossible_travel"]
    assert kinds(left, seen(came, "lamar", label="estimated")) == []


def test_a_time_that_nothing_vouches_for_raises_nothing() -> None:
    doubtful = {"label": "wall", "suspect": True}
    assert kinds(seen(0, "mill"), seen(3, "lamar", **doubtful)) == []
    assert kinds(seen(0, "mill", **doubtful), seen(3, "lamar")) == []
    # When she left is not known, so nobody says that she was in at both.
    assert kinds(seen(0, "mill"), seen(50, "mill", "check_out", **doubtful), seen(300, "lamar")) == []
    crowd = [seen(0, "mill", who=f"w{n}", **doubtful) for n in range(40)]
    assert kinds(*crowd) == []


def crowd(count: int, seconds: float, **more: Any) -> list[Sighting]:
    return [seen(n * seconds / 60, "mill", who=f"w{n}", **more) for n in range(count)]


@pytest.mark.parametrize(
    ("scans", "found"),
    [
        (crowd(21, 0.9), 1),
        (crowd(20, 0.5), 0),
        (crowd(60, 1.5), 0),
        (crowd(40, 0.1, method="crew"), 0),
        (crowd(40, 0.1, method="paper"), 0),
        (crowd(40, 0.1, method="manual"), 0),
        ([seen(n / 60, "mill", who="ana", session=f"s{n}") for n in range(40)], 0),
        ([*crowd(40, 0.1), *(seen(60 + n / 600, "mill", who=f"w{n}") for n in range(30))], 2),
    ],
)
def test_bursts_are_many_badges_by_scan_in_no_time(scans: list[Sighting], found: int) -> None:
    assert kinds(*scans) == ["burst"] * found


def test_a_burst_tells_its_first_and_last_and_how_many() -> None:
    scans = crowd(50, 0.5)
    (flag,) = flags(scans, PLACES, ENDS)
    assert (flag.first, flag.second, flag.badges) == (scans[0], scans[-1], 50)
    assert flag.behind == tuple(scans)
    assert {len({one.who for one in scans}), BURST_BADGES} == {50, 20}


def test_another_record_in_it_makes_it_another_flag() -> None:
    first, second = flags(crowd(30, 0.1), PLACES, ENDS), flags(crowd(31, 0.1), PLACES, ENDS)
    assert first[0].key != second[0].key


sightings = st.builds(
    Sighting,
    id=st.sampled_from("abcdef"),
    hash=st.uuids().map(str),
    type=st.sampled_from(["check_in", "check_out", "walk_in"]),
    at_ms=st.integers(0, 600 * MINUTE) | st.integers(0, 60_000),
    who=st.sampled_from(["ana", "bo"]) | st.integers(0, 40).map(str),
    device=st.sampled_from(["one", "other"]),
    session=st.sampled_from(sorted(ENDS)),
    place=st.sampled_from([*PLACES, None]),
    method=st.sampled_from(["scan", "reader", "manual", "crew", "paper", "web", None]),
    label=st.sampled_from(["synced", "estimated"]),
    suspect=st.booleans(),
)
scenes = st.lists(sightings, max_size=40)


@given(scenes, st.randoms(use_true_random=False))
def test_order_and_repetition_raise_the_same_flags(found: list[Sighting], chance: Any) -> None:
    shuffled = [*found, *chance.choices(found, k=len(found))] if found else []
    chance.shuffle(shuffled)
    assert flags(shuffled, PLACES, ENDS) == flags(found, PLACES, ENDS)


@given(scenes)
def test_what_a_flag_says_is_so(found: list[Sighting]) -> None:
    raised = flags(found, PLACES, ENDS)
    assert len({flag.key for flag in raised}) == len(raised)
    for flag in raised:
        assert {flag.first, flag.second} <= {*flag.behind} <= {*found}
        assert not any(one.suspect for one in flag.behind)
        assert flag.gap_ms >= 0
        _holds(flag)


def _holds(flag: Flag) -> None:
    if flag.kind == "burst":
        assert len({one.device for one in flag.behind}) == 1
        assert flag.badges is not None
        assert flag.badges > BURST_BADGES
    else:
        assert flag.first.who == flag.second.who
        assert flag.first.place != flag.second.place
    if flag.kind == "impossible_travel":
        assert flag.mph is None or flag.mph > 85
