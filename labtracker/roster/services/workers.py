"""Keeping what is known of a worker."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.accounts.services import record_audit
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Worker
from labtracker.roster.reading import cells
from labtracker.roster.reading.messages import problem_message


@dataclass(frozen=True)
class WorkerFacts:
    """What a form or a sheet says of a worker; nothing means: not said."""

    given_name: str
    family_name: str = ""
    email: str | None = None
    phone: str | None = None
    employee_number: str | None = None
    hired_on: date | None = None
    job_title: str | None = None
    language: str | None = None


def add_worker(
    facts: WorkerFacts, *, employer: Organization, now: datetime, actor: Person | None = None
) -> Worker:
    """A new worker of an employer, unless one with the same e-mail or employee number is there already."""
    facts = checked(facts)
    _refuse_taken(facts, employer, None)
    worker = Worker(employer=employer, created_at=now, **asdict(facts))
    db.session.add(worker)
    db.session.flush()
    record_audit(actor, "worker_added", "worker", worker.id, now)
    return worker


def change_worker(worker: Worker, facts: WorkerFacts, *, now: datetime, actor: Person | None = None) -> None:
    """Replace what is known of a worker by what was entered, empty fields included."""
    facts = checked(facts)
    _refuse_taken(facts, worker.employer, worker)
    changed = [field for field, value in asdict(facts).items() if getattr(worker, field) != value]
    for field in changed:
        setattr(worker, field, getattr(facts, field))
    db.session.flush()
    if changed:
        record_audit(actor, "worker_changed", "worker", worker.id, now, fields=changed)


def archive_worker(worker: Worker, *, now: datetime, actor: Person | None = None) -> None:
    """Put away a worker who no longer works there; every record stays."""
    if worker.archived_at is None:
        worker.archived_at = now
        record_audit(actor, "worker_archived", "worker", worker.id, now)
    db.session.flush()


def restore_worker(worker: Worker, *, now: datetime, actor: Person | None = None) -> None:
    """Bring an archived worker back."""
    worker.archived_at = None
    record_audit(actor, "worker_restored", "worker", worker.id, now)
    db.session.flush()


def checked(facts: WorkerFacts) -> WorkerFacts:
    """The facts with every value cleaned; raises with the field where one cannot be kept."""
    cleaned: dict[str, Any] = {}
    for field, clean in (
        ("given_name", cells.clean_name),
        ("family_name", cells.clean_name),
        ("email", cells.clean_email),
        ("phone", cells.clean_phone),
        ("employee_number", cells.clean_number),
        ("job_title", cells.clean_text),
    ):
        value, problem = clean(getattr(facts, field) or "")
        if problem is not None:
            raise DomainError(problem, str(problem_message(problem)), field=field)
        cleaned[field] = value
    if not cleaned["given_name"] and not cleaned["family_name"]:
        raise DomainError("name_missing", str(problem_message("name_missing")), field="given_name")
    cleaned["given_name"] = cleaned["given_name"] or ""
    cleaned["family_name"] = cleaned["family_name"] or ""
    return replace(facts, **cleaned)


def _refuse_taken(facts: WorkerFacts, employer: Organization, besides: Worker | None) -> None:
    for other in db.session.execute(queries.workers_of(employer.id)).scalars():
        if other is besides:
            continue
        if facts.email and other.email == facts.email:
            raise DomainError(
                "email_taken", _("%(name)s already has this e-mail address.", name=other.name), field="email"
            )
        number = (facts.employee_number or "").casefold()
        if number and (other.employee_number or "").casefold() == number:
            raise DomainError(
                "number_taken",
                _("%(name)s already has this employee number.", name=other.name),
                field="employee_number",
            )
