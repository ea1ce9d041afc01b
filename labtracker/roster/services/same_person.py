"""Two known workers who are one person: merged field by field, linked across employers, or told apart."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Release, Worker, WorkerDistinction, WorkerMerge
from labtracker.roster.rules.duplicates import MergeKind
from labtracker.roster.services.joining import join, refuse_strangers

# What may be chosen from either record; a name is taken whole.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("given_name", "family_name"),
    "email": ("email",),
    "phone": ("phone",),
    "employee_number": ("employee_number",),
    "hired_on": ("hired_on",),
    "job_title": ("job_title",),
    "language": ("language",),
    "state_mis_id": ("state_mis_id",),
}


@dataclass(frozen=True)
class Taken:
    """What is taken from the record that goes: keys of ``CHOICES``, cohorts in which its standing holds."""

    facts: Collection[str] = ()
    cohorts: Collection[UUID] = field(default=())


def merge_duplicates(
    merged: Worker,
    worker: Worker,
    *,
    taken: Taken,
    actor: Person,
    now: datetime,
    employer_was_wrong: bool = False,
) -> WorkerMerge:
    """Say that two known workers are one person, who is ``worker`` from now on; ``undo_merge`` parts them.

    Between employers it takes the word that ``merged`` never worked at the other one. A release given there
    is then no release to this employer. Raises DomainError ``not_a_coordinator``, ``not_two_workers``,
    ``other_employer`` or ``cohort_closed``.
    """
    _refuse_others(merged, worker, actor)
    across = merged.employer_id != worker.employer_id
    if across and not employer_was_wrong:
        raise DomainError(
            "other_employer",
            _("They work for different employers. Say first which is right."),
            field="employment",
        )
    merge = WorkerMerge(kind=MergeKind.DUPLICATE, merged=merged, worker=worker, by_id=actor.id, at=now)
    merge.before = {
        "facts": _take_facts(merged, worker, taken.facts),
        "releases": [] if across else _take_releases(merged, worker),
    }
    join(merge, now=now, standing=taken.cohorts)
    record_audit(actor, "workers_merged", "worker", worker.id, now, merged=merged.id)
    return merge


def link_workers(merged: Worker, worker: Worker, *, actor: Person, now: datetime) -> WorkerMerge:
    """Say that one person works, or worked, for two employers.

    Both records stay as they are, and no employer learns of the other; the office sees them together.
    Raises DomainError ``not_a_coordinator``, ``not_two_workers`` or ``same_employer``.
    """
    _refuse_others(merged, worker, actor)
    if merged.employer_id == worker.employer_id:
        raise DomainError("same_employer", _("Both work for the same employer."), field="employment")
    if db.session.execute(queries.links_of(worker).where(queries.links_with(merged))).first() is not None:
        raise DomainError("linked_already", _("These two are shown together already."), status=409)
    link = WorkerMerge(
        kind=MergeKind.LINK, merged=merged, worker=worker, by_id=actor.id, at=now, moved=[], set_aside=[]
    )
    link.before = {}
    db.session.add(link)
    db.session.flush()
    record_audit(actor, "workers_linked", "worker", worker.id, now, merged=merged.id)
    return link


def tell_apart(one: Worker, other: Worker, *, actor: Person, now: datetime) -> None:
    """Say that two who look alike are not the same person, so that nobody is asked again.

    Raises DomainError ``not_a_coordinator`` or ``not_two_workers``.
    """
    _refuse_others(one, other, actor)
    first, second = sorted((one.id, other.id))
    known = sa.select(WorkerDistinction).where(
        WorkerDistinction.one_id == first, WorkerDistinction.other_id == second
    )
    if db.session.scalars(known).first() is None:
        db.session.add(WorkerDistinction(one_id=first, other_id=second, by_id=actor.id, at=now))
        record_audit(actor, "workers_told_apart", "worker", one.id, now, other=other.id)
    db.session.flush()


def put_facts_back(merge: WorkerMerge) -> None:
    """Facts and releases that a merge changed, as they were; what was changed since stays."""
    worker = merge.worker
    for name, (before, after) in merge.before.get("facts", {}).items():
        if _written(getattr(worker, name)) == after:
            setattr(worker, name, _read(name, before))
    for was in merge.before.get("releases", ()):
        release = db.session.get(Release, UUID(was["id"]))
        if release is not None and release.worker_id == worker.id:
            release.worker_id = merge.merged_id
            if _written(release.withdrawn_at) == was["after"]:
                release.withdrawn_at = _read("withdrawn_at", was["withdrawn_at"])
    db.session.flush()


def _refuse_others(one: Worker, other: Worker, actor: Person) -> None:
    refuse_strangers(actor)
    for worker in (one, other):
        is_open = worker.is_walk_in and worker.settled_at is None
        if worker.merged_into_id is not None or is_open or one.id == other.id:
            raise DomainError(
                "not_two_workers",
                _("Choose two workers. A walk-in has to be taken over as a worker first."),
                field="other",
            )


def _take_facts(merged: Worker, worker: Worker, chosen: Collection[str]) -> dict[str, Any]:
    taken: dict[str, Any] = {name: getattr(merged, name) for one in chosen for name in CHOICES[one]}
    if worker.archived_at is not None and merged.archived_at is None:
        taken["archived_at"] = None
    changed = {}
    for name, value in taken.items():
        if getattr(worker, name) != value:
            changed[name] = [_written(getattr(worker, name)), _written(value)]
            setattr(worker, name, value)
    return changed


def _take_releases(merged: Worker, worker: Worker) -> list[dict[str, Any]]:
    """Releases that no record of a phone tells of go over; what either took back since is not given again."""
    both = db.session.scalars(sa.select(Release).where(Release.worker_id.in_([merged.id, worker.id]))).all()
    ended = max((one.withdrawn_at for one in both if one.withdrawn_at), default=None)
    taken = []
    for release in both:
        if release.worker_id != merged.id or release.event_id is not None:
            continue
        before = _written(release.withdrawn_at)
        release.worker_id = worker.id
        if release.withdrawn_at is None and ended is not None and release.given_at < ended:
            release.withdrawn_at = ended
        taken.append({"id": str(release.id), "withdrawn_at": before, "after": _written(release.withdrawn_at)})
    return taken


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name.endswith("_on") else value
