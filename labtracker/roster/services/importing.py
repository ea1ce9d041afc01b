"""A roster on its way from a file into a cohort: staged, its columns settled, its rows judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.ssn import looks_like_ssn
from labtracker.kit.text import tidy
from labtracker.roster import queries
from labtracker.roster.models import RosterImport
from labtracker.roster.reading.columns import guess_columns
from labtracker.roster.reading.delimited import read_text
from labtracker.roster.reading.files import read_sheets
from labtracker.roster.reading.headings import FIELDS
from labtracker.roster.reading.rows import read_rows
from labtracker.roster.reading.sheets import Line
from labtracker.roster.reading.table import Table, find_table
from labtracker.roster.reading.verdicts import Assessed, assess
from labtracker.roster.services.enrolling import refuse_if_closed
from labtracker.roster.services.locking import hold_import, hold_roster, refuse_while_running
from labtracker.scheduling.models import Cohort

DATE_ORDERS = ("mdy", "dmy")


def table_from_file(data: bytes, *, today: date, sheet: str | None = None) -> Table:
    """The roster in a file; raises RosterFileError with the reason when there is none."""
    return find_table(read_sheets(data), today=today, sheet=sheet)


def table_from_text(text: str, *, today: date) -> Table:
    """The roster in pasted text."""
    return find_table([read_text(text)], today=today)


def stage_import(
    table: Table,
    *,
    filename: str,
    cohort: Cohort,
    employer: Organization,
    actor: Person,
    now: datetime,
    today: date,
) -> RosterImport:
    """Keep a roster until somebody has looked at it.

    Uploads of the same employer's into this cohort that waited until now go, and say which one took their
    place. Raises DomainError ``import_running`` while one of them is going in.
    """
    cohort, employer = hold_roster(cohort.id, employer.id)
    refuse_if_closed(cohort)
    refuse_while_running(cohort.id, employer.id, now)
    columns = guess_columns(table, today=today)
    staged = RosterImport(
        id=uuid7(),
        cohort=cohort,
        employer_id=employer.id,
        filename=kept_filename(filename),
        columns={
            "sheet": table.sheet,
            "headings": table.headings,
            "fields": {str(place): known for place, known in columns.items()},
            "dropped": sorted(table.dropped),
            "has_serials": table.has_serials,
            "date_order": None,
        },
        rows=[
            {"row": line.number, "cells": line.cells, "marks": table.marks.get(line.number, [])}
            for line in table.lines
        ],
        notices=table.notices,
        created_by=actor,
        created_at=now,
    )
    db.session.add(staged)
    db.session.flush()
    _replace_waiting(staged)
    record_audit(actor, "roster_uploaded", "roster_import", staged.id, now, rows=len(table.lines))
    return staged


def kept_filename(filename: str) -> str:
    """A file's name without its folders, unless it holds what may not be kept."""
    name = tidy(filename.replace("\\", "/").rsplit("/", 1)[-1])[:160]
    return _("roster") if looks_like_ssn(name) or not name else name


def _replace_waiting(staged: RosterImport) -> None:
    waiting = sa.select(RosterImport).where(
        RosterImport.cohort_id == staged.cohort_id,
        RosterImport.employer_id == staged.employer_id,
        RosterImport.applied_at.is_(None),
        RosterImport.replaced_by_id.is_(None),
        RosterImport.id != staged.id,
    )
    for older in db.session.scalars(waiting):
        older.rows, older.notices, older.replaced_by_id = [], [], staged.id
    db.session.flush()


def settle_columns(
    staged: RosterImport, *, fields: Mapping[int, str], date_order: str | None, now: datetime
) -> None:
    """Say anew which column holds what, and whether day or month comes first."""
    hold_import(staged, now)
    if staged.applied_at is not None:
        raise DomainError(
            "import_applied", _("Some of these rows are in already; upload the file again."), status=409
        )
    chosen = {
        place: known
        for place, known in fields.items()
        if known in FIELDS and place not in staged.columns["dropped"]
    }
    if len(set(chosen.values())) < len(chosen):
        raise DomainError("column_twice", _("Two columns cannot be the same thing."), field="columns")
    staged.columns = {
        **staged.columns,
        "fields": {str(place): known for place, known in sorted(chosen.items())},
        "date_order": date_order if date_order in DATE_ORDERS else None,
    }
    db.session.flush()


def waiting_rows(staged: RosterImport, *, today: date) -> list[Assessed]:
    """The rows that have not gone in, judged by what is known at this moment."""
    table = Table(
        sheet=staged.columns["sheet"],
        headings=staged.columns["headings"],
        lines=[Line(row["row"], row["cells"]) for row in staged.rows if "cells" in row],
        has_serials=staged.columns["has_serials"],
        marks={row["row"]: row["marks"] for row in staged.rows if row.get("marks")},
        dropped=set(staged.columns["dropped"]),
    )
    fields = {int(place): known for place, known in staged.columns["fields"].items()}
    readings = read_rows(
        table,
        fields,
        today=today,
        date_order=staged.columns["date_order"],
        typed={row["row"]: row["typed"] for row in staged.rows if row.get("typed")},
    )
    rows = assess(readings, queries.known_facts(staged.employer_id))
    decided = {row["row"]: row["decision"] for row in staged.rows if row.get("decision")}
    for row in rows:
        row.decision = decided.get(row.number)
    return rows


def discard_waiting(staged: RosterImport, *, actor: Person, now: datetime) -> None:
    """Let go of the rows that have not gone in; nothing of them is kept."""
    hold_import(staged, now)
    staged.rows = [row for row in staged.rows if "cells" not in row]
    staged.applied_at = staged.applied_at or now
    db.session.flush()
    record_audit(actor, "roster_rest_discarded", "roster_import", staged.id, now)
