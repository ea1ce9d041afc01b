"""All that follows from a change of events: releases, frozen policies, attendance, the slices above."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.bodies import SESSION_TYPES
from labtracker.checkin.queries.events import PRESENCE_TYPES, reached_by_voids
from labtracker.checkin.queries.people import Enrolled
from labtracker.checkin.queries.places import SessionFacts, session_facts
from labtracker.checkin.services.attending import Touched, refresh_attendance
from labtracker.checkin.services.effects import apply_consents
from labtracker.checkin.signals import events_stored
from labtracker.extensions import db
from labtracker.roster.services import fix_majorities
from labtracker.scheduling.models import Cohort
from labtracker.scheduling.services import freeze_policy


@dataclass(slots=True)
class Reach:
    """What events reach: attendance, enrollments concerned, workers whose releases may change."""

    touched: Touched = field(default_factory=Touched)
    enrollments: set[UUID] = field(default_factory=set)
    consenting: set[UUID] = field(default_factory=set)

    def join(self, other: Reach) -> None:
        """Add what other events reach."""
        self.touched.pairs |= other.touched.pairs
        self.touched.whole |= other.touched.whole
        self.enrollments |= other.enrollments
        self.consenting |= other.consenting


def reach_of(rows: Iterable[Mapping[str, Any]], voided: Collection[UUID] = ()) -> Reach:
    """What these events reach, through the events that they or other voids take back."""
    reach, targets = Reach(), {*voided}
    for row in rows:
        # Whoever only came or went is concerned if their minutes changed.
        if row["enrollment_id"] is not None and row["type"] not in PRESENCE_TYPES:
            reach.enrollments.add(row["enrollment_id"])
        if row["type"] == "consent" and row["worker_id"]:
            reach.consenting.add(row["worker_id"])
        if row["target_event_id"]:
            targets.add(row["target_event_id"])
        if row["session_id"] is None:
            continue
        if row["type"] in SESSION_TYPES:
            reach.touched.whole.add(row["session_id"])
        elif row["type"] in PRESENCE_TYPES and row["enrollment_id"] is not None:
            reach.touched.pairs.add((row["session_id"], row["enrollment_id"]))
    reached = reached_by_voids(targets)
    reach.join(Reach(Touched(reached.pairs, reached.whole), reached.enrollments, reached.consenting_workers))
    return reach


def settle(
    reach: Reach,
    known: dict[UUID, SessionFacts] | None = None,
    enrolled: Mapping[UUID, Enrolled] | None = None,
    *,
    now: datetime,
) -> None:
    """Bring up to date what is reached; ``known`` sessions and ``enrolled`` need not be looked up again."""
    touched = reach.touched
    apply_consents(reach.consenting, now=now)
    concerned = {*reach.enrollments}
    if touched.pairs or touched.whole:
        facts = session_facts(touched.sessions()) if known is None else known
        concerned |= refresh_attendance(touched, _freeze_policies(touched, facts, now), enrolled)
    events_stored.send(None, enrollment_ids=concerned, session_ids=touched.sessions(), now=now)


def _freeze_policies(
    touched: Touched, known: dict[UUID, SessionFacts], now: datetime
) -> dict[UUID, SessionFacts]:
    """The first session held fixes its cohort's policy and the majority test on that day.

    Gives the sessions whose facts still hold.
    """
    thawed: dict[UUID, date] = {}
    for facts in known.values():
        if facts.id in touched.sessions() and not facts.policy_frozen:
            thawed[facts.cohort_id] = min(facts.on, thawed.get(facts.cohort_id, facts.on))
    if not thawed:
        return known
    for cohort in db.session.scalars(sa.select(Cohort).where(Cohort.id.in_(thawed))):
        freeze_policy(cohort, now)
        fix_majorities(cohort, on=thawed[cohort.id], now=now)
    return {one: facts for one, facts in known.items() if facts.cohort_id not in thawed}
