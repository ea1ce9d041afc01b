"""Putting one person on a roster by hand: somebody known already, or a new worker."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from labtracker.accounts.models import Organization, Person
from labtracker.errors import DomainError
from labtracker.extensions import db
from labtracker.roster import queries
from labtracker.roster.models import Enrollment, Worker
from labtracker.roster.reading.verdicts import AS_NEW
from labtracker.roster.rules.matching import Facts, Match, Register, Verdict, match
from labtracker.roster.services.enrolling import enroll, refuse_if_closed
from labtracker.roster.services.workers import WorkerFacts, add_worker, change_worker, checked, restore_worker
from labtracker.scheduling.models import Cohort


def enroll_by_hand(
    facts: WorkerFacts,
    *,
    employer: Organization,
    cohort: Cohort,
    same_as: str | None,
    now: datetime,
    actor: Person,
) -> Enrollment:
    """Put whoever the facts describe on a roster.

    Somebody who is surely known is enrolled and keeps what is known, with what was said anew. Whoever only
    looks like somebody known needs ``same_as``: that worker's id, or ``new`` for somebody else; without it
    the refusal ``looks_known`` carries the workers' ids as ``candidates``.
    """
    refuse_if_closed(cohort)
    facts = checked(facts)
    found = match(Facts(id=None, **asdict(facts)), Register(queries.known_facts(employer.id)), Register())
    known = _decided(found, same_as)
    if known is None:
        worker = add_worker(facts, employer=employer, now=now, actor=actor)
    else:
        worker = db.session.get_one(Worker, known)
        _bring_up_to_date(worker, facts, now, actor)
    return enroll(worker, cohort, now=now, actor=actor)


def _decided(found: Match, same_as: str | None) -> UUID | None:
    """Which known worker it is, or none for a new one."""
    if found.known is not None:
        return UUID(str(found.known))
    if found.verdict is not Verdict.REVIEW or same_as == AS_NEW:
        return None
    chosen = next((one for one in found.candidates if str(one) == same_as), None)
    if chosen is None:
        raise DomainError(
            "looks_known",
            _("You have somebody like that already. Say whether it is the same person."),
            field="same_as",
            candidates=[str(one) for one in found.candidates],
        )
    return UUID(str(chosen))


def _bring_up_to_date(worker: Worker, facts: WorkerFacts, now: datetime, actor: Person) -> None:
    # What the form leaves empty takes nothing away; the name stays as it is on the badge.
    said = {name: value for name, value in asdict(facts).items() if value and "_name" not in name}
    held = {name: getattr(worker, name) for name in asdict(facts)}
    change_worker(worker, WorkerFacts(**{**held, **said}), now=now, actor=actor)
    if worker.archived_at is not None:
        restore_worker(worker, now=now, actor=actor)
