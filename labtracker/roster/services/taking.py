"""Taking rows of a roster: workers added or updated, enrolled where there are seats, given badges."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.accounts.models import Organization
from labtracker.changes import next_stamp
from labtracker.extensions import db
from labtracker.kit.ids import mark_of, uuid7
from labtracker.roster import queries
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.reading.verdicts import AS_NEW, AS_SAID, FACTS, Assessed
from labtracker.roster.rules.badges import SECRET_BYTES, badge_hash
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.rules.seating import seat_in_order
from labtracker.roster.signals import enrollments_changed
from labtracker.scheduling.models import Cohort


@dataclass
class Outcome:
    """What taking rows did: how many workers are new, updated, enrolled, and which rows went in.

    ``elsewhere`` is how many of those enrolled found their seat in another cohort of the booking.
    ``changes`` says of each row that changed something what it was before, for undoing it.
    """

    added: int = 0
    updated: int = 0
    enrolled: int = 0
    elsewhere: int = 0
    badges: int = 0
    taken: dict[int, UUID | None] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)


def facts_mark(worker: Any) -> str:
    """A mark of what is known of a worker, or about to be: another one says that it was changed."""
    says = worker.get if isinstance(worker, Mapping) else lambda name: getattr(worker, name)
    return mark_of({name: says(name) for name in FACTS})


def take_rows(
    rows: Sequence[Assessed],
    *,
    cohort: Cohort,
    employer: Organization,
    decisions: Mapping[int, str],
    now: datetime,
    others: Sequence[Cohort] = (),
) -> Outcome:
    """Bring rows into a cohort: new workers added, known ones updated, all of them enrolled with badges.

    ``others`` are filled, too, when the cohort is full. Whoever is enrolled in another cohort of the same
    booking already stays there. The number of statements hardly grows with the number of rows.
    """
    outcome = Outcome()
    going = [(row, decided_as(row, decisions.get(row.number))) for row in rows]
    known = queries.workers_among(
        employer.id, [as_whom for _row, (goes, as_whom) in going if goes and as_whom]
    )
    changes: dict[UUID, dict[str, Any]] = {}
    fresh: list[dict[str, Any]] = []
    for row, (goes, as_whom) in going:
        if not goes:
            continue
        outcome.taken[row.number] = as_whom
        if row.is_repeat:
            continue
        worker = known.get(as_whom) if as_whom else None
        if worker is None:
            fresh.append(_new_worker(row, employer, now))
            worker_id, change = fresh[-1]["id"], {"new": facts_mark(fresh[-1])}
        else:
            worker_id, change = worker.id, _update(worker, row)
            outcome.updated += bool(change)
        outcome.taken[row.number] = worker_id
        _note(changes.setdefault(worker_id, {"row": row.number, "worker": str(worker_id)}), change)
    outcome.added = len(fresh)
    _insert(Worker, fresh)
    _enroll_all(changes, known.keys(), [cohort, *others], outcome, now)
    outcome.changes = [change for change in changes.values() if len(change) > len(("row", "worker"))]
    return outcome


def decided_as(row: Assessed, decision: str | None) -> tuple[bool, UUID | None]:
    """Whether a row goes in, and as which known worker.

    ``decision`` overrides one that was made before; an empty one lets the row wait.
    """
    decision = row.decision if decision is None else decision
    if decision is not None and decision in row.options:
        if decision == AS_NEW:
            return True, None
        return True, row.known if decision == AS_SAID else UUID(decision)
    return (row.is_ready, row.known) if not row.options else (False, None)


def _new_worker(row: Assessed, employer: Organization, now: datetime) -> dict[str, Any]:
    said = {name: row.values.get(name) for name in FACTS}
    said["given_name"], said["family_name"] = said["given_name"] or "", said["family_name"] or ""
    return {"id": uuid7(), "employer_id": employer.id, "created_at": now, **said}


def _update(worker: Worker, row: Assessed) -> dict[str, Any]:
    """Write what the row says of a known worker; empty cells take nothing away. Gives what was before."""
    change: dict[str, Any] = {}
    if worker.archived_at is not None:
        change["archived_at"] = worker.archived_at.isoformat()
        worker.archived_at = None
    said = row.changes if row.known is not None else _said_otherwise(worker, row)
    if said:
        change["fields"] = {
            name: [plain(getattr(worker, name)), plain(value)] for name, value in said.items()
        }
    for name, value in said.items():
        setattr(worker, name, value)
    return change


def plain(value: Any) -> Any:
    """A fact as it stands in the record of a change: text, or nothing."""
    return value.isoformat() if isinstance(value, date) else value


def _said_otherwise(worker: Worker, row: Assessed) -> dict[str, Any]:
    return {
        name: row.values[name]
        for name in FACTS
        if row.values.get(name) and row.values[name] != getattr(worker, name)
    }


def _note(noted: dict[str, Any], change: Mapping[str, Any]) -> None:
    """Add to what was noted of a worker; of two rows about one field the first knows what was before."""
    for name, (_before, after) in change.get("fields", {}).items():
        known = noted.setdefault("fields", {}).get(name)
        noted["fields"][name] = [known[0] if known else _before, after]
    noted |= {key: value for key, value in change.items() if key != "fields"}


def _enroll_all(
    changes: Mapping[UUID, dict[str, Any]],
    known: Collection[UUID],
    cohorts: Sequence[Cohort],
    outcome: Outcome,
    now: datetime,
) -> None:
    """Put everybody on the roster who never was, in their order, and give badges to who has none."""
    first = cohorts[0]
    # Who withdrew stays so: a sheet that was not brought up to date must not undo a person's decision.
    settled = queries.settled_among(first, known) if known else set()
    coming = [worker_id for worker_id in changes if worker_id not in settled]
    free = [cohort.seats - queries.enrolled_count(cohort) for cohort in cohorts]
    places = seat_in_order(len(coming), free)
    enrollments: list[dict[str, Any]] = [
        {
            "id": uuid7(),
            "cohort_id": cohorts[place].id,
            "worker_id": worker_id,
            "status": EnrollmentStatus.ENROLLED.value,
            "created_at": now,
        }
        for worker_id, place in zip(coming, places, strict=True)
    ]
    held = queries.workers_with_badge(known)
    badges = [_new_badge(worker_id, now) for worker_id in changes if worker_id not in held]
    _insert(Enrollment, enrollments)
    _insert(Badge, badges)
    db.session.flush()
    for kind, rows in (("enrollment", enrollments), ("badge", badges)):
        for row in rows:
            changes[row["worker_id"]][kind] = str(row["id"])
    if enrollments:
        enrollments_changed.send(enrollment_ids=[row["id"] for row in enrollments], now=now)
    outcome.enrolled, outcome.badges = len(enrollments), len(badges)
    outcome.elsewhere = sum(row["cohort_id"] != first.id for row in enrollments)


def _new_badge(worker_id: UUID, now: datetime) -> dict[str, Any]:
    secret = secrets.token_bytes(SECRET_BYTES)
    return {
        "id": uuid7(),
        "worker_id": worker_id,
        "secret": secret,
        "badge_hash": badge_hash(secret),
        "issued_at": now,
    }


def _insert(model: type[Worker | Enrollment | Badge], rows: list[dict[str, Any]]) -> None:
    """Write new rows past the unit of work, which takes longer over each than the database."""
    if rows:
        stamp = next_stamp(db.session())
        db.session.execute(sa.insert(model), [{**row, "stamp": stamp} for row in rows])
