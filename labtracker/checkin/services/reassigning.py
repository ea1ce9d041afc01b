"""A body as a coordinator's decision reads it; the frame itself stays as it came."""

from __future__ import annotations

from msgspec.structs import replace

from labtracker.checkin.bodies import Body
from labtracker.checkin.queries.decisions import Decision
from labtracker.checkin.rules.decisions import ASSIGN


def reassigned(body: Body, decision: Decision | None) -> Body:
    """The body with the session and the worker that were chosen in place of those it names."""
    if decision is None or decision.kind != ASSIGN:
        return body
    if decision.session_id is not None:
        body = replace(body, session=decision.session_id, not_enrolled=False)
    if decision.enrollment_id is not None:
        # Neither badge nor walk-in may speak against whom a person has recognised.
        body = replace(
            body, enrollment=decision.enrollment_id, badge_hash=None, badge_code=None, walk_in=None
        )
    return body
