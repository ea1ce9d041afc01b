"""``labtracker import roster``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from labtracker.extensions import db
from labtracker.roster.commands import import_roster
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.scheduling.models import Cohort
from tests.cast import Cast
from tests.roster.conftest import make_cohort

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"


@pytest.mark.parametrize("name", ["steel-works.csv", "molino-del-valle.csv", "plains-dairy.xlsx"])
def test_the_sample_rosters_read_as_expected(app: Flask, name: str) -> None:
    result = app.test_cli_runner().invoke(import_roster, [str(ROSTERS / name), "--dry-run", "--json"])
    assert result.exit_code == 0
    expected = (ROSTERS / "expected" / name).with_suffix(".json").read_text(encoding="utf-8")
    assert json.loads(result.stdout) == json.loads(expected)
    assert "000-00" not in result.output


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "picture"),
        (b"Title;Price\nPump;12\nHose;7\n", "no_name_column"),
    ],
)
def test_a_file_that_is_no_roster_ends_with_its_reason(
    app: Flask, tmp_path: Path, content: bytes, code: str
) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(content)
    result = app.test_cli_runner().invoke(import_roster, [str(file), "--dry-run", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"][0]["code"] == code
    assert result.stderr.strip()


def test_a_missing_file_and_a_missing_cohort_are_said(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    missing = runner.invoke(import_roster, [str(tmp_path / "none.csv"), "--dry-run"])
    assert (missing.exit_code, missing.stderr.strip()) == (1, "This file cannot be opened.")
    file = str(ROSTERS / "steel-works.csv")
    assert runner.invoke(import_roster, [file]).exit_code == 1
    unknown = runner.invoke(import_roster, [file, "--cohort", "01890000-0000-7000-8000-000000000000"])
    assert "no cohort" in unknown.stderr


def test_importing_twice_changes_nothing(app: Flask, cast: Cast, cohort: Cohort) -> None:
    runner = app.test_cli_runner()
    arguments = [str(ROSTERS / "steel-works.csv"), "--cohort", str(cohort.id), "--json"]
    dry = json.loads(runner.invoke(import_roster, [*arguments, "--dry-run"]).stdout)
    assert (dry["counts"]["new"], db.session.scalar(sa.select(sa.func.count(Worker.id)))) == (14, 0)
    first = json.loads(runner.invoke(import_roster, arguments).stdout)
    assert first["taken"] == {"added": 14, "updated": 0, "enrolled": 14}
    second = json.loads(runner.invoke(import_roster, arguments).stdout)
    assert {row["verdict"] for row in second["rows"]} == {"same"}
    assert second["taken"] == {"added": 0, "updated": 0, "enrolled": 0}
    for table in (Worker, Enrollment, Badge):
        assert db.session.scalar(sa.select(sa.func.count(table.id))) == 14


def test_a_closed_cohort_is_left_alone(app: Flask, cast: Cast, cohort: Cohort) -> None:
    cohort.cancelled_at = cohort.created_at
    db.session.commit()
    result = app.test_cli_runner().invoke(
        import_roster, [str(ROSTERS / "steel-works.csv"), "--cohort", str(cohort.id), "--json"]
    )
    assert json.loads(result.stdout)["errors"][0]["code"] == "cohort_cancelled"
    assert db.session.scalar(sa.select(sa.func.count(Worker.id))) == 0


def test_a_campus_cohort_has_no_employer_to_import_for(app: Flask, cast: Cast) -> None:
    campus = make_cohort(cast, booked=False)
    result = app.test_cli_runner().invoke(
        import_roster, [str(ROSTERS / "steel-works.csv"), "--cohort", str(campus.id)]
    )
    assert "no employer" in result.stderr
