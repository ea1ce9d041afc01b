"""Sessions that move together: the same clocks, the same order, round holidays as if begun there."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from labtracker.kit.holidays import holidays_between
from labtracker.kit.time import local
from labtracker.scheduling.rules.sessions import SessionTimes, ShiftPattern, shifted, timetable
from tests.scheduling.test_rules import patterns

DENVER = "America/Denver"
EARLY = ShiftPattern(frozenset({1, 2, 3, 4}), time(6), time(14, 30), 30, DENVER)
days = st.dates(date(2026, 1, 1), date(2027, 6, 30))


def moved(sessions: list[SessionTimes], first_on: date, pattern: ShiftPattern = EARLY) -> list[SessionTimes]:
    closed = holidays_between(date(2025, 12, 1), date(2029, 1, 1), "CO")
    table = shifted([sessions], pattern, first_on=first_on, wanted_minutes=0, closed_days=closed)
    return list(table.cohorts[0])


@given(patterns(), days, days, st.integers(1, 60))
def test_what_moves_comes_to_lie_where_it_would_have_been_placed(
    pattern: ShiftPattern, first: date, second: date, hours: int
) -> None:
    closed = holidays_between(date(2025, 12, 1), date(2029, 1, 1), "CO")
    here, there = (
        timetable(pattern, contact_minutes=hours * 60, first_on=day, closed_days=closed).cohorts[0]
        for day in (first, second)
    )
    table = shifted([here], pattern, first_on=second, wanted_minutes=hours * 60, closed_days=closed)
    (found,) = table.cohorts
    assert len(found) == len(here)
    if second != here[0].day:
        shared = min(len(found), len(there))
        assert [one.day for one in found[:shared]] == [one.day for one in there[:shared]]
    for before, after in zip(here, found, strict=True):
        assert after.day not in closed
        assert [_clock(at, before.day) for at in _moments(before)] == [
            _clock(at, after.day) for at in _moments(after)
        ]


def _moments(one: SessionTimes) -> list[object]:
    return [one.starts_at, one.ends_at, *(at for pair in one.breaks for at in pair)]


def _clock(instant: object, day: date) -> tuple[int, time]:
    there = local(instant, DENVER)  # type: ignore[arg-type]
    # An hour that a change of the clocks skips is nobody's: what lay in it lies just after it.
    return (there.date() - day).days, time(there.hour if there.hour != 3 else 2, there.minute)


def test_back_on_the_first_day_everything_is_as_it_was() -> None:
    sessions = list(timetable(EARLY, contact_minutes=24 * 60, first_on=date(2026, 5, 4)).cohorts[0])
    late = EARLY.session_on(date(2026, 5, 16))
    assert moved([*sessions, late], date(2026, 5, 4)) == [*sessions, late]


def test_a_pause_that_was_agreed_stays_a_pause() -> None:
    sessions = [EARLY.session_on(date(2026, 5, day)) for day in (4, 5, 11, 12)]
    found = moved(sessions, date(2026, 5, 20))
    # Two days of the shift lie between, and Memorial Day counts as none.
    assert [one.day for one in found] == [
        date(2026, 5, 20),
        date(2026, 5, 21),
        date(2026, 5, 28),
        date(2026, 6, 1),
    ]


def test_a_saturday_besides_becomes_the_next_day_of_the_shift() -> None:
    sessions = [EARLY.session_on(day) for day in (date(2026, 5, 7), date(2026, 5, 9), date(2026, 5, 11))]
    found = moved(sessions, date(2026, 6, 1))
    assert [one.day - date(2026, 6, 1) for one in found] == [timedelta(n) for n in range(3)]


def test_where_days_run_out_nobody_has_a_session() -> None:
    never = ShiftPattern(frozenset(), time(6), time(14, 30), 30, DENVER)
    session = EARLY.session_on(date(2026, 5, 4))
    assert shifted([[session]], never, first_on=date(2026, 6, 1), wanted_minutes=0).is_empty
