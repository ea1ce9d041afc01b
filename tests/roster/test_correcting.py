"""Rows corrected on the page: judged like the file's, and nothing that may not be kept is."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import services
from labtracker.roster.models import RosterImport
from labtracker.roster.reading.verdicts import Assessed
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_worker
from tests.roster.test_importing import TODAY, stage, take

SHEET = "Name,Phone,Hired\nAna Vigil,12,03/04/2019\nBo Lee,,05/06/2020\nCher,,\n"


def correct(
    staged: RosterImport, cast: Cast, now: datetime, row: int, decision: str = "", **typed: str
) -> services.Corrections:
    """Type something into one row."""
    return services.correct_rows(
        staged,
        typed={row: typed},
        decisions={row: decision} if decision else {},
        actor=cast.emil,
        now=now,
    )


def judged(staged: RosterImport) -> dict[int, Assessed]:
    """The rows that wait, by number."""
    return {row.number: row for row in services.waiting_rows(staged, today=TODAY)}


def test_a_cell_typed_anew_is_judged_like_the_files(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now, SHEET)
    assert judged(staged)[2].verdict == "error"
    correct(staged, cast, now, 2, phone="719 555 01")
    (problem,) = [one for one in judged(staged)[2].problems if one["column"] == "Phone"]
    assert problem["code"] == "phone_invalid"
    assert services.texts_of(staged, staged.rows[0])["phone"] == "719 555 01"
    correct(staged, cast, now, 2, phone="719 555 0100", email="nomail", hired_on="2019-03-04")
    assert [one["code"] for one in judged(staged)[2].problems] == ["email_invalid"]
    done = correct(staged, cast, now, 2, email="ANA@steel.example", full_name="Ana Vigil")
    assert (done.rows, done.refused) == ({2}, [])
    row = judged(staged)[2]
    assert (row.is_ready, row.values["phone"], row.values["email"]) == (
        True,
        "+17195550100",
        "ana@steel.example",
    )
    assert take(staged, cast, now).added == 1


def test_what_is_typed_leaves_other_rows_as_the_file_has_them(
    cast: Cast, cohort: Cohort, now: datetime
) -> None:
    staged = stage(cast, cohort, now, SHEET)
    before = judged(staged)[3]
    # Day first, without any doubt; still it does not say how the file's own dates are meant.
    correct(staged, cast, now, 2, hired_on="31/12/2019", phone="")
    assert judged(staged)[2].values["hired_on"] == date(2019, 12, 31)
    assert judged(staged)[3] == before
    assert [row["cells"] for row in staged.rows][1:] == [["Bo Lee", "", "05/06/2020"], ["Cher"]]


def test_nothing_like_a_social_security_number_is_kept(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now, SHEET)
    for field in ("full_name", "phone", "employee_number", "email", "job_title", "hired_on", "language"):
        for typed in ("123-45-6789", "900 11 2222", "000112222", "SSN123456789"):
            done = correct(staged, cast, now, 2, **{field: typed, "employee_number": "E7"} | {field: typed})
            assert (2, field) in done.refused
    assert "typed" in staged.rows[0]
    assert staged.rows[0]["typed"] == {"employee_number": "E7"}
    db.session.flush()
    assert not any(digits in repr(staged.rows) for digits in ("6789", "2222"))


def test_formulas_and_foreign_fields_are_no_way_in(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now, SHEET)
    correct(staged, cast, now, 3, job_title="=HYPERLINK(1)", state_mis_id="1", ssn="x", given_name="Q")
    assert staged.rows[1]["typed"] == {"job_title": "=HYPERLINK(1)"}
    row = judged(staged)[3]
    assert row.values["job_title"] is None
    assert {"code": "formula_removed", "column": "Job title"} in row.problems
    correct(staged, cast, now, 3, full_name="=1+1")
    assert judged(staged)[3].verdict == "error"


def test_the_files_own_text_takes_a_correction_back(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now, SHEET)
    correct(staged, cast, now, 2, phone="719 555 0100")
    correct(staged, cast, now, 2, phone=" 12 ")
    assert "typed" not in staged.rows[0]
    assert correct(staged, cast, now, 2, phone="12").rows == set()


def test_a_decision_is_kept_and_can_be_taken_back(cast: Cast, cohort: Cohort, now: datetime) -> None:
    known = make_worker(cast, "Bo", "Lee", employee_number="7")
    staged = stage(cast, cohort, now, "Name,Phone\nBo Lee,7195550100\nCher,\n")
    assert [row.is_ready for row in judged(staged).values()] == [False, False]
    correct(staged, cast, now, 2, decision=str(known.id))
    correct(staged, cast, now, 3, decision="new")
    rows = judged(staged)
    assert (rows[2].person, rows[2].is_ready, rows[3].person) == (known.id, True, None)
    services.correct_rows(staged, typed={}, decisions={3: ""}, actor=cast.emil, now=now)
    outcome = take(staged, cast, now)
    assert (outcome.updated, outcome.added, known.phone) == (1, 0, "+17195550100")
    assert [row["row"] for row in staged.rows if "cells" in row] == [3]


def test_a_closed_cohort_and_a_newer_upload_refuse(cast: Cast, cohort: Cohort, now: datetime) -> None:
    old = stage(cast, cohort, now, SHEET)
    newer = stage(cast, cohort, now, SHEET)
    with pytest.raises(DomainError) as replaced:
        correct(old, cast, now, 2, phone="7195550100")
    assert (replaced.value.code, old.rows) == ("import_replaced", [])
    cohort.closed_out_at = now
    with pytest.raises(DomainError) as closed:
        correct(newer, cast, now, 2, phone="7195550100")
    assert closed.value.code == "cohort_closed"
