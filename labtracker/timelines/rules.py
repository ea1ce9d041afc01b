"""What a timeline is made of, and who sees which part of it."""

from __future__ import annotations

from enum import StrEnum

from labtracker.accounts.rules import Role


class Kind(StrEnum):
    """Facts that are looked for together."""

    ATTENDANCE = "attendance"
    LEARNING = "learning"
    DECISION = "decision"
    ROSTER = "roster"
    RELEASE = "release"
    BADGE = "badge"
    IDENTITY = "identity"
    CERTIFICATE = "certificate"


OF_EVENT = {
    "check_in": Kind.ATTENDANCE,
    "check_out": Kind.ATTENDANCE,
    "walk_in": Kind.ATTENDANCE,
    "excuse": Kind.ATTENDANCE,
    "initials": Kind.ATTENDANCE,
    "note": Kind.ATTENDANCE,
    "assessment": Kind.LEARNING,
    "sign_off": Kind.LEARNING,
    "consent": Kind.RELEASE,
}
OF_AUDIT = {
    "worker_added": Kind.IDENTITY,
    "worker_changed": Kind.IDENTITY,
    "worker_archived": Kind.IDENTITY,
    "worker_restored": Kind.IDENTITY,
    "walk_in_settled": Kind.IDENTITY,
    "worker_withdrawn": Kind.ROSTER,
    "worker_reenrolled": Kind.ROSTER,
}
# What somebody sees of a worker whom they may look at. An employer sees hours and transcripts instead: a
# timeline tells who recorded what, and why.
SEEN = {
    Role.COORDINATOR: frozenset(Kind),
    Role.REVIEWER: frozenset({Kind.ATTENDANCE, Kind.LEARNING, Kind.DECISION, Kind.ROSTER, Kind.CERTIFICATE}),
    Role.TRAINER: frozenset({Kind.ATTENDANCE, Kind.LEARNING}),
}
