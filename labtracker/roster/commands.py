"""``labtracker import roster``: the same reading as on the page, for scripts."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask.cli import with_appcontext

from labtracker.accounts.models import Organization
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.time import utc_now
from labtracker.roster import queries, services
from labtracker.roster.reading.columns import Columns, column_of, guess_columns, has_name_column
from labtracker.roster.reading.messages import RosterFileError, notice_message
from labtracker.roster.reading.rows import read_rows
from labtracker.roster.reading.sheets import MAX_FILE_BYTES
from labtracker.roster.reading.table import Table
from labtracker.roster.reading.verdicts import Assessed, assess, counted
from labtracker.scheduling.models import Cohort

# The fields of a worker in the answer, in this order.
SHOWN = ("given_name", "family_name", "email", "phone", "employee_number", "hired_on")
_NAMES_FROM = {
    "given_name": ("given_name", "middle_name", "full_name"),
    "family_name": ("family_name", "second_family_name", "full_name"),
}


@click.command("roster")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--cohort", "cohort_id", type=click.UUID, help="The cohort: the id in its page's address.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; needs no cohort.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@click.option("--sheet", help="The sheet of a workbook to read; without it the one that fits best.")
@click.option("--dates", type=click.Choice(["mdy", "dmy"]), help="Whether month or day comes first.")
@with_appcontext
def import_roster(
    file: Path, cohort_id: UUID | None, dry_run: bool, as_json: bool, sheet: str | None, dates: str | None
) -> None:
    """Take the ready rows of a roster into a cohort.

    FILE is a CSV or XLSX as the employer has it; docs/rosters.md says what is understood.

    Rows that need somebody's decision, and rows with errors, are listed and left out. What went in can be
    undone on the roster's page.
    """
    now = utc_now()
    try:
        answer = _import(file, cohort_id, dry_run, sheet, dates, now)
    except DomainError as refusal:
        if as_json:
            click.echo(json.dumps({"ok": False, "errors": [refusal.as_dict()]}, ensure_ascii=False))
        click.echo(refusal.message, err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        _tell(answer)


def _import(
    file: Path, cohort_id: UUID | None, dry_run: bool, sheet: str | None, dates: str | None, now: datetime
) -> dict[str, Any]:
    today = now.date()
    table = services.table_from_file(_bytes_of(file), today=today, sheet=sheet)
    columns = guess_columns(table, today=today)
    if not has_name_column(columns):
        found = [table.label(place) for place in range(len(table.headings)) if place not in table.dropped]
        raise RosterFileError("no_name_column", headings=", ".join(found[:20]) or "–")
    readings = read_rows(table, columns, today=today, date_order=dates)
    if cohort_id is None:
        if not dry_run:
            raise DomainError("cohort_missing", "Name the cohort with --cohort, or add --dry-run.")
        return answer_of(table, columns, assess(readings))
    cohort = db.session.get(Cohort, cohort_id)
    if cohort is None:
        raise DomainError("cohort_unknown", "There is no cohort with this id.", field="cohort")
    employer = _employer_of(cohort)
    if dry_run:
        return answer_of(table, columns, assess(readings, queries.known_facts(employer.id)))
    rows, outcome = services.take_at_once(
        readings, filename=file.name, cohort=cohort, employer=employer, now=now
    )
    db.session.commit()
    taken = {"added": outcome.added, "updated": outcome.updated, "enrolled": outcome.enrolled}
    return {**answer_of(table, columns, rows), "taken": taken}


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as source:
            return source.read(MAX_FILE_BYTES + 1)
    except OSError:
        raise DomainError("file_unreadable", "This file cannot be opened.", field="file") from None


def _employer_of(cohort: Cohort) -> Organization:
    employer = queries.employer_of(cohort)
    if employer is None:
        raise DomainError("employer_unknown", "This cohort belongs to no employer; use the page instead.")
    return employer


def answer_of(table: Table, columns: Columns, rows: list[Assessed]) -> dict[str, Any]:
    """What a sheet says, as ``--json`` prints it."""
    return {
        "sheet": table.sheet or None,
        "columns": {name: _headings_of(name, table, columns) for name in SHOWN},
        "rows": [
            {
                "row": row.number,
                "verdict": str(row.verdict),
                "worker": {name: _plain(row.values.get(name)) for name in SHOWN},
                "problems": row.messages() + _lost(row.number, table),
            }
            for row in rows
        ],
        "notices": [
            {
                **notice,
                "message": notice_message(
                    notice["code"], **{key: value for key, value in notice.items() if key != "code"}
                ),
            }
            for notice in table.notices
        ],
        "counts": counted(rows),
    }


def _lost(number: int, table: Table) -> list[dict[str, Any]]:
    """What a row lost to columns that nobody may keep."""
    return [
        {**told, "message": notice_message(told["code"], column=told["column"])}
        for told in table.emptied.get(number, [])
    ]


def _headings_of(name: str, table: Table, columns: Columns) -> str | None:
    places = [column_of(columns, source) for source in _NAMES_FROM.get(name, (name,))]
    return " + ".join(table.label(place) for place in places if place is not None) or None


def _plain(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value or None


def _tell(answer: dict[str, Any]) -> None:
    for notice in answer["notices"]:
        click.echo(notice["message"])
    for row in answer["rows"]:
        worker = row["worker"]
        name = " ".join(part for part in (worker["given_name"], worker["family_name"]) if part)
        problems = " ".join(problem["message"] for problem in row["problems"])
        click.echo(f"{row['row']:>6}  {row['verdict']:<8} {name}  {problems}".rstrip())
    counts = answer["counts"]
    click.echo(f"{counts['ready']} of {counts['total']} rows are ready.")
    if "taken" in answer:
        taken = answer["taken"]
        click.echo(f"{taken['added']} added, {taken['updated']} updated, {taken['enrolled']} enrolled.")


COMMANDS = (import_roster,)
