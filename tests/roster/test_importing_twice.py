"""The same file twice: every table is the same afterwards, but for the record of the upload itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.extensions import db
from labtracker.roster import services
from labtracker.roster.commands import import_roster
from labtracker.roster.models import Enrollment
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.test_importing import TODAY

SAMPLES = Path(__file__).parent.parent / "data" / "rosters"
FILES = ("steel-works.csv", "plains-dairy.xlsx", "molino-del-valle.csv")


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    db.session.flush()
    db.session.expire_all()
    return {
        table.name: sorted(tuple(map(repr, row)) for row in db.session.execute(sa.select(table)))
        for table in db.metadata.sorted_tables
    }


def changed(before: dict[str, list[tuple[Any, ...]]]) -> set[str]:
    """The tables that are not as they were."""
    return {name for name, rows in everything().items() if rows != before[name]}


def upload(name: str, cast: Cast, cohort: Cohort, now: datetime) -> services.Outcome:
    """Stage a sample and take all that is ready."""
    staged = services.stage_import(
        services.table_from_file((SAMPLES / name).read_bytes(), today=TODAY),
        filename=name,
        cohort=cohort,
        employer=cast.steel,
        actor=cast.emil,
        now=now,
        today=TODAY,
    )
    return services.apply_import(staged, decisions={}, actor=cast.emil, now=now, today=TODAY)


@pytest.mark.parametrize("name", FILES)
def test_a_second_upload_changes_no_table(name: str, cast: Cast, cohort: Cohort, now: datetime) -> None:
    first = upload(name, cast, cohort, now)
    assert first.enrolled == db.session.scalar(sa.select(sa.func.count()).select_from(Enrollment))
    assert first.enrolled > 5
    before = everything()
    again = upload(name, cast, cohort, now + timedelta(days=1))
    assert (again.added, again.updated, again.enrolled) == (0, 0, 0)
    assert set(again.taken) == set(first.taken)
    # The trail and the list of uploads tell that a file came; nothing that it is about has changed.
    assert changed(before) == {"roster_import", "roster_application", "audit_entry"}


@pytest.mark.parametrize("name", FILES)
def test_the_command_run_twice_changes_no_table(
    name: str, app: Flask, cast: Cast, cohort: Cohort, now: datetime
) -> None:
    command = [str(SAMPLES / name), "--cohort", str(cohort.id)]
    runner = app.test_cli_runner()
    assert runner.invoke(import_roster, command).exit_code == 0
    before = everything()
    answer = runner.invoke(import_roster, command)
    assert "0 added, 0 updated, 0 enrolled." in answer.output
    assert changed(before) == {"audit_entry"}


def test_one_new_telephone_number_is_seen_by_the_comparison(
    app: Flask, cast: Cast, cohort: Cohort, tmp_path: Path
) -> None:
    command = ["--cohort", str(cohort.id)]
    runner = app.test_cli_runner()
    assert runner.invoke(import_roster, [*command, str(SAMPLES / "steel-works.csv")]).exit_code == 0
    before = everything()
    moved = tmp_path / "moved.csv"
    moved.write_bytes((SAMPLES / "steel-works.csv").read_bytes().replace(b"719-555-1007", b"719-555-1999"))
    assert "0 added, 1 updated, 0 enrolled." in runner.invoke(import_roster, [*command, str(moved)]).output
    assert "worker" in changed(before)
