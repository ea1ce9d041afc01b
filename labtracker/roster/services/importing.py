"""A roster's way from a file into a cohort: stage it, settle its columns, take what is ready."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
from labtracker.kit.text import tidy
from labtracker.roster import queries
from labtracker.roster.models import Badge, Enrollment, RosterImport, Worker
from labtracker.roster.reading import cells
from labtracker.roster.reading.columns import guess_columns
from labtracker.roster.reading.delimited import read_text
from labtracker.roster.reading.files import read_sheets
from labtracker.roster.reading.headings import FIELDS
from labtracker.roster.reading.rows import read_rows
from labtracker.roster.reading.sheets import Line
from labtracker.roster.reading.table import Table, find_table
from labtracker.roster.reading.verdicts import AS_NEW, AS_SAID, FACTS, Assessed, assess
from labtracker.roster.rules.badges import SECRET_BYTES, badge_hash
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.services.enrolling import refuse_if_closed
from labtracker.roster.signals import enrollments_changed
from labtracker.scheduling.models import Cohort

DATE_ORDERS = ("mdy", "dmy")


@dataclass
class Outcome:
    """What taking rows did: how many workers are new, updated, enrolled, and which rows went in."""

    added: int = 0
    updated: int = 0
    enrolled: int = 0
    taken: dict[int, UUID | None] = field(default_factory=dict)


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
    """Keep a roster until somebody has looked at it. Uploads into this cohort that waited until now go."""
    refuse_if_closed(cohort)
    columns = guess_columns(table, today=today)
    db.session.execute(
        sa.delete(RosterImport).where(
            RosterImport.cohort_id == cohort.id,
            RosterImport.employer_id == employer.id,
            RosterImport.applied_at.is_(None),
        )
    )
    name = tidy(filename.replace("\\", "/").rsplit("/", 1)[-1])[:160]
    staged = RosterImport(
        cohort=cohort,
        employer_id=employer.id,
        filename=_("roster") if cells.looks_like_ssn(name) or not name else name,
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
    record_audit(actor, "roster_uploaded", "roster_import", staged.id, now, rows=len(table.lines))
    return staged


def settle_columns(staged: RosterImport, *, fields: Mapping[int, str], date_order: str | None) -> None:
    """Say anew which column holds what, and whether day or month comes first."""
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
    readings = read_rows(table, fields, today=today, date_order=staged.columns["date_order"])
    return assess(readings, queries.known_facts(staged.employer_id))


def apply_import(
    staged: RosterImport, *, decisions: Mapping[int, str], actor: Person, now: datetime, today: date
) -> Outcome:
    """Take every row that is ready or decided; the others wait. Doing it again takes nothing twice."""
    refuse_if_closed(staged.cohort)
    employer = db.session.get_one(Organization, staged.employer_id, with_for_update=True)
    rows = waiting_rows(staged, today=today)
    outcome = take_rows(rows, cohort=staged.cohort, employer=employer, decisions=decisions, now=now)
    if not outcome.taken:
        return outcome
    staged.rows = [
        _done(row, outcome.taken[row["row"]]) if row["row"] in outcome.taken and "cells" in row else row
        for row in staged.rows
    ]
    staged.applied_at = staged.applied_at or now
    db.session.flush()
    record_audit(
        actor,
        "roster_applied",
        "roster_import",
        staged.id,
        now,
        added=outcome.added,
        updated=outcome.updated,
        enrolled=outcome.enrolled,
    )
    return outcome


def discard_waiting(staged: RosterImport, *, actor: Person, now: datetime) -> None:
    """Let go of the rows that have not gone in; nothing of them is kept."""
    staged.rows = [row for row in staged.rows if "cells" not in row]
    staged.applied_at = staged.applied_at or now
    db.session.flush()
    record_audit(actor, "roster_rest_discarded", "roster_import", staged.id, now)


def _done(row: dict[str, Any], worker_id: UUID | None) -> dict[str, Any]:
    # The cells have done their work; what remains is where they went.
    return {"row": row["row"], "worker": str(worker_id) if worker_id else None}


def take_rows(
    rows: Sequence[Assessed],
    *,
    cohort: Cohort,
    employer: Organization,
    decisions: Mapping[int, str],
    now: datetime,
) -> Outcome:
    """Bring rows into a cohort: new workers added, known ones updated, all of them enrolled with badges."""
    outcome = Outcome()
    workers = {worker.id: worker for worker in db.session.execute(queries.workers_of(employer.id)).scalars()}
    on_roster: list[Worker] = []
    for row in rows:
        goes, target = _decided(row, decisions.get(row.number))
        if not goes:
            continue
        outcome.taken[row.number] = target
        if row.is_repeat:
            continue
        worker = workers.get(target) if target else None
        if worker is None:
            worker = _new_worker(row, employer, now)
            outcome.added += 1
        elif _update(worker, row):
            outcome.updated += 1
        outcome.taken[row.number] = worker.id
        on_roster.append(worker)
    db.session.flush()
    outcome.enrolled = _enroll_all(on_roster, cohort, now)
    return outcome


def _decided(row: Assessed, decision: str | None) -> tuple[bool, UUID | None]:
    """Whether a row goes in, and as which known worker."""
    if row.is_ready:
        return True, row.known
    if decision is None or decision not in row.options:
        return False, None
    if decision == AS_NEW:
        return True, None
    return True, row.known if decision == AS_SAID else UUID(decision)


def _new_worker(row: Assessed, employer: Organization, now: datetime) -> Worker:
    said = {name: row.values.get(name) for name in FACTS}
    said["given_name"], said["family_name"] = said["given_name"] or "", said["family_name"] or ""
    worker = Worker(id=uuid7(), employer=employer, created_at=now, **said)
    db.session.add(worker)
    return worker


def _update(worker: Worker, row: Assessed) -> bool:
    """Write what the row says of a known worker; empty cells take nothing away."""
    changed = worker.archived_at is not None
    worker.archived_at = None
    changes = row.changes if row.known is not None else _said_otherwise(worker, row)
    for name, value in changes.items():
        setattr(worker, name, value)
    return changed or bool(changes)


def _said_otherwise(worker: Worker, row: Assessed) -> dict[str, Any]:
    return {
        name: row.values[name]
        for name in FACTS
        if row.values.get(name) and row.values[name] != getattr(worker, name)
    }


def _enroll_all(workers: Sequence[Worker], cohort: Cohort, now: datetime) -> int:
    known = {
        enrollment.worker_id: enrollment
        for enrollment in db.session.execute(
            sa.select(Enrollment).where(Enrollment.cohort_id == cohort.id)
        ).scalars()
    }
    with_badge = queries.workers_with_badge(worker.id for worker in workers)
    added = []
    for worker in dict.fromkeys(workers):
        if worker.id not in known:
            enrollment = Enrollment(
                cohort_id=cohort.id, worker=worker, status=EnrollmentStatus.ENROLLED, created_at=now
            )
            db.session.add(enrollment)
            added.append(enrollment)
        # Who withdrew stays so: a sheet that was not brought up to date must not undo a person's decision.
        if worker.id not in with_badge:
            secret = secrets.token_bytes(SECRET_BYTES)
            db.session.add(
                Badge(worker_id=worker.id, secret=secret, badge_hash=badge_hash(secret), issued_at=now)
            )
    db.session.flush()
    if added:
        enrollments_changed.send(enrollment_ids=[enrollment.id for enrollment in added])
    return len(added)
