"""Who a row is: never merged unasked, and the same twice is the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from labtracker.roster.rules.majority import anniversary, majority_of, meets_six_months
from labtracker.roster.rules.matching import Facts, Register, Verdict, match

MARY = Facts(
    id="mary",
    given_name="Mary",
    family_name="Keller",
    email="mary@x.example",
    phone="+17195550100",
    employee_number="1004",
    hired_on=date(2018, 1, 13),
)


def said(**facts: object) -> Facts:
    """A row that says these things of a Mary Keller."""
    return replace(Facts(id=2, given_name="Mary", family_name="Keller"), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "verdict", "code"),
    [
        (said(email="mary@x.example"), Verdict.SAME, None),
        (said(employee_number="1004"), Verdict.SAME, None),
        (said(hired_on=date(2018, 1, 13)), Verdict.SAME, None),
        (said(given_name="KELLER", family_name="MARY", employee_number="1004"), Verdict.SAME, None),
        (said(employee_number="1004", phone="+17195550199"), Verdict.UPDATED, None),
        (said(), Verdict.REVIEW, "near_match"),
        (said(hired_on=date(2019, 1, 1)), Verdict.REVIEW, "near_match"),
        (said(given_name="Marie", phone="+17195550100"), Verdict.REVIEW, "near_match"),
        (said(family_name="Kellar", hired_on=date(2018, 1, 13)), Verdict.REVIEW, "near_match"),
        (said(family_name="Kellar", hired_on=date(2018, 1, 14)), Verdict.NEW, None),
        (said(family_name="Kellar", hired_on=date(2018, 1, 13), email="k@x.example"), Verdict.NEW, None),
        (said(family_name="Kellar", hired_on=date(2018, 1, 13), employee_number="2000"), Verdict.NEW, None),
        (said(family_name="Vigil", hired_on=date(2018, 1, 13)), Verdict.NEW, None),
        (said(employee_number="2000"), Verdict.NEW, None),
        (said(given_name="Hugo", family_name="Baca", email="mary@x.example"), Verdict.REVIEW, "name_differs"),
        (said(given_name="Ana", family_name="Vigil", phone="+17195550100"), Verdict.NEW, None),
        (said(given_name="Ana", family_name="Vigil"), Verdict.NEW, None),
    ],
)
def test_a_row_against_somebody_known(row: Facts, verdict: Verdict, code: str | None) -> None:
    found = match(row, Register([MARY]), Register())
    assert (found.verdict, (found.problem or {}).get("code")) == (verdict, code)


def test_an_update_names_only_what_the_row_says() -> None:
    found = match(said(email="mary@x.example", job_title="Welder"), Register([MARY]), Register())
    assert (found.known, found.changes) == ("mary", {"job_title": "Welder"})


def test_an_archived_worker_comes_back_only_when_somebody_says_so() -> None:
    found = match(said(employee_number="1004"), Register([replace(MARY, archived=True)]), Register())
    assert (found.verdict, found.candidates) == (Verdict.REVIEW, ("mary",))


def test_a_row_that_fits_two_people_is_asked_about() -> None:
    other = replace(MARY, id="m2", email=None, employee_number="77", hired_on=date(2020, 1, 1))
    found = match(
        said(employee_number="1004", hired_on=date(2020, 1, 1)), Register([MARY, other]), Register()
    )
    assert found.problem == {"code": "several_known"}
    assert set(found.candidates) == {"mary", "m2"}


def test_people_who_share_a_mailbox_are_told_apart_by_name() -> None:
    hugo = Facts(id="hugo", given_name="Hugo", family_name="Keller", email="mary@x.example")
    both = Register([MARY, hugo])
    row = said(given_name="Hugo", email="mary@x.example")
    assert match(row, both, Register()).known == "hugo"


def test_a_mailbox_of_the_whole_company_neither_confuses_nor_slows() -> None:
    crowd = [
        Facts(id=number, given_name=f"Ana{number}", family_name="Vigil", email="office@x.example")
        for number in range(3_000)
    ]
    register = Register(crowd)
    assert [match(row, register, Register()).known for row in crowd[::100]] == [
        row.id for row in crowd[::100]
    ]


def test_a_person_known_by_name_alone_is_the_same_next_time() -> None:
    known = Facts(id="ana", given_name="Ana", family_name="Vigil")
    row = said(given_name="Ana", family_name="Vigil")
    assert match(row, Register([known]), Register()).verdict is Verdict.SAME


def test_repeats_inside_a_sheet() -> None:
    earlier = Register([replace(MARY, id=8)])
    same = match(said(employee_number="1004", hired_on=date(2018, 1, 13)), Register(), earlier)
    assert (same.verdict, same.problem) == (Verdict.SAME, {"code": "duplicate_in_file", "row": 8})
    other = match(said(employee_number="1004", phone="+17195550199"), Register(), earlier)
    assert (other.verdict, other.problem) == (Verdict.REVIEW, {"code": "conflict_in_file", "row": 8})
    stranger = match(said(given_name="Bo", family_name="Lee", email="mary@x.example"), Register(), earlier)
    assert stranger.verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("hired", "on", "meets"),
    [
        (date(2025, 10, 13), date(2026, 4, 13), True),
        (date(2025, 10, 14), date(2026, 4, 13), False),
        (date(2025, 8, 31), date(2026, 2, 28), True),
        (date(2025, 8, 31), date(2026, 2, 27), False),
        (None, date(2026, 2, 27), False),
    ],
)
def test_six_months_are_counted_by_the_calendar(hired: date | None, on: date, meets: bool) -> None:
    assert meets_six_months(hired, on) is meets


def test_a_majority_is_more_than_half_and_unknown_dates_count_against() -> None:
    on = date(2026, 4, 13)
    old, new = date(2020, 1, 1), date(2026, 3, 1)
    assert majority_of([old] * 9 + [new] * 5, on).is_met
    half = majority_of([old, old, new, None], on)
    assert (half.meeting, half.total, half.unknown, half.is_met) == (2, 4, 1, False)
    assert not majority_of([], on).is_met
    assert anniversary(date(2023, 12, 31), 2) == date(2024, 2, 29)


def test_missing_dates_leave_the_majority_open_while_they_could_bring_it_about() -> None:
    old, new, on = date(2020, 1, 6), date(2026, 4, 1), date(2026, 4, 20)
    assert majority_of([None] * 3, on).is_open
    assert majority_of([old, new, new, None, None], on).is_open
    assert not majority_of([old, new, new, None], on).is_open
    assert not majority_of([old, old, None], on).is_open
    assert not majority_of([], on).is_open
