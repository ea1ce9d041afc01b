"""The rules of backups, tried with made-up histories."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.backups.rules import (
    NAME,
    NO_HEAD,
    FrameFacts,
    Held,
    Kept,
    backup_name,
    day_hash,
    durable_mark,
    is_overdue,
    next_due,
    to_remove,
)

NOW = datetime(2026, 4, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

chains = st.lists(st.binary(min_size=1, max_size=3), max_size=12).map(
    lambda links: [hashlib.sha256(bytes([number]) + link).hexdigest() for number, link in enumerate(links)]
)


def held(chain: list[str], length: int) -> Held | None:
    length = min(length, len(chain))
    return Held(length, chain[length - 1]) if length else None


@given(chains, st.integers(0, 12), st.integers(0, 12))
def test_durable_is_inside_both_backups_of_one_history(chain: list[str], one: int, other: int) -> None:
    older, newer = held(chain, min(one, other)), held(chain, max(one, other))
    mark = durable_mark(older, newer)
    inside = [{*chain[: backup.seq]} if backup else set() for backup in (older, newer)]
    if mark is not None:
        assert mark.hash == chain[mark.seq - 1]
        assert all({*chain[: mark.seq]} <= some for some in inside)
    # And as far as that goes: nothing that both hold is left out.
    assert (mark.seq if mark else 0) == min(one, other, len(chain))


@given(chains, chains, st.integers(0, 12), st.integers(0, 12))
def test_two_histories_make_nothing_durable_that_one_lacks(
    first: list[str], second: list[str], one: int, other: int
) -> None:
    older, newer = held(first, one), held(second, other)
    mark = durable_mark(older, newer)
    if mark is not None:
        assert older is not None
        assert newer is not None
        assert mark == older
        assert newer.seq > older.seq or newer == older


@given(st.none() | st.builds(Held, st.integers(1, 9), st.just("aa")))
def test_one_backup_alone_makes_nothing_durable(alone: Held | None) -> None:
    assert durable_mark(alone, None) is None
    assert durable_mark(None, alone) is None


def test_a_backup_behind_the_older_one_proves_nothing() -> None:
    assert durable_mark(Held(5, "aa"), Held(3, "bb")) is None


kept = st.lists(
    st.tuples(st.integers(0, 24 * 60), st.booleans()), max_size=40, unique_by=lambda one: one[0]
).map(lambda rows: [Kept(f"b{hours:05d}", NOW - hours * HOUR, counts) for hours, counts in rows])


@given(kept, st.integers(0, 6), st.integers(0, 40))
def test_rotation_never_takes_the_last_two_that_count(backups: list[Kept], newest: int, days: int) -> None:
    gone = to_remove(backups, newest=newest, days=days, now=NOW)
    counting = sorted((one for one in backups if one.counts), key=lambda one: one.taken_at, reverse=True)
    assert not gone & {one.name for one in counting[: max(newest, 2)]}
    for one in counting:
        same_day = [other for other in counting if other.taken_at.date() == one.taken_at.date()]
        if one is same_day[0] and NOW - one.taken_at < days * DAY:
            assert one.name not in gone
    assert {one.name for one in counting[max(newest, 2) :] if NOW - one.taken_at >= days * DAY} <= gone


def test_rotation_keeps_the_newest_and_one_a_day() -> None:
    every_six_hours = [Kept(f"b{number}", NOW - number * 6 * HOUR, True) for number in range(12)]
    gone = to_remove(every_six_hours, newest=3, days=2, now=NOW)
    # The newest three, all of today, then the evenings of yesterday and of the day before.
    assert {one.name for one in every_six_hours} - gone == {"b0", "b1", "b2", "b3", "b7"}


def test_what_does_not_count_takes_nobodys_place_and_goes_in_time() -> None:
    backups = [
        Kept("good", NOW - 40 * DAY, True),
        Kept("better", NOW - 39 * DAY, True),
        Kept("superseded", NOW - DAY, False),
        Kept("broken long ago", NOW - 31 * DAY, False),
    ]
    assert to_remove(backups, newest=1, days=30, now=NOW) == {"broken long ago"}


@pytest.mark.parametrize(
    ("good", "begun", "every", "overdue"),
    [
        (None, None, 24, False),
        (None, NOW - 27 * HOUR, 6, True),
        (None, NOW - 25 * HOUR, 6, False),
        (NOW - 27 * HOUR, NOW - 90 * DAY, 0, True),
        (NOW - 25 * HOUR, NOW - 90 * DAY, 24, False),
        (NOW - 27 * HOUR, NOW - 90 * DAY, 24, True),
        (NOW - 6 * DAY, NOW - 90 * DAY, 24 * 7, False),
    ],
)
def test_administrators_hear_after_a_day(
    good: datetime | None, begun: datetime | None, every: float, overdue: bool
) -> None:
    assert is_overdue(good, begun, every_hours=every, now=NOW) is overdue


def test_the_next_one_is_due_after_the_pause_or_within_the_hour_when_it_failed() -> None:
    assert next_due(None, every_hours=24, failed=False, now=NOW) == NOW
    assert next_due(NOW, every_hours=24, failed=False, now=NOW) == NOW + DAY
    assert next_due(NOW, every_hours=24, failed=True, now=NOW) == NOW + HOUR
    assert next_due(NOW, every_hours=0.5, failed=True, now=NOW) == NOW + HOUR / 2


def test_names_sort_by_time_and_are_told_from_others() -> None:
    first = backup_name("sqlite", NOW, "ffffffff", encrypted=False)
    second = backup_name("sqlite", NOW + timedelta(seconds=1), "00000000", encrypted=True)
    assert first == "labtracker-20260414T120000Z-ffffffff.sqlite"
    assert second.endswith(".sqlite.age")
    assert sorted([second, first]) == [first, second]
    assert all(NAME.fullmatch(name) for name in (first, second))
    assert not NAME.fullmatch(f"{first}.json")


facts = st.builds(
    FrameFacts,
    id=st.integers(1, 9),
    hash=st.binary(min_size=32, max_size=32),
    raw_hash=st.binary(min_size=32, max_size=32),
    device=st.uuids().map(str),
    incarnation=st.just("00000000000000ff"),
    seq=st.integers(1, 2**53 - 1),
    arrived_at=st.just(NOW),
    in_chain=st.booleans(),
    damaged=st.booleans(),
)


@given(st.lists(facts, min_size=1, max_size=5), st.data())
def test_a_days_hash_changes_with_anything_in_it(frames: list[FrameFacts], data: st.DataObject) -> None:
    day = date(2026, 4, 13)
    true = day_hash(day, NO_HEAD, frames)
    place = data.draw(st.integers(0, len(frames) - 1))
    other = data.draw(facts.filter(lambda one: one.hash != frames[place].hash))
    assert day_hash(day, NO_HEAD, [*frames[:place], other, *frames[place + 1 :]]) != true
    assert day_hash(day, NO_HEAD, frames[:place] + frames[place + 1 :]) != true
    assert day_hash(day, true, frames) != true
    assert day_hash(day + DAY, NO_HEAD, frames) != true
