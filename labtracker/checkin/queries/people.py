"""People as the intake needs them: few columns, many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.extensions import db
from labtracker.kit.time import to_ms
from labtracker.roster.models import Badge, Enrollment, Worker
from labtracker.roster.rules.badges import hash_prefix
from labtracker.scheduling.models import Cohort
from labtracker.statements import run, some


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One enrollment of a worker; ``withdrawn_on`` is None while they are on the roster."""

    cohort_id: UUID
    course_id: UUID
    withdrawn_on: date | None


@dataclass(slots=True)
class PersonFacts:
    """A worker with their enrollments, by id."""

    worker_id: UUID
    enrollments: dict[UUID, Enrolled] = field(default_factory=dict)
    # Enrollments of who turned out to be this worker, set aside, each with its cohort.
    set_aside: dict[UUID, UUID] = field(default_factory=dict)

    def enrollment_in(self, cohort_id: UUID) -> UUID | None:
        """The worker's enrollment in a cohort."""
        for enrollment_id, enrolled in self.enrollments.items():
            if enrolled.cohort_id == cohort_id:
                return enrollment_id
        return None

    def enrollment_meant(self, enrollment_id: UUID | None) -> UUID | None:
        """The enrollment that a record names, or the one that holds in its place."""
        if enrollment_id is None or enrollment_id in self.enrollments:
            return enrollment_id
        cohort_id = self.set_aside.get(enrollment_id)
        return self.enrollment_in(cohort_id) if cohort_id is not None else None

    def courses(self, on: date | None = None) -> dict[str, str]:
        """Cohorts the worker was in on a day, or ever, each with its course, for the choice of a session.

        The day of leaving counts: a later look must find a check-in where the first one put it.
        """
        return {
            str(enrolled.cohort_id): str(enrolled.course_id)
            for enrolled in self.enrollments.values()
            if on is None or enrolled.withdrawn_on is None or enrolled.withdrawn_on >= on
        }


@dataclass(slots=True)
class People:
    """Everybody a batch of bodies may speak of, found by badge, enrollment or walk-in id."""

    by_badge: dict[str, PersonFacts] = field(default_factory=dict)
    by_enrollment: dict[UUID, PersonFacts] = field(default_factory=dict)
    by_worker: dict[UUID, PersonFacts] = field(default_factory=dict)
    # When a badge was no good, in milliseconds: from when, and until when where it was brought back.
    lapses: dict[str, list[tuple[int, int | None]]] = field(default_factory=dict)

    def has_lapsed(self, badge_hash: str, at_ms: int) -> bool:
        """Whether a badge was revoked at that time."""
        return any(
            start <= at_ms and (end is None or at_ms < end) for start, end in self.lapses.get(badge_hash, ())
        )

    def with_code(self, code: str) -> list[PersonFacts]:
        """The people whose badge has this short code: more than one in a very unlucky case."""
        prefix = hash_prefix(code)
        found = {
            person.worker_id: person
            for badge_hash, person in self.by_badge.items()
            if badge_hash.startswith(prefix)
        }
        return list(found.values())


def people_named(
    badges: Collection[str], codes: Collection[str], enrollments: Collection[UUID], walk_ins: Collection[UUID]
) -> People:
    """Everybody behind these badges, codes, enrollments and walk-in ids, in one statement."""
    people = People()
    given = {"badges": badges, "enrollments": enrollments, "walk_ins": walk_ins}
    named = {name: values for name, values in given.items() if values}
    starts = tuple(hash_prefix(code) for code in sorted(codes))
    if named or starts:
        for row in run(_people_query(frozenset(named), starts), **named):
            _add(people, row)
    return people


@lru_cache(maxsize=16)
def _people_query(given: frozenset[str], starts: tuple[str, ...]) -> sa.Select[*tuple[Any, ...]]:
    """The question for what is given: ``badges``, ``enrollments``, ``walk_ins``, first digits of hashes."""
    ways = {
        "badges": sa.select(Badge.worker_id).where(Badge.badge_hash.in_(some("badges"))),
        "enrollments": sa.select(Enrollment.worker_id).where(Enrollment.id.in_(some("enrollments"))),
        "walk_ins": sa.select(Worker.id).where(Worker.id.in_(some("walk_ins"))),
    }
    named = [way for name, way in ways.items() if name in given]
    if starts:
        # "g" follows every hex digit, so this is the range of hashes that begin with the prefix.
        ranges = [sa.and_(Badge.badge_hash >= start, Badge.badge_hash < start + "g") for start in starts]
        named.append(sa.select(Badge.worker_id).where(sa.or_(*ranges)))
    who = sa.union(*named).subquery() if len(named) > 1 else named[0].distinct().subquery()
    column = next(iter(who.c))
    # Whoever was found to be somebody already known leads on to that worker.
    true_id = sa.func.coalesce(Worker.merged_into_id, Worker.id)
    return (
        sa.select(
            Worker.id,
            true_id.label("true_id"),
            Badge.badge_hash,
            Badge.revoked_at,
            Badge.lapses,
            Enrollment.id.label("enrollment_id"),
            Enrollment.worker_id.label("enrolled_id"),
            Enrollment.cohort_id,
            Cohort.course_id,
            Enrollment.withdrawn_on,
        )
        .select_from(who)
        .join(Worker, Worker.id == column)
        .outerjoin(Badge, Badge.worker_id == Worker.id)
        .outerjoin(Enrollment, Enrollment.worker_id.in_([true_id, Worker.id]))
        .outerjoin(Cohort, Cohort.id == Enrollment.cohort_id)
    )


def _add(people: People, row: Any) -> None:
    """One badge and one enrollment of a worker, as far as there are any."""
    person = people.by_worker.get(row.true_id) or PersonFacts(row.true_id)
    people.by_worker[row.id] = people.by_worker[row.true_id] = person
    if row.badge_hash is not None:
        people.by_badge[row.badge_hash] = person
        if row.revoked_at is not None or row.lapses:
            people.lapses[row.badge_hash] = _lapses(row)
    if row.enrollment_id is not None:
        people.by_enrollment[row.enrollment_id] = person
        if row.enrolled_id != row.true_id:
            person.set_aside[row.enrollment_id] = row.cohort_id
        else:
            person.enrollments[row.enrollment_id] = Enrolled(row.cohort_id, row.course_id, row.withdrawn_on)


def _lapses(row: Any) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = [
        (to_ms(datetime.fromisoformat(start)), to_ms(datetime.fromisoformat(end)))
        for start, end in row.lapses or ()
    ]
    return [*found, (to_ms(row.revoked_at), None)] if row.revoked_at is not None else found


def enrolled_as(enrollment_ids: Collection[UUID]) -> dict[UUID, Enrolled]:
    """These enrollments, as the intake needs them."""
    rows = db.session.execute(
        sa.select(Enrollment.id, Enrollment.cohort_id, Cohort.course_id, Enrollment.withdrawn_on)
        .join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Enrollment.id.in_(enrollment_ids))
    )
    return {row.id: Enrolled(row.cohort_id, row.course_id, row.withdrawn_on) for row in rows}
