"""What the address of a view asks for, read and written."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labtracker.reports.asking import Asked, asked_for, is_unfinished
from labtracker.reports.rules import Dimension, Shift, months_from, program_year_span, shift_of

TODAY = date(2026, 11, 27)
ID = "01890000-0000-7000-8000-000000000000"


def asked(**arguments: str) -> Asked:
    return asked_for(arguments, TODAY)


def test_no_time_means_this_program_year() -> None:
    found = asked()
    assert (found.year, found.filters.since, found.filters.until) == (
        "2026",
        date(2026, 7, 1),
        date(2027, 6, 30),
    )
    assert asked_for({}, date(2027, 6, 30)).year == "2026"
    assert asked_for({}, date(2027, 7, 1)).year == "2027"


def test_all_time_has_no_ends() -> None:
    found = asked(year="all")
    assert (found.year, found.filters.since, found.filters.until) == ("all", None, None)


def test_days_take_the_place_of_a_year() -> None:
    found = asked(year="2025", since="2026-01-05")
    assert (found.year, found.filters.since, found.filters.until) == (None, date(2026, 1, 5), None)
    assert found.arguments() == {"since": "2026-01-05"}


def test_the_ends_of_a_program_year_are_that_year() -> None:
    assert asked(since="2025-07-01", until="2026-06-30").year == "2025"


@pytest.mark.parametrize(
    "arguments",
    [
        {"year": "2026"},
        {"year": "all", "mode": "campus", "month": "2026-04", "rural": "no"},
        {"since": "2026-01-01", "until": "2026-02-01", "county": "08099", "course": "WLD-101"},
        {"year": "2025", "employer": ID, "lab": ID, "shift": "night", "measure": "attendance", "by": "shift"},
    ],
)
def test_a_view_is_written_as_it_was_read(arguments: dict[str, str]) -> None:
    found = asked(**arguments)
    assert found.unread == ()
    assert found.arguments() == arguments


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("year", "26"),
        ("year", "2026½"),
        ("year", "1e3"),
        ("since", "31/02/2026"),
        ("until", "2026-02-30"),
        ("mode", "moon"),
        ("county", "<script>"),
        ("county", "8099"),
        ("course", "\x00"),
        ("course", "A" * 21),
        ("month", "2026-13"),
        ("employer", "steel"),
        ("lab", "' OR 1=1"),
        ("shift", "day"),
        ("rural", "maybe"),
        ("measure", "luck"),
        ("by", "mode"),
    ],
)
def test_what_cannot_be_read_is_named_and_left_out(name: str, value: str) -> None:
    found = asked(**{"year": "all", name: value} if name != "year" else {"year": value})
    shown = "".join(mark for mark in value if mark.isprintable())
    assert found.unread == (f"{name}={shown[:40]}",)
    assert found.arguments() == asked(year="all" if name != "year" else "2026").arguments()


def test_a_time_that_ends_before_it_begins_is_named() -> None:
    found = asked(since="2026-05-02", until="2026-05-01")
    assert found.unread == ("since=2026-05-02", "until=2026-05-01")
    assert found.year == "2026"


@given(st.dictionaries(st.sampled_from(["year", "since", "until", *Dimension, "measure", "by"]), st.text()))
def test_any_address_can_be_read(arguments: dict[str, str]) -> None:
    found = asked_for(arguments, TODAY)
    assert asked_for(found.arguments(), TODAY) == Asked(found.filters, found.year, found.measure, found.by)


def test_a_new_time_takes_the_place_of_the_old() -> None:
    assert asked(since="2026-01-05", mode="campus").arguments(year=2025) == {"year": "2025", "mode": "campus"}
    assert asked(year="2025").arguments(since=date(2026, 8, 29)) == {"since": "2026-08-29"}
    assert asked(year="2025", mode="campus").arguments(mode=None) == {"year": "2025"}


def test_addresses_that_are_written_out() -> None:
    assert is_unfinished({})
    assert is_unfinished({"mode": "campus"})
    assert is_unfinished({"year": "all", "mode": ""})
    assert not is_unfinished({"year": "all"})
    assert not is_unfinished({"since": "2026-01-01", "mode": "campus"})


@pytest.mark.parametrize(
    ("clock", "shift"),
    [
        (time(3, 59), Shift.NIGHT),
        (time(4), Shift.MORNING),
        (time(10, 59), Shift.MORNING),
        (time(11), Shift.AFTERNOON),
        (time(15, 59), Shift.AFTERNOON),
        (time(16), Shift.NIGHT),
        (time(22), Shift.NIGHT),
    ],
)
def test_shifts_by_the_clock(clock: time, shift: Shift) -> None:
    assert shift_of(clock) is shift


def test_months_run_over_the_new_year() -> None:
    assert list(months_from("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(months_from("2026-04", "2026-04")) == ["2026-04"]


def test_a_program_year_ends_in_june() -> None:
    assert program_year_span(2026) == (date(2026, 7, 1), date(2027, 6, 30))
