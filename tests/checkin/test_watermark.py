"""The watermark: from nothing to the last frame below which nothing is missing."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from labtracker.checkin.rules.frames import NO_HASH
from labtracker.checkin.rules.watermark import Link, Mark, advanced, joined, missing


def name(seq: int, branch: str = "a") -> str:
    return f"{branch}{seq}"


def chain(*seqs: int, branch: str = "a") -> list[Link]:
    return [Link(seq, name(seq, branch), name(seq - 1, branch) if seq > 1 else NO_HASH) for seq in seqs]


def test_it_stops_at_a_gap() -> None:
    assert advanced(Mark(), chain(1, 2, 4), []) == Mark(2, "a2")


def test_it_stops_where_a_frame_names_another_before_it() -> None:
    stray = Link(3, "x3", "x2")
    assert advanced(Mark(), [*chain(1, 2), stray, *chain(4)], []) == Mark(2, "a2")
    assert advanced(Mark(), [*chain(1, 2), stray, *chain(3, 4)], []) == Mark(4, "a4")


def test_the_first_frame_must_name_nothing_before_it() -> None:
    assert advanced(Mark(), [Link(1, "x1", "f" * 64)], []) == Mark()


def test_of_a_fork_the_first_that_arrived_holds_the_chain() -> None:
    fork = Link(2, "b2", "a1")
    assert advanced(Mark(), [*chain(1, 2), fork, *chain(3)], []) == Mark(3, "a3")
    assert advanced(Mark(), [*chain(1), fork, *chain(2, 3)], []) == Mark(2, "b2")


def test_a_damaged_frame_counts_with_its_claimed_hash() -> None:
    damaged = Link(2, "a2", None, damaged=True)
    assert advanced(Mark(), [*chain(1), damaged, *chain(3)], []) == Mark(3, "a3")


def test_it_passes_over_what_was_lost_and_takes_the_next_as_it_is() -> None:
    assert advanced(Mark(), chain(1, 4), [(2, 3)]) == Mark(4, "a4")
    assert advanced(Mark(), chain(1, 3, 4), [(2, 3)]) == Mark(4, "a4")
    assert advanced(Mark(), chain(1), [(2, 3)]) == Mark(1, "a1")
    assert advanced(Mark(), chain(1, 5), [(2, 3)]) == Mark(1, "a1")
    assert advanced(Mark(), chain(1, 2**53 - 1), [(2, 2**53 - 2)]) == Mark(2**53 - 1, name(2**53 - 1))


def test_a_lost_number_that_was_taken_by_a_stray_frame_does_not_hold_up_the_chain() -> None:
    stray = Link(2, "x2", "x1")
    assert advanced(Mark(), [*chain(1, 3), stray], [(2, 2)]) == Mark(3, "a3")


def test_what_is_missing() -> None:
    assert missing(Mark(2, "a2"), [5, 6, 9], []) == [(3, 4), (7, 8)]
    assert missing(Mark(2, "a2"), [5, 6, 9], [(3, 3), (8, 20)]) == [(4, 4), (7, 7)]
    assert missing(Mark(), [], []) == []
    assert missing(Mark(), [2**53 - 1], []) == [(1, 2**53 - 2)]


numbers = st.sets(st.integers(1, 30))


@given(numbers, numbers)
def test_in_whatever_pieces_frames_come_the_mark_is_the_same(first: set[int], second: set[int]) -> None:
    at_once = advanced(Mark(), chain(*sorted(first | second)), [])
    before = advanced(Mark(), chain(*sorted(first)), [])
    waiting = [link for link in chain(*sorted(first | second)) if link.seq > before.seq]
    assert advanced(before, waiting, []) == at_once
    assert before.seq <= at_once.seq


@given(numbers, numbers)
def test_mark_and_missing_and_lost_account_for_every_number(stored: set[int], lost: set[int]) -> None:
    gaps = joined([], lost - stored)
    mark = advanced(Mark(), chain(*sorted(stored)), gaps)
    absent = {seq for first, last in missing(mark, stored, gaps) for seq in range(first, last + 1)}
    above = set(range(mark.seq + 1, max(stored, default=0) + 1))
    assert absent == above - stored - lost
    assert set(range(1, mark.seq + 1)) <= stored | lost


@given(st.lists(st.integers(1, 60)))
def test_joined_ranges_hold_exactly_the_numbers(found: list[int]) -> None:
    ranges = joined([], found)
    assert {seq for first, last in ranges for seq in range(first, last + 1)} == set(found)
    assert all(one[1] + 1 < other[0] for one, other in itertools.pairwise(ranges))
