"""Large imports go in by the worker, in parts; two imports at once double nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.accounts.models import Organization, Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.services import run_due
from labtracker.roster import services
from labtracker.roster.models import Badge, Enrollment, RosterApplication, RosterImport, Worker
from labtracker.roster.reading.columns import guess_columns
from labtracker.roster.reading.rows import read_rows
from labtracker.roster.services import applying
from labtracker.scheduling.models import Cohort
from tests.cast import Cast, build_cast
from tests.roster.conftest import make_cohort, make_worker
from tests.roster.test_importing import TODAY, count, stage
from tests.scheduling.test_races import at_once
from tests.scheduling.test_races import real as real

ROWS = [f"Ana{'abcdefghij'[n // 10]}{'klmnopqrst'[n % 10]} Vigil,{7195550100 + n}" for n in range(25)]
SHEET = "Name,Phone\n" + "\n".join([*ROWS, "Cher,", "Bo Lee,x"])


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of ten rows."""
    monkeypatch.setattr(applying, "PART", 10)


def asked(staged: RosterImport, cast: Cast, now: datetime) -> RosterApplication:
    """The worker is asked to take all that is ready."""
    step = services.ask_to_apply(staged, actor=cast.emil, now=now)
    db.session.commit()
    return step


def people() -> tuple[int, int, int]:
    """How many workers, enrollments and badges there are."""
    return count(Worker), count(Enrollment), count(Badge)


def test_many_rows_go_in_behind_the_page(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now, SHEET)
    services.correct_rows(staged, typed={}, decisions={27: "new"}, actor=cast.emil, now=now)
    step = asked(staged, cast, now)
    assert (step.total, people()) == (27, (0, 0, 0))
    run_due(now, "worker")
    step = db.session.get_one(RosterApplication, step.id)
    assert (step.total, step.done, step.added, step.enrolled) == (26, 26, 26, 26)
    assert (step.done_at, step.stopped) == (now, None)
    assert people() == (26, 26, 26)
    staged = db.session.get_one(RosterImport, staged.id)
    assert [row["row"] for row in staged.rows if "cells" in row] == [28]
    undone = services.undo_application(step, actor=cast.emil, now=now)
    assert (undone.count("worker"), people()) == (26, (0, 0, 0))


def test_while_rows_go_in_nothing_else_touches_them(cast: Cast, cohort: Cohort, now: datetime) -> None:
    staged = stage(cast, cohort, now, SHEET)
    asked(staged, cast, now)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: stage(cast, cohort, now, SHEET),
        lambda: services.ask_to_apply(staged, actor=cast.cora, now=now),
        lambda: services.apply_import(staged, decisions={}, actor=cast.cora, now=now, today=TODAY),
        lambda: services.correct_rows(staged, typed={2: {}}, decisions={}, actor=cast.emil, now=now),
        lambda: services.discard_waiting(staged, actor=cast.emil, now=now),
    )
    for attempt in attempts:
        with pytest.raises(DomainError) as running:
            attempt()
        assert running.value.code == "import_running"
    assert "0 of 27 rows" in running.value.message
    # What was given up long ago is in nobody's way.
    assert stage(cast, cohort, now + timedelta(hours=2), SHEET).id != staged.id


def test_what_dies_half_way_goes_on_where_it_was(
    cast: Cast, cohort: Cohort, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    step_id = asked(stage(cast, cohort, now, SHEET), cast, now).id
    parts = iter((True, True, False, True, True, True))
    take = applying.take_rows

    def take_or_die(*rows: object, **more: object) -> services.Outcome:
        outcome = take(*rows, **more)  # type: ignore[arg-type]
        if not next(parts):
            raise ConnectionError
        return outcome

    monkeypatch.setattr(applying, "take_rows", take_or_die)
    run_due(now, "worker")
    # The third part is not in at all, and the import says which rows are.
    step = db.session.get_one(RosterApplication, step_id)
    waiting = [row["row"] for row in step.roster_import.rows if "cells" in row]
    assert (step.done, step.done_at, people()) == (20, None, (20, 20, 20))
    assert waiting == [22, 23, 24, 25, 26, 27, 28]
    db.session.rollback()
    run_due(now + timedelta(minutes=1), "other")
    step = db.session.get_one(RosterApplication, step_id)
    assert (step.done, step.stopped, people()) == (25, None, (25, 25, 25))


def test_a_cohort_that_closes_half_way_stops_it(
    cast: Cast, cohort: Cohort, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = asked(stage(cast, cohort, now, SHEET), cast, now)
    take, cohort_id = applying.take_rows, cohort.id

    def take_then_close(*rows: object, **more: object) -> services.Outcome:
        outcome = take(*rows, **more)  # type: ignore[arg-type]
        db.session.get_one(Cohort, cohort_id).closed_out_at = now
        return outcome

    monkeypatch.setattr(applying, "take_rows", take_then_close)
    run_due(now, "worker")
    step = db.session.get_one(RosterApplication, step.id)
    assert (step.stopped, step.done, step.done_at, people()) == ("cohort_closed", 10, now, (10, 10, 10))


def test_whoever_was_added_meanwhile_is_not_added_again(
    cast: Cast, cohort: Cohort, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = asked(stage(cast, cohort, now, SHEET), cast, now)
    hold, others = applying.hold_import, iter(((), (ROWS[20],)))

    def hold_after_others(*staged: object, **more: object) -> object:
        for row in next(others, ()):
            name, phone = row.split(",")
            make_worker(cast, *name.split(), phone=phone, hired_on=None)
            db.session.commit()
        return hold(*staged, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(applying, "hold_import", hold_after_others)
    run_due(now, "worker")
    assert people() == (25, 25, 25)
    assert db.session.get_one(RosterApplication, step.id).added == 24


# --- two at once, each in a connection of its own ---------------------------------------------------


def staged_in(app: Flask, now: datetime, sheet: str = SHEET) -> tuple[UUID, UUID, UUID, UUID]:
    """An upload and whom it concerns: the import, the cohort, the employer, its contact."""
    with app.app_context():
        cast = build_cast()
        cohort = make_cohort(cast, seats=90)
        staged = stage(cast, cohort, now, sheet)
        db.session.commit()
        return staged.id, cohort.id, cast.steel.id, cast.emil.id


def application(import_id: UUID, person_id: UUID, now: datetime, **decisions: str) -> Callable[[], None]:
    def apply() -> None:
        services.apply_import(
            db.session.get_one(RosterImport, import_id),
            decisions={int(name.removeprefix("row")): value for name, value in decisions.items()},
            actor=db.session.get_one(Person, person_id),
            now=now,
            today=TODAY,
        )

    return apply


def test_one_upload_taken_by_eight_at_once_is_taken_once(real: Flask, now: datetime) -> None:
    import_id, _cohort, _steel, emil = staged_in(real, now)
    # Cher is somebody new by decision, which is asked of nobody known.
    answers = at_once(real, [application(import_id, emil, now, row27="new")] * 8)
    with real.app_context():
        assert (answers, people()) == (["done"] * 8, (26, 26, 26))


def test_the_command_and_the_page_at_once_double_nothing(real: Flask, now: datetime) -> None:
    import_id, cohort_id, steel, emil = staged_in(real, now)

    def command() -> None:
        table = services.table_from_file(SHEET.encode(), today=TODAY)
        cohort = db.session.get_one(Cohort, cohort_id)
        services.take_at_once(
            read_rows(table, guess_columns(table, today=TODAY), today=TODAY),
            filename="r.csv",
            cohort=cohort,
            employer=db.session.get_one(Organization, steel),
            now=now,
        )

    answers = at_once(real, [application(import_id, emil, now), command] * 4)
    with real.app_context():
        assert (answers, people()) == (["done"] * 8, (25, 25, 25))


def test_who_takes_an_upload_that_was_replaced_is_told(real: Flask, now: datetime) -> None:
    import_id, cohort_id, steel, emil = staged_in(real, now)

    def upload_again() -> None:
        services.stage_import(
            services.table_from_file(SHEET.encode(), today=TODAY),
            filename="r.csv",
            cohort=db.session.get_one(Cohort, cohort_id),
            employer=db.session.get_one(Organization, steel),
            actor=db.session.get_one(Person, emil),
            now=now,
            today=TODAY,
        )

    answers = at_once(real, [application(import_id, emil, now), upload_again])
    with real.app_context():
        assert answers in (["done", "done"], ["import_replaced", "done"])
        assert people() == ((25, 25, 25) if answers[0] == "done" else (0, 0, 0))


def test_an_import_is_undone_once_by_eight_at_once(real: Flask, now: datetime) -> None:
    import_id, _cohort, _steel, emil = staged_in(real, now)
    assert at_once(real, [application(import_id, emil, now)]) == ["done"]
    with real.app_context():
        step_id = db.session.scalars(sa.select(RosterApplication.id)).one()

    def undo() -> None:
        services.undo_application(
            db.session.get_one(RosterApplication, step_id),
            actor=db.session.get_one(Person, emil),
            now=now,
        )

    answers = at_once(real, [undo] * 8)
    with real.app_context():
        assert (sorted(answers), people()) == (["done"] + ["undone_already"] * 7, (0, 0, 0))
