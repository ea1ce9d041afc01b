"""Which licence a load needs, when an inspection comes round, which days are meant."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from labtracker.fleet.rules import LicenceClass, covers, is_out, licence_needed, next_due, whole_days


@pytest.mark.parametrize(
    ("lab_lb", "vehicle_lb", "needed"),
    [
        (12_000, 14_000, None),
        (12_000, 14_001, LicenceClass.A),
        (10_000, 16_001, LicenceClass.B),
        (10_001, 16_000, LicenceClass.A),
        (None, 26_000, None),
        (None, 26_001, LicenceClass.B),
    ],
)
def test_the_law_asks_from_26_001_pounds_on(
    lab_lb: int | None, vehicle_lb: int, needed: LicenceClass | None
) -> None:
    assert licence_needed(lab_lb, vehicle_lb) == needed


def test_class_a_includes_b_and_an_ordinary_licence_neither() -> None:
    assert covers("A", LicenceClass.B)
    assert covers("A", LicenceClass.A)
    assert covers("B", LicenceClass.B)
    assert not covers("B", LicenceClass.A)
    assert not covers("ordinary", LicenceClass.B)


@pytest.mark.parametrize(
    ("done", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 6, 15), 12, date(2027, 6, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
    ],
)
def test_an_inspection_comes_round_by_months(done: date, months: int, due: date) -> None:
    assert next_due(done, months) == due


def test_days_are_whole_on_the_clocks_of_the_place_across_a_time_change() -> None:
    # Clocks go forward on 8 March 2026, so the two days are 47 hours.
    assert whole_days(date(2026, 3, 7), date(2026, 3, 8), "America/Denver") == (
        datetime(2026, 3, 7, 7, tzinfo=UTC),
        datetime(2026, 3, 9, 6, tzinfo=UTC),
    )


def test_what_is_out_is_so_from_its_first_to_its_last_day() -> None:
    first, last = date(2026, 5, 4), date(2026, 5, 8)
    assert not is_out(None, None, first, last)
    assert is_out(date(2026, 5, 8), None, first, last)
    assert not is_out(date(2026, 5, 9), None, first, last)
    assert is_out(date(2026, 4, 1), date(2026, 5, 4), first, last)
    assert not is_out(date(2026, 4, 1), date(2026, 5, 3), first, last)
