"""Whose word counts: who trains where, who coordinated when, who may take back what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from labtracker.checkin.queries.places import terms_as_coordinator
from labtracker.checkin.rules.presence import PresenceEvent, voided_ids

# The flag of an event whose `by` is none of its phone's trainers.
UNKNOWN_TRAINER = "unknown_trainer"
# The flag of an event whose `by` was archived by then, or had given the role up.
TRAINER_LAPSED = "trainer_lapsed"
# The flag of an event, and the code of a frame set aside: it came when its `by` was no trainer any more, and
# nothing but the phone's clock says that it was recorded before.
TRAINER_LEFT = "trainer_left"
# Whoever told such an event has no voice: what they saw counts, what they decide or judge does not.
VOICELESS = frozenset({UNKNOWN_TRAINER, TRAINER_LAPSED})
# The flag of an event whose `by` never trained there.
NOT_ON_CREW = "not_on_crew"


def coordinated(
    terms: Mapping[UUID, Sequence[tuple[int, int | None]]], person_id: UUID | None, at_ms: int
) -> bool:
    """Whether somebody was a coordinator at that moment."""
    if person_id is None:
        return False
    return any(
        first <= at_ms and (until is None or at_ms < until) for first, until in terms.get(person_id, [])
    )


def known_witness(row: Any) -> UUID | None:
    """Who recorded an event, unless a phone told it in the name of somebody who has no voice there."""
    return row.by_id if VOICELESS.isdisjoint(row.flags) else None


@dataclass(slots=True)
class VoidRights:
    """Who may void what: trainers in their own sessions, coordinators anywhere while they are it.

    Nobody loses afterwards what they rightly did, so ``trainers`` holds those who left, too.
    """

    coordinators: dict[UUID, list[tuple[int, int | None]]]
    trainers: dict[UUID, set[UUID]]

    def removed_in(
        self,
        session_id: UUID | None,
        voids: Sequence[tuple[PresenceEvent, UUID | None]],
        recorded_by: UUID | None = None,
    ) -> set[str]:
        """What these voids remove in a session; what lies in none may be voided by who recorded it."""
        allowed: set[UUID] = set()
        if session_id is not None:
            allowed |= self.trainers.get(session_id, set())
        elif recorded_by is not None:
            allowed.add(recorded_by)
        return voided_ids(
            [
                void
                for void, by in voids
                if by is not None and (by in allowed or coordinated(self.coordinators, by, void.at_ms))
            ]
        )


def void_rights(by_ids: Collection[UUID], trainers: dict[UUID, set[UUID]]) -> VoidRights:
    """The rights of the people behind some voids; ``trainers`` says who teaches which session."""
    return VoidRights(terms_as_coordinator(by_ids), trainers)
