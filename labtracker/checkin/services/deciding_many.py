"""What coordinators decide about many frames with one reason: each by itself, all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from labtracker.accounts.models import Person
from labtracker.checkin.bodies import CHECK_TYPES, WORKER_TYPES
from labtracker.checkin.models import EVENTS, FRAMES, FrameDecision, InboxFrame
from labtracker.checkin.rules.decisions import ACCEPT, TOGETHER
from labtracker.checkin.services.deciding import checked_reason, project_again, write_decision
from labtracker.errors import DomainError
from labtracker.extensions import db

# Wrong for every frame alike, so nothing is begun.
FOR_ALL = ("not_a_coordinator", "reason_missing")


@dataclass
class Wanted:
    """A frame about which is decided; ``seen`` as in ``decide``, ``problem``: why nothing was done."""

    frame: InboxFrame
    seen: int = 0
    problem: DomainError | None = None

    @property
    def bytes(self) -> tuple[bytes, bool]:
        """What the decision is about: every copy of the same bytes."""
        return self.frame.hash, self.frame.damaged


def decide_many(
    frames: Sequence[Wanted], *, kind: str, reason: str, actor: Person, now: datetime
) -> Sequence[Wanted]:
    """Accept or dismiss each of these frames by a decision of its own; what cannot be stays as it was.

    Accepted is only what then counts for somebody at a time that something vouches for; all else wants a
    person's look, and ``problem`` of those frames says why.

    Raises DomainError ``not_a_coordinator``, ``reason_missing`` or ``not_possible``, when nothing was done.
    """
    if kind not in TOGETHER:
        raise DomainError("not_possible", _("This cannot be decided here."), field="kind")
    numbers = {one.frame.id for one in frames}
    # All at once and in one order, so that two who decide about the same do not wait for each other.
    db.session.execute(
        sa.select(FRAMES.c.id).where(FRAMES.c.id.in_(numbers)).order_by(FRAMES.c.id).with_for_update()
    )
    allowed: dict[tuple[bytes, bool], Wanted] = {}
    tidied = ""
    for one in frames:
        try:
            tidied = checked_reason(one.frame, kind, reason, actor, one.seen)
        except DomainError as error:
            if error.code in FOR_ALL:
                raise
            one.problem = error
        else:
            allowed.setdefault(one.bytes, one)
    unclear = _decide_where_clear(allowed, kind, tidied, actor, now)
    for one in frames:
        one.problem = one.problem or unclear.get(one.bytes)
    return frames


def _decide_where_clear(
    allowed: dict[tuple[bytes, bool], Wanted], kind: str, reason: str, actor: Person, now: datetime
) -> dict[tuple[bytes, bool], DomainError]:
    """Decide, look at what came of it, and begin again without those that it made nobody's."""
    left = dict(allowed)
    unclear: dict[tuple[bytes, bool], DomainError] = {}
    while left:
        attempt = db.session.begin_nested()
        copies = {}
        for key, one in left.items():
            decision = FrameDecision(kind=kind, reason=reason, by_id=actor.id, at=now)
            copies[key] = write_decision(one.frame, decision, actor)
        project_again(set().union(*copies.values()), now=now)
        found = _unclear(copies) if kind == ACCEPT else {}
        if not found:
            attempt.commit()
            return unclear
        attempt.rollback()
        unclear |= found
        left = {key: one for key, one in left.items() if key not in found}
    return unclear


def _unclear(copies: dict[tuple[bytes, bool], set[int]]) -> dict[tuple[bytes, bool], DomainError]:
    numbers = set().union(*copies.values())
    events = db.session.execute(sa.select(EVENTS).where(EVENTS.c.frame_id.in_(numbers))).all()
    told = {key: [event for event in events if event.frame_id in some] for key, some in copies.items()}
    return {key: problem for key, found in told.items() if (problem := _doubt(found)) is not None}


def _doubt(events: Collection[sa.Row]) -> DomainError | None:  # type: ignore[type-arg]
    """Why what became of a frame wants a look of its own; None where nothing is in doubt."""
    if not events:
        return DomainError("counts_nowhere", _("The session that it names is not known here."))
    for event in events:
        if event.suspect:
            return DomainError("time_doubtful", _("Its time is doubtful."))
        if "badge_mismatch" in event.flags:
            return DomainError("badge_mismatch", _("Its badge and its name differ."))
        releases = event.type == "consent" and event.worker_id is not None
        if event.type in CHECK_TYPES | WORKER_TYPES and event.enrollment_id is None and not releases:
            return DomainError("counts_for_nobody", _("It would count for nobody in that session."))
    return None
