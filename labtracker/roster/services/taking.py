"""Taking rows of a roster: workers added or updated, enrolled where there are seats, given badges."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from labtracker.accounts.models import Organization
from labtracker.extensions import db
from labtracker.kit.ids import uuid7
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
    """

    added: int = 0
    updated: int = 0
    enrolled: int = 0
    elsewhere: int = 0
    taken: dict[int, UUID | None] = field(default_factory=dict)


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
    booking already stays there.
    """
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
    _enroll_all(list(dict.fromkeys(on_roster)), [cohort, *others], outcome, now)
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


def _enroll_all(
    workers: Sequence[Worker], cohorts: Sequence[Cohort], outcome: Outcome, now: datetime
) -> None:
    first = cohorts[0]
    # Who withdrew stays so: a sheet that was not brought up to date must not undo a person's decision.
    settled = queries.enrolled_worker_ids(first) | queries.enrolled_in_sisters(first).keys()
    coming = [worker for worker in workers if worker.id not in settled]
    free = [cohort.seats - queries.enrolled_count(cohort) for cohort in cohorts]
    added = []
    for worker, place in zip(coming, seat_in_order(len(coming), free), strict=True):
        enrollment = Enrollment(
            cohort_id=cohorts[place].id, worker=worker, status=EnrollmentStatus.ENROLLED, created_at=now
        )
        db.session.add(enrollment)
        added.append(enrollment)
    _give_badges(workers, now)
    db.session.flush()
    if added:
        enrollments_changed.send(enrollment_ids=[enrollment.id for enrollment in added], now=now)
    outcome.enrolled = len(added)
    outcome.elsewhere = sum(enrollment.cohort_id != first.id for enrollment in added)


def _give_badges(workers: Sequence[Worker], now: datetime) -> None:
    with_badge = queries.workers_with_badge(worker.id for worker in workers)
    for worker in workers:
        if worker.id not in with_badge:
            secret = secrets.token_bytes(SECRET_BYTES)
            db.session.add(
                Badge(worker_id=worker.id, secret=secret, badge_hash=badge_hash(secret), issued_at=now)
            )
