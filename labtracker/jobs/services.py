"""Background work: asked for inside a transaction, done after it, once, under a lease.

A handler is registered with ``@handles("kind")`` and gets the arguments and the present instant. What it
writes and the mark that the job is done are one transaction; what it does outside the database (a mail that
leaves) may happen twice if the machine dies at the wrong moment, so such handlers should bear it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.jobs import queries
from labtracker.jobs.models import Job
from labtracker.jobs.rules import LEASE, is_hopeless, pause_after

Handler = Callable[[dict[str, Any], datetime], None]
Due = Callable[[datetime], datetime | None]
log = logging.getLogger(__name__)
_HANDLERS: dict[str, Handler] = {}
_LEASES: dict[str, timedelta] = {}
_RECURRING: dict[str, Due] = {}


@dataclass(frozen=True)
class Claim:
    """A job that one worker holds; ``attempt`` fences off a worker that comes back too late."""

    job_id: UUID
    kind: str
    arguments: dict[str, Any]
    attempt: int
    worker_name: str


def handles(kind: str, lease: timedelta = LEASE) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind, within ``lease`` or somebody else begins it anew."""

    def register(handler: Handler) -> Handler:
        if kind in _HANDLERS:
            raise ValueError(f"two handlers for jobs of kind {kind}")
        _HANDLERS[kind] = handler
        _LEASES[kind] = lease
        return handler

    return register


def recurs(kind: str) -> Callable[[Due], Due]:
    """Register the function that says when a job of this kind is due next; None: not now."""

    def register(due: Due) -> Due:
        _RECURRING[kind] = due
        return due

    return register


def ask_for_recurring(now: datetime) -> None:
    """Ask for every recurring job that is due some time and that nobody has asked for yet. Commits."""
    asked = {*db.session.scalars(queries.unfinished_kinds(_RECURRING))}
    for kind, due in _RECURRING.items():
        due_at = due(now) if kind not in asked else None
        if due_at is not None:
            enqueue(kind, {}, due_at=due_at, now=now)
    db.session.commit()


def enqueue(kind: str, arguments: dict[str, Any], due_at: datetime, now: datetime) -> Job:
    """Ask for work in the present transaction; ``arguments`` must be plain JSON values, best only ids."""
    if kind not in _HANDLERS:
        raise ValueError(f"nobody handles jobs of kind {kind}")
    job = Job(kind=kind, arguments=arguments, due_at=due_at, created_at=now)
    db.session.add(job)
    db.session.flush()
    return job


def run_due(now: datetime, worker_name: str) -> int:
    """Do everything that is due at ``now``; answers how many jobs were tried. Commits after each."""
    tried = 0
    while run_next(now, worker_name):
        tried += 1
    return tried


def run_next(now: datetime, worker_name: str) -> bool:
    """Take one due job, if there is one, and do it. Commits."""
    if not _anything_due(now):
        return False
    claim = claim_next(now, worker_name)
    if claim is None:
        return False
    _carry_out(claim, now)
    return True


def claim_next(now: datetime, worker_name: str) -> Claim | None:
    """Lease the job that waits longest, so that nobody else does it meanwhile. Commits."""
    session = db.session
    found = session.execute(
        queries.claimable(now).add_columns(Job.kind).limit(1).with_for_update(skip_locked=True)
    ).one_or_none()
    if found is None:
        session.rollback()
        return None
    job_id, kind = found
    lease = _LEASES.get(kind, LEASE)
    row = session.execute(
        sa.update(Job)
        .where(Job.id == job_id)
        .values(leased_until=now + lease, leased_by=worker_name, attempts=Job.attempts + 1)
        .returning(Job.kind, Job.arguments, Job.attempts)
    ).one()
    session.commit()
    return Claim(job_id, row.kind, row.arguments, row.attempts, worker_name)


def _anything_due(now: datetime) -> bool:
    # A look that asks for no place among the writers: workers ask every second, writers should not notice.
    with db.engine.connect().execution_options(writes=False) as connection:
        return connection.execute(queries.claimable(now).limit(1)).first() is not None


def _carry_out(claim: Claim, now: datetime) -> None:
    handler = _HANDLERS.get(claim.kind)
    try:
        if handler is None:
            raise LookupError(claim.kind)
        handler(claim.arguments, now)
        # What a finished job was about is nobody's business any more.
        if _finish(claim, done_at=now, leased_until=None, arguments={}):
            db.session.commit()
        else:
            # The lease ran out and somebody else has the job now: what we did is theirs to do.
            db.session.rollback()
    except Exception as error:  # noqa: BLE001 - whatever went wrong in a job belongs to that job
        db.session.rollback()
        _record_failure(claim, error, now)
    finally:
        db.session.remove()


def _record_failure(claim: Claim, error: Exception, now: datetime) -> None:
    # The kind of error only: messages of mail servers and databases quote people's data.
    name = type(error).__name__
    log.warning("job %s of kind %s failed at attempt %s: %s", claim.job_id, claim.kind, claim.attempt, name)
    values: dict[str, Any] = {"error": name[:300], "leased_until": None, "leased_by": None}
    if is_hopeless(claim.attempt):
        values["failed_at"] = now
    else:
        values["due_at"] = now + pause_after(claim.attempt)
    _finish(claim, **values)
    db.session.commit()


def _finish(claim: Claim, **values: Any) -> bool:
    db.session.flush()
    result = db.session.execute(
        sa.update(Job)
        .where(
            Job.id == claim.job_id,
            Job.attempts == claim.attempt,
            Job.leased_by == claim.worker_name,
            Job.done_at.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast("sa.CursorResult[Any]", result).rowcount == 1
