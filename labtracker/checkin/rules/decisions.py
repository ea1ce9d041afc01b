"""What a coordinator may decide about a frame, and what then counts."""

from __future__ import annotations

ACCEPT, ASSIGN, DISMISS, REOPEN = "accept", "assign", "dismiss", "reopen"
KINDS = (ACCEPT, ASSIGN, DISMISS, REOPEN)
# What can be decided about many at once: it asks of each frame nothing but what the frame itself says.
TOGETHER = (ACCEPT, DISMISS)

# Set aside for who brought it, not for what it says: only a person can let it count.
BY_ORIGIN = ("device_revoked", "unproved_relay")
# Set aside for when it came: its trainer had left, and only the phone's clock says that it was made before.
BY_ARRIVAL = ("trainer_left",)
# Set aside because it does not say where it belongs: a session makes it count.
BY_PLACE = ("no_such_session", "no_session")


def counts(verdict: str, code: str | None, decision: str | None, *, late: bool = False) -> bool:
    """Whether a stored frame may become an event, by its verdict and the decision that holds, if any.

    ``late`` says whether its trainer, as roles stand now, had left when it came.
    """
    if code in BY_ORIGIN or (code in BY_ARRIVAL and late):
        return decision in (ACCEPT, ASSIGN)
    return not (verdict == "quarantined" and decision == DISMISS)


def possible_decisions(verdict: str, code: str | None, decision: str | None, *, readable: bool) -> list[str]:
    """What may be decided now. ``decision`` is the one that holds, ``readable`` whether the body is clear."""
    if decision is not None and decision != REOPEN:
        return [REOPEN]
    possible = [ACCEPT] if code in (*BY_ORIGIN, *BY_ARRIVAL) and readable else []
    if readable and (verdict != "quarantined" or code in (*BY_ORIGIN, *BY_ARRIVAL, *BY_PLACE)):
        possible.append(ASSIGN)
    return [*possible, DISMISS]
