"""What coordinators decided about frames."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from labtracker.checkin.models import DECISIONS, FrameDecision
from labtracker.checkin.rules.decisions import REOPEN
from labtracker.extensions import db


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that holds: its kind, and the session and enrollment that were chosen, if any."""

    kind: str
    session_id: UUID | None
    enrollment_id: UUID | None


def last_decisions() -> sa.Select[int]:
    """The numbers of the decisions that hold: the last about each frame."""
    return sa.select(sa.func.max(DECISIONS.c.id)).group_by(DECISIONS.c.hash, DECISIONS.c.damaged)


def decisions_on(copies: Collection[tuple[bytes, bool]]) -> dict[tuple[bytes, bool], Decision]:
    """The decisions that hold about these frames, named by hash and whether they came damaged."""
    if not copies:
        return {}
    rows = db.session.execute(
        sa.select(DECISIONS)
        .where(DECISIONS.c.hash.in_({found for found, _damaged in copies}))
        .order_by(DECISIONS.c.id)
    )
    last = {
        (bytes(row.hash), row.damaged): Decision(row.kind, row.session_id, row.enrollment_id) for row in rows
    }
    return {copy: decision for copy, decision in last.items() if decision.kind != REOPEN and copy in copies}


def decisions_about(found: bytes, damaged: bool) -> sa.Select[FrameDecision]:
    """Everything that was decided about a frame, the latest first."""
    return (
        sa.select(FrameDecision)
        .where(FrameDecision.hash == found, FrameDecision.damaged == damaged)
        .order_by(FrameDecision.id.desc())
    )
