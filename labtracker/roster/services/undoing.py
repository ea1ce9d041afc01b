"""Undoing what an import brought in, as one step; what has been used since stays and is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit, record_audits
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Badge, Enrollment, RosterApplication, Worker
from labtracker.roster.reading.verdicts import FACTS
from labtracker.roster.rules.enrollment import EnrollmentStatus
from labtracker.roster.rules.undoing import Kept, Standing, TakenBack, take_back
from labtracker.roster.services.enrolling import refuse_if_closed
from labtracker.roster.services.locking import hold_roster, refuse_while_running
from labtracker.roster.services.taking import facts_mark, plain
from labtracker.roster.signals import enrollments_leaving
from labtracker.statements import in_parts

# What it means that another table names a row; in any other table it is simply in use.
_USES = {
    "event": Kept.RECORDED,
    "frame_decision": Kept.RECORDED,
    "certificate": Kept.CERTIFICATE,
    "completion_override": Kept.OVERRIDE,
    "release": Kept.RELEASED,
    "badge_step": Kept.BADGE_REPLACED,
    "worker": Kept.MERGED,
    "worker_merge": Kept.MERGED,
}


_WORKER = (Worker.id, *(getattr(Worker, name) for name in FACTS), Worker.archived_at)
_ENROLLMENT = (
    Enrollment.id,
    Enrollment.worker_id,
    Enrollment.cohort_id,
    Enrollment.status,
    Enrollment.created_at,
)
_BADGE = (Badge.id, Badge.worker_id, Badge.revoked_at)


@dataclass(frozen=True)
class UndoneRow:
    """One row of an import: whom it brought, what an undoing takes back of them, and what stays."""

    row: int
    name: str
    change: dict[str, Any]
    takes: TakenBack


@dataclass(frozen=True)
class Undoing:
    """What an undoing takes back, row by row in the order of the file."""

    rows: list[UndoneRow]

    def count(self, what: str) -> int:
        """How many workers, enrollments or badges go (``worker``, ``enrollment``, ``badge``)."""
        return sum(getattr(row.takes, what) for row in self.rows)

    @property
    def restored(self) -> int:
        """How many known workers become what they were."""
        return sum(bool(row.takes.restored or row.takes.archives) for row in self.rows)

    @property
    def staying(self) -> list[UndoneRow]:
        """The rows of which something stays, with why."""
        return [row for row in self.rows if row.takes.stays or row.takes.kept_fields]

    @property
    def something(self) -> bool:
        """Whether anything is taken back at all."""
        return any(row.takes.something for row in self.rows)


def what_undoing_takes(step: RosterApplication, now: datetime) -> Undoing:
    """What undoing a step would take back now; the number of statements hardly grows with its rows."""
    changes = sorted(step.changes, key=lambda change: change["row"])
    found = _Found.of(step, now)
    rows = []
    for change in changes:
        worker = found.workers.get(UUID(change["worker"]))
        name = f"{worker.given_name} {worker.family_name}".strip() if worker is not None else ""
        rows.append(UndoneRow(change["row"], name, change, take_back(found.standing(change, worker))))
    return Undoing(rows)


def undo_application(step: RosterApplication, *, actor: Person, now: datetime) -> Undoing:
    """Take back what a step brought, as far as nothing of it has been used since; gives what was done.

    Raises DomainError ``undone_already``, ``import_running``, ``cohort_closed`` or ``cohort_cancelled``.
    """
    staged = step.roster_import
    cohort, _employer = hold_roster(staged.cohort_id, staged.employer_id)
    db.session.refresh(step, with_for_update=True)
    if step.undone_at is not None:
        raise DomainError("undone_already", _("This was undone already. Nothing was changed."), status=409)
    refuse_while_running(staged.cohort_id, staged.employer_id, now)
    refuse_if_closed(cohort)
    undoing = what_undoing_takes(step, now)
    _restore(undoing.rows)
    _remove(undoing.rows)
    step.undone_at, step.undone_by_id, step.changes = now, actor.id, []
    step.kept = [
        {"row": row.row, "worker": row.change["worker"], "stays": [*row.takes.stays, *row.takes.kept_fields]}
        for row in undoing.staying
    ]
    record_audit(
        actor,
        "roster_undone",
        "roster_import",
        staged.id,
        now,
        workers=undoing.count("worker"),
        updated=undoing.restored,
        enrollments=undoing.count("enrollment"),
        badges=undoing.count("badge"),
        stay=len(undoing.staying),
    )
    # An address put back is one that somebody chose just now, as it is when a sheet brings one.
    remailed = [UUID(row.change["worker"]) for row in undoing.rows if "email" in row.takes.restored]
    record_audits(actor, "worker_changed", "worker", remailed, now, fields=["email"])
    return undoing


@dataclass
class _Found:
    """Everything that tells what has become of a step's workers, read for all of them together.

    Plain rows: thousands of objects would take longer to make than to delete.
    """

    asked_at: datetime
    workers: dict[UUID, sa.Row[Any]]
    enrollments: dict[UUID, list[sa.Row[Any]]]
    badges: dict[UUID, list[sa.Row[Any]]]
    merged: set[UUID]
    begun: set[UUID]
    closed: set[UUID]
    enrollment_uses: dict[UUID, set[str]]
    worker_uses: dict[UUID, set[str]]
    badge_uses: dict[UUID, set[str]]

    @classmethod
    def of(cls, step: RosterApplication, now: datetime) -> _Found:
        """Read it."""
        ids = [UUID(change["worker"]) for change in step.changes]
        fresh = [UUID(change["worker"]) for change in step.changes if "new" in change]
        brought = [UUID(change["enrollment"]) for change in step.changes if "enrollment" in change]
        enrollments = _by_worker(_ENROLLMENT, ids)
        badges = _by_worker(_BADGE, ids)
        cohorts = {one.cohort_id for held in enrollments.values() for one in held}
        return cls(
            asked_at=step.asked_at,
            workers={worker.id: worker for (worker,) in _by_worker(_WORKER, ids, Worker.id).values()},
            enrollments=enrollments,
            badges=badges,
            merged=queries.merged_since(ids, step.asked_at),
            begun=queries.begun_since(cohorts, step.asked_at, now),
            closed=queries.closed_among(cohorts),
            enrollment_uses=queries.told_of(Enrollment, brought),
            worker_uses=queries.told_of(Worker, fresh, besides=("enrollment", "badge")),
            badge_uses=queries.told_of(Badge, [one.id for held in badges.values() for one in held]),
        )

    def standing(self, change: dict[str, Any], worker: sa.Row[Any] | None) -> Standing:
        """What has become of one worker."""
        is_new = "new" in change
        # Of whoever was merged with somebody since, the enrollment may hold in place of another's.
        if worker is None or worker.id in self.merged:
            return Standing(is_new=is_new, is_there=False)
        brought = change.get("enrollment")
        held = self.enrollments.get(worker.id, [])
        own = next((one for one in held if str(one.id) == brought), None)
        badges = self.badges.get(worker.id, [])
        badge = next((one for one in badges if str(one.id) == change.get("badge")), None)
        others = {Kept.BADGE_REPLACED} if any(one is not badge for one in badges) else set()
        return Standing(
            is_new=is_new,
            enrolled=own is not None,
            enrollment_uses=frozenset(self._uses_of(own)) if own else frozenset(),
            has_badge=badge is not None,
            badge_uses=frozenset(self._uses_of_badge(badge)) if badge else frozenset(),
            worker_uses=frozenset(_meanings(self.worker_uses.get(worker.id, ())) | others),
            other_enrollments=sum(one is not own and one.created_at >= self.asked_at for one in held),
            facts_changed=is_new and facts_mark(worker) != change["new"],
            was_archived="archived_at" in change and worker.archived_at is None,
            fields={
                name: (before, after, plain(getattr(worker, name)))
                for name, (before, after) in change.get("fields", {}).items()
            },
        )

    def _uses_of(self, enrollment: sa.Row[Any]) -> set[Kept]:
        uses = _meanings(self.enrollment_uses.get(enrollment.id, ()))
        if enrollment.cohort_id in self.begun:
            uses.add(Kept.SESSION_BEGAN)
        if enrollment.status != EnrollmentStatus.ENROLLED:
            uses.add(Kept.LEFT)
        if enrollment.cohort_id in self.closed:
            uses.add(Kept.COHORT_CLOSED)
        return uses

    def _uses_of_badge(self, badge: sa.Row[Any]) -> set[Kept]:
        uses = _meanings(self.badge_uses.get(badge.id, ()))
        return uses | ({Kept.BADGE_REPLACED} if badge.revoked_at is not None else set())


def _meanings(tables: Iterable[str]) -> set[Kept]:
    return {_USES.get(table, Kept.USED) for table in tables}


def _by_worker(
    columns: tuple[Any, ...], ids: Collection[UUID], owner: Any = None
) -> dict[UUID, list[sa.Row[Any]]]:
    """Rows of one table by the worker they belong to."""
    found: dict[UUID, list[sa.Row[Any]]] = defaultdict(list)
    key = columns[1] if owner is None else owner
    for part in in_parts(ids):
        for row in db.session.execute(sa.select(*columns).where(key.in_(part))):
            found[row[0] if owner is not None else row[1]].append(row)
    return found


def _restore(rows: Iterable[UndoneRow]) -> None:
    """Make known workers what they were before, where nobody has changed them since."""
    for row in rows:
        if not (row.takes.restored or row.takes.archives):
            continue
        worker = db.session.get_one(Worker, UUID(row.change["worker"]))
        for name in row.takes.restored:
            before = row.change["fields"][name][0]
            setattr(worker, name, date.fromisoformat(before) if before and name == "hired_on" else before)
        if row.takes.archives:
            worker.archived_at = datetime.fromisoformat(row.change["archived_at"])
    db.session.flush()


def _remove(rows: Collection[UndoneRow]) -> None:
    """Delete what goes; whoever worked something out of it hears of that first."""
    going = [UUID(row.change["enrollment"]) for row in rows if row.takes.enrollment]
    if going:
        enrollments_leaving.send(enrollment_ids=going)
    badges = [UUID(row.change["badge"]) for row in rows if row.takes.badge]
    workers = [UUID(row.change["worker"]) for row in rows if row.takes.worker]
    for model, ids in ((Enrollment, going), (Badge, badges), (Worker, workers)):
        for part in in_parts(ids):
            db.session.execute(sa.delete(model).where(model.id.in_(part)))
