"""From an upload to a cohort: staged without anything private, taken once, the rest waits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries, services
from labtracker.roster.models import Badge, Enrollment, RosterImport, Worker
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_cohort, make_worker

TODAY = date(2026, 4, 13)
SHEET = """First name,Last name,Email,Hire date,SSN
Ana,Vigil,ana@steel.example,3/14/2019,123-45-6789
Bo,Lee,bo@steel.example,12/31/2026,000-12-3456
,,nameless@steel.example,3/14/2019,900-11-2222
Ida,Baca,not a mail,3/20/2020,
"""


def stage(cast: Cast, cohort: Cohort, now: datetime, text: str = SHEET) -> RosterImport:
    """An upload by the steel works' contact."""
    return services.stage_import(
        services.table_from_file(text.encode(), today=TODAY),
        filename="C:\\people\\roster 123-45-6789.csv" if text is SHEET else "crew.csv",
        cohort=cohort,
        employer=cast.steel,
        actor=cast.emil,
        now=now,
        today=TODAY,
    )


def take(staged: RosterImport, cast: Cast, now: datetime, **decisions: str) -> services.Outcome:
    """Apply with decisions by ``row3="new"``."""
    by_row = {int(name.removeprefix("row")): value for name, value in decisions.items()}
    return services.apply_import(staged, decisions=by_row, actor=cast.emil, now=now, today=TODAY)


def count(table: Any) -> int:
    """How many rows a table has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_nothing_private_is_written(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now)
    kept = repr((staged.filename, staged.columns, staged.rows, staged.notices))
    for digits in ("6789", "3456", "2222"):
        assert digits not in kept
    assert staged.notices == [{"code": "ssn_removed", "column": "SSN"}]


@pytest.mark.parametrize(
    "cell",
    ["Ana 123     45     6789", "Ana 123&#45;45&#45;6789", "Ana 123❤45❤6789", "Ana 1\ufe0f\u20e323-45-6789"],
)
def test_a_number_hidden_in_a_name_is_not_written_either(
    cast: Cast, cohort: Cohort, now: datetime, cell: str
) -> None:
    staged = stage(cast, cohort, now, f"First,Last\n{cell},Vigil\nBo,Li\n")
    assert "6789" not in str(staged.rows) + str(staged.columns) + str(staged.notices)


def test_nine_digits_for_a_telephone_are_refused_and_not_kept() -> None:
    table = services.table_from_text("Name,Phone\nAna Vigil,123456789\n", today=TODAY)
    assert table.lines[0].cells == ["Ana Vigil", ""]
    assert [mark["code"] for mark in table.marks[2]] == ["phone_invalid"]


def test_good_rows_go_in_while_bad_ones_wait(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now)
    rows = services.waiting_rows(staged, today=TODAY)
    assert [str(row.verdict) for row in rows] == ["new", "review", "error", "error"]
    outcome = take(staged, cast, now)
    assert (outcome.added, outcome.enrolled, set(outcome.taken)) == (1, 1, {2})
    assert [row.number for row in services.waiting_rows(staged, today=TODAY)] == [3, 4, 5]
    assert take(staged, cast, now).taken == {}
    assert take(staged, cast, now, row3="new", row4="new", row5="take").added == 1
    assert {worker.given_name for worker in db.session.scalars(sa.select(Worker))} == {"Ana", "Bo"}
    assert (count(Enrollment), count(Badge)) == (2, 2)
    services.discard_waiting(staged, actor=cast.emil, now=now)
    assert services.waiting_rows(staged, today=TODAY) == []
    assert "nameless" not in repr(staged.rows)


def test_a_second_upload_of_the_same_sheet_is_all_the_same(cast: Cast, cohort: Cohort, now: datetime) -> None:
    text = "Name,Phone\nAna Vigil,7195550100\nVigil Peña,\n王小明,\n"
    take(stage(cast, cohort, now, text), cast, now)
    before = (count(Worker), count(Enrollment), count(Badge))
    assert before == (3, 3, 3)
    again = stage(cast, cohort, now, text)
    assert {str(row.verdict) for row in services.waiting_rows(again, today=TODAY)} == {"same"}
    outcome = take(again, cast, now)
    assert (outcome.added, outcome.updated, outcome.enrolled) == (0, 0, 0)
    assert (count(Worker), count(Enrollment), count(Badge)) == before


def test_decisions_say_who_a_row_is(cast: Cast, cohort: Cohort, now: datetime) -> None:
    known = make_worker(cast, "Ana", "Vigil", employee_number="7", hired_on=date(2020, 1, 6))
    text = "Name,Phone\nAna Vigil,7195550100\n"
    staged = stage(cast, cohort, now, text)
    (row,) = services.waiting_rows(staged, today=TODAY)
    assert row.options == (str(known.id), "new")
    assert take(staged, cast, now, row2="01890000-0000-7000-8000-000000000000").taken == {}
    assert take(staged, cast, now, row2=str(known.id)).updated == 1
    assert (known.phone, known.employee_number, count(Worker)) == ("+17195550100", "7", 1)


def test_a_row_never_touches_another_employers_worker(cast: Cast, cohort: Cohort, now: datetime) -> None:
    theirs = make_worker(cast, "Ana", "Vigil", email="ana@steel.example", employer=cast.dairy)
    take(stage(cast, cohort, now), cast, now)
    assert count(Worker) == 2
    assert queries.enrollment_of(theirs, cohort) is None


def test_who_withdrew_is_not_brought_back_by_an_old_sheet(cast: Cast, cohort: Cohort, now: datetime) -> None:
    text = "Name,Phone\nAna Vigil,7195550100\n"
    take(stage(cast, cohort, now, text), cast, now)
    (enrollment,) = db.session.scalars(sa.select(Enrollment)).all()
    services.withdraw(enrollment, on=TODAY, reason="moved", now=now, today=TODAY)
    take(stage(cast, cohort, now, text), cast, now)
    assert enrollment.status == "withdrawn"


def test_columns_can_be_settled_anew(cast: Cast, cohort: Cohort, now: datetime) -> None:
    text = "Who,Title,When\nAna Vigil,Welder,03/04/2019\nBo Lee,Fitter,05/06/2020\n"
    staged = stage(cast, cohort, now, text)
    services.settle_columns(staged, fields={0: "full_name", 2: "hired_on"}, date_order="dmy", now=now)
    (row, _other) = services.waiting_rows(staged, today=TODAY)
    assert (row.values["hired_on"], row.values["job_title"]) == (date(2019, 4, 3), None)
    with pytest.raises(DomainError) as twice:
        services.settle_columns(staged, fields={0: "full_name", 1: "full_name"}, date_order=None, now=now)
    assert twice.value.code == "column_twice"
    take(staged, cast, now)
    with pytest.raises(DomainError) as applied:
        services.settle_columns(staged, fields={0: "full_name"}, date_order=None, now=now)
    assert applied.value.code == "import_applied"


def test_a_dropped_column_cannot_be_chosen_again(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now)
    services.settle_columns(staged, fields={0: "given_name", 4: "employee_number"}, date_order="xxx", now=now)
    assert staged.columns["fields"] == {"0": "given_name"}
    assert staged.columns["date_order"] is None


def test_a_new_upload_replaces_one_that_waited(cast: Cast, cohort: Cohort, now: datetime) -> None:
    first, second = stage(cast, cohort, now), stage(cast, cohort, now)
    assert (first.rows, first.notices, first.replaced_by_id) == ([], [], second.id)
    with pytest.raises(DomainError) as replaced:
        take(first, cast, now)
    assert replaced.value.code == "import_replaced"
    assert take(second, cast, now).added == 1


def test_a_cohort_that_closed_meanwhile_refuses(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now)
    cohort.closed_out_at = now
    with pytest.raises(DomainError) as late:
        take(staged, cast, now)
    assert late.value.code == "cohort_closed"
    with pytest.raises(DomainError):
        stage(cast, cohort, now)
    assert count(Worker) == 0


def test_more_people_than_seats_are_taken_and_can_be_seen(cast: Cast, now: datetime) -> None:
    small = make_cohort(cast, seats=1)
    rows = "".join(f"Worker {name},\n" for name in ("Ana", "Bo", "Cy"))
    take(stage(cast, small, now, "Name,Phone\n" + rows), cast, now)
    assert queries.enrolled_count(small) == 3


def test_four_hundred_rows_of_which_three_hundred_are_bad(cast: Cast, cohort: Cohort, now: datetime) -> None:
    rows = [f"Ana{'abcdefghij'[n // 10]}{'klmnopqrst'[n % 10]} Vigil,{7195550100 + n}" for n in range(100)]
    rows += [f"🙂,{n}" for n in range(300)]
    staged = stage(cast, cohort, now, "Name,Phone\n" + "\n".join(rows))
    outcome = take(staged, cast, now)
    assert (outcome.added, count(Badge)) == (100, 100)
    waiting = services.waiting_rows(staged, today=TODAY)
    assert len(waiting) == 300
    assert {str(row.verdict) for row in waiting} == {"error"}
