"""Taking rows of an import into its cohort: at once, or, where they are many, in parts by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.services import record_audit, record_audits
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.jobs.services import enqueue, handles
from labtracker.kit.time import local_day, utc_now
from labtracker.roster import queries
from labtracker.roster.models import RosterApplication, RosterImport
from labtracker.roster.reading.rows import RowReading
from labtracker.roster.reading.verdicts import Assessed, assess
from labtracker.roster.rules.importing import goes_behind
from labtracker.roster.services.enrolling import refuse_if_closed
from labtracker.roster.services.importing import kept_filename, waiting_rows
from labtracker.roster.services.locking import hold_import, hold_roster, refuse_while_running
from labtracker.roster.services.taking import Outcome, decided_as, take_rows
from labtracker.scheduling.models import Cohort

KIND = "apply_roster"
# So many rows in one transaction: others write in between, and the page sees how far it has come.
PART = 2000
NO_COLUMNS = {
    "sheet": "",
    "headings": [],
    "fields": {},
    "dropped": [],
    "has_serials": False,
    "date_order": None,
}


def apply_import(
    staged: RosterImport,
    *,
    decisions: Mapping[int, str],
    actor: Person | None,
    now: datetime,
    today: date,
    fills_others: bool = False,
) -> Outcome:
    """Take every row that is ready or decided; the others wait. Doing it again takes nothing twice.

    ``fills_others``: people for whom there is no seat go to the booking's other open cohorts. Raises
    DomainError ``cohort_closed``, ``cohort_cancelled``, ``import_replaced`` or ``import_running``.
    """
    cohort, employer = hold_import(staged, now)
    refuse_if_closed(cohort)
    outcome = take_rows(
        waiting_rows(staged, today=today),
        cohort=cohort,
        employer=employer,
        decisions=decisions,
        now=now,
        others=queries.open_sisters(cohort) if fills_others else (),
    )
    if outcome.taken:
        step = RosterApplication(
            import_id=staged.id, by_id=actor.id if actor else None, asked_at=now, total=len(outcome.taken)
        )
        db.session.add(step)
        _note(step, staged, outcome, now)
        _finish(step, now)
    return outcome


def take_at_once(
    readings: Sequence[RowReading], *, filename: str, cohort: Cohort, employer: Organization, now: datetime
) -> tuple[list[Assessed], Outcome]:
    """Take the ready rows of a file that nobody looks at first; none of the others waits. Gives all of them.

    Raises DomainError ``cohort_closed``, ``cohort_cancelled`` or ``import_running``.
    """
    cohort, employer = hold_roster(cohort.id, employer.id)
    refuse_if_closed(cohort)
    refuse_while_running(cohort.id, employer.id, now)
    rows = assess(readings, queries.known_facts(employer.id))
    outcome = take_rows(rows, cohort=cohort, employer=employer, decisions={}, now=now)
    if outcome.changes:
        taken = RosterImport(
            cohort_id=cohort.id,
            employer_id=employer.id,
            filename=kept_filename(filename),
            columns=NO_COLUMNS,
            rows=[{"row": row.number, "cells": []} for row in rows if row.number in outcome.taken],
            created_at=now,
        )
        step = RosterApplication(roster_import=taken, asked_at=now, done_at=now, total=len(outcome.taken))
        db.session.add_all((taken, step))
        _note(step, taken, outcome, now)
    record_audit(None, "roster_imported", "cohort", cohort.id, now, enrolled=outcome.enrolled)
    return rows, outcome


def ask_to_apply(
    staged: RosterImport, *, actor: Person, now: datetime, fills_others: bool = False
) -> RosterApplication:
    """Ask the worker to take every row that is ready or decided. Raises as ``apply_import`` does.

    How many those are is not worked out here, where somebody waits; ``total`` is all that wait until then.
    """
    cohort, _employer = hold_import(staged, now)
    refuse_if_closed(cohort)
    step = RosterApplication(
        import_id=staged.id,
        by_id=actor.id,
        asked_at=now,
        fills_others=fills_others,
        total=sum("cells" in row for row in staged.rows),
    )
    db.session.add(step)
    db.session.flush()
    enqueue(KIND, {"application": str(step.id)}, due_at=now, now=now)
    return step


@dataclass
class _Judged:
    """What goes in, judged when the employer's workers were as ``workers`` says."""

    rows: Sequence[Assessed]
    workers: tuple[int, int]


@handles(KIND)
def apply_in_parts(arguments: dict[str, Any], now: datetime) -> None:
    """Take the rows of a step, a part in each transaction, until all are in or something stops it.

    Each part is in as a whole or not at all, and the import says row by row what is in. A worker that died
    is followed by another one, which goes on where that one stopped.
    """
    step_id = UUID(arguments["application"])
    judged: _Judged | None = None
    while True:
        judged = judged or _judge(step_id)
        db.session.rollback()
        try:
            judged = _take_part(step_id, judged, now)
        except DomainError as refusal:
            db.session.rollback()
            _stop(step_id, refusal.code, now)
            return
        if judged is not None and not judged.rows:
            return
        db.session.commit()


def _judge(step_id: UUID) -> _Judged:
    """Judge every row that waits: by far the longest work, so nobody else is kept from writing."""
    db.session.rollback()
    db.session.connection(execution_options={"writes": False})
    staged = db.session.get_one(RosterApplication, step_id).roster_import
    today = local_day(utc_now(), staged.cohort.worksite.zone)
    workers = queries.state_of_workers(staged.employer_id)
    return _Judged(_going(waiting_rows(staged, today=today)), workers)


def _take_part(step_id: UUID, judged: _Judged, now: datetime) -> _Judged | None:
    """Take the next rows; gives those that are left, or nothing when they have to be judged anew."""
    step = db.session.get_one(RosterApplication, step_id, with_for_update=True, populate_existing=True)
    if step.done_at is not None:
        return _Judged((), judged.workers)
    staged = step.roster_import
    cohort, employer = hold_import(staged, now, within=step)
    refuse_if_closed(cohort)
    step.total = step.done + len(judged.rows)
    if queries.state_of_workers(employer.id) != judged.workers:
        return None
    waiting = {row["row"] for row in staged.rows if "cells" in row}
    part = [row for row in judged.rows[:PART] if row.number in waiting]
    outcome = take_rows(
        part,
        cohort=cohort,
        employer=employer,
        decisions={},
        now=now,
        others=queries.open_sisters(cohort) if step.fills_others else (),
    )
    _note(step, staged, outcome, now)
    left = judged.rows[PART:]
    if not left:
        _finish(step, now)
    return _Judged(left, queries.state_of_workers(employer.id))


def _stop(step_id: UUID, code: str, now: datetime) -> None:
    step = db.session.get_one(RosterApplication, step_id)
    step.stopped = code[:40]
    _finish(step, now)


def _going(rows: Sequence[Assessed]) -> list[Assessed]:
    return [row for row in rows if decided_as(row, None)[0]]


def is_large(staged: RosterImport) -> bool:
    """Whether so many rows wait that taking them is the worker's."""
    return goes_behind(sum("cells" in row for row in staged.rows))


def _note(step: RosterApplication, staged: RosterImport, outcome: Outcome, now: datetime) -> None:
    """Write down what a part did, in the step and in the import's rows."""
    step.done = (step.done or 0) + len(outcome.taken)
    for name in ("added", "updated", "enrolled", "elsewhere", "badges"):
        setattr(step, name, (getattr(step, name) or 0) + getattr(outcome, name))
    step.changes = [*(step.changes or ()), *outcome.changes]
    staged.rows = [
        _done(row, outcome.taken[row["row"]]) if row["row"] in outcome.taken and "cells" in row else row
        for row in staged.rows
    ]
    staged.applied_at = staged.applied_at or now
    db.session.flush()
    # Where links go that open somebody's own page has changed: the trail says who did that.
    remailed = [UUID(one["worker"]) for one in outcome.changes if "email" in one.get("fields", ())]
    record_audits(step.by, "worker_changed", "worker", remailed, now, fields=["email"])


def _finish(step: RosterApplication, now: datetime) -> None:
    step.done_at = now
    record_audit(
        step.by,
        "roster_applied",
        "roster_import",
        step.import_id,
        now,
        added=step.added,
        updated=step.updated,
        enrolled=step.enrolled,
        **({"stopped": step.stopped} if step.stopped else {}),
    )


def _done(row: dict[str, Any], worker_id: UUID | None) -> dict[str, Any]:
    # The cells have done their work; what remains is where they went.
    return {"row": row["row"], "worker": str(worker_id) if worker_id else None}
